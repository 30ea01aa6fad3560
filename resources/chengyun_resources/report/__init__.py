"""The template that sets a document as PDF, after GB/T 9704-2012: data, read by `chengyun_core.report.press`."""
