"""What dispatch is asked and what it answers: the call, how units stand, picks, rejections, shortfalls, move-ups."""

from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from chengyun_core.model.dispatch import Unit, UnitKind, UnitState
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Role
from chengyun_core.model.scales import EventGrade

VERTICAL = frozenset({UnitKind.STREET, UnitKind.GRID})
"""纵向: who answers for a place; all others answer for a subject (横向)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What has to be dispatched, and where and when. Without grade it is taken for 一般, without place for nowhere."""

    matter: str = ""
    centre: str
    path: tuple[str, ...]
    """The centre's code, its parent's and so on up to the root."""
    grade: EventGrade | None = None
    longitude: float | None = None
    latitude: float | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    minute: time = time(12)
    """Time of day in the city's zone."""
    now_ns: int = 0
    aboard: frozenset[str] = frozenset()
    """Units that hold an order of this event already."""
    returned: dict[str, str] = field(default_factory=dict)
    """Unit → why it gave an order of this event back: it is not asked a second time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one unit stands now."""

    unit: Unit
    path: tuple[str, ...]
    """Of its centre, up to the root."""
    state: UnitState = UnitState.AVAILABLE
    load: int = 0
    """Open receipts."""
    longitude: float | None = None
    """Where it said it is, else where it is at home."""
    latitude: float | None = None
    busy_since: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Somebody who is needed: a certain unit, or the best one that can."""

    role: Role
    unit: str = ""
    capability: str = ""
    route: str = ""
    """Code of the route that asks; empty: a plan's step or an officer does."""


class Reach(StrEnum):
    """How a unit's area lies to the place, nearest first."""

    SAME = "same"
    BELOW = "below"
    """Of a centre below the one whose event it is."""
    DISTRICT = "district"
    CITY = "city"
    NEIGHBOUR = "neighbour"
    """Of another town of the same district."""
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One unit weighed for one need."""

    unit: str
    name: str
    kind: UnitKind
    need: Need
    score: float
    """0 … 100; what it is made of stands in `reasons`."""
    reach: Reach
    minutes: float | None
    """Estimated time to arrive (great circle × detour ÷ speed); None: a position is missing."""
    load: int
    capacity: int
    reasons: tuple[Reason, ...]
    """Why so: of a pick what speaks for it, then against; of a rejection what stood in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Those who could serve a need but belong to other districts: hundreds, barred by one and the same reason."""

    need: Need
    reason: Reason
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A need nobody serves."""

    need: Need
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveUp:
    """Somebody from elsewhere who could come, or could cover the place a pick leaves bare."""

    unit: str
    name: str
    centre: str
    capability: str
    minutes: float | None
    covers: str = ""
    """Centre that would be left without this capability; empty: it would serve the need itself."""
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSkipped:
    """A route of the matter that does not hold here, and why."""

    route: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Whom dispatch would call. It sends nothing."""

    picks: tuple[Judged, ...] = ()
    """The lead first when there is one, then who assists, by score."""
    rejections: tuple[Judged, ...] = ()
    """Everybody else who was weighed, best first."""
    elsewhere: tuple[Elsewhere, ...] = ()
    """Everybody of another district, for each need; with `picks` and `rejections` that is everybody who can."""
    shortfalls: tuple[Shortfall, ...] = ()
    move_ups: tuple[MoveUp, ...] = ()
    routes: tuple[str, ...] = ()
    """Routes that hold."""
    skipped: tuple[RouteSkipped, ...] = ()
    confidence: float = 0.0
    """0 … 1 how sure the routing is; nothing below says that a person agreed."""
    doubts: tuple[Reason, ...] = ()
    """What keeps it from 1."""
