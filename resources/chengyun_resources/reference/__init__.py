"""The reference city: facts (names, measures, limits) as tables, and the generator of a whole catalogue."""
