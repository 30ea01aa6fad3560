"""What may be asked of the centre about consultation: bodies and answers; found by `ask_tables`."""

from dataclasses import dataclass

from chengyun_core.model.failure import Reason
from chengyun_core.model.room import Decision, Heard, MemberRole, Poll, Room, SignalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRooms:
    """Ask `room.page`: the rooms of an event, newest first, with what was asked and decided in them."""

    event: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomTold:
    """One room whole."""

    room: Room
    polls: tuple[Poll, ...] = ()
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Answer."""

    rooms: tuple[RoomTold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSuggested:
    """Ask `room.suggest`: who should come to a consultation on an event (lead, assist, experts, town)."""

    event: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """One who should come, and why."""

    code: str
    name: str
    centre: str
    role: MemberRole
    why: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """Answer: the chair's own post first, then lead, assistants, places."""

    people: tuple[Suggested, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRoomLines:
    """Ask `room.lines`: what went on in a room after a journal number: its record, and the notes of who dropped."""

    room: int
    after: int = 0
    limit: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLine:
    """One line."""

    number: int
    """Journal number."""
    at_ns: int
    sentence: Reason
    account: str = ""
    seat: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLines:
    """Answer: oldest first."""

    lines: tuple[RoomLine, ...] = ()
    through: int = 0
    """All up to this journal number were looked at: where to go on."""
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendSignal:
    """Ask `room.signal`: have the centre pass a word about sound and pictures to another member; not journalled."""

    room: int
    code: str
    """As which member one speaks."""
    to: str
    """Member it is for."""
    kind: SignalKind
    data: str
    """SDP or candidate, at most 64 KiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalTaken:
    """Answer: how many words now wait for that member."""

    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskMail:
    """Ask `room.mail`: the words that wait for a member; asking every quarter of a second says that he is there."""

    room: int
    code: str
    after: int = 0
    """Number of the last word he has; those up to it are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word on its way."""

    number: int
    sender: str
    """Code of the member who sent it."""
    kind: SignalKind
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Where the relay is, for a room that goes through one."""

    address: str
    """`http://host:port/janus`."""
    secret: str
    room: int
    """Its number there."""
    pin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Answer."""

    words: tuple[Word, ...] = ()
    relay: Relay | None = None
    is_member: bool = True
    """False: he counts as dropped or gone; he has to join again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHeard:
    """Ask `heard.page`: lines of the radio and phone log, newest first."""

    event: int | None = None
    """None: of all events and of none."""
    before: int = 0
    limit: int = 100
    only_open: bool = False
    """Only those whose party waits to be called back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardPage:
    """Answer."""

    lines: tuple[Heard, ...] = ()


ROOM_ASKS: dict[str, tuple[type, type | None]] = {
    "heard.page": (AskHeard, HeardPage),
    "room.lines": (AskRoomLines, RoomLines),
    "room.mail": (AskMail, Mail),
    "room.page": (AskRooms, Rooms),
    "room.signal": (SendSignal, SignalTaken),
    "room.suggest": (AskSuggested, Suggestions),
}
"""Ask → (body, answer). Alphabetical."""
