"""Forms of duty: shifts, people, exchanges, call lists, presets of 急时; and a snapshot of the log looked at."""
