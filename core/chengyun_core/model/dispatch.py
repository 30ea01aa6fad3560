"""What dispatch knows: matters (业务事项), units (处置力量), routes; all of them rows of the catalogue (D1-D4)."""

from dataclasses import dataclass
from enum import StrEnum


class UnitKind(StrEnum):
    """What a unit is."""

    DEPARTMENT = "department"
    """部门 (横向)."""
    STREET = "street"
    """镇街 (纵向)."""
    GRID = "grid"
    """网格"""
    TEAM = "team"
    """队伍: moves, has a time to arrive."""
    COMPANY = "company"


class UnitState(StrEnum):
    """What a unit says of itself, or is known by."""

    AVAILABLE = "available"
    BUSY = "busy"
    RESTING = "resting"
    OUT = "out"
    """Not on duty, or out of service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A kind of event the city handles, with what is expected of it."""

    code: str
    name: str
    subtrack: str
    """Sub-track it belongs to; its owner post answers for it."""
    words: str = ""
    """Words that speak for it in a narrative, separated by `|`; a `-` before one speaks against it."""
    attributes: str = ""
    """Codes of attributes an officer is asked for, separated by `|`."""
    nature: int = 2
    urgency: int = 2
    control: int = 2
    reach: int = 1
    """Factors 1 … 4 an event of it begins with; the officer's judgement replaces them."""
    handle_min: float = 180.0
    """Minutes within which it is to be solved."""
    automatic: bool = False
    """Whether a 一般 event of it may be sent out without asking, above the confidence of the settings (D6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit that takes orders."""

    code: str
    name: str
    centre: str
    kind: UnitKind
    post: str
    """Post that signs for it."""
    capabilities: str = ""
    """What it can do, separated by `|`: `repair.water|pump`."""
    phone: str = ""
    capacity: int = 3
    """Open receipts it can carry at a time; one more is refused unless a reason is given (D4)."""
    longitude: float | None = None
    latitude: float | None = None
    speed_kmh: float = 30.0
    superior: str = ""
    """Unit that is told when this one stays silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One routing rule: for this matter (and grade, place, hour) these lead and these assist."""

    code: str
    matter: str
    """Code of the matter; `*`: any."""
    centre: str = ""
    """Only below this centre; empty: everywhere."""
    grade_from: int = 1
    """EventGrade from which it holds."""
    hours: str = ""
    """`08:00-18:00` in the city's time; empty: always."""
    condition: str = ""
    """As a condition of a plan: `diameter_mm < 500`; empty: none."""
    lead: str = ""
    """Code of a unit, or `capability:repair.water`: the best unit that can; empty: it names assistants only."""
    assist: str = ""
    """The same, several separated by `|`."""
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRecord:
    """What is known of a unit now (journal kind `unit`, key its code)."""

    code: str
    state: UnitState = UnitState.AVAILABLE
    longitude: float | None = None
    latitude: float | None = None
    busy_since: int | None = None
    """Since when it works without a rest, profile ns UTC (D3: rest)."""
    told_at: int = 0
    told_by: str = ""
    version: int = 1
