"""A shift's log, read back from the journal by bounded looks: no OFFSET, no scan of a whole flood (H6)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, select

from chengyun_core.model.duty import LogKind
from chengyun_core.model.duty_log import LOGGED
from chengyun_core.store import counters
from chengyun_core.store.duty_figures import first_row
from chengyun_core.store.duty_tables import LOG_LINES
from chengyun_core.store.journal import COUNTER
from chengyun_core.store.tables import JOURNAL

LOOKED_AT = 1000
"""Journal rows one page looks through at most; a page may have fewer rows than asked for, and goes on from `next`."""
_LINE = "log_line"
CALLS = ("call", "call_out")
_WRITTEN = frozenset({LogKind.FREE, LogKind.SNAPSHOT, LogKind.NOTICE})
_COLUMNS = (
    JOURNAL.c.number, JOURNAL.c.at_ns, JOURNAL.c.action, JOURNAL.c.kind, JOURNAL.c.key, JOURNAL.c.account,
    JOURNAL.c.seat, JOURNAL.c.params, JOURNAL.c.record,
)  # fmt: skip
_NAMES = tuple(column.name for column in _COLUMNS)
_PARAMS = msgspec.msgpack.Decoder(dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as the log tells it."""

    number: int
    at_ns: int
    action: str
    kind: str
    key: str
    account: str
    seat: str
    params: dict[str, str]
    record: bytes


def newest(
    connection: Connection, span: tuple[int, int], before: int, limit: int, kinds: Collection[LogKind],
    first: int = 0,
) -> tuple[list[Row], int]:  # fmt: skip
    """Return the newest rows of [from, to) below a journal number (0: from the end), and where to go on; 0: no more.

    `first`: number of the first row of that time; 0: it is searched. `kinds`: only these; none named: all. Lines that
    people wrote are found by their own table: a quiet line behind a flood of ten thousand alarms costs what any does.
    """
    bound = {"begin": span[0], "end": span[1], "first": first or first_row(connection, span[0])}
    last = counters.last(connection, COUNTER)
    top = before or last + 1
    if kinds and _WRITTEN.issuperset(kinds):
        return _lines(connection, bound, top, limit, kinds)
    bottom = max(bound["first"], top - LOOKED_AT)
    wanted = [JOURNAL.c.number < top, JOURNAL.c.number >= bottom, *_inside(bound), *_of(frozenset(kinds))]
    statement = select(*_COLUMNS).where(*wanted).order_by(JOURNAL.c.number.desc()).limit(limit)
    rows = [_row(found) for found in connection.execute(statement)]
    if len(rows) == limit:
        bottom = rows[-1].number
    return rows, 0 if bottom <= bound["first"] else bottom


def _lines(
    connection: Connection, bound: dict[str, int], top: int, limit: int, kinds: Collection[LogKind]
) -> tuple[list[Row], int]:  # fmt: skip
    wanted = (
        LOG_LINES.c.change < top, LOG_LINES.c.change >= bound["first"],
        LOG_LINES.c.kind.in_([kind.value for kind in kinds]),
    )  # fmt: skip
    numbers = select(LOG_LINES.c.change).where(*wanted).order_by(LOG_LINES.c.change.desc()).limit(limit)
    statement = select(*_COLUMNS).where(JOURNAL.c.number.in_(numbers), *_inside(bound))
    rows = [_row(found) for found in connection.execute(statement.order_by(JOURNAL.c.number.desc()))]
    return rows, rows[-1].number if len(rows) == limit else 0


@cache
def _of(kinds: frozenset[LogKind]) -> list[ColumnElement[bool]]:
    # Made once for each choice: sixty actions as conditions take longer to write down than to look for.
    logged = JOURNAL.c.action.in_(sorted(LOGGED))
    if not kinds:
        return [logged]
    found: list[str] = [_LINE] if _WRITTEN.intersection(kinds) else []
    found += CALLS if LogKind.CALL in kinds else ()
    if LogKind.AUTOMATIC in kinds:
        others = {_LINE, *CALLS}.difference(found)
        return [logged, JOURNAL.c.kind.not_in(sorted(others))]
    return [logged, JOURNAL.c.kind.in_(found)]


def _inside(bound: dict[str, int]) -> list[ColumnElement[bool]]:
    return [JOURNAL.c.at_ns >= bound["begin"], JOURNAL.c.at_ns < bound["end"]]


def _row(found: Iterable[Any]) -> Row:
    values: dict[str, Any] = dict(zip(_NAMES, found, strict=True))
    values["params"] = _PARAMS.decode(values["params"])
    return Row(**values)
