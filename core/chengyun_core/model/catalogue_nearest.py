"""The nearest known code to one that is not known: what the writer of a row probably meant."""

from difflib import get_close_matches

from chengyun_core.model.catalogue_rows import Index

MOST_SEARCHES = 40
"""Searches at most: each compares with many codes of a table."""


class Nearest:
    """Suggests the nearest known code; remembers, because a missing code is usually named by many rows."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._found: dict[tuple[str, str], str] = {}

    def to(self, code: str, table: str) -> str:
        """Return the nearest code of a table, empty when none is near or enough was searched."""
        asked = (code, table)
        if asked not in self._found and len(self._found) < MOST_SEARCHES:
            near = [key for key in self._index[table] if abs(len(key) - len(code)) <= 2]
            self._found[asked] = next(iter(get_close_matches(code, near, n=1, cutoff=0.7)), "")
        return self._found.get(asked, "")
