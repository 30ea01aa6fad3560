"""Records beside the alarms themselves: comments, late violations, floods of a seat, changes of thresholds."""

from dataclasses import dataclass, field
from enum import StrEnum

from chengyun_core.model.scales import Side, WarningColour


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmComment:
    """One line of an alarm's thread (A16). Change kind `comment`, key its number."""

    number: int
    alarm: int
    at: int
    account: str
    seat: str
    text: str
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LateViolation:
    """A limit that was crossed in the past, told by a late sample: recorded, never annunciated (V9, cosmos#3434)."""

    number: int
    vital: int
    vital_code: str
    at: int
    """Source time of the sample, profile ns UTC."""
    recorded_at: int
    band: WarningColour
    side: Side
    value: float
    limit: float
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFlood:
    """A seat in alarm flood: begun above ten annunciations in ten minutes, ended below five (ISA-18.2, A11)."""

    seat: str
    began_at: int
    ended_at: int | None = None
    peak: int
    """Most annunciations in ten minutes so far."""
    version: int = 1


class ThresholdState(StrEnum):
    """Where a change of a threshold stands."""

    WAITING = "waiting"
    """For its approver."""
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    ROLLED_BACK = "rolled_back"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdChange:
    """One change of one vital's rule in one set, with who, why, from, to and since when (A20, cosmos#2310)."""

    number: int
    threshold_set: str
    vital_code: str
    before: dict[str, str]
    """Column of the thresholds table → what it was; only those that change."""
    after: dict[str, str]
    reason: str
    author: str
    author_seat: str
    asked_at: int
    approver: str = ""
    effective_at: int | None = None
    """None: as soon as it is approved."""
    state: ThresholdState = ThresholdState.WAITING
    catalogue_version: int = 0
    """Version that put it in force."""
    rolls_back: int | None = None
    approval: int | None = None
    params: dict[str, str] = field(default_factory=dict)
    version: int = 1
