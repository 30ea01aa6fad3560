"""What all deeds in rooms share: find one, know who speaks, write it with its row, have the desk know it."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Connection

from chengyun_core.centre import recipients
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_seen import seat_of, subject_of
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import Actor
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import PostKind, Subject
from chengyun_core.model.permission import kind_of
from chengyun_core.model.room import Member, MemberState, Room
from chengyun_core.model.room_rules import is_open, member_of, route, with_member
from chengyun_core.store import event_table, room_table
from chengyun_core.wire.envelope import Done


def get(connection: Connection, number: int) -> Room:
    """Return an open room; raise Refused `room.unknown`, `room.closed`."""
    found = room_table.get(connection, number)
    if found is None:
        raise Refused("room.unknown", room=number)
    if not is_open(found):
        raise Refused("room.closed", room=number, title=found.title)
    return found


def post_of(desk: Desk, code: str) -> str:
    """Return the post that speaks as a member: a seat's, a unit's, or the post itself."""
    seat = desk.city.seats.get(code)
    return recipients.post(desk.city, code) if seat is None else seat.post


def centre_of(desk: Desk, code: str) -> str:
    """Return the centre of a seat, a unit or a post; raise Refused `order.unknown_recipient` for none of them."""
    seat = desk.city.seats.get(code)
    return recipients.centre(desk.city, code) if seat is None else seat.centre


def name_of(desk: Desk, code: str) -> str:
    """Return what people call a seat, a unit or a post before anybody came for it; a duty officer by his centre."""
    seat, unit = desk.city.seats.get(code), desk.city.units.get(code)
    if seat is not None or unit is not None:
        return seat.name if seat is not None else recipients.name(desk.city, code)
    post, centre = desk.city.posts.get(code), desk.city.centres.get(centre_of(desk, code))
    if post is not None and kind_of(code) is not PostKind.DUTY_OFFICER:
        return post.name
    return centre.name if centre is not None else code


def subjects_of_event(desk: Desk, work: Work, command: Any) -> tuple[Subject, ...]:
    """Return the place of the event a room is opened on."""
    event = event_table.get(work.connection, command.event)
    return () if event is None else (subject_of(desk, event),)


def subjects(desk: Desk, work: Work, command: Any) -> tuple[Subject, ...]:
    """Return the place of the command's room, owned by the posts of all its members."""
    room = room_table.get(work.connection, command.room)
    if room is None:
        return ()
    posts = frozenset(post_of(desk, one.code) for one in room.members)
    return (Subject(name=room.title, path=desk.city.path(room.centre), owners=posts),)


def as_member(room: Room, caller: Caller) -> Member:
    """Return the member who speaks from the caller's seat; raise Refused `room.not_in`."""
    seat = seat_of(caller)
    found = next((one for one in room.members if one.seat == seat and one.state is MemberState.JOINED), None)
    if found is None or not seat:
        raise Refused("room.not_in", room=room.number, title=room.title)
    return found


def as_chair(room: Room, caller: Caller) -> Member:
    """Return the chair when it is he who asks; raise Refused `room.not_chair` with who it is."""
    member = as_member(room, caller)
    if member.code != room.chair:
        chair = member_of(room, room.chair)
        raise Refused("room.not_chair", room=room.number, chair=chair.name if chair else room.chair)
    return member


def own_or_chairs(room: Room, caller: Caller, code: str) -> tuple[Member, bool]:
    """Return the member a deed is about, and whether the chair does it to another.

    Raises:
        Refused: `room.not_in`; `room.no_member`; `room.not_yours` for another's when one is not the chair.
    """
    speaker = as_member(room, caller)
    target = member_of(room, code)
    if target is None:
        raise Refused("room.no_member", room=room.number, member=code[:64])
    if target.code != speaker.code and speaker.code != room.chair:
        raise Refused("room.not_yours", member=target.name or code)
    return target, target.code != speaker.code


def write(
    desk: Desk, work: Work, room: Room, action: str, *, params: Mapping[str, object] | None = None,
    actor: Actor | None = None, **changes: Any,
) -> Done:  # fmt: skip
    """Write a room's new record with its journal row; how media go follows from who is in."""
    after = replace(room, **changes, version=room.version + 1)
    after = replace(after, route=route(after, after.members, has_relay=bool(desk.settings.rooms_relay)))
    told = {"title": after.title, **(params or {})}
    change = work.note(action, room_table.ROOM, after.number, after.version, after, params=told, actor=actor)
    room_table.put(work.connection, after, change)
    work.after_commit(partial(keep, desk, after))
    return Done(change=change, key=str(after.number), version=after.version)


def write_member(
    desk: Desk, work: Work, room: Room, member: Member, action: str, *, params: Mapping[str, object] | None = None,
    actor: Actor | None = None,
) -> Done:  # fmt: skip
    """Write one member anew."""
    told = {"member": member.name or member.code, **(params or {})}
    return write(desk, work, room, action, params=told, actor=actor, members=with_member(room, member))


def keep(desk: Desk, room: Room) -> None:
    """Have the desk know a room as it now is; a closed one is forgotten with the words that waited in it."""
    if is_open(room):
        desk.rooms[room.number] = room
        desk.mail.are_in(room.number, [one.code for one in room.members if one.state is MemberState.JOINED])
        return
    desk.rooms.pop(room.number, None)
    desk.mail.close(room.number)


def load(desk: Desk, connection: Connection) -> None:
    """Know the open rooms at start; everybody in them has as long as ever to be heard again."""
    desk.rooms.clear()
    for room, _ in room_table.living(connection):
        keep(desk, room)
