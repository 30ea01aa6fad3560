"""Real series through real rules: the engine against the plain reference, whatever the batches."""
