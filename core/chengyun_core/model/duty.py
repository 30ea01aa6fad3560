"""Duty (H3-H7): shifts and who is on them, seats lent and covered, the log, and the hand-over. Pure records."""

from dataclasses import dataclass, field
from enum import StrEnum

INCOMING = "/incoming"
"""What follows a seat's code in the key of the session of who is taking it over and has not signed yet."""


class DutyRole(StrEnum):
    """As whom somebody is on a shift (办法 art. 25: 常驻、轮驻)."""

    LEADER = "leader"
    """带班领导"""
    CHIEF = "chief"
    """值班长"""
    OFFICER = "officer"
    """值班员 at a seat."""
    RESIDENT = "resident"
    """常驻部门"""
    ROTATING = "rotating"
    """轮驻部门"""


class Presence(StrEnum):
    """Where somebody on the roster is."""

    PLANNED = "planned"
    PRESENT = "present"
    ON_CALL = "on_call"
    ABSENT = "absent"
    RELIEVED = "relieved"


class ShiftState(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    HANDING_OVER = "handing_over"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    """Planned, and taken off the roster before it began; it stays readable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What somebody may do duty as, and until when (H3)."""

    role: DutyRole
    until: str
    """ISO date; the day after, he is a gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who does duty (journal kind `duty_person`, key the code); a department may send people without one."""

    code: str
    name: str
    centre: str
    unit: str = ""
    account: str = ""
    posts: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    """Tried in this order; shown to who may call only."""
    certificates: tuple[Certificate, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """The least a shift must have, by mode (H3): what a gap is measured against."""

    role: DutyRole
    count: int
    mode: str = "peacetime"
    post: str = ""
    """Kind of post, for officers; unit for departments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One person on one shift."""

    person: str
    role: DutyRole
    seat: str = ""
    presence: Presence = Presence.PLANNED
    since: int | None = None
    stands_in_for: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One shift of one centre (journal kind `shift`, key the number)."""

    number: int
    centre: str
    name: str
    begins_at: int
    ends_at: int
    state: ShiftState = ShiftState.PLANNED
    assignments: tuple[Assignment, ...] = ()
    demands: tuple[Demand, ...] = ()
    handover: int | None = None
    version: int = 1
    begun_at: int | None = None
    """When it began to run, by itself or by the chief."""
    relieved_at: int | None = None
    """When the next one began: its log and its figures end there."""
    first_row: int = 0
    """Number of the journal row with which it began: its log is read back to there; 0: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A place nobody fills, told before it happens. Computed."""

    shift: int
    role: DutyRole
    missing: int
    why: str
    """`nobody`, `uncertified`, `absent`, `double` (on two shifts at once), `rest` (too little rest before),
    `reinforcement` (a post that 急时 calls on duty besides the roster)."""
    person: str = ""
    post: str = ""
    """Code of the post, of a reinforcement."""


class SeatDeed(StrEnum):
    """How a seat's area came to another seat (H4)."""

    LENT = "lent"
    COVERED = "covered"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCover:
    """One seat answers for another one's area (journal kind `seat_cover`, key the seat covered)."""

    seat: str
    by_seat: str
    deed: SeatDeed
    reason: str
    since: int
    until: int | None = None
    by: str
    ended: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatSilence:
    """席位无响应: somebody sits at a seat, and its console is not heard (RF27; journal kind `seat_silence`, key the
    seat). While it lasts what goes to that seat goes to others."""

    seat: str
    account: str
    since: int
    """Profile ns UTC of the last sign of life."""
    ended_at: int | None = None
    version: int = 1


class LogKind(StrEnum):
    AUTOMATIC = "automatic"
    FREE = "free"
    SNAPSHOT = "snapshot"
    CALL = "call"
    NOTICE = "notice"
    """交接事项: stands on every hand-over of its seat's centre until a later line settles it (`corrects`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One free line of the shift log (journal kind `log_line`, key the number). Automatic lines ARE journal rows and
    are read from it: there is no second log."""

    number: int
    shift: int
    kind: LogKind
    text: str
    about: str = ""
    """`event/12`, `alarm/9`, …; empty: nothing in particular."""
    attachment: str = ""
    """Content hash of a snapshot."""
    written_at: int
    written_by: str
    written_seat: str = ""
    corrects: int | None = None
    """A line that corrects another is a line of its own."""
    version: int = 1
    file: int | None = None
    """Number of the attachment that holds the snapshot: `attachment.get` gives its content."""


class ItemKind(StrEnum):
    """What a hand-over collects (H5)."""

    UNACKNOWLEDGED = "unacknowledged"
    SHELVED = "shelved"
    EVENT = "event"
    PLAN_RUN = "plan_run"
    ORDER = "order"
    REPORT_DUE = "report_due"
    WARNING = "warning"
    CALL_OUT = "call_out"
    MODE = "mode"
    APPROVAL = "approval"
    FAULT = "fault"
    NOTICE = "notice"


class ItemState(StrEnum):
    OPEN = "open"
    KNOWN = "known"
    """已知悉"""
    REFUSED = "refused"
    """Stays with the giver, with a reason."""
    SETTLED = "settled"
    """Came to its end while the hand-over was open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a hand-over."""

    kind: ItemKind
    key: str
    title: str
    owner: str = ""
    next_action: str = ""
    due_at: int | None = None
    state: ItemState = ItemState.OPEN
    reason: str = ""
    version: int = 0
    """Version of the thing as it is shown; ticked with another one it is shown again."""
    gravity: int = 0
    """0 none … 4 gravest, as colours of alarms and grades of events have it; the sheet is sorted by it."""
    params: dict[str, str] = field(default_factory=dict)
    """What the sentence `handover.item.<kind>` and that of the next action are told with (counts, minutes, codes)."""
    event: int | None = None
    """Number of the event it is, or hangs on: what a label of that one covers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One self-check beside the hand-over (WF1 step 4): sound, clock, daemons, backups, cameras."""

    name: str
    good: bool
    reason: str = ""
    params: dict[str, str] = field(default_factory=dict)


class HandoverState(StrEnum):
    OPEN = "open"
    GIVEN = "given"
    """The giver has signed."""
    SIGNED = "signed"
    """Both have: locked."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature on a sheet: who, when, over what."""

    account: str
    name: str
    seat: str
    at: int
    digest: str
    """SHA-256 (or SM3) of the sheet as it was signed, hex."""
    method: str
    """How he proved himself: `password`, `pin`, `totp`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """交接班 of one seat (journal kind `handover`, key the number), computed by the program, signed by two."""

    number: int
    code: str
    shift: int
    next_shift: int
    seat: str
    giver: str
    taker: str = ""
    items: tuple[Item, ...] = ()
    checks: tuple[Check, ...] = ()
    figures: dict[str, float] = field(default_factory=dict)
    """Name → figure of the shift (alarms, flood minutes, median seconds to acknowledge, …), equal to a recount."""
    lines: tuple[str, ...] = ()
    """The giver's free lines."""
    state: HandoverState = HandoverState.OPEN
    opened_at: int
    closes_at: int
    """Time-boxed: after it the chief is told."""
    signatures: tuple[Signature, ...] = ()
    audit_head: str = ""
    """`<number>:<hash>` of the journal when it was locked; printed on the sheet."""
    version: int = 1
    centre: str = ""
    figures_until: int = 0
    """The figures are those of [`figures_from`, this time), profile ns UTC."""
    figures_from: int = 0
    """When the shift began; without a roster, since when the giver sat there."""
    overdue: bool = False
    """Not signed within its time: the chief has been told."""
    forced_by: str = ""
    """Account of the chief who signed for a giver who cannot; `forced_reason` says why (absent, taken ill)."""
    forced_reason: str = ""
    ended_reason: str = ""
    """Why it was cancelled."""
