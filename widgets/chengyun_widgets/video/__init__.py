"""Panes of moving pictures that tell how old what they show is."""
