"""F6 指挥: what an emergency is commanded from, with everything that exists of it."""
