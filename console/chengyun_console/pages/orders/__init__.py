"""F4 任务: lists of orders and receipts, what is late, the supervision board, requests, one order in full."""
