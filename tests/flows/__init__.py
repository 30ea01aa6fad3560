"""The officers' ways through the real windows and the real daemons."""
