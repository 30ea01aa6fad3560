"""What holds for every room of the house: lints, contracts, and the watch over what a test leaves behind."""
