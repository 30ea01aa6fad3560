"""Consultation rooms (会商室, Y5–Y7): who is in, what is asked, what was decided, what was heard by radio and phone."""

from dataclasses import dataclass
from enum import StrEnum

from chengyun_core.model.order import Channel, Role


class MemberState(StrEnum):
    """Where somebody stands in a room."""

    INVITED = "invited"
    JOINED = "joined"
    DROPPED = "dropped"
    """断线: his console is not heard; his place is kept, and the notes he misses with it."""
    LEFT = "left"


class MemberMove(StrEnum):
    """What moves a member from one state to another."""

    INVITE = "invite"
    JOIN = "join"
    DROP = "drop"
    LEAVE = "leave"


class MemberRole(StrEnum):
    """Why somebody is asked to come."""

    CHAIR = "chair"
    LEAD = "lead"
    ASSIST = "assist"
    EXPERT = "expert"
    LOCAL = "local"
    """Of the place itself: its town, its district."""
    GUEST = "guest"


class RoomState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Route(StrEnum):
    """How sound and pictures go."""

    DIRECT = "direct"
    """Two parties, console to console."""
    RELAYED = "relayed"
    """Through the relay (SFU); it stays so once it was begun, so that nothing flaps while people come and go."""
    TEXT_ONLY = "text_only"
    """More than two, and no relay is set up: roll, polls, notes and decisions, without sound."""


class Stance(StrEnum):
    """What somebody says in a poll."""

    AGREE = "agree"
    RESERVE = "reserve"
    """保留: neither for nor against, with what he has to say."""
    OPPOSE = "oppose"


class SignalKind(StrEnum):
    """What consoles of a room tell one another to set up sound and pictures; never journalled."""

    OFFER = "offer"
    ANSWER = "answer"
    CANDIDATE = "candidate"
    BYE = "bye"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One who belongs to a room."""

    code: str
    """Unit or post."""
    name: str = ""
    """Who sits there, once he came; what the unit is called before."""
    centre: str
    role: MemberRole = MemberRole.GUEST
    state: MemberState = MemberState.INVITED
    since: int
    """When this state began, profile ns UTC; of DROPPED: when he was last heard."""
    account: str = ""
    seat: str = ""
    is_muted: bool = True
    """Nobody is heard before he says so himself: a room that is entered does not listen."""
    muted_by: str = ""
    """Account of the chair who took his voice: he gives it back, not the muted one. Empty: muted by himself."""
    hand_at: int | None = None
    """Since when his hand is up."""
    shares: str = ""
    """What he shows to all, as `room_share` writes it: `camera/<code>`, `map…`, `trend/…`, `file/<number>`, `self`;
    empty: nothing.

    What is shown is named here, never carried: everybody opens it by his own leave.
    """
    shares_at: int | None = None
    """Since when he shows it."""
    answered_at: int | None = None
    """When he first answered in the room's roll call: when he first came."""
    is_simulated: bool = False
    """模拟: a machine plays him, in a drill; said wherever he is seen."""
    notes_seen: int = 0
    """Journal number up to which he had heard the room when he dropped: his catch-up notes begin after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One consultation (journal kind `room`, key the number)."""

    number: int
    event: int
    title: str
    centre: str
    """What permissions are asked about: the centre of its event."""
    state: RoomState = RoomState.OPEN
    chair: str
    """Code of the member who leads it."""
    members: tuple[Member, ...] = ()
    agenda: tuple[str, ...] = ()
    route: Route = Route.DIRECT
    polls: int = 0
    """How many polls were asked; the number of the newest."""
    decisions: int = 0
    recording: str = ""
    """`R-<room>-<n>`, once it is recorded: the name its evidence is found by."""
    is_recorded: bool = False
    """Being recorded right now: said to everybody in the room."""
    recordings: int = 0
    opened_at: int
    opened_by: str
    opened_seat: str = ""
    closed_at: int | None = None
    closed_by: str = ""
    closed_reason: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one member said in a poll; a second one of his replaces it while the poll is open."""

    code: str
    stance: Stance
    words: str = ""
    at: int
    account: str
    seat: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One question to a room (journal kind `room_poll`, key `<room>.<number>`)."""

    room: int
    number: int
    event: int
    question: str
    asked: tuple[str, ...]
    """Members who were in when it was asked: whose stance is waited for."""
    votes: tuple[Vote, ...] = ()
    opened_at: int
    opened_by: str
    closed_at: int | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a room decided (journal kind `room_decision`, key `<room>.<number>`): recorded, then given as an order."""

    room: int
    number: int
    event: int
    text: str
    poll: int = 0
    """Number of the poll it rests on; 0: none."""
    decided_at: int
    decided_by: str
    """Account of the chair."""
    decided_seat: str = ""
    present: tuple[str, ...] = ()
    """Members who were in."""
    orders: tuple[int, ...] = ()
    """Orders sent upon it."""
    version: int = 1


class Way(StrEnum):
    """Who spoke to whom."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One line of the radio and phone log (Y7; journal kind `heard`, key the number)."""

    number: int
    event: int | None = None
    """None: of no event; then it stands in the shift log alone."""
    channel: Channel
    way: Way = Way.IN
    party: str
    """Who it was: name, call sign or office, as he gave it."""
    words: str
    """Verbatim."""
    call_back: str = ""
    """Number or talk group he can be reached at, as it was given; masked in what every screen holds."""
    group: str = ""
    """Talk group or frequency of a radio line."""
    said_at: int
    """When it was said, profile ns UTC."""
    written_at: int
    written_by: str
    written_seat: str = ""
    due_at: int | None = None
    """Until when somebody promised to call back; None: nobody did."""
    called_back_at: int | None = None
    called_back_by: str = ""
    answer: str = ""
    """What was said when he was called back, verbatim."""
    version: int = 1


CAMERA, MAP, OWN_PICTURE = "camera/", "map", "self"
"""What may be shown to all: a camera by its code, the event on the map, one's own picture."""
ROLE_OF_LEAD = {Role.LEAD: MemberRole.LEAD, Role.ASSIST: MemberRole.ASSIST}
"""Role of a recipient → role in a room."""
