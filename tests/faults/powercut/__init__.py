"""Power cuts: what a program writes and syncs is recorded, and the disk is rebuilt as a cut at any point leaves it."""
