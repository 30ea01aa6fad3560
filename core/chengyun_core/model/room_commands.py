"""Commands of consultation: rooms, polls, decisions, the radio and phone log; merged into `command.COMMANDS`."""

from dataclasses import dataclass
from typing import Any

from chengyun_core.model.order import Channel
from chengyun_core.model.room import MemberRole, Stance, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """One who is asked to come."""

    code: str
    """Unit or post."""
    role: MemberRole = MemberRole.GUEST


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRoom:
    """Open a room on an event; whoever opens it leads it. The one that is open there already is answered."""

    event: int
    title: str = ""
    """Empty: the event's."""
    invited: tuple[Invitee, ...] = ()
    agenda: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteToRoom:
    """Ask more people to come; who is in already stays as he is."""

    room: int
    invited: tuple[Invitee, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRoom:
    """Come in, or come back after a drop. That one comes is one's answer to the roll (T9)."""

    room: int
    code: str
    """As which member: a post one holds, or a unit one signs for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveRoom:
    """Go, or decline. The chair's place stays; he comes back or the room is closed."""

    room: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteInRoom:
    """Take or give a voice: each his own; the chair anybody's, and a voice the chair took only he gives back."""

    room: int
    code: str
    is_muted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayMember:
    """Open a session for a party that plays a member whom nobody is there to play; in a drill only (模拟, Y5)."""

    room: int
    code: str
    name: str
    """What the party is called; it says that it is simulated."""
    token_hash: bytes
    """SHA-256 of the session's token, which its party made and keeps: an answer that is kept must hold no secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseHand:
    """Raise one's hand or take it down; the chair may take down anybody's."""

    room: int
    code: str
    is_raised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareInRoom:
    """Show something to all in the room (see `room.Member.shares`); empty `shares`: stop. One thing at a time."""

    room: int
    code: str
    shares: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassChair:
    """Give the lead to a member who is in; when the chair has dropped, an officer of the place takes it so."""

    room: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SayInRoom:
    """Write a note into the room's record: everybody reads it, and who dropped reads it when he is back."""

    room: int
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAgenda:
    """Write the agenda anew, all its points."""

    room: int
    agenda: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPoll:
    """Ask the room (同意/保留/反对); one question at a time."""

    room: int
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CastVote:
    """Say where one stands; again, while the poll is open, replaces it."""

    room: int
    poll: int
    code: str
    stance: Stance
    words: str = ""
    """Needed for reserve and oppose: a stance without a reason helps nobody decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPoll:
    """Close the question; who was silent is named."""

    room: int
    poll: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """Record what was decided; an order is drafted from it."""

    room: int
    text: str
    poll: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDecision:
    """Tell which orders were sent upon a decision; telling it again adds nothing."""

    room: int
    decision: int
    orders: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRoom:
    """Begin or end the recording; everybody in the room sees it, and the timeline keeps its number."""

    room: int
    is_recorded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRoom:
    """End it for all."""

    room: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteHeard:
    """Write down what was said by radio or phone (Y7), word by word."""

    event: int | None = None
    channel: Channel
    way: Way = Way.IN
    party: str
    words: str
    call_back: str = ""
    group: str = ""
    said_at: int | None = None
    """None: now."""
    due_at: int | None = None
    """Until when to call back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack:
    """Write down that the party was called back, and what he said."""

    heard: int
    version: int
    answer: str


ROOM_COMMANDS: dict[str, type[Any]] = {
    "heard.call_back": CallBack,
    "heard.write": WriteHeard,
    "room.agenda": SetAgenda,
    "room.chair": PassChair,
    "room.close": CloseRoom,
    "room.decide": Decide,
    "room.end_poll": EndPoll,
    "room.hand": RaiseHand,
    "room.invite": InviteToRoom,
    "room.join": JoinRoom,
    "room.leave": LeaveRoom,
    "room.link": LinkDecision,
    "room.mute": MuteInRoom,
    "room.open": OpenRoom,
    "room.play": PlayMember,
    "room.poll": AskPoll,
    "room.record": RecordRoom,
    "room.say": SayInRoom,
    "room.share": ShareInRoom,
    "room.vote": CastVote,
}
"""Kind on the wire → record. Alphabetical."""
