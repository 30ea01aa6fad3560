"""一键查: finding rows by the words of mirror.pinyin and by the words of their place, best match first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum


class Rank(IntEnum):
    """How well a row was found; lower is better."""

    WHOLE = 0
    """A key of its own is the first word typed."""
    BEGINNING = 1
    INSIDE = 2
    AROUND = 3
    """Only its place or its state was typed."""


Extra = Mapping[str, Callable[[int], bool]]
"""Words that mean something besides names (红, hong): whether a row is what the word says."""


class SearchIndex:
    """Keys of n rows, and the keys of what each belongs to.

    A row matches when every word typed is inside its name, code, initials or pinyin, or begins one of the keys of its
    place (sector, track, sub-track, district).
    """

    def __init__(self, keys: Sequence[tuple[str, ...]], around: Sequence[str] = ()) -> None:
        """`around`: for each row the keys of its place as `around_text` joins them; empty: rows have no place."""
        self._text = [around_text(row) for row in keys]
        self._around = around

    def find(self, text: str, limit: int) -> list[int]:
        """Return the rows that match, best first: a key equal to the first word, one that starts with it, the rest."""
        return [row for _rank, row in self.ranked(text)[:limit]]

    def ranked(self, text: str, extra: Extra | None = None) -> list[tuple[Rank, int]]:
        """Return (rank, row) of every row that matches, best first, equal ones in the order of the rows."""
        words = text.casefold().split()
        rows: Iterable[int] = range(len(self._text))
        for word in words:
            rows = self._having(rows, word, (extra or {}).get(word))
        return self._in_order(rows, words[0]) if words else []

    def _having(self, rows: Iterable[int], word: str, means: Callable[[int], bool] | None) -> list[int]:
        text, around, begins = self._text, self._around, f"\n{word}"
        if means is not None:
            # A word of state inside a pinyin means nothing: chongqing is not hong.
            return [row for row in rows if means(row) or begins in text[row]]
        if around:
            return [row for row in rows if word in text[row] or begins in around[row]]
        return [row for row in rows if word in text[row]]

    def _in_order(self, rows: Iterable[int], word: str) -> list[tuple[Rank, int]]:
        """Return rows by rank: one pass with searches inside one string each, for a single letter finds thousands."""
        text, whole, begins = self._text, f"\n{word}\n", f"\n{word}"
        by_rank: dict[Rank, list[tuple[Rank, int]]] = {rank: [] for rank in Rank}
        for row in rows:
            keys = text[row]
            if begins in keys:
                rank = Rank.WHOLE if whole in keys else Rank.BEGINNING
            else:
                rank = Rank.INSIDE if word in keys else Rank.AROUND
            by_rank[rank].append((rank, row))
        return [one for ranked in by_rank.values() for one in ranked]


def around_text(keys: Iterable[str]) -> str:
    """Return keys joined so that what begins or is one of them can be found: each between line breaks."""
    return "".join(f"\n{key}" for key in keys) + "\n"
