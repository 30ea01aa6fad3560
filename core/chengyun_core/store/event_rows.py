"""Rows of the journal that belong to events: who decided what last, and the lines of a timeline."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from chengyun_core.model.change import Change
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.tables import JOURNAL

DECIDING = (
    "event.assign", "event.check", "event.close", "event.edit", "event.evaluate", "event.feed_back", "event.grade",
    "event.hand_command", "event.import", "event.link", "event.merge", "event.open", "event.resume", "event.return",
    "event.review", "event.split", "event.suspend", "event.take_command", "event.verify", "event.void",
)  # fmt: skip
"""What an officer decided: it makes a deed stale that was begun before it. Everything else is a mark (RF23)."""
_CHUNK = 500
_PARAMS = msgspec.msgpack.Decoder(dict[str, str])


def last_decision(connection: Connection, number: int) -> Change | None:
    """Return the newest row of an event in which somebody decided something."""
    statement = (
        select(JOURNAL.c.number)
        .where(JOURNAL.c.kind == "event", JOURNAL.c.key == str(number), JOURNAL.c.action.in_(DECIDING))
        .order_by(JOURNAL.c.number.desc())
        .limit(1)
    )
    row = connection.execute(statement).scalar_one_or_none()
    return None if row is None else next(journal_rows.changes(connection, row - 1, 1, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the journal without its record: what a timeline shows."""

    number: int
    at_ns: int
    action: str
    kind: str
    key: str
    params: dict[str, str]
    account: str
    seat: str
    post: str


def lines_of(connection: Connection, keys: Mapping[str, Collection[str]], after: int, limit: int) -> list[Row]:
    """Return the rows of these records (kind → keys) after a journal number, oldest first, at most `limit`."""
    found: list[Row] = []
    for kind, wanted in keys.items():
        ordered = sorted(wanted)
        for start in range(0, len(ordered), _CHUNK):
            found += _lines(connection, kind, ordered[start : start + _CHUNK], after, limit)
    return sorted(found, key=lambda row: row.number)[:limit]


def _lines(connection: Connection, kind: str, keys: Sequence[str], after: int, limit: int) -> list[Row]:
    names = ("number", "at_ns", "action", "kind", "key", "params", "account", "seat", "post")
    where = (JOURNAL.c.kind == kind, JOURNAL.c.key.in_(keys), JOURNAL.c.number > after)
    statement = select(*(JOURNAL.c[name] for name in names)).where(*where).order_by(JOURNAL.c.number).limit(limit)
    return [
        Row(
            number=row.number, at_ns=row.at_ns, action=row.action, kind=row.kind, key=row.key,
            params=_PARAMS.decode(row.params), account=row.account, seat=row.seat, post=row.post,
        )
        for row in connection.execute(statement)
    ]  # fmt: skip
