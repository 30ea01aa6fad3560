"""Rows of the journal by what they say: for who looks into it, a bounded look at a time."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, select

from chengyun_core.store.tables import JOURNAL

LOOKED_AT = 20_000
"""Rows one look goes through at most: the loop that answers it has alarms to take."""
_SHOWN = (
    "number", "chain", "at_ns", "account", "seat", "post", "area", "action", "command_id", "part", "kind", "key",
    "version", "params", "hash",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What rows have to say; empty fields: anything."""

    account: str = ""
    action: str = ""
    kind: str = ""
    key: str = ""
    seat: str = ""
    from_ns: int = 0
    to_ns: int = 0


def newest(
    connection: Connection, wanted: Wanted, before: int, limit: int
) -> tuple[list[Row[tuple[object, ...]]], int]:  # fmt: skip
    """Return the wanted rows below a number, newest first, and the lowest number that was looked at."""
    lowest = max(1, before - LOOKED_AT)
    where = [JOURNAL.c.number < before, JOURNAL.c.number >= lowest, *_conditions(wanted)]
    columns = [JOURNAL.c[name] for name in _SHOWN]
    rows = connection.execute(select(*columns).where(*where).order_by(JOURNAL.c.number.desc()).limit(limit)).all()
    return list(rows), rows[-1].number if len(rows) == limit else lowest


def one(connection: Connection, number: int) -> Row[tuple[object, ...]] | None:
    """Return a whole row."""
    return connection.execute(select(JOURNAL).where(JOURNAL.c.number == number)).one_or_none()


def before(connection: Connection, row: Row[tuple[object, ...]]) -> tuple[int, bytes]:
    """Return number and record of the same record's row before this one; 0 when it was its first."""
    where = (JOURNAL.c.kind == row.kind, JOURNAL.c.key == row.key, JOURNAL.c.number < row.number)
    columns = select(JOURNAL.c.number, JOURNAL.c.record).where(*where).order_by(JOURNAL.c.number.desc()).limit(1)
    found = connection.execute(columns).one_or_none()
    return (0, b"") if found is None else (found.number, found.record)


def params_of(row: Row[tuple[object, ...]]) -> dict[str, str]:
    """Return a row's parameters; empty when its bytes are none, which the check of the row tells."""
    try:
        return msgspec.msgpack.decode(row.params, type=dict[str, str])
    except msgspec.MsgspecError:
        return {}


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    texts = ("account", "kind", "key", "seat")
    found = [JOURNAL.c[name] == getattr(wanted, name) for name in texts if getattr(wanted, name)]
    if wanted.action.endswith("."):
        found.append(JOURNAL.c.action.startswith(wanted.action, autoescape=True))
    elif wanted.action:
        found.append(JOURNAL.c.action == wanted.action)
    if wanted.from_ns:
        found.append(JOURNAL.c.at_ns >= wanted.from_ns)
    if wanted.to_ns:
        found.append(JOURNAL.c.at_ns < wanted.to_ns)
    return found
