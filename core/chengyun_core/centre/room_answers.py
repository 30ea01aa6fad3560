"""Questions about consultation: an event's rooms, what went on in one, and who should come to one (WF7)."""

from collections.abc import Iterator

from sqlalchemy import Connection

from chengyun_core.centre import event_care, room_care
from chengyun_core.centre.desk import Desk
from chengyun_core.model.change import Change
from chengyun_core.model.event import Event
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.holding import PostKind
from chengyun_core.model.permission import centre_of
from chengyun_core.model.room import MemberRole
from chengyun_core.model.room_rules import UNTOLD
from chengyun_core.store import event_rows, room_table
from chengyun_core.store.event_rows import Row
from chengyun_core.wire import codec
from chengyun_core.wire.room_asks import (
    AskRoomLines,
    AskRooms,
    AskSuggested,
    RoomLine,
    RoomLines,
    Rooms,
    RoomTold,
    Suggested,
    Suggestions,
)

MOST_LINES = 500
MOST_SUGGESTED = 24


def page(_desk: Desk, connection: Connection, ask: AskRooms) -> bytes:
    """Answer `room.page`."""
    found = room_table.of_event(connection, ask.event)
    told = tuple(
        RoomTold(
            room=room, polls=tuple(poll for poll, _ in room_table.polls(connection, room.number)),
            decisions=tuple(made for made, _ in room_table.decisions(connection, room.number)),
        )
        for room in found
    )  # fmt: skip
    return codec.pack(Rooms(rooms=told))


def lines(_desk: Desk, connection: Connection, ask: AskRoomLines) -> bytes:
    """Answer `room.lines`."""
    if not 1 <= ask.limit <= MOST_LINES or ask.after < 0:
        raise Refused("ask.out_of_range", after=ask.after, limit=ask.limit, most=MOST_LINES)
    room = room_table.get(connection, ask.room)
    if room is None:
        raise Refused("room.unknown", room=ask.room)
    keys = {
        room_table.ROOM: [str(room.number)],
        room_table.POLL: [f"{room.number}.{number}" for number in range(1, room.polls + 1)],
        room_table.DECISION: [f"{room.number}.{number}" for number in range(1, room.decisions + 1)],
    }
    rows = event_rows.lines_of(connection, keys, ask.after, ask.limit + 1)
    read = rows[: ask.limit]
    told = tuple(_line(row) for row in read if row.action not in UNTOLD)
    through = read[-1].number if read else ask.after
    return codec.pack(RoomLines(lines=told, through=through, more=len(rows) > ask.limit))


def suggest(desk: Desk, connection: Connection, ask: AskSuggested) -> bytes:
    """Answer `room.suggest`: lead, who assists, then the places from the town up; each once."""
    event = event_care.get(connection, ask.event)
    found: dict[str, Suggested] = {}
    for one in _wanted(desk, event):
        found.setdefault(one.code, one)
    return codec.pack(Suggestions(people=tuple(found.values())[:MOST_SUGGESTED]))


def living(connection: Connection) -> Iterator[Change]:
    """Yield what a snapshot tells: open rooms with what was asked and decided in them, and who waits for a call."""
    for room, change in room_table.living(connection):
        yield _told(room_table.ROOM, str(room.number), room.version, change, room)
        for poll, number in room_table.polls(connection, room.number):
            yield _told(room_table.POLL, f"{poll.room}.{poll.number}", poll.version, number, poll)
        for made, number in room_table.decisions(connection, room.number):
            yield _told(room_table.DECISION, f"{made.room}.{made.number}", made.version, number, made)
    for line, change in room_table.waiting(connection):
        yield _told(room_table.LINE, str(line.number), line.version, change, line)


def _wanted(desk: Desk, event: Event) -> Iterator[Suggested]:
    if event.lead:
        yield _one(desk, event.lead, MemberRole.LEAD, "room.why.lead")
    for code in event.assisting:
        yield _one(desk, code, MemberRole.ASSIST, "room.why.assist")
    own = desk.settings.centre or desk.city.root()
    for centre in desk.city.path(event.centre):
        if centre != own:
            yield _one(desk, f"{centre}.{PostKind.DUTY_OFFICER}", MemberRole.LOCAL, "room.why.place")
    # Who owns the sub-track the matter is of knows it best (办法 art. 13); the catalogue names no experts of its own.
    matter = desk.city.matters.get(event.matter)
    for post in sorted(desk.city.owners.get(matter.subtrack, ())) if matter is not None else ():
        if centre_of(post) in desk.city.centres:
            yield _one(desk, post, MemberRole.EXPERT, "room.why.owner")


def _one(desk: Desk, code: str, role: MemberRole, why: str) -> Suggested:
    centre = room_care.centre_of(desk, code)
    return Suggested(
        code=code, name=room_care.name_of(desk, code), centre=centre, role=role, why=Reason(code=why, params={})
    )


def _line(row: Row) -> RoomLine:
    return RoomLine(
        number=row.number, at_ns=row.at_ns, sentence=Reason(code=f"timeline.{row.action}", params=row.params),
        account=row.account, seat=row.seat,
    )  # fmt: skip


def _told(kind: str, key: str, version: int, number: int, record: object) -> Change:
    packed = codec.pack(record)
    return Change(number=number, at_ns=0, action="snapshot", kind=kind, key=key, version=version, record=packed)
