"""一键查: finding rows by the words of mirror.pinyin, best match first."""

from collections.abc import Sequence


class SearchIndex:
    """Keys of n rows. A row matches when every word typed is inside its name, code, initials or pinyin."""

    def __init__(self, keys: Sequence[tuple[str, ...]]) -> None:
        self._keys = keys
        self._text = ["\n".join(keys) for keys in self._keys]

    def find(self, text: str, limit: int) -> list[int]:
        """Return the rows that match, best first: a key equal to the first word, one that starts with it, the rest."""
        words = text.casefold().split()
        if not words:
            return []
        found = [row for row, keys in enumerate(self._text) if all(word in keys for word in words)]
        found.sort(key=lambda row: (self._rank(row, words[0]), row))
        return found[:limit]

    def _rank(self, row: int, word: str) -> int:
        keys = self._keys[row]
        if word in keys:
            return 0
        return 1 if any(key.startswith(word) for key in keys) else 2
