"""Events as rows: the columns they are found by, and the record itself packed."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from chengyun_core.model.event import Event
from chengyun_core.model.event_rules import is_living, owes_review
from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.store.event_segments import note_edits
from chengyun_core.wire import codec

COUNTER = "event"
_COLUMNS = tuple(EVENTS.columns.keys())


@dataclass(frozen=True, slots=True)
class Stored:
    """An event on its way to its row."""

    event: Event
    change: int
    """Journal number of its last change."""
    district: str
    """Code of the district its centre lies in, or of the centre itself above districts."""


def fold(text: str) -> str:
    """Return a text as it is searched: NFKC, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def get(connection: Connection, number: int) -> Event | None:
    """Return one event, living or ended."""
    packed = connection.execute(select(EVENTS.c.record).where(EVENTS.c.number == number)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, Event)


def add(connection: Connection, events: Sequence[Stored]) -> None:
    """Write new events."""
    if events:
        connection.execute(insert(EVENTS), [_row_of(stored) for stored in events])


def replace(connection: Connection, events: Sequence[Stored]) -> None:
    """Write known events anew."""
    if not events:
        return
    changed = [name for name in _COLUMNS if name != "number"]
    statement = (
        update(EVENTS)
        .where(EVENTS.c.number == bindparam("which"))
        .values({name: bindparam(f"new_{name}") for name in changed})
    )
    rows = [_row_of(stored) for stored in events]
    note_edits(connection, rows)
    connection.execute(
        statement, [{"which": row["number"], **{f"new_{name}": row[name] for name in changed}} for row in rows]
    )


def living(connection: Connection) -> list[tuple[Event, int]]:
    """Return every living event with the journal number of its last change, by number."""
    return _events_where(connection, EVENTS.c.living.is_(True))


def living_rows(connection: Connection) -> list[tuple[int, int, int, bytes]]:
    """Return (number, version, change, msgpack of the event) of every living event: for snapshots, without decoding."""
    columns = (EVENTS.c.number, EVENTS.c.version, EVENTS.c.change, EVENTS.c.record)
    rows = connection.execute(select(*columns).where(EVENTS.c.living.is_(True)).order_by(EVENTS.c.number))
    return [(row.number, row.version, row.change, row.record) for row in rows]


def owed(connection: Connection) -> list[tuple[Event, int]]:
    """Return every closed event whose review is still owed, by number."""
    return _events_where(connection, EVENTS.c.owed.is_(True))


def children(connection: Connection, parent: int) -> list[Event]:
    """Return the events below one, by number."""
    return [event for event, _ in _events_where(connection, EVENTS.c.parent == parent)]


def by_source_ref(connection: Connection, source_ref: str) -> list[Event]:
    """Return the events with this number of theirs, by number."""
    return [event for event, _ in _events_where(connection, EVENTS.c.source_ref == source_ref)]


def _events_where(connection: Connection, where: object) -> list[tuple[Event, int]]:
    statement = select(EVENTS.c.record, EVENTS.c.change).where(where).order_by(EVENTS.c.number)  # type: ignore[arg-type]
    return [(codec.unpack(row.record, Event), row.change) for row in connection.execute(statement)]


def _row_of(stored: Stored) -> dict[str, object]:
    event = stored.event
    return {
        "number": event.number, "code": event.code, "state": event.state.value, "living": is_living(event),
        "owed": owes_review(event), "grade": int(event.grade or 0), "matter": event.matter, "centre": event.centre,
        "district": stored.district, "source": event.source.value, "source_ref": event.source_ref, "lead": event.lead,
        "parent": event.parent, "source_at": event.source_at, "opened_at": event.opened_at, "text": text_of(event),
        "record": codec.pack(event), "version": event.version, "change": stored.change,
    }  # fmt: skip


def text_of(event: Event) -> str:
    """Return what an event is searched by: title, narrative, place and code, folded."""
    return fold(f"{event.title}\n{event.narrative}\n{event.place}\n{event.code}")
