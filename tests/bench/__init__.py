"""Benchmarks: both sides interleaved in one process, medians of rounds with their spread, ratios before times."""
