"""The press: a process that turns one job into pages, pictures, lines or a print-out. It may be slow; nobody waits."""
