"""Columns of samples over time: rings, min/max pyramid, decimation. numpy only; used by daemons and widgets alike."""
