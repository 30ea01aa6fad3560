"""`./dev soak`: what takes minutes to hours and is therefore no part of the suite: faults by the hundred, long runs."""
