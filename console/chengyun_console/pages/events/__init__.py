"""Page F3: the events of this centre, and everything about the one in focus."""
