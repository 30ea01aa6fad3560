"""The masters of the cockpit: what it shows to whom, in which order, as one table."""
