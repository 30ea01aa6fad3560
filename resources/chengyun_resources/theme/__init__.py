"""Colours, sizes and the style sheet as data: the one place that holds a hex colour."""
