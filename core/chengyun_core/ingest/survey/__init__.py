"""The survey: a process beside ingest that knows where every device stands, how it stands and what is wrong with it."""
