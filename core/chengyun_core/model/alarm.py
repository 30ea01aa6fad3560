"""An alarm: the states of ISA-18.2 as a table, overrides as facts, and the effective state as one pure function."""

from dataclasses import dataclass
from enum import StrEnum

from chengyun_core.model.scales import AlarmPriority, Aspect, Side, WarningColour


class AlarmState(StrEnum):
    """States A–G of ALARMS.md (ISA-18.2)."""

    NORM = "norm"
    UNACK = "unack"
    ACKED = "acked"
    RTNUN = "rtnun"
    SHELVED = "shelved"
    SUPPRESSED = "suppressed"
    OUT_OF_SERVICE = "out_of_service"


class AlarmMove(StrEnum):
    """What can happen to an alarm."""

    RAISE = "raise"
    ESCALATE = "escalate"
    EASE = "ease"
    """Still active, in a lower band."""
    RETURN = "return"
    ACKNOWLEDGE = "acknowledge"
    UNACKNOWLEDGE = "unacknowledge"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    SHELF_EXPIRED = "shelf_expired"
    REALARM = "realarm"
    """Nobody cleared it: it calls again by itself (A4)."""
    SUPPRESS = "suppress"
    RELEASE = "release"
    MASK = "mask"
    UNMASK = "unmask"
    TAKE_OUT = "take_out"
    PUT_BACK = "put_back"


class AlarmMark(StrEnum):
    """What is written onto an alarm beside its moves. A deed on an alarm that was marked meanwhile is not stale (RF23):
    what the officer saw of its state, and has to decide about, is what it was.
    """

    GROUP = "group"
    FIRST_OUT = "first_out"
    SITUATION = "situation"
    CHATTER = "chatter"
    ASSIGN = "assign"
    COMMENTED = "commented"


class NoteCode(StrEnum):
    """The choose-one note of an acknowledgement (A5); red needs one. The order is the order of the digit keys."""

    VERIFYING = "verifying"
    DISPATCHED = "dispatched"
    FALSE_ALARM = "false_alarm"
    DRILL = "drill"
    OTHER = "other"


class OverrideKind(StrEnum):
    """Why an alarm does not annunciate although it may be active; strongest first (ALARMS.md)."""

    OUT_OF_SERVICE = "out_of_service"
    """Maintenance, with ticket and expiry (state G)."""
    SUPPRESSED = "suppressed"
    """By design: a rule of the catalogue, or an officer's with reason and expiry (state F)."""
    MASKED = "masked"
    """A consequence of another active alarm (state F). Never set on red or orange ones (RF13)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One override of a vital's alarm, with who, why and how long. Also a record of its own: it may outlast alarms."""

    vital: int
    vital_code: str
    kind: OverrideKind
    since: int
    until: int | None = None
    """Profile ns UTC; None only for rules and masks, which end with their condition."""
    by: str = ""
    """Account; empty: the centre, by rule."""
    seat: str = ""
    reason: str = ""
    ticket: str = ""
    rule: str = ""
    """Code of the catalogue's suppression rule."""
    cause: int | None = None
    """Number of the alarm that masks it."""
    ended: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One life of an alarm, from raise to returned and acknowledged, as the centre stores and publishes it.

    Times are profile ns UTC. Facts are stored; the state is `effective(alarm)`.
    """

    number: int
    vital: int
    vital_code: str
    colour: WarningColour
    """The gravest band of this life: severity only rises while latched."""
    band: WarningColour
    """The band now; NONE when the condition has returned."""
    side: Side
    value: float
    limit: float
    raised_at: int
    changed_at: int
    returned_at: int | None = None
    acked_at: int | None = None
    acked_by: str | None = None
    acked_seat: str | None = None
    note_code: NoteCode | None = None
    note: str = ""
    shelved_at: int | None = None
    shelved_until: int | None = None
    """None while shelved: one-shot, ends with the return."""
    shelved_by: str | None = None
    shelve_reason: str = ""
    raises: int = 1
    """How often the condition came back within this life (state D → B)."""
    closed: bool = False
    """True when the life has ended: returned and acknowledged."""
    version: int = 1
    """Raised by every change; a command names the version the officer saw (RF23)."""
    aspect: Aspect = Aspect.PROCESS
    priority: AlarmPriority = AlarmPriority.MEDIUM
    """From consequence and time to respond (A13), fixed at the raise."""
    overrides: tuple[Override, ...] = ()
    """The overrides that stand on its vital now; strongest first."""
    cause: int | None = None
    """Number of the first-out alarm of its group that this one follows from (A8)."""
    first_out: bool = False
    """The first of a group of at least two."""
    situation: int | None = None
    """Number of the situation it was clustered into (A9)."""
    assigned_to: str = ""
    """Post or account that answers for it (A16)."""
    due_at: int | None = None
    comments: int = 0
    chattering: bool = False
    """Three raises in sixty seconds or more (A10); a badge and a proposal, never a silent suppression."""
    proposed_delay_s: float = 0.0
    """On-delay that would have stilled the chatter; 0: none proposed."""
    realarms: int = 0
    """How often it came back by itself because nobody cleared it (A4)."""


OVERRIDDEN: dict[OverrideKind, AlarmState] = {
    OverrideKind.OUT_OF_SERVICE: AlarmState.OUT_OF_SERVICE,
    OverrideKind.SUPPRESSED: AlarmState.SUPPRESSED,
    OverrideKind.MASKED: AlarmState.SUPPRESSED,
}
"""Override → the state it makes; the order is the precedence of ALARMS.md."""


def is_active(alarm: Alarm) -> bool:
    """Return whether the condition holds now."""
    return alarm.band is not WarningColour.NONE


def is_shelved(alarm: Alarm) -> bool:
    """Return whether a shelf override stands."""
    return alarm.shelved_at is not None


def effective(alarm: Alarm) -> AlarmState:
    """Return the state: out of service > suppressed > masked > shelved > latched > active > normal (ALARMS.md)."""
    if alarm.closed:
        # A shelf that ran out after the return ends a life that nobody acknowledged: normal all the same.
        return AlarmState.NORM
    if alarm.overrides:
        standing = {override.kind for override in alarm.overrides}
        return next(state for kind, state in OVERRIDDEN.items() if kind in standing)
    if is_shelved(alarm):
        return AlarmState.SHELVED
    acked = alarm.acked_at is not None
    if is_active(alarm):
        return AlarmState.ACKED if acked else AlarmState.UNACK
    return AlarmState.NORM if acked else AlarmState.RTNUN


LIFE_CYCLE: dict[tuple[AlarmState, AlarmMove], AlarmState] = {
    (AlarmState.NORM, AlarmMove.RAISE): AlarmState.UNACK,
    (AlarmState.UNACK, AlarmMove.ESCALATE): AlarmState.UNACK,
    (AlarmState.UNACK, AlarmMove.EASE): AlarmState.UNACK,
    (AlarmState.UNACK, AlarmMove.RETURN): AlarmState.RTNUN,
    (AlarmState.UNACK, AlarmMove.ACKNOWLEDGE): AlarmState.ACKED,
    (AlarmState.UNACK, AlarmMove.SHELVE): AlarmState.SHELVED,
    (AlarmState.ACKED, AlarmMove.ESCALATE): AlarmState.UNACK,
    (AlarmState.ACKED, AlarmMove.EASE): AlarmState.ACKED,
    (AlarmState.ACKED, AlarmMove.RETURN): AlarmState.NORM,
    (AlarmState.ACKED, AlarmMove.UNACKNOWLEDGE): AlarmState.UNACK,
    (AlarmState.ACKED, AlarmMove.SHELVE): AlarmState.SHELVED,
    (AlarmState.ACKED, AlarmMove.REALARM): AlarmState.UNACK,
    (AlarmState.RTNUN, AlarmMove.ACKNOWLEDGE): AlarmState.NORM,
    (AlarmState.RTNUN, AlarmMove.RAISE): AlarmState.UNACK,
}
"""Moves of an unshelved alarm. Moves while shelved change the facts beneath and stay SHELVED, see `SHELF`; moves while
overridden likewise, see `RELEASED`."""

SHELF: dict[tuple[AlarmMove, bool], AlarmState] = {
    (AlarmMove.UNSHELVE, True): AlarmState.ACKED,
    (AlarmMove.UNSHELVE, False): AlarmState.NORM,
    (AlarmMove.SHELF_EXPIRED, True): AlarmState.UNACK,
    (AlarmMove.SHELF_EXPIRED, False): AlarmState.NORM,
}
"""Leaving the shelf: by hand counts as acknowledged, by time-out as unacknowledged (ALARMS.md); key: (move, active)."""


OVERRIDES: dict[OverrideKind, tuple[AlarmMove, AlarmMove]] = {
    OverrideKind.OUT_OF_SERVICE: (AlarmMove.TAKE_OUT, AlarmMove.PUT_BACK),
    OverrideKind.SUPPRESSED: (AlarmMove.SUPPRESS, AlarmMove.RELEASE),
    OverrideKind.MASKED: (AlarmMove.MASK, AlarmMove.UNMASK),
}
"""Override → the moves that set and end it. Set: from any state to `OVERRIDDEN`."""

RELEASED: dict[tuple[bool, bool], AlarmState] = {
    (True, False): AlarmState.UNACK,
    (True, True): AlarmState.ACKED,
    (False, False): AlarmState.NORM,
    (False, True): AlarmState.NORM,
}
"""When the last override ends (ALARMS.md, F and G: re-evaluate); key: (active, acknowledged before). An active alarm
that nobody has seen calls; what returned meanwhile is over. A shelf that stands goes on."""


def possible_moves(state: AlarmState) -> tuple[AlarmMove, ...]:
    """Return the officer's moves possible in a state; buttons and keys are made from it."""
    officers = (AlarmMove.ACKNOWLEDGE, AlarmMove.UNACKNOWLEDGE, AlarmMove.SHELVE)
    moves = tuple(move for move in officers if (state, move) in LIFE_CYCLE)
    return (*moves, AlarmMove.UNSHELVE) if state is AlarmState.SHELVED else moves
