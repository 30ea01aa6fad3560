"""The archive of samples: day-partitioned Parquet that any reader opens, with extremes beside it."""
