"""F2, all vitals: one table, and the trends of the chosen ones on one axis."""
