"""Paper: what a pane puts on paper or into a file, and the way there. A press in a process of its own does the work."""
