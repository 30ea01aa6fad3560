"""Official warnings as others publish them: bytes in, records or faults out. Nothing is fetched."""
