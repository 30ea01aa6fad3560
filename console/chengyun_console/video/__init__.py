"""Cameras on the screen: panes, nearest, rounds, presets and evidence."""
