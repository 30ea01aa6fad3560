"""Finds events by words of any length, newest first: exactly those a look at every text would find.

Numbers are walked from the newest down: those not yet indexed by a look at their texts, then segment by segment. What
stands in the postings of every gram of every word is a candidate; where a word is longer than a pair of characters, or
the text has changed since, the text itself decides. One ask does a bounded amount of work: a page may be short, or
empty, without being the end, and then names where to go on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, bindparam, select

from chengyun_core.store import event_grams, event_segments
from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.store.event_pages import PageOf
from chengyun_core.store.event_search_tables import EVENT_EDITS, EVENT_GRAMS
from chengyun_core.store.event_segments import Segment, fan

MOST_WORDS = 16
MOST_TYPED = 200
"""Characters of a query."""
MOST_LETTERS = 64
"""Of a word: what is longer is looked up by its beginning, and its text decides."""
MOST_EXAMINED = 1000
"""Candidates whose rows are looked at for one page."""
MOST_UNINDEXED = 8192
"""Numbers looked at without an index for one page."""
MOST_SEGMENTS = 64
_ROWS = 100
_POSTINGS = select(EVENT_GRAMS.c.gram, EVENT_GRAMS.c.postings).where(
    EVENT_GRAMS.c.segment == bindparam("which"), EVENT_GRAMS.c.gram.in_(bindparam("looked_up", expanding=True))
)
"""Made once: making a statement costs more than finding its rows."""


@dataclass(frozen=True, slots=True)
class Block:
    """A range of numbers, [first, end), and where it is indexed: a segment, or one sixteenth of a large one."""

    first: int
    end: int
    segment: int
    sixteenth: int
    """-1: the whole segment."""


@dataclass(slots=True)
class Search:
    """One ask at work."""

    connection: Connection
    words: tuple[str, ...]
    wanted: Mapping[str, object]
    limit: int
    edited: frozenset[int]
    exact: bool
    """No word needs its text looked at."""
    found: list[bytes] = field(default_factory=list)
    examined: int = 0
    reached: int = 0
    """Everything from here on upwards was looked at."""


def search(
    connection: Connection, words: Sequence[str], wanted: Mapping[str, object], *, above: int, below: int, limit: int
) -> PageOf:  # fmt: skip
    """Return the events whose text holds every word and that have these column values, numbers in (above, below).

    words: folded, without blanks, at least one; below: at most one more than the newest number.
    """
    edited = frozenset(connection.execute(select(EVENT_EDITS.c.number)).scalars())
    exact = all(len(word) <= 2 for word in words)
    at_work = Search(connection, tuple(words), wanted, limit, edited, exact, reached=below)
    segments = event_segments.sealed(connection)
    indexed = event_segments.covered(segments)
    ended = _unindexed(at_work, max(indexed, above + 1)) and _indexed(at_work, segments, above)
    before = 0 if ended else at_work.reached
    return PageOf(records=tuple(at_work.found), before=before, examined=at_work.examined)


def _unindexed(at_work: Search, first: int) -> bool:
    """Look at the texts of the numbers from `first` up; return whether there was room for all of them."""
    end, room = at_work.reached, MOST_UNINDEXED
    while end > first:
        if room <= 0:
            return False
        start = max(first, end - 1024)
        room -= end - start
        if not _take(at_work, _by_text(at_work, start, end), certain=True):
            return False
        at_work.reached = end = start
    return True


def _by_text(at_work: Search, start: int, end: int) -> list[int]:
    columns = select(EVENTS.c.number).where(EVENTS.c.number >= start, EVENTS.c.number < end)
    columns = columns.where(*(EVENTS.c.text.contains(word, autoescape=True) for word in at_work.words))
    return list(at_work.connection.execute(columns.order_by(EVENTS.c.number.desc())).scalars())


def _indexed(at_work: Search, segments: Sequence[Segment], above: int) -> bool:
    """Walk the blocks below from the newest; return whether all could be looked at."""
    grams = tuple(dict.fromkeys(gram for word in at_work.words for gram in event_grams.grams_of(word[:MOST_LETTERS])))
    held: dict[int, dict[int, bytes]] = {}
    for block in _blocks(segments):
        if block.first >= at_work.reached:
            continue
        if block.end <= above + 1:
            break
        if block.segment not in held:
            if len(held) >= MOST_SEGMENTS:
                return False
            held[block.segment] = _postings(at_work.connection, block.segment, grams)
        numbers = _candidates(at_work, block, held[block.segment], len(grams))
        inside = [number for number in numbers if above < number < at_work.reached]
        if not _take(at_work, inside, certain=at_work.exact):
            return False
        at_work.reached = block.first
    return True


def _blocks(segments: Sequence[Segment]) -> Iterator[Block]:
    """Return the blocks that cover every indexed number once, from the highest; smaller ones know better."""
    small = {one.block for one in segments if one.level == 0}
    middle = {one.block: one for one in segments if one.level == 1}
    blocks = []
    for one in segments:
        if one.level == 0:
            blocks.append(Block(one.first, one.end, one.segment, -1))
        elif one.level == 1:
            blocks += _without(small, Block(one.first, one.end, one.segment, -1))
        else:
            for sixteenth in range(fan()):
                block = one.block * fan() + sixteenth
                if block not in middle:
                    blocks += _without(small, Block(*event_segments.bounds(1, block), one.segment, sixteenth))
    yield from sorted(blocks, key=lambda block: -block.first)


def _without(small: set[int], block: Block) -> list[Block]:
    """Return what of a block no smaller one knows better."""
    size = event_segments.bounds(0, 0)[1]
    inside = range(block.first // size, block.end // size)
    if not any(one in small for one in inside):
        return [block]
    left = (event_segments.bounds(0, one) for one in inside if one not in small)
    return [Block(*bounds, block.segment, block.sixteenth) for bounds in left]


def _postings(connection: Connection, segment: int, grams: Sequence[int]) -> dict[int, bytes]:
    rows = connection.execute(_POSTINGS, {"which": segment, "looked_up": grams})
    return {row.gram: row.postings for row in rows}


def _candidates(at_work: Search, block: Block, postings: Mapping[int, bytes], grams: int) -> list[int]:
    """Return the numbers of a block that may hold the words, with all whose text has changed, from the highest."""
    pieces = [_piece(one, block.sixteenth) for one in postings.values()]
    numbers: list[int] = []
    if len(pieces) == grams and all(pieces):
        base = block.first >> event_grams.BLOCK_BITS << event_grams.BLOCK_BITS
        numbers = (event_grams.common(pieces).astype("int64") + base).tolist()
    if at_work.edited:
        changed = {number for number in at_work.edited if block.first <= number < block.end}
        numbers = sorted(changed.union(numbers))
    if numbers and (numbers[0] < block.first or numbers[-1] >= block.end):
        numbers = [number for number in numbers if block.first <= number < block.end]
    return numbers[::-1]


def _piece(postings: bytes, sixteenth: int) -> bytes:
    if sixteenth < 0:
        return postings
    lengths = [int.from_bytes(postings[4 * at : 4 * at + 4], "little") for at in range(sixteenth + 1)]
    start = 4 * fan() + sum(lengths[:sixteenth])
    return postings[start : start + lengths[sixteenth]]


def _take(at_work: Search, numbers: Sequence[int], *, certain: bool) -> bool:
    """Take those of some candidates that are wanted; return whether all were looked at and the page has room left."""
    start = 0
    while start < len(numbers):
        if at_work.examined >= MOST_EXAMINED:
            return False
        # Where nothing can fall out, no more rows are read than the page has room for.
        room = at_work.limit - len(at_work.found) if certain and not at_work.wanted else _ROWS
        some = numbers[start : start + room]
        for number, record in _rows(at_work, some, certain):
            at_work.found.append(record)
            if len(at_work.found) == at_work.limit:
                at_work.reached = number
                return False
        at_work.examined += len(some)
        at_work.reached = some[-1]
        start += len(some)
    return True


def _rows(at_work: Search, numbers: Sequence[int], certain: bool) -> list[tuple[int, bytes]]:
    """Return number and record of those that hold the words and have the wanted values, from the highest."""
    where: list[ColumnElement[bool]] = [EVENTS.c[name] == value for name, value in at_work.wanted.items()]
    unsure = numbers if not certain else [number for number in numbers if number in at_work.edited]
    columns = [EVENTS.c.number, EVENTS.c.record, *([EVENTS.c.text] if unsure else [])]
    rows = at_work.connection.execute(select(*columns).where(EVENTS.c.number.in_(numbers), *where)).all()
    doubted = frozenset(unsure)
    kept = [
        (row.number, row.record)
        for row in rows
        if row.number not in doubted or all(word in row.text for word in at_work.words)
    ]
    return sorted(kept, reverse=True)
