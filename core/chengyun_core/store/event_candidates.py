"""Which numbers of an indexed block may hold some words: the fewest postings that can tell, the shortest first.

The lengths of all postings are read first, the postings only while many places are left: those of a common gram are
128 KiB in a large segment, and the text of a place or two is looked at sooner. A triple's postings stand in for its two
pairs. Where both pairs are common and there is no triple, no text of the block has these three characters in a row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, select, tuple_

from chengyun_core.store import event_grams
from chengyun_core.store.event_grams import Places, Triple
from chengyun_core.store.event_search_tables import EVENT_GRAMS, EVENT_LENGTHS
from chengyun_core.store.event_segments import Segment, fan
from chengyun_core.store.event_tags import has_tag
from chengyun_core.store.value_list import among

MOST_LETTERS = 64
"""Of a word: what is longer is looked up by its beginning, and its text decides."""
_AT_LEAST, _AT_MOST, _AT_ONCE_BYTES = 3, 8, 16_384
"""Postings of a segment that are read to begin with: a statement costs more than some short rows."""
_MORE = 4
"""Postings of a segment that are read when these do not tell."""
WIDE = 8192
"""Postings of a column's value that are longer than so many bytes are a bit a place: one of eight events has it."""
FEW = 2
"""Places of a block so few that their texts tell sooner than more postings."""
_FIRST_AT_ONCE, _MOST_AT_ONCE = 4, 8
"""Segments whose postings are in memory at a time."""
_NEVER = 1 << 62
_LENGTHS = select(EVENT_LENGTHS.c.segment, EVENT_LENGTHS.c.gram, EVENT_LENGTHS.c.lengths)
_POSTINGS = select(EVENT_GRAMS.c.segment, EVENT_GRAMS.c.gram, EVENT_GRAMS.c.postings).where(
    tuple_(EVENT_GRAMS.c.segment, EVENT_GRAMS.c.gram).in_(bindparam("looked_up", expanding=True))
)
"""Made once: making a statement costs more than finding its rows."""


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
    tags: tuple[int, ...]
    """Places in `grams` of columns' values."""


def query(words: Sequence[str], tags: Sequence[str] = ()) -> Query:
    """Return what folded words without blanks, and characters of columns' values, are looked up by.

    tags: only with words that have none.
    """
    cut = [word[:MOST_LETTERS] for word in words]
    parts = tuple(dict.fromkeys(gram for word in (*cut, *tags) for gram in event_grams.grams_of(word)))
    triples: dict[int, Triple] = {one[0]: one for word in cut for one in event_grams.triples_of(word)}
    grams = (*parts, *triples)
    at = {gram: place for place, gram in enumerate(grams)}
    return Query(
        grams=grams,
        parts=len(parts),
        triples=tuple((at[one], at[first], at[second]) for one, first, second in triples.values()),
        short=all(len(word) <= 3 and not has_tag(word) for word in words),
        threes=tuple(at[event_grams.triples_of(word)[0][0]] for word in words if len(word) == 3),
        tags=tuple(at[ord(one)] for one in tags),
    )


class Candidates:
    """The postings of one segment for one query."""

    def __init__(self, segment: Segment, asked: Query, lengths: Mapping[int, bytes]) -> None:
        """`lengths`: by gram, as in its row."""
        self.segment, self._asked = segment.segment, asked
        pieces = fan() if segment.level == 2 else 1
        nothing = bytes(2 * pieces)
        told = b"".join(lengths.get(gram, nothing) for gram in asked.grams)
        self._lengths: NDArray[np.int64] = np.frombuffer(told, "<u2").reshape(-1, pieces).astype(np.int64)
        self._needed: NDArray[np.bool_] = self._lengths > 0
        self._alive: NDArray[np.bool_] = np.logical_and.reduce(self._needed[: asked.parts])
        if asked.triples and self._alive.any():
            self._use_triples()
        self._leave_wide_ones()
        self._starts = np.cumsum(self._lengths, axis=1) - self._lengths
        self._counts = np.count_nonzero(self._needed, axis=0)
        self._shortest_first = np.argsort(np.where(self._needed, self._lengths, _NEVER), axis=0, kind="stable")
        self.held: dict[int, bytes] = {}
        """Postings by gram."""

    def _use_triples(self) -> None:
        triple, first, second = np.array(self._asked.triples).T
        common, told = self._lengths > event_grams.COMMON, self._needed[triple]
        self._alive &= np.logical_and.reduce(told | ~(common[first] & common[second]))
        covered = np.zeros_like(common)
        np.logical_or.at(covered, first, told)
        np.logical_or.at(covered, second, told)
        self._needed &= ~covered

    def _leave_wide_ones(self) -> None:
        """Read no postings of values that so many have: the columns tell of the few that have another."""
        for at in self._asked.tags:
            self._needed[at] &= self._lengths[at] <= WIDE

    def first_needed(self) -> tuple[int, ...]:
        """Return the grams whose postings will be needed first; none where nothing holds the words."""
        alive = np.flatnonzero(self._alive)
        if not len(alive):
            return ()
        length = np.where(self._needed[:, alive], self._lengths[:, alive], 0).sum(axis=1)
        needed = np.flatnonzero(length)
        order = needed[np.argsort(length[needed], kind="stable")][:_AT_MOST]
        short = np.searchsorted(np.cumsum(length[order]), _AT_ONCE_BYTES)
        return tuple(self._asked.grams[at] for at in order[: max(_AT_LEAST, int(short))])

    def is_alive(self, piece: int) -> bool:
        """Return whether a piece (the only one, or a sixteenth) may hold the words at all."""
        return bool(self._alive[piece])

    def places(self, connection: Connection, piece: int, among: Places | None) -> tuple[Places, bool]:
        """Return the places of a living piece that may hold the words; of those in `among`, ascending, if given.

        And whether they do for certain, without a look at their texts.
        """
        order = self._shortest_first[: self._counts[piece], piece].tolist()
        known = [at for at in order if self._asked.grams[at] in self.held]
        others = [at for at in order if self._asked.grams[at] not in self.held]
        if known:
            among = event_grams.common(self._pieces(known, piece), among)
        while others and (among is None or len(among) > FEW):
            more, others = others[:_MORE], others[_MORE:]
            read(connection, {self.segment: self}, [(self.segment, self._asked.grams[at]) for at in more])
            among = event_grams.common(self._pieces(more, piece), among)
        assert among is not None  # a living piece needs a gram at least
        return among, not others and self._is_certain(piece)

    def _is_certain(self, piece: int) -> bool:
        """Return whether what stands in all postings holds the words."""
        return self._asked.short and all(self._lengths[three, piece] > 0 for three in self._asked.threes)

    def _pieces(self, order: Sequence[int], piece: int) -> Iterator[bytes]:
        for at in order:
            start = int(self._starts[at, piece])
            yield self.held[self._asked.grams[at]][start : start + int(self._lengths[at, piece])]


def read(connection: Connection, into: Mapping[int, Candidates], wanted: Sequence[tuple[int, int]]) -> None:
    """Read the postings of some segments and grams."""
    for row in connection.execute(_POSTINGS, {"looked_up": wanted}):
        into[row.segment].held[row.gram] = row.postings


class Segments:
    """The candidates of every segment, read a few segments at a time: most searches end in the newest."""

    def __init__(self, connection: Connection, asked: Query, order: Sequence[Segment]) -> None:
        """`order`: the segments as they will be asked for."""
        self._connection, self._asked = connection, asked
        self._waiting = list(order)
        self._count = _FIRST_AT_ONCE
        self._held: dict[int, Candidates] = {}
        self._lengths: dict[int, dict[int, bytes]] = {}
        """By segment and gram: those of large segments lie together and are read together."""
        self._known: set[int] = set()
        """Shelves whose lengths were read."""

    def of(self, segment: int) -> Candidates:
        """Return those of a segment."""
        while segment not in self._held:
            self._read()
        return self._held[segment]

    def forget(self, segment: int) -> None:
        """Let go of a segment that is not asked for again, or was never asked for."""
        if self._held.pop(segment, None) is None:
            self._waiting = [one for one in self._waiting if one.segment != segment]

    def _read(self) -> None:
        some, self._waiting = self._waiting[: self._count], self._waiting[self._count :]
        self._count = _MOST_AT_ONCE
        self._read_lengths({one.shelf for one in some} - self._known)
        came = {one.segment: Candidates(one, self._asked, self._lengths.pop(one.segment, {})) for one in some}
        wanted = [(segment, gram) for segment, one in came.items() for gram in one.first_needed()]
        if wanted:
            read(self._connection, came, wanted)
        self._held |= came

    def _read_lengths(self, shelves: set[int]) -> None:
        if not shelves:
            return
        self._known |= shelves
        where = (
            among(self._connection, EVENT_LENGTHS.c.shelf, shelves),
            among(self._connection, EVENT_LENGTHS.c.gram, self._asked.grams),
        )
        for segment, gram, lengths in self._connection.execute(_LENGTHS.where(*where)):
            self._lengths.setdefault(segment, {})[gram] = lengths
