"""What may be asked of the centre about duty: bodies and answers; found by `ask_tables`."""

from dataclasses import dataclass, field

from chengyun_core.model.duty import Gap, Handover, LogKind, Person, SeatCover, Shift
from chengyun_core.model.failure import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class AskShifts:
    """Ask `shift.page`: the shifts of a centre that touch [from, to)."""

    centre: str = ""
    """Empty: the asker's own."""
    from_ns: int = 0
    to_ns: int = 0
    """0: a week from `from_ns`; without `from_ns`: the week before it; both 0: from a day ago on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifts:
    """Answer: oldest first, and every place in them nobody fills, before it happens (H3)."""

    shifts: tuple[Shift, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskShiftCheck:
    """Ask `shift.check`: what a shift would lack as it is being written (number 0: a new one); nothing is written."""

    shift: Shift
    others: tuple[Shift, ...] = ()
    """Shifts that would be written together with it, such as the other one of an exchange."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftChecked:
    """Answer."""

    gaps: tuple[Gap, ...] = ()
    """Of what would be written, in the mode in effect at the shift's centre."""
    beside: tuple[Gap, ...] = ()
    """Of shifts that stay as they are, brought about by it: somebody who would be on two, or without rest before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDutyNow:
    """Ask `duty.now`: who is on duty now, at which seat, and where he is."""

    centre: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatNow:
    """One seat as it stands."""

    seat: str
    account: str = ""
    name: str = ""
    since: int | None = None
    incoming: str = ""
    """Account that is taking over and has not signed yet."""
    cover: SeatCover | None = None
    unacknowledged: int = 0
    alarms_10min: int = 0
    acknowledged_10min: int = 0
    events: int = 0
    orders: int = 0
    hours: float = 0.0
    """Since somebody else sat here: fatigue (H7)."""
    relief: Reason | None = None
    """Why relief is suggested; None: it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyNow:
    """Answer."""

    shift: Shift | None = None
    people: dict[str, str] = field(default_factory=dict)
    """Person → name, of everybody on the shift."""
    seats: tuple[SeatNow, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSeated:
    """Ask `session.seated`: who sits at a seat and what he may, so that a console learns that a seat became its own."""

    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPeople:
    """Ask `person.page`: who does duty at a centre; names, posts, certificates (phones for who may call only)."""

    centre: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Answer."""

    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLog:
    """Ask `log.page`: the shift log: journal rows told as sentences, and free lines among them, newest first."""

    shift: int = 0
    """0: the one that runs."""
    before: int = 0
    """Journal number to read on from; 0: the newest."""
    kinds: tuple[LogKind, ...] = ()
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """One line."""

    number: int
    """Journal number."""
    at_ns: int
    kind: LogKind
    sentence: Reason
    """Automatic: the journal's action with its params, said by the message catalogue. Free: `log.text` with `text`."""
    about: str = ""
    title: str = ""
    """What people call the thing it is about: a vital's name, an event's or an order's number."""
    account: str = ""
    seat: str = ""
    attachment: str = ""
    file: int | None = None
    """Number of the attachment that holds the snapshot."""
    corrects: int | None = None
    corrected_by: int | None = None
    locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Answer."""

    rows: tuple[LogRow, ...] = ()
    next: int = 0
    """For `before`; 0: that was all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHandover:
    """Ask `handover.get`: one sheet as it stands now: collected anew while it is open, as signed once it is locked."""

    handover: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverTold:
    """Answer: the sheet, and the digest a signature has to name."""

    handover: Handover
    digest: str
    giver_name: str = ""
    taker_name: str = ""
    changed: tuple[str, ...] = ()
    """`<kind>/<key>` of items that changed since they were ticked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHandovers:
    """Ask `handover.page`: sheets of a centre, newest first."""

    centre: str = ""
    before: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Handovers:
    """Answer."""

    handovers: tuple[Handover, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRosterCheck:
    """Ask `roster.check`: what an import would say, without taking it."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterChecked:
    """Answer: faults by row and column; without one: how much is new and how much changes."""

    faults: tuple[Reason, ...] = ()
    people: int = 0
    shifts: int = 0
    changed: int = 0


DUTY_ASKS: dict[str, tuple[type, type | None]] = {
    "duty.now": (AskDutyNow, DutyNow),
    "handover.get": (AskHandover, HandoverTold),
    "handover.page": (AskHandovers, Handovers),
    "log.page": (AskLog, Log),
    "person.page": (AskPeople, People),
    "roster.check": (AskRosterCheck, RosterChecked),
    "shift.check": (AskShiftCheck, ShiftChecked),
    "shift.page": (AskShifts, Shifts),
}
"""Ask → (body, answer). Alphabetical."""
