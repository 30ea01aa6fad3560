"""Tables in files people keep, CSV and XLSX: read into rows of text, written so that a spreadsheet runs nothing."""
