"""The simulator's city: an ordinary day per quantity, and stories told over it from data files."""
