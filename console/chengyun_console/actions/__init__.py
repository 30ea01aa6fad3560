"""What an officer can do, as one table, and the keys that do it."""
