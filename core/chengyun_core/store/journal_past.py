"""The journal as of a time: which row was the last, and the last row of each record of a kind until then."""

from sqlalchemy import Connection, func, select

from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.duty_figures import first_row
from chengyun_core.store.tables import JOURNAL

_BEYOND_NS = 2 * 3600 * NS_PER_S
"""How far after a time rows of before it may still stand."""


def last_row(connection: Connection, at_ns: int) -> int:
    """Return the number of the last row at or before a time, 0 when there is none."""
    # The search keeps a margin for clocks that were set back: from there on the rows themselves are looked at.
    near, beyond = first_row(connection, at_ns), first_row(connection, at_ns + _BEYOND_NS)
    inside = (JOURNAL.c.number >= near, JOURNAL.c.number <= beyond, JOURNAL.c.at_ns <= at_ns)
    last = select(func.max(JOURNAL.c.number)).where(*inside)
    return connection.execute(last).scalar_one() or max(0, near - 1)


def last_of_each(connection: Connection, kind: str, through: int) -> list[Change]:
    """Return of each record of a kind the last row up to a number, oldest first; a walk along one index."""
    number = func.max(JOURNAL.c.number).label("number")
    last = select(number).where(JOURNAL.c.kind == kind, JOURNAL.c.number <= through).group_by(JOURNAL.c.key).subquery()
    statement = select(JOURNAL).where(JOURNAL.c.number.in_(select(last.c.number))).order_by(JOURNAL.c.number)
    return [journal_rows.change_of_row(row) for row in connection.execute(statement)]


def begins_at(connection: Connection) -> int:
    """Return the time of the first row, profile ns UTC, 0 when there is none."""
    first = select(JOURNAL.c.at_ns).order_by(JOURNAL.c.number).limit(1)
    return connection.execute(first).scalar_one_or_none() or 0
