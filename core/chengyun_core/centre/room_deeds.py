"""What is done in a room: opened, people asked in, come and gone, muted, heard, shown; and closed (Y5, Y6)."""

from collections.abc import Iterable
from dataclasses import replace

from chengyun_core.centre import event_care, room_parties, room_shares
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_seen import seat_of
from chengyun_core.centre.event_texts import LONGEST_TITLE
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.room_care import (
    as_chair,
    as_member,
    centre_of,
    get,
    name_of,
    own_or_chairs,
    post_of,
    write,
    write_member,
)
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.failure import Refused
from chengyun_core.model.room import Member, MemberMove, MemberRole, MemberState, Room, RoomState
from chengyun_core.model.room_commands import (
    CloseRoom,
    Invitee,
    InviteToRoom,
    JoinRoom,
    LeaveRoom,
    MuteInRoom,
    OpenRoom,
    PassChair,
    RaiseHand,
    RecordRoom,
    SayInRoom,
    SetAgenda,
    ShareInRoom,
)
from chengyun_core.model.room_parties import is_played, played_code
from chengyun_core.model.room_rules import MOST_MEMBERS, is_open, member_of, moved, with_member
from chengyun_core.model.room_share import LONGEST_SHARE
from chengyun_core.store import counters, room_table
from chengyun_core.wire.envelope import Done

MOST_POINTS = 12
LONGEST_POINT = 120
LONGEST_SAID = 500


def open_room(desk: Desk, work: Work, caller: Caller, command: OpenRoom) -> Done:
    """Open a room; its opener is in at once and leads it. The one that is open on the event is answered instead."""
    event = event_care.get(work.connection, command.event)
    for known in room_table.of_event(work.connection, event.number):
        if is_open(known):
            return Done(change=0, key=str(known.number), version=known.version)
    seat = seat_of(caller)
    if not seat:
        raise Refused("room.no_seat")
    asked = Member(code=seat, centre=centre_of(desk, seat), role=MemberRole.CHAIR, since=work.at_ns)
    chair = _joined(caller, asked, work.at_ns)
    room = Room(
        number=counters.take(work.connection, room_table.COUNTER, 1), event=event.number, centre=event.centre,
        title=clean(command.title, field="title", most=LONGEST_TITLE) or event.title, chair=seat, members=(chair,),
        agenda=_agenda(command.agenda), opened_at=work.at_ns, opened_by=caller.account, opened_seat=seat, version=0,
    )  # fmt: skip
    members = _invited(desk, room, command.invited, work.at_ns)
    told = {"members": len(members), "event": event.code, "names": _names(members[1:])}
    return write(desk, work, room, "room.open", params=told, members=members)


def invite(desk: Desk, work: Work, _caller: Caller, command: InviteToRoom) -> Done:
    """Ask more people to come: any officer of the place, himself too, and whoever is a member, whom he needs."""
    room = get(work.connection, command.room)
    members = _invited(desk, room, command.invited, work.at_ns)
    new = [one for one in members if one not in room.members]
    if not new:
        return Done(change=0, key=str(room.number), version=room.version)
    told = {"names": _names(new), "members": len(new)}
    return write(desk, work, room, "room.invite", params=told, members=members)


def join(desk: Desk, work: Work, caller: Caller, command: JoinRoom) -> Done:
    """Come in, or come back; one console speaks for a member at a time, and the one that is heard stays.

    Only a simulated party gives way, to whoever comes for the member himself.
    """
    room = get(work.connection, command.room)
    member = member_of(room, command.code)
    if member is None:
        raise Refused("room.not_invited", room=room.number, member=command.code[:64])
    _expect_own(desk, caller, member)
    seat = seat_of(caller)
    if member.is_simulated and not is_played(seat):
        room_parties.end_played(desk, work, member.code, "person_came")
        member = replace(member, is_simulated=False, muted_by="")
        if member.state is MemberState.JOINED:
            member = moved(member, MemberMove.DROP, work.at_ns)
    if member.state is MemberState.JOINED:
        if member.seat == seat:
            return Done(change=0, key=str(room.number), version=room.version)
        raise Refused("room.place_taken", member=member.name or member.code, seat=member.seat)
    away = round((work.at_ns - member.since) / 1e9) if member.state is MemberState.DROPPED else 0
    came = _joined(caller, member, work.at_ns)
    action = "room.rejoin" if member.state is MemberState.DROPPED else "room.join"
    return write_member(desk, work, room, came, action, params={"seconds": away, "seat": seat})


def leave(desk: Desk, work: Work, caller: Caller, command: LeaveRoom) -> Done:
    """Go, or decline to come."""
    room = get(work.connection, command.room)
    member = member_of(room, command.code)
    if member is None:
        raise Refused("room.no_member", room=room.number, member=command.code[:64])
    _expect_own(desk, caller, member)
    return write_member(desk, work, room, moved(member, MemberMove.LEAVE, work.at_ns), "room.leave")


def mute(desk: Desk, work: Work, caller: Caller, command: MuteInRoom) -> Done:
    """Take or give a voice; who was muted by the chair raises his hand instead."""
    room = get(work.connection, command.room)
    member, by_chair = own_or_chairs(room, caller, command.code)
    if member.muted_by and not command.is_muted and not _is_chair(room, caller):
        raise Refused("room.muted_by_chair", room=room.number)
    if not command.is_muted and by_chair and not member.muted_by:
        # Nobody opens another's microphone: what he took he gives back, and no more.
        raise Refused("room.not_yours", member=member.name or member.code)
    by = caller.account if command.is_muted and by_chair else ""
    # What the chair gives back is the right to speak; the microphone stays closed until its owner opens it.
    silent = command.is_muted or by_chair
    told = {"muted": int(command.is_muted), "by_chair": int(by_chair)}
    return write_member(desk, work, room, replace(member, is_muted=silent, muted_by=by), "room.mute", params=told)


def hand(desk: Desk, work: Work, caller: Caller, command: RaiseHand) -> Done:
    """Raise a hand or take it down."""
    room = get(work.connection, command.room)
    member, by_chair = own_or_chairs(room, caller, command.code)
    if command.is_raised and by_chair:
        raise Refused("room.not_yours", member=member.name or member.code)
    at = (member.hand_at or work.at_ns) if command.is_raised else None
    told = {"raised": int(command.is_raised)}
    return write_member(desk, work, room, replace(member, hand_at=at), "room.hand", params=told)


def share(desk: Desk, work: Work, caller: Caller, command: ShareInRoom) -> Done:
    """Show something to all, or stop; one thing is shown at a time, the newest wins, the same again stays as old."""
    room = get(work.connection, command.room)
    member, by_chair = own_or_chairs(room, caller, command.code)
    shares = clean(command.shares, field="share", most=LONGEST_SHARE)
    if shares and by_chair:
        raise Refused("room.not_yours", member=member.name or member.code)
    told_share = room_shares.told(desk, work.connection, room, shares)
    if shares == member.shares:
        return Done(change=0, key=str(room.number), version=room.version)
    others = tuple(_stopped(one) if shares and one.code != member.code else one for one in room.members)
    shown = replace(member, shares=shares, shares_at=work.at_ns if shares else None)
    members = with_member(replace(room, members=others), shown)
    told = {"member": member.name or member.code, **told_share}
    return write(desk, work, room, "room.share" if shares else "room.unshare", params=told, members=members)


def pass_chair(desk: Desk, work: Work, caller: Caller, command: PassChair) -> Done:
    """Give the lead to another; while the chair is not there, whoever is in may take it for himself."""
    room = get(work.connection, command.room)
    speaker, target = as_member(room, caller), member_of(room, command.code)
    if target is None or target.state is not MemberState.JOINED:
        raise Refused("room.no_member", room=room.number, member=command.code[:64])
    chair = member_of(room, room.chair)
    is_led = chair is not None and chair.state is MemberState.JOINED
    if (is_led and speaker.code != room.chair) or (not is_led and target.code != speaker.code):
        raise Refused("room.not_chair", room=room.number, chair=chair.name if chair else room.chair)
    if target.is_simulated:
        raise Refused("room.chair_not_played", room=room.number)
    told = {"member": target.name or target.code, "taken": int(not is_led)}
    return write(desk, work, room, "room.chair", params=told, chair=target.code)


def say(desk: Desk, work: Work, caller: Caller, command: SayInRoom) -> Done:
    """Write a note into the record."""
    room = get(work.connection, command.room)
    member = as_member(room, caller)
    if member.code != command.code:
        raise Refused("room.not_yours", member=command.code[:64])
    text = clean(command.text, field="text", most=LONGEST_SAID, required=True)
    return write(desk, work, room, "room.say", params={"member": member.name or member.code, "text": text})


def set_agenda(desk: Desk, work: Work, caller: Caller, command: SetAgenda) -> Done:
    """Write the agenda anew, all its points."""
    room = get(work.connection, command.room)
    as_chair(room, caller)
    points = _agenda(command.agenda)
    if points == room.agenda:
        return Done(change=0, key=str(room.number), version=room.version)
    return write(desk, work, room, "room.agenda", params={"points": len(points)}, agenda=points)


def record(desk: Desk, work: Work, caller: Caller, command: RecordRoom) -> Done:
    """Begin or end the recording; its number is kept for good."""
    room = get(work.connection, command.room)
    as_chair(room, caller)
    if command.is_recorded == room.is_recorded:
        return Done(change=0, key=str(room.number), version=room.version)
    count = room.recordings + int(command.is_recorded)
    name = f"R-{room.number}-{count}"
    action = "room.record" if command.is_recorded else "room.end_record"
    return write(
        desk, work, room, action, params={"recording": name}, is_recorded=command.is_recorded, recordings=count,
        recording=name,
    )  # fmt: skip


def close(desk: Desk, work: Work, caller: Caller, command: CloseRoom) -> Done:
    """End it for all; who was in is told with it, and a recording ends."""
    room = get(work.connection, command.room)
    as_chair(room, caller)
    reason = clean(command.reason, field="reason")
    came = [one for one in room.members if one.answered_at is not None]
    left = tuple(
        moved(one, MemberMove.LEAVE, work.at_ns) if one.state is not MemberState.LEFT else one for one in room.members
    )  # fmt: skip
    told = {"came": len(came), "missing": len(room.members) - len(came), "reason": reason, "recording": room.recording}
    return write(
        desk, work, room, "room.close", params=told, members=left, state=RoomState.CLOSED, closed_at=work.at_ns,
        closed_by=caller.account, closed_reason=reason, is_recorded=False,
    )  # fmt: skip


def _joined(caller: Caller, member: Member, at_ns: int) -> Member:
    came = moved(member, MemberMove.JOIN, at_ns)
    name = caller.session.name if caller.session else caller.account
    seat = seat_of(caller)
    return replace(came, name=name, account=caller.account, seat=seat, is_simulated=is_played(seat))


def _expect_own(desk: Desk, caller: Caller, member: Member) -> None:
    """Raise Refused for whoever does not hold the post, or does not sit at the seat, that was asked to come."""
    seat = seat_of(caller)
    if is_played(seat):
        if played_code(seat) != member.code:
            raise Refused("room.not_yours", member=member.name or member.code)
    elif member.code in desk.city.seats:
        if seat != member.code:
            raise Refused("room.not_yours", member=member.name or member.code)
    elif post_of(desk, member.code) not in {holding.post for holding in caller.holdings} or not seat:
        raise Refused("room.not_yours", member=member.name or member.code)


def _stopped(member: Member) -> Member:
    return replace(member, shares="", shares_at=None)


def _is_chair(room: Room, caller: Caller) -> bool:
    return as_member(room, caller).code == room.chair


def _invited(desk: Desk, room: Room, invited: Iterable[Invitee], at_ns: int) -> tuple[Member, ...]:
    members = room.members
    for one in invited:
        known = member_of(replace(room, members=members), one.code)
        if known is None:
            made = Member(
                code=one.code, name=name_of(desk, one.code), centre=centre_of(desk, one.code), role=one.role,
                since=at_ns,
            )  # fmt: skip
        elif known.state is MemberState.LEFT:
            made = moved(known, MemberMove.INVITE, at_ns)
        else:
            continue
        members = with_member(replace(room, members=members), made)
    if len(members) > MOST_MEMBERS:
        raise Refused("room.too_many", count=len(members), most=MOST_MEMBERS)
    return members


def _agenda(points: tuple[str, ...]) -> tuple[str, ...]:
    if len(points) > MOST_POINTS:
        raise Refused("room.agenda_too_long", count=len(points), most=MOST_POINTS)
    return tuple(clean(point, field="agenda", most=LONGEST_POINT, required=True) for point in points)


def _names(members: Iterable[Member]) -> str:
    return ", ".join(one.name or one.code for one in members)
