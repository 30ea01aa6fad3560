"""Tests of the ingest daemon around the engine."""
