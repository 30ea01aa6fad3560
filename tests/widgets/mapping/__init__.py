"""Tests of the map canvas, and its scenes."""
