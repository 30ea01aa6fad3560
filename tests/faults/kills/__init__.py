"""RF1, RG2: kill -9 of centre and ingest by the hundred, an autopsy of what each left, mutants that must be caught."""
