"""Which numbers of an indexed block may hold some words: the fewest postings that can tell, the shortest first.

The lengths of all postings are read first, the postings only when needed: those of a common gram are 128 KiB in a large
segment. A triple's postings stand in for its two pairs. Where both pairs are common and there is no triple, no text of
the block has these three characters in a row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, select

from chengyun_core.store import event_grams
from chengyun_core.store.event_grams import Places, Triple
from chengyun_core.store.event_search_tables import EVENT_GRAMS
from chengyun_core.store.event_segments import Segment, fan

MOST_LETTERS = 64
"""Of a word: what is longer is looked up by its beginning, and its text decides."""
_AT_ONCE = 3
"""Postings read in one statement to begin with: a statement costs more than a short row."""
_LENGTHS = select(EVENT_GRAMS.c.segment, EVENT_GRAMS.c.gram, EVENT_GRAMS.c.lengths).where(
    EVENT_GRAMS.c.segment.in_(bindparam("which", expanding=True)),
    EVENT_GRAMS.c.gram.in_(bindparam("looked_up", expanding=True)),
)
_POSTINGS = select(EVENT_GRAMS.c.gram, EVENT_GRAMS.c.postings).where(
    EVENT_GRAMS.c.segment == bindparam("which"), EVENT_GRAMS.c.gram.in_(bindparam("looked_up", expanding=True))
)
"""Made once: making a statement costs more than finding its rows."""
_NONE: Places = np.zeros(0, np.uint16)


@dataclass(frozen=True, slots=True)
class Query:
    """What some words are looked up by."""

    grams: tuple[int, ...]
    """First characters and pairs, which every text that holds the words must have; then triples."""
    parts: int
    """How many of them are characters and pairs."""
    triples: tuple[tuple[int, int, int], ...]
    """Places in `grams`: a triple, its first pair, its second."""
    short: bool
    """No word has more than three characters: where their triples are indexed, no text needs to be looked at."""
    threes: tuple[int, ...]
    """Places in `grams` of the triples that are words of their own."""


def query(words: Sequence[str]) -> Query:
    """Return what folded words without blanks are looked up by."""
    cut = [word[:MOST_LETTERS] for word in words]
    parts = tuple(dict.fromkeys(gram for word in cut for gram in event_grams.grams_of(word)))
    triples: dict[int, Triple] = {one[0]: one for word in cut for one in event_grams.triples_of(word)}
    grams = (*parts, *triples)
    at = {gram: place for place, gram in enumerate(grams)}
    return Query(
        grams=grams,
        parts=len(parts),
        triples=tuple((at[one], at[first], at[second]) for one, first, second in triples.values()),
        short=all(len(word) <= 3 for word in words),
        threes=tuple(at[event_grams.triples_of(word)[0][0]] for word in words if len(word) == 3),
    )


class Candidates:
    """The postings of one segment for one query."""

    def __init__(self, connection: Connection, segment: Segment, asked: Query, lengths: Mapping[int, bytes]) -> None:
        """`lengths`: by gram, as in its row."""
        self._connection, self._segment, self._asked = connection, segment.segment, asked
        pieces = fan() if segment.level == 2 else 1
        nothing = bytes(2 * pieces)
        told = b"".join(lengths.get(gram, nothing) for gram in asked.grams)
        self._lengths: NDArray[np.int64] = np.frombuffer(told, "<u2").reshape(-1, pieces).astype(np.int64)
        self._starts = np.cumsum(self._lengths, axis=1) - self._lengths
        self._needed: NDArray[np.bool_] = self._lengths > 0
        self._alive: NDArray[np.bool_] = np.logical_and.reduce(self._needed[: asked.parts])
        self._use_triples()
        self._held: dict[int, bytes] = {}

    def _use_triples(self) -> None:
        common = self._lengths > event_grams.COMMON
        told = self._lengths > 0
        for triple, first, second in self._asked.triples:
            self._alive &= told[triple] | ~(common[first] & common[second])
            self._needed[first] &= ~told[triple]
            self._needed[second] &= ~told[triple]

    def places(self, piece: int) -> tuple[Places, bool]:
        """Return the places of a piece (the only one, or a sixteenth) that may hold the words, and whether they do."""
        if not self._alive[piece]:
            return _NONE, True
        needed = np.flatnonzero(self._needed[:, piece])
        order = needed[np.argsort(self._lengths[needed, piece], kind="stable")].tolist()
        certain = self._asked.short and all(self._lengths[three, piece] > 0 for three in self._asked.threes)
        return event_grams.common(self._pieces(order, piece)), certain

    def _pieces(self, order: Sequence[int], piece: int) -> Iterator[bytes]:
        for at, gram in enumerate(order):
            if gram not in self._held:
                self._read(order[at : at + (_AT_ONCE if at == 0 else 1)])
            start = int(self._starts[gram, piece])
            yield self._held[gram][start : start + int(self._lengths[gram, piece])]

    def _read(self, wanted: Sequence[int]) -> None:
        by_gram = {self._asked.grams[at]: at for at in wanted if at not in self._held}
        for row in self._connection.execute(_POSTINGS, {"which": self._segment, "looked_up": tuple(by_gram)}):
            self._held[by_gram[row.gram]] = row.postings


class Segments:
    """The candidates of every segment, read a few segments at a time: most searches end in the newest."""

    def __init__(self, connection: Connection, asked: Query, order: Sequence[Segment]) -> None:
        """`order`: the segments as they will be asked for."""
        self._connection, self._asked = connection, asked
        self._waiting = list(order)
        self._count = 1
        self._held: dict[int, Candidates] = {}

    def of(self, segment: int) -> Candidates:
        """Return those of a segment."""
        while segment not in self._held:
            self._read()
        return self._held[segment]

    def forget(self, segment: int) -> None:
        """Let go of a segment that is not asked for again."""
        self._held.pop(segment, None)

    def _read(self) -> None:
        some, self._waiting = self._waiting[: self._count], self._waiting[self._count :]
        self._count *= 2
        lengths: dict[int, dict[int, bytes]] = {one.segment: {} for one in some}
        found = self._connection.execute(_LENGTHS, {"which": tuple(lengths), "looked_up": self._asked.grams})
        for row in found:
            lengths[row.segment][row.gram] = row.lengths
        for one in some:
            self._held[one.segment] = Candidates(self._connection, one, self._asked, lengths[one.segment])
