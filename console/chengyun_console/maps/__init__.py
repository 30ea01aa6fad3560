"""The map on the screen: layers of the centre, what stands on them, and what is asked and drawn there."""
