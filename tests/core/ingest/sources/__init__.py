"""Sources of samples on their own: limits, decoders, the thread they live in, how settings become sources."""
