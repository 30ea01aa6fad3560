"""Places and shapes on the ground: datums, projection, packed geometry, mending, and what lies where."""
