"""The tests; they mirror the tree. A package, so that `python -m tests.bench` finds ours and never a stranger's."""
