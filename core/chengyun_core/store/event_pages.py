"""Pages of events at millions: one index range read backwards from a number, a bounded look at what lies in it.

The filter that narrows most is the range; the others are asked of its rows, of which no more than `MOST_EXAMINED` are
looked at in one go. A page may therefore be short, or empty, without being the end: it names where to go on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select

from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.store.value_list import among_numbers

MOST_EXAMINED = 1000
"""Rows of a range looked at for one page."""
FIRST_EXAMINED = 100
"""Of these first: where most have the other values, too, a page is full."""
NARROWING = ("owed", "living", "lead", "centre", "matter", "state", "district", "grade")
"""Columns with an index of their own, the most narrowing first; `source` has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOf:
    """A page's rows and where the next one begins."""

    records: tuple[bytes, ...]
    before: int
    """0: this is the end."""
    examined: int
    """Rows looked at, at most."""


def page(
    connection: Connection, wanted: dict[str, object], *, above: int, below: int, limit: int,
    without: frozenset[int] = frozenset(),
) -> PageOf:  # fmt: skip
    """Return the events with these column values and numbers in (above, below), newest first.

    wanted: column of `events` → value; `below` 0: from the newest. without: numbers that are as if they were not there.
    """
    lead = next((name for name in NARROWING if name in wanted), None)
    rest = [name for name in wanted if name != lead]
    where = _range(lead, wanted, above, below)
    if without:
        where.append(~among_numbers(connection, EVENTS.c.number, sorted(without)))
    if not rest:
        return _plain(connection, where, limit)
    if not without:
        soon = _first_window(connection, lead, wanted, (above, below), limit)
        if len(soon.records) == limit:
            return soon
    return _sifted(connection, where, {name: wanted[name] for name in rest}, limit)


def _sifted(
    connection: Connection, where: list[ColumnElement[bool]], rest: Mapping[str, object], limit: int
) -> PageOf:  # fmt: skip
    """Look at the range a window at a time, so that a page that fills soon costs little."""
    columns = select(EVENTS.c.number, *(EVENTS.c[name] for name in rest)).where(*where)
    columns, asked = columns.order_by(EVENTS.c.number.desc()), tuple(rest.values())
    found: list[int] = []
    reached = examined = 0
    while examined < MOST_EXAMINED:
        count = min(max(FIRST_EXAMINED, 2 * examined), MOST_EXAMINED - examined)
        window = columns.where(EVENTS.c.number < reached) if reached else columns
        rows = connection.execute(window.limit(count)).all()
        found += [row.number for row in rows if row[1:] == asked]
        examined += len(rows)
        if len(found) >= limit:
            found = found[:limit]
            return PageOf(records=_records(connection, found), before=found[-1], examined=examined)
        if len(rows) < count:
            return PageOf(records=_records(connection, found), before=0, examined=examined)
        reached = rows[-1].number
    return PageOf(records=_records(connection, found), before=reached, examined=examined)


def _first_window(
    connection: Connection, lead: str | None, wanted: Mapping[str, object], bounds: tuple[int, int], limit: int
) -> PageOf:
    """Return what the first window holds: it fills most pages, and one statement sends only what is on them."""
    above, below = bounds
    count = min(FIRST_EXAMINED, MOST_EXAMINED)
    statement = _of_window(lead, tuple(wanted), above > 0, below > 0)
    asked = {f"{name}_is": value for name, value in wanted.items()}
    given = {"above": above} if above > 0 else {}
    given |= {"below": below} if below > 0 else {}
    rows = connection.execute(statement, {**asked, **given, "count": count, "most": limit}).all()
    before = rows[-1].number if rows else 0
    return PageOf(records=tuple(row.record for row in rows), before=before, examined=count)


@lru_cache(maxsize=256)
def _of_window(
    lead: str | None,
    names: tuple[str, ...],
    is_above: bool,
    is_below: bool,
) -> Select[int, bytes]:
    """Return the statement: making it costs as much as running it."""
    where: list[ColumnElement[bool]] = [EVENTS.c[lead] == bindparam(f"{lead}_is")] if lead else []
    where += [EVENTS.c.number > bindparam("above")] if is_above else []
    where += [EVENTS.c.number < bindparam("below")] if is_below else []
    rest = [name for name in names if name != lead]
    window = select(EVENTS.c.number, EVENTS.c.record, *(EVENTS.c[name] for name in rest)).where(*where)
    inside = window.order_by(EVENTS.c.number.desc()).limit(bindparam("count")).subquery().c
    having = (inside[name] == bindparam(f"{name}_is") for name in rest)
    columns = select(inside.number, inside.record).where(*having)
    return columns.order_by(inside.number.desc()).limit(bindparam("most"))


def _range(lead: str | None, wanted: dict[str, object], above: int, below: int) -> list[ColumnElement[bool]]:
    where = [EVENTS.c[lead] == wanted[lead]] if lead else []
    if above > 0:
        where.append(EVENTS.c.number > above)
    if below > 0:
        where.append(EVENTS.c.number < below)
    return where


def _plain(connection: Connection, where: list[ColumnElement[bool]], limit: int) -> PageOf:
    columns = select(EVENTS.c.number, EVENTS.c.record).where(*where).order_by(EVENTS.c.number.desc())
    rows = connection.execute(columns.limit(limit)).all()
    more = rows[-1].number if len(rows) == limit else 0
    return PageOf(records=tuple(row.record for row in rows), before=more, examined=len(rows))


def _records(connection: Connection, numbers: list[int]) -> tuple[bytes, ...]:
    if not numbers:
        return ()
    columns = select(EVENTS.c.record).where(EVENTS.c.number.in_(numbers)).order_by(EVENTS.c.number.desc())
    return tuple(connection.execute(columns).scalars())


def first_opened_at(connection: Connection, at_ns: int, last: int) -> int:
    """Return the least number whose event was opened at a time or later, `last` + 1 when none was.

    Numbers are given in the order of the profile's clock, so it is found by halving: about 25 rows at 26 million. Where
    the clock was set back, events of that hour may lie on the other side of the cut; the caller asks each row as well.
    """
    opened = _opened(connection)
    low, high = 1, last + 1
    while low < high:
        middle = (low + high) // 2
        if opened(middle) >= at_ns:
            high = middle
        else:
            low = middle + 1
    return low


def _opened(connection: Connection) -> Callable[[int], int]:
    def at(number: int) -> int:
        # A number without a row (none is known to lack one) is judged by the next that has one.
        columns = select(EVENTS.c.opened_at).where(EVENTS.c.number >= number).order_by(EVENTS.c.number).limit(1)
        found = connection.execute(columns).scalar_one_or_none()
        return 2**62 if found is None else int(found)

    return at
