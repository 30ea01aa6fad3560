"""Rooms, their polls and decisions, and lines of the radio and phone log as rows."""

from sqlalchemy import Connection, func, insert, select, update

from chengyun_core.model.room import Decision, Heard, Poll, Room, RoomState
from chengyun_core.store.room_tables import HEARD, ROOM_ITEMS, ROOMS
from chengyun_core.store.tables import JOURNAL
from chengyun_core.wire import codec

COUNTER, HEARD_COUNTER = "room", "heard"
ROOM, POLL, DECISION, LINE = "room", "room_poll", "room_decision", "heard"
"""Kinds of journal rows."""


def get(connection: Connection, number: int) -> Room | None:
    """Return a room, open or closed."""
    packed = connection.execute(select(ROOMS.c.record).where(ROOMS.c.number == number)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, Room)


def living(connection: Connection) -> list[tuple[Room, int]]:
    """Return the open rooms with the journal number of their last change, by number."""
    columns = select(ROOMS.c.record, ROOMS.c.change).where(ROOMS.c.living.is_(True)).order_by(ROOMS.c.number)
    return [(codec.unpack(row.record, Room), row.change) for row in connection.execute(columns)]


def of_event(connection: Connection, event: int) -> list[Room]:
    """Return the rooms of an event, newest first."""
    columns = select(ROOMS.c.record).where(ROOMS.c.event == event).order_by(ROOMS.c.number.desc())
    return [codec.unpack(packed, Room) for packed in connection.execute(columns).scalars()]


def last_row(connection: Connection, room: int, at_ns: int) -> int:
    """Return the journal number of a room's newest row at or before a time, profile ns UTC; 0: it began later."""
    of_room = (JOURNAL.c.kind == ROOM, JOURNAL.c.key == str(room), JOURNAL.c.at_ns <= at_ns)
    newest = select(func.coalesce(func.max(JOURNAL.c.number), 0)).where(*of_room)
    return int(connection.execute(newest).scalar_one())


def put(connection: Connection, room: Room, change: int) -> None:
    """Write a room, new or known."""
    row = {
        "event": room.event, "living": room.state is RoomState.OPEN, "record": codec.pack(room),
        "version": room.version, "change": change,
    }  # fmt: skip
    if connection.execute(update(ROOMS).where(ROOMS.c.number == room.number).values(**row)).rowcount == 0:
        connection.execute(insert(ROOMS).values(number=room.number, **row))


def polls(connection: Connection, room: int) -> list[tuple[Poll, int]]:
    """Return what a room was asked, oldest first, with the journal number of the last change."""
    return [(codec.unpack(record, Poll), change) for record, change in _items(connection, POLL, room)]


def decisions(connection: Connection, room: int) -> list[tuple[Decision, int]]:
    """Return what a room decided, oldest first, with the journal number of the last change."""
    return [(codec.unpack(record, Decision), change) for record, change in _items(connection, DECISION, room)]


def put_item(connection: Connection, item: Poll | Decision, change: int) -> None:
    """Write a poll or a decision, new or known."""
    kind = POLL if isinstance(item, Poll) else DECISION
    row = {"record": codec.pack(item), "version": item.version, "change": change}
    key = (ROOM_ITEMS.c.kind == kind, ROOM_ITEMS.c.room == item.room, ROOM_ITEMS.c.number == item.number)
    if connection.execute(update(ROOM_ITEMS).where(*key).values(**row)).rowcount == 0:
        connection.execute(insert(ROOM_ITEMS).values(kind=kind, room=item.room, number=item.number, **row))


def heard(connection: Connection, number: int) -> tuple[Heard, str] | None:
    """Return a line of the radio and phone log with the whole number to call back."""
    found = connection.execute(select(HEARD.c.record, HEARD.c.call_back).where(HEARD.c.number == number)).one_or_none()
    return None if found is None else (codec.unpack(found.record, Heard), found.call_back)


def put_heard(connection: Connection, line: Heard, call_back: str, change: int) -> None:
    """Write a line, new or known; the record is as screens may hold it, the number whole beside it."""
    row = {
        "event": line.event, "waits": line.due_at is not None and line.called_back_at is None, "call_back": call_back,
        "record": codec.pack(line), "version": line.version, "change": change,
    }  # fmt: skip
    if connection.execute(update(HEARD).where(HEARD.c.number == line.number).values(**row)).rowcount == 0:
        connection.execute(insert(HEARD).values(number=line.number, **row))


def heard_page(
    connection: Connection, *, event: int | None, before: int, limit: int, only_open: bool
) -> list[tuple[Heard, str]]:
    """Return lines newest first, each with the whole number to call back."""
    wanted = select(HEARD.c.record, HEARD.c.call_back).order_by(HEARD.c.number.desc()).limit(limit)
    if event is not None:
        wanted = wanted.where(HEARD.c.event == event)
    if before:
        wanted = wanted.where(HEARD.c.number < before)
    if only_open:
        wanted = wanted.where(HEARD.c.waits.is_(True))
    return [(codec.unpack(row.record, Heard), row.call_back) for row in connection.execute(wanted)]


def waiting(connection: Connection) -> list[tuple[Heard, int]]:
    """Return the lines whose party waits to be called back, with the journal number of their last change."""
    columns = select(HEARD.c.record, HEARD.c.change).where(HEARD.c.waits.is_(True)).order_by(HEARD.c.number)
    return [(codec.unpack(row.record, Heard), row.change) for row in connection.execute(columns)]


def keys_of_event(connection: Connection, event: int) -> dict[str, list[str]]:
    """Return kind → keys of all that belongs to an event here, for its timeline."""
    rooms = [
        int(number) for number in connection.execute(select(ROOMS.c.number).where(ROOMS.c.event == event)).scalars()
    ]
    items = select(ROOM_ITEMS.c.kind, ROOM_ITEMS.c.room, ROOM_ITEMS.c.number).where(ROOM_ITEMS.c.room.in_(rooms))
    keys: dict[str, list[str]] = {ROOM: [str(number) for number in rooms]}
    for row in connection.execute(items) if rooms else ():
        keys.setdefault(row.kind, []).append(f"{row.room}.{row.number}")
    lines = connection.execute(select(HEARD.c.number).where(HEARD.c.event == event)).scalars()
    return {**keys, LINE: [str(number) for number in lines]}


def _items(connection: Connection, kind: str, room: int) -> list[tuple[bytes, int]]:
    columns = select(ROOM_ITEMS.c.record, ROOM_ITEMS.c.change).where(
        ROOM_ITEMS.c.kind == kind, ROOM_ITEMS.c.room == room
    )
    return [(row.record, row.change) for row in connection.execute(columns.order_by(ROOM_ITEMS.c.number))]
