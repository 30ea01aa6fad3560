"""Camera streams: a fence about addresses, worker processes that decode, shared memory that a screen reads."""
