"""Tests of the room geo."""
