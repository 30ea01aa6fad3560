"""The state daemon: sources → batches → rings → vitals → thresholds → activations."""
