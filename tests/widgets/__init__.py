"""Tests of the widgets, and a gallery of them for eyes."""
