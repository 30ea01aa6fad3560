"""Readers of files of others: each turns one format into rows, and says what is wrong by feature and line."""
