"""An independent evaluator of thresholds: plain Python, one sample at a time, sharing no code with the engine."""
