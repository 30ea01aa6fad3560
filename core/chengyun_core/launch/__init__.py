"""The top of the house: command line, profiles, settings, supervisor, doctor and the way to each daemon."""
