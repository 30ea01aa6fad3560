"""Finds events by words of any length, newest first: exactly those a look at every text would find.

Numbers are walked from the newest down: those not yet indexed by a look at their texts, then segment by segment. What
stands in the postings of every gram of every word is a candidate; where these cannot tell (a word of four characters or
more, or the text has changed since) the text itself decides. One ask does a bounded amount of work: a page may be
short, or empty, without being the end, and then names where to go on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, select

from chengyun_core.store import event_candidates, event_grams, event_segments
from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.store.event_candidates import Segments
from chengyun_core.store.event_narrowing import Narrowing
from chengyun_core.store.event_pages import PageOf
from chengyun_core.store.event_search_tables import EVENT_EDITS
from chengyun_core.store.event_segments import Segment, fan

MOST_WORDS = 16
MOST_TYPED = 200
"""Characters of a query."""
MOST_EXAMINED = 1000
"""Candidates whose rows are looked at for one page."""
MOST_UNINDEXED = 8192
"""Numbers looked at without an index for one page."""
MOST_SEGMENTS = 64
ENOUGH_TO_TELL = 100
"""Candidates after which it is known whether the filters let most of them through."""
_ROWS = 100


@dataclass(frozen=True, slots=True)
class Block:
    """A range of numbers, [first, end), and where it is indexed: a segment, or one sixteenth of a large one."""

    first: int
    end: int
    segment: int
    sixteenth: int
    """0 where the segment is not a large one."""


@dataclass(slots=True)
class Search:
    """One ask at work."""

    connection: Connection
    words: tuple[str, ...]
    wanted: Mapping[str, object]
    limit: int
    edited: frozenset[int]
    narrowing: Narrowing
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
    at_work = Search(connection, tuple(words), wanted, limit, edited, Narrowing(connection, wanted), reached=below)
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
    blocks = [one for one in _blocks(segments) if above + 1 < one.end and one.first < at_work.reached]
    last_use = {block.segment: block.first for block in blocks}
    order = list(dict.fromkeys(block.segment for block in blocks))[:MOST_SEGMENTS]
    by_number = {one.segment: one for one in segments}
    held = Segments(
        at_work.connection, event_candidates.query(at_work.words), [by_number[segment] for segment in order]
    )
    room = frozenset(order)
    for block in blocks:
        if block.segment not in room:
            return False
        if not _look_at(at_work, block, held, above):
            return False
        at_work.reached = block.first
        if block.first == last_use[block.segment]:
            held.forget(block.segment)
    return True


def _look_at(at_work: Search, block: Block, held: Segments, above: int) -> bool:
    numbers, certain = _candidates(at_work, block, held)
    inside: Sequence[int] = [number for number in numbers if above < number < at_work.reached]
    if at_work.wanted and at_work.examined >= ENOUGH_TO_TELL and 2 * len(at_work.found) < at_work.examined:
        inside = at_work.narrowing.kept(inside, block.first, block.end)
    return _take(at_work, inside, certain=certain)


def _blocks(segments: Sequence[Segment]) -> Iterator[Block]:
    """Return the blocks that cover every indexed number once, from the highest; smaller ones know better."""
    small = {one.block for one in segments if one.level == 0}
    middle = {one.block: one for one in segments if one.level == 1}
    blocks = []
    for one in segments:
        if one.level == 0:
            blocks.append(Block(one.first, one.end, one.segment, 0))
        elif one.level == 1:
            blocks += _without(small, Block(one.first, one.end, one.segment, 0))
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


def _candidates(at_work: Search, block: Block, held: Segments) -> tuple[list[int], bool]:
    """Return the numbers of a block that may hold the words, with all whose text has changed, from the highest.

    And whether no text has to be looked at, but those that changed.
    """
    places, certain = held.of(block.segment).places(block.sixteenth)
    base = block.first >> event_grams.BLOCK_BITS << event_grams.BLOCK_BITS
    numbers = (places.astype("int64") + base).tolist()
    if at_work.edited:
        changed = {number for number in at_work.edited if block.first <= number < block.end}
        numbers = sorted(changed.union(numbers))
    if numbers and (numbers[0] < block.first or numbers[-1] >= block.end):
        numbers = [number for number in numbers if block.first <= number < block.end]
    return numbers[::-1], certain


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
