"""Keeps the index of event texts: what to index next, one short step at a time, each in a transaction of its own.

Blocks of 4 096 numbers are indexed when they are full, of 65 536 anew from the texts when those are full, and sixteen
of these are put together. A block's rows count only once its segment is sealed; what was begun and not sealed is thrown
away, so that a kill at any point costs nothing but the work of a block. Where segments overlap, the smaller block knows
better: it was made later, for texts that changed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.store.event_search_tables import EVENT_EDITS, EVENT_GRAMS, EVENT_LENGTHS, EVENT_SEGMENTS
from chengyun_core.store.event_tags import TAGGED, tagged

LEVEL_BITS = (12, 16, 20)
"""Numbers of a block, as a power of two, by level."""
MOST_EDITS = 1024
"""Changed texts beside the index; with one more, the block with most of them is indexed anew."""
WORTH_A_BLOCK = 64
LARGE = 0
"""Shelf of the lengths of all segments of level 2; no segment has this number."""
BUILDING, SEALED, DROPPED = "building", "sealed", "dropped"
_SEALED = select(EVENT_SEGMENTS).where(EVENT_SEGMENTS.c.state == SEALED)


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A sealed index of a block of numbers."""

    level: int
    block: int
    segment: int

    @property
    def first(self) -> int:
        """The block's lowest number."""
        return bounds(self.level, self.block)[0]

    @property
    def shelf(self) -> int:
        """Where its lengths lie."""
        return LARGE if self.level == 2 else self.segment

    @property
    def end(self) -> int:
        """The number after the block's highest."""
        return bounds(self.level, self.block)[1]


@dataclass(frozen=True, slots=True)
class Build:
    """Index a block from its texts."""

    level: int
    block: int


@dataclass(frozen=True, slots=True)
class Merge:
    """Put the blocks of level 1 in a block of level 2 together."""

    block: int
    parts: tuple[int, ...]
    """Their segments, by number."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Throw the rows of a segment away."""

    segment: int


Task = Build | Merge | Drop
Text = tuple[int, int, str]
"""Number, version, folded text of an event as it is indexed."""


def bounds(level: int, block: int) -> tuple[int, int]:
    """Return the numbers of a block, [first, end)."""
    return block << LEVEL_BITS[level], block + 1 << LEVEL_BITS[level]


def fan() -> int:
    """Return how many blocks of level 1 are in one of level 2."""
    return 1 << LEVEL_BITS[2] - LEVEL_BITS[1]


def sealed(connection: Connection) -> list[Segment]:
    """Return the segments that may be read; of several of the same block the latest."""
    latest: dict[tuple[int, int], int] = {}
    for row in connection.execute(_SEALED):
        latest[row.level, row.block] = max(row.segment, latest.get((row.level, row.block), 0))
    return sorted(Segment(level, block, segment) for (level, block), segment in latest.items())


def covered(segments: Sequence[Segment]) -> int:
    """Return the number up to which, without it, every number is indexed."""
    reached = 0
    for segment in sorted(segments, key=lambda one: (one.first, -one.end)):
        if segment.first > reached:
            break
        reached = max(reached, segment.end)
    return reached


def next_task(connection: Connection, last: int) -> Task | None:
    """Return what is to be done next; None: nothing. last: number of the newest event."""
    stale = EVENT_SEGMENTS.c.state != SEALED
    leftover = connection.execute(select(func.min(EVENT_SEGMENTS.c.segment)).where(stale)).scalar_one_or_none()
    if leftover is not None:
        return Drop(leftover)
    segments = sealed(connection)
    return _merge(segments) or _build(segments, last) or _rebuild(connection, segments)


def _merge(segments: Sequence[Segment]) -> Merge | None:
    large = {one.block for one in segments if one.level == 2}
    held: dict[int, list[Segment]] = {}
    for one in segments:
        if one.level == 1 and one.block // fan() not in large:
            held.setdefault(one.block // fan(), []).append(one)
    for block, parts in held.items():
        if len(parts) == fan():
            return Merge(block, tuple(one.segment for one in sorted(parts)))
    return None


def _build(segments: Sequence[Segment], last: int) -> Build | None:
    reached = covered(segments)
    for level in (1, 0):
        block = reached >> LEVEL_BITS[level]
        if last + 1 >= block + 1 << LEVEL_BITS[level]:
            return Build(level, block)
    return None


def _rebuild(connection: Connection, segments: Sequence[Segment]) -> Build | None:
    if connection.execute(select(func.count()).select_from(EVENT_EDITS)).scalar_one() <= MOST_EDITS:
        return None
    small = {one.block for one in segments if one.level == 0}
    reached = covered(segments)
    edits: Counter[tuple[int, int]] = Counter()
    for number in connection.execute(select(EVENT_EDITS.c.number).where(EVENT_EDITS.c.number < reached)).scalars():
        level = 0 if number >> LEVEL_BITS[0] in small else 1
        edits[level, number >> LEVEL_BITS[level]] += 1
    most = edits.most_common(1)
    return Build(*most[0][0]) if most and most[0][1] >= WORTH_A_BLOCK else None


def begin(connection: Connection, level: int, block: int) -> int:
    """Begin a segment and return it."""
    segment = 1 + (connection.execute(select(func.max(EVENT_SEGMENTS.c.segment))).scalar_one_or_none() or 0)
    connection.execute(insert(EVENT_SEGMENTS).values(segment=segment, level=level, block=block, state=BUILDING))
    return segment


def texts(connection: Connection, first: int, end: int) -> list[Text]:
    """Return the texts of the numbers in [first, end), as they are indexed."""
    where = and_(EVENTS.c.number >= first, EVENTS.c.number < end)
    names = (EVENTS.c[name] for name in TAGGED)
    columns = select(EVENTS.c.number, EVENTS.c.version, EVENTS.c.text, *names).where(where).order_by(EVENTS.c.number)
    return [(number, version, tagged(text, values)) for number, version, text, *values in connection.execute(columns)]


def write(connection: Connection, segment: int, rows: Sequence[tuple[int, bytes]]) -> None:
    """Write some of a segment's postings, of levels 0 and 1."""
    _write(connection, segment, segment, [(gram, _length(postings), postings) for gram, postings in rows])


def write_large(connection: Connection, segment: int, rows: Mapping[int, Mapping[int, bytes]]) -> None:
    """Write some of the postings of a segment of level 2: gram → place among the sixteen → postings of level 1.

    A row of level 2 is these postings one after the other, and the length of each, 0 for none.
    """
    _write(connection, segment, LARGE, [(gram, *put_together(pieces)) for gram, pieces in sorted(rows.items())])


def _write(connection: Connection, segment: int, shelf: int, rows: Sequence[tuple[int, bytes, bytes]]) -> None:
    if rows:
        postings = [{"segment": segment, "gram": gram, "postings": held} for gram, _, held in rows]
        lengths = [{"shelf": shelf, "gram": gram, "segment": segment, "lengths": told} for gram, told, _ in rows]
        connection.execute(insert(EVENT_GRAMS), postings)
        connection.execute(insert(EVENT_LENGTHS), lengths)


def _length(postings: bytes) -> bytes:
    return len(postings).to_bytes(2, "little")


def seal(connection: Connection, segment: int, level: int, block: int, versions: dict[int, int] | None = None) -> None:
    """Have a segment be read from now on and what it stands in for be dropped.

    versions: number → version of the texts it was made of; later changes stay beside the index. None: it is put
    together from others and knows no more than they did.
    """
    table, (first, end) = EVENT_SEGMENTS.c, bounds(level, block)
    inside = [and_(table.level == level, table.block == block)]
    if level:
        bits = LEVEL_BITS[level] - LEVEL_BITS[level - 1]
        inside.append(and_(table.level == level - 1, table.block >= block << bits, table.block < block + 1 << bits))
    connection.execute(update(EVENT_SEGMENTS).where(or_(*inside)).values(state=DROPPED))
    connection.execute(update(EVENT_SEGMENTS).where(table.segment == segment).values(state=SEALED))
    if versions is None:
        return
    edits = EVENT_EDITS.c
    within = select(edits.number, edits.version).where(edits.number >= first, edits.number < end)
    known = [row for row in connection.execute(within) if row.version <= versions.get(row.number, 0)]
    gone = delete(EVENT_EDITS).where(edits.number == bindparam("which"), edits.version == bindparam("then"))
    if known:
        connection.execute(gone, [{"which": row.number, "then": row.version} for row in known])


def merge_step(connection: Connection, segment: int, parts: Sequence[int], after: int, count: int) -> int:
    """Put the next grams of some segments together; return the gram to go on after, 0 when that was all.

    count: grams of the richest part taken at once.
    """
    table = EVENT_GRAMS.c
    ends = []
    for part in parts:
        window = select(table.gram).where(table.segment == part, table.gram > after).order_by(table.gram).limit(count)
        found = list(connection.execute(window).scalars())
        if len(found) == count:
            ends.append(found[-1])
    upto = min(ends, default=0)
    held: dict[int, dict[int, bytes]] = {}
    for place, part in enumerate(parts):
        window = select(table.gram, table.postings).where(table.segment == part, table.gram > after)
        for row in connection.execute(window.where(table.gram <= upto) if upto else window):
            held.setdefault(row.gram, {})[place] = row.postings
    write_large(connection, segment, held)
    return upto


def put_together(pieces: Mapping[int, bytes]) -> tuple[bytes, bytes]:
    """Return lengths and postings of level 2. pieces: place among the sixteen → postings of level 1."""
    lengths = b"".join(_length(pieces.get(place, b"")) for place in range(fan()))
    return lengths, b"".join(piece for _, piece in sorted(pieces.items()))


def drop_step(connection: Connection, segment: int, count: int) -> bool:
    """Throw away the next rows of a segment; return whether none is left and the segment is gone."""
    connection.execute(update(EVENT_SEGMENTS).where(EVENT_SEGMENTS.c.segment == segment).values(state=DROPPED))
    table = EVENT_GRAMS.c
    window = select(table.gram).where(table.segment == segment).order_by(table.gram).limit(1)
    first = connection.execute(window).scalar_one_or_none()
    upto = connection.execute(window.offset(count)).scalar_one_or_none()
    if first is not None:
        _forget(connection, EVENT_GRAMS, [table.segment == segment], first, upto)
        lengths = EVENT_LENGTHS.c
        # From the first: below it lie those of other large segments.
        where = [lengths.shelf.in_((LARGE, segment)), lengths.segment == segment]
        _forget(connection, EVENT_LENGTHS, where, first, upto)
    if upto is None:
        connection.execute(delete(EVENT_SEGMENTS).where(EVENT_SEGMENTS.c.segment == segment))
    return upto is None


def _forget(
    connection: Connection, table: Table, where: Sequence[ColumnElement[bool]], first: int, upto: int | None
) -> None:  # fmt: skip
    inside = [*where, table.c.gram >= first, *([] if upto is None else [table.c.gram < upto])]
    connection.execute(delete(table).where(*inside))


def note_edits(connection: Connection, changed: Sequence[Mapping[str, object]]) -> None:
    """Remember of which rows the index will not know what it finds them by, before they are written anew."""
    names = ("text", *TAGGED)
    differs = or_(*(EVENTS.c[name] != bindparam(f"{name}_of_now") for name in names))
    columns = select(EVENTS.c.number, bindparam("then", type_=BigInteger))
    statement = insert(EVENT_EDITS).from_select(
        ["number", "version"], columns.where(EVENTS.c.number == bindparam("which"), differs)
    )
    told = [
        {"which": row["number"], "then": row["version"], **{f"{name}_of_now": row[name] for name in names}}
        for row in changed
    ]
    if told:
        connection.execute(statement, told)
