"""What an officer hears (A15): which alarm sounds and is spoken now, its samples, and the thread that plays them."""
