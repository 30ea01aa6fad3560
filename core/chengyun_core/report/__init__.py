"""Reports on paper: documents as trees of plain records, set as PDF or written as workbooks. No Qt."""
