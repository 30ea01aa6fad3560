"""Places and shapes on the ground: datums, projection, packed geometry, mending, and questions about what lies where."""
