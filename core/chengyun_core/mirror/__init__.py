"""Sans-io replica of state and facts: what a console (or a test, or a second centre) knows of the two daemons."""
