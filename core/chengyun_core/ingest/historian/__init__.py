"""The historian: ingest's child that writes the archive and answers windows of it."""
