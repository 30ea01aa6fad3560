"""What may happen in a room: the life of a member, how media go, what a poll says. Tables; no I/O, no clock."""

from collections import Counter
from dataclasses import replace

from chengyun_core.model.failure import Refused
from chengyun_core.model.room import Member, MemberMove, MemberState, Poll, Room, RoomState, Route, Stance

MEMBER_MOVES: dict[tuple[MemberState, MemberMove], MemberState] = {
    (MemberState.INVITED, MemberMove.JOIN): MemberState.JOINED,
    (MemberState.INVITED, MemberMove.LEAVE): MemberState.LEFT,
    (MemberState.JOINED, MemberMove.DROP): MemberState.DROPPED,
    (MemberState.JOINED, MemberMove.LEAVE): MemberState.LEFT,
    (MemberState.DROPPED, MemberMove.JOIN): MemberState.JOINED,
    (MemberState.DROPPED, MemberMove.LEAVE): MemberState.LEFT,
    (MemberState.LEFT, MemberMove.INVITE): MemberState.INVITED,
    (MemberState.LEFT, MemberMove.JOIN): MemberState.JOINED,
}
"""(state, move) → state; what is not here is refused."""
MOST_MEMBERS = 64
DIRECT_MOST = 2
"""Parties that speak to one another directly: aiortc encodes once for each (DEPENDENCIES, «Video and voice»)."""
UNTOLD = frozenset({"room.asked", "room.decided", "room.hand", "room.mute"})
"""Rows of a room that are no lines of its record: hands and voices, and counts that another row tells in words."""


def moved(member: Member, move: MemberMove, at_ns: int) -> Member:
    """Return a member after a move; a hand and a shared pane go with whoever is not in.

    Raises:
        Refused: `room.member_move` when his state does not allow it.
    """
    after = MEMBER_MOVES.get((member.state, move))
    if after is None:
        raise Refused("room.member_move", member=member.code, state=member.state.value, move=move.value)
    if after is MemberState.JOINED:
        first = at_ns if member.answered_at is None else member.answered_at
        return replace(member, state=after, since=at_ns, answered_at=first)
    return replace(member, state=after, since=at_ns, hand_at=None, shares="", shares_at=None, is_muted=True)


def possible(member: Member) -> tuple[MemberMove, ...]:
    """Return the moves a member's state allows, in the order of the enumeration."""
    return tuple(move for move in MemberMove if (member.state, move) in MEMBER_MOVES)


def member_of(room: Room, code: str) -> Member | None:
    """Return a member by code."""
    return next((one for one in room.members if one.code == code), None)


def with_member(room: Room, member: Member) -> tuple[Member, ...]:
    """Return the room's members with one replaced, or added at the end."""
    if member_of(room, member.code) is None:
        return (*room.members, member)
    return tuple(member if one.code == member.code else one for one in room.members)


def present(room: Room) -> tuple[Member, ...]:
    """Return who is in now, in the order of the matrix."""
    return tuple(one for one in room.members if one.state is MemberState.JOINED)


def sharer(room: Room) -> Member | None:
    """Return who shows something to all; one pane is shared at a time."""
    return next((one for one in present(room) if one.shares), None)


def missing(room: Room) -> tuple[Member, ...]:
    """Return who was asked and is not in: never came, or dropped."""
    return tuple(one for one in room.members if one.state in (MemberState.INVITED, MemberState.DROPPED))


def hands(room: Room) -> tuple[Member, ...]:
    """Return whose hand is up, longest first."""
    raised = [one for one in room.members if one.hand_at is not None]
    return tuple(sorted(raised, key=lambda one: (one.hand_at or 0, one.code)))


def route(room: Room, members: tuple[Member, ...], *, has_relay: bool) -> Route:
    """Return how media go with these members; a relay that was begun is kept."""
    inside = sum(one.state is MemberState.JOINED for one in members)
    if room.route is Route.RELAYED and has_relay:
        return Route.RELAYED
    if inside <= DIRECT_MOST:
        return Route.DIRECT
    return Route.RELAYED if has_relay else Route.TEXT_ONLY


def caller_of(one: str, other: str) -> str:
    """Return which of two parties makes the offer: both know without asking, and never both do."""
    return min(one, other)


def counted(poll: Poll) -> dict[Stance, int]:
    """Return how many took each stance, in the order of the enumeration."""
    found = Counter(vote.stance for vote in poll.votes)
    return {stance: found[stance] for stance in Stance}


def silent(poll: Poll) -> tuple[str, ...]:
    """Return who was asked and has not said anything."""
    said = {vote.code for vote in poll.votes}
    return tuple(code for code in poll.asked if code not in said)


def is_open(room: Room) -> bool:
    """Return whether people may still come and speak."""
    return room.state is RoomState.OPEN
