"""Commands of duty: roster, shifts, presence, seats, the log, and the hand-over; merged into `command.COMMANDS`."""

from dataclasses import dataclass
from typing import Any

from chengyun_core.model.duty import Assignment, Demand, ItemKind, LogKind, Person, Presence
from chengyun_core.model.rights import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRoster:
    """Take people and shifts from a table (CSV or XLSX). With a fault in any row nothing is taken."""

    name: str
    """File name: its ending says what it is."""
    data: bytes
    try_only: bool = False
    """Only check: faults and what would change are told, nothing is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePerson:
    """Write somebody who does duty, new or known."""

    person: Person
    version: int
    """What the editor saw; 0: new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveShift:
    """Write a shift, new or known, that has not ended."""

    number: int
    """0: new."""
    version: int
    centre: str
    name: str
    begins_at: int
    ends_at: int
    assignments: tuple[Assignment, ...]
    demands: tuple[Demand, ...] = ()
    reason: str = ""
    """Needed once the shift runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelShift:
    """Take a planned shift off the roster; it stays readable, and nothing is lacking in it any more."""

    shift: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyShift:
    """Plan a shift again, with its people, seats and demands, every so many days (轮班): all of them or none."""

    shift: int
    version: int
    every_days: int = 7
    times: int = 1
    """How many copies: the first `every_days` later, each of the others as much after the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapDuty:
    """换班: somebody's place is taken by somebody else, who gives his own for it when he is on a shift himself."""

    shift: int
    version: int
    person: str
    other_shift: int = 0
    """Shift on which the other one is, the same one for a change of places; 0: on none, he only comes instead."""
    other_version: int = 0
    other_person: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginShift:
    """Let a planned shift run; the one before it hands over or is closed."""

    shift: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TellPresence:
    """Say where somebody on a running shift is: by himself, or by an officer who sees it."""

    shift: int
    version: int
    person: str
    presence: Presence
    reason: str = ""
    """Needed for absent."""
    stands_in: str = ""
    """Person who comes instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LendSeat:
    """Give one's seat's area to another seat for a time; alarms, events and orders go there as well."""

    seat: str
    by_seat: str
    reason: str
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverSeat:
    """Take the area of a seat nobody sits at, or whose holder does not answer."""

    seat: str
    reason: str
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveBackSeat:
    """End a loan or a cover; its seat answers for its area alone again."""

    seat: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLogLine:
    """Write a free line into the shift log; a correction is a line of its own."""

    text: str
    kind: LogKind = LogKind.FREE
    about: str = ""
    attachment: str = ""
    """SHA-256, hex, of a snapshot whose parts were uploaded before (`attachment.part`)."""
    size: int = 0
    """Bytes of the snapshot."""
    name: str = ""
    """What the snapshot's file is called: a label, never a path."""
    corrects: int | None = None
    """Number of the line it corrects; of a notice: it is settled."""
    label: Label = Label.NORMAL
    """Who may read it, from its first moment on (G6); nobody writes above his own clearance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHandover:
    """Collect what is open at a seat (H5). The one that is open already is answered, collected anew."""

    seat: str
    giver: str = ""
    """Account of a giver who has left the seat: the chief will have to sign for him. Empty: who sits there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TickItem:
    """已知悉: the taker has seen an item."""

    handover: int
    version: int
    kind: ItemKind
    key: str
    seen: int
    """Version of the thing as it was shown; with another one the item is shown again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseItem:
    """The taker does not take an item over; it stays with the giver."""

    handover: int
    version: int
    kind: ItemKind
    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteHandoverLines:
    """The giver's free lines, all of them."""

    handover: int
    version: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignHandover:
    """Sign a sheet, giver first, with one's own password at whichever console both stand at.

    After the second signature it is locked, and the seat is the taker's.
    """

    handover: int
    version: int
    digest: str
    """Of the sheet as it was shown; another one is refused."""
    account: str
    secret: str
    """Password of the one who signs; never kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceHandover:
    """Sign for a giver who cannot (absent, taken ill): the watch chief's, with a reason, loud, never for himself."""

    handover: int
    version: int
    digest: str
    """Of the sheet as it was shown."""
    reason: str
    account: str
    """The chief who forces it; he is neither giver nor taker."""
    secret: str
    """His password; never kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelHandover:
    """End a hand-over that is not locked; the giver stays."""

    handover: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCheck:
    """What a console's own self-check found (sound, clock, screens), beside those of the centre."""

    handover: int
    version: int
    name: str
    good: bool
    reason: str = ""


DUTY_COMMANDS: dict[str, type[Any]] = {
    "duty.presence": TellPresence,
    "handover.cancel": CancelHandover,
    "handover.check": NoteCheck,
    "handover.force": ForceHandover,
    "handover.lines": WriteHandoverLines,
    "handover.open": OpenHandover,
    "handover.refuse": RefuseItem,
    "handover.sign": SignHandover,
    "handover.tick": TickItem,
    "log.write": WriteLogLine,
    "person.save": SavePerson,
    "roster.import": ImportRoster,
    "seat.cover": CoverSeat,
    "seat.give_back": GiveBackSeat,
    "seat.lend": LendSeat,
    "shift.begin": BeginShift,
    "shift.cancel": CancelShift,
    "shift.copy": CopyShift,
    "shift.save": SaveShift,
    "shift.swap": SwapDuty,
}
"""Kind on the wire → record. Alphabetical."""
