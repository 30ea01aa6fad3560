"""Finds events by words of any length, newest first: exactly those a look at every text would find.

Numbers are walked from the newest down: those not yet indexed by a look at their texts, then segment by segment. What
stands in the postings of every gram of every word is a candidate; where these cannot tell (a word of four characters or
more, or the text has changed since) the text itself decides. One ask does a bounded amount of work: a page may be
short, or empty, without being the end, and then names where to go on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, select

from chengyun_core.store import event_candidates, event_grams, event_segments
from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.store.event_candidates import Candidates, Segments
from chengyun_core.store.event_narrowing import Narrowing
from chengyun_core.store.event_pages import PageOf
from chengyun_core.store.event_search_tables import EVENT_EDITS
from chengyun_core.store.event_segments import Segment, fan
from chengyun_core.store.event_tags import TAGGED, has_tag, tag
from chengyun_core.store.value_list import among_numbers

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
_ROWS, _MORE_ROWS = 100, 500
"""Candidates whose rows are looked at in one statement: the first, and once these did not fill the page."""
_EDITED = select(EVENT_EDITS.c.number)
Numbers = NDArray[np.int64]
_NONE: Numbers = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Block:
    """A range of numbers, [first, end), and where it is indexed: a segment, or one sixteenth of a large one."""

    first: int
    end: int
    segment: int
    piece: int
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
    waiting: list[int] = field(default_factory=list)
    """Candidates that are looked at together, from the highest: a statement costs more than a row."""
    doubted: set[int] = field(default_factory=set)
    """Those whose text decides."""
    without: Numbers = field(default_factory=lambda: _NONE)
    """Numbers that are as if they were not there, ascending."""


def search(
    connection: Connection, words: Sequence[str], wanted: Mapping[str, object], *, above: int, below: int, limit: int,
    without: frozenset[int] = frozenset(),
) -> PageOf:  # fmt: skip
    """Return the events whose text holds every word and that have these column values, numbers in (above, below).

    words: folded, without blanks, at least one; below: at most one more than the newest number. without: numbers that
    are as if they were not there: not even the place where the next page begins tells of them.
    """
    edited = frozenset(connection.execute(_EDITED).scalars())
    at_work = Search(connection, tuple(words), wanted, limit, edited, Narrowing(connection, wanted), reached=below)
    at_work.without = np.array(sorted(without), np.int64)
    segments = event_segments.sealed(connection)
    indexed = event_segments.covered(segments)
    ended = _unindexed(at_work, max(indexed, above + 1)) and _indexed(at_work, segments, above)
    before = 0 if ended else at_work.reached
    return PageOf(records=tuple(at_work.found), before=before, examined=at_work.examined)


def _unindexed(at_work: Search, first: int) -> bool:
    """Look at the texts of the numbers from `first` up; return whether there was room for all of them."""
    end, room = at_work.reached, MOST_UNINDEXED
    while end > first and room > 0:
        start = max(first, end - 1024)
        room -= end - start
        if not _take(at_work, np.array(_by_text(at_work, start, end), np.int64), certain=True):
            return False
        end = start
    return _done(at_work, end) and end <= first


def _by_text(at_work: Search, start: int, end: int) -> list[int]:
    columns = select(EVENTS.c.number).where(EVENTS.c.number >= start, EVENTS.c.number < end)
    columns = columns.where(*(EVENTS.c.text.contains(word, autoescape=True) for word in at_work.words))
    return list(at_work.connection.execute(columns.order_by(EVENTS.c.number)).scalars())


def _indexed(at_work: Search, segments: Sequence[Segment], above: int) -> bool:
    """Walk the blocks below from the newest; return whether all could be looked at."""
    blocks = [one for one in _blocks(segments) if above + 1 < one.end and one.first < at_work.reached]
    last_use = {block.segment: block.first for block in blocks}
    order = list(dict.fromkeys(block.segment for block in blocks))[:MOST_SEGMENTS]
    by_number = {one.segment: one for one in segments}
    held = Segments(
        at_work.connection, event_candidates.query(at_work.words, _tags(at_work)), [by_number[one] for one in order]
    )
    room, floor = frozenset(order), at_work.reached
    for block in blocks:
        if block.segment not in room:
            break
        if not _look_at(at_work, block, held, above):
            return False
        floor = block.first
        if floor == last_use[block.segment]:
            held.forget(block.segment)
    return _done(at_work, floor) and (not blocks or floor == blocks[-1].first)


def _tags(at_work: Search) -> list[str]:
    """Return the characters the wanted values are indexed by."""
    if any(has_tag(word) for word in at_work.words):
        return []
    return [tag(name, at_work.wanted[name]) for name in TAGGED if name in at_work.wanted]


def _look_at(at_work: Search, block: Block, held: Segments, above: int) -> bool:
    numbers, certain = _candidates(at_work, block, held)
    if not len(numbers):
        return True
    low, high = numbers.searchsorted((above + 1, at_work.reached))
    return _take(at_work, numbers[low:high], certain=certain, block=block)


def _candidates(at_work: Search, block: Block, held: Segments) -> tuple[Numbers, bool]:
    """Return the numbers of a block that may hold the words, with all whose text has changed, ascending.

    And whether no text has to be looked at, but those that changed.
    """
    having = at_work.narrowing.numbers(block.first, block.end) if _is_worth_narrowing(at_work) else None
    numbers, certain = _NONE, True
    if having is None or len(having):
        numbers, certain = _holding(at_work, block, held.of(block.segment), having)
    if at_work.edited:
        changed = [number for number in at_work.edited if block.first <= number < block.end]
        numbers = np.union1d(numbers, np.array(changed, np.int64))
    if not len(numbers):
        return _NONE, True
    low, high = numbers.searchsorted((block.first, block.end))
    return numbers[low:high], certain


def _holding(at_work: Search, block: Block, known: Candidates, having: Numbers | None) -> tuple[Numbers, bool]:
    """Return the numbers of a block whose postings hold the words, of those in `having` if given, ascending."""
    if not known.is_alive(block.piece):
        return _NONE, True
    base = block.first >> event_grams.BLOCK_BITS << event_grams.BLOCK_BITS
    among = None if having is None else (having - base).astype(np.uint16)
    places, certain = known.places(at_work.connection, block.piece, among)
    return places.astype(np.int64) + base, certain


def _is_worth_narrowing(at_work: Search) -> bool:
    """Most of those looked at so far fell out."""
    return bool(at_work.wanted) and at_work.examined >= ENOUGH_TO_TELL and 2 * len(at_work.found) < at_work.examined


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
            size = (one.end - one.first) // fan()
            for sixteenth in range(fan()):
                first = one.first + sixteenth * size
                if one.block * fan() + sixteenth not in middle:
                    blocks += _without(small, Block(first, first + size, one.segment, sixteenth))
    yield from sorted(blocks, key=lambda block: -block.first)


def _without(small: set[int], block: Block) -> list[Block]:
    """Return what of a block no smaller one knows better."""
    size = event_segments.bounds(0, 0)[1]
    inside = range(block.first // size, block.end // size)
    if small.isdisjoint(inside):
        return [block]
    left = (event_segments.bounds(0, one) for one in inside if one not in small)
    return [Block(*bounds, block.segment, block.piece) for bounds in left]


def _take(at_work: Search, numbers: Numbers, *, certain: bool, block: Block | None = None) -> bool:
    """Take those of some ascending candidates that are wanted, from the highest; the last may be left waiting.

    Returns whether the page has room left and more may be looked at.
    """
    numbers = np.setdiff1d(numbers, at_work.without, assume_unique=True) if len(at_work.without) else numbers
    left, at_once = len(numbers), _MORE_ROWS if at_work.examined else _ROWS
    is_narrowed = block is None or _is_worth_narrowing(at_work)
    while left:
        some = numbers[max(0, left - at_once + len(at_work.waiting)) : left].tolist()[::-1]
        left -= len(some)
        at_work.waiting += some
        at_work.doubted.update(at_work.edited.intersection(some) if certain else some)
        if len(at_work.waiting) >= at_once:
            if not _judged(at_work):
                return False
            at_once = _MORE_ROWS
            if block is not None and not is_narrowed and _is_worth_narrowing(at_work):
                # It shows within the block, which alone may hold more candidates than one ask looks at.
                numbers, is_narrowed = _narrowed(at_work, numbers[:left], block), True
                left = len(numbers)
    return True


def _narrowed(at_work: Search, numbers: Numbers, block: Block) -> Numbers:
    having = at_work.narrowing.numbers(block.first, block.end)
    return numbers if having is None else np.intersect1d(numbers, having, assume_unique=True)


def _done(at_work: Search, floor: int) -> bool:
    """Look at what waits still; return whether everything from `floor` on upwards was looked at and there is room."""
    if at_work.waiting and not _judged(at_work):
        return False
    at_work.reached = min(at_work.reached, floor)
    return True


def _judged(at_work: Search) -> bool:
    """Look at what waits; return whether the page has room left and more may be looked at."""
    room = at_work.limit - len(at_work.found)
    doubted = at_work.doubted
    sure = [number for number in at_work.waiting if number not in doubted] if doubted else at_work.waiting
    rows = _rows(at_work, sure, room, ()) + _rows(at_work, tuple(doubted), room, at_work.words)
    rows = sorted(rows, reverse=True)[:room]
    at_work.found += [record for _, record in rows]
    at_work.examined += len(at_work.waiting)
    at_work.reached = rows[-1][0] if len(rows) == room else at_work.waiting[-1]
    at_work.waiting, at_work.doubted = [], set()
    return len(rows) < room and at_work.examined < MOST_EXAMINED


def _rows(at_work: Search, numbers: Sequence[int], room: int, words: Sequence[str]) -> list[tuple[int, bytes]]:
    """Return number and record of those that hold the words and have the wanted values, from the highest."""
    if not numbers:
        return []
    where: list[ColumnElement[bool]] = [EVENTS.c[name] == value for name, value in at_work.wanted.items()]
    where += [EVENTS.c.text.contains(word, autoescape=True) for word in words]
    # Not a parameter each: hundreds of them cost more than the rows.
    among = among_numbers(at_work.connection, EVENTS.c.number, numbers)
    columns = select(EVENTS.c.number, EVENTS.c.record).where(among, *where)
    rows = at_work.connection.execute(columns.order_by(EVENTS.c.number.desc()).limit(room))
    return [(row.number, row.record) for row in rows]
