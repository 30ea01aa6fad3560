"""Sound and pictures between consoles, in a process of their own."""
