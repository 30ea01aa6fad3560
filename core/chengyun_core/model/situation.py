"""A situation: alarms that belong together in time, space and kind, as one record an officer can deal with (A9)."""

from dataclasses import dataclass
from enum import StrEnum

from chengyun_core.model.scales import WarningColour


class SituationKind(StrEnum):
    """Why its alarms belong together."""

    CLUSTER = "cluster"
    """Near each other in time, place and kind."""
    CAUSE = "cause"
    """They follow from one first-out alarm along the catalogue's causes."""
    GATEWAY = "gateway"
    """Readings missing behind one gateway or of one source (V3: a stale feed is one alarm)."""


class SituationState(StrEnum):
    """What became of it."""

    OPEN = "open"
    DISMISSED = "dismissed"
    """An officer said that its alarms have nothing to do with each other; they are not clustered again."""
    MERGED = "merged"
    OVER = "over"
    """All its alarms have ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One situation as the centre stores and publishes it. Times are profile ns UTC."""

    number: int
    kind: SituationKind
    state: SituationState
    alarms: tuple[int, ...]
    """Numbers of its alarms, first-out first, then by raise."""
    centre: str
    """Code of the lowest centre that holds all its places."""
    subtrack: str
    """Sub-track they share; empty: several."""
    gateway: str = ""
    colour: WarningColour
    """Gravest of its living alarms, of its last ones when over."""
    began_at: int
    last_at: int
    """Newest raise in it."""
    by: str = ""
    """Who dismissed, merged or split it last."""
    reason: str = ""
    merged_into: int | None = None
    version: int = 1
