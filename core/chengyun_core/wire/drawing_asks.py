"""What may be asked of the centre about drawings, and about how things stood once; found by `ask_tables`."""

from dataclasses import dataclass

from chengyun_core.model.change import Change
from chengyun_core.model.drawing import Drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDrawings:
    """Ask what is drawn on an event, whether it has ended or not."""

    event: int
    at: int | None = None
    """As it stood then, profile ns UTC; None: now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawings:
    """What stands on the map, by number."""

    drawings: tuple[Drawing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPast:
    """Ask `past.facts`: how alarms, events, units, warnings and drawings stood at a time (M5)."""

    at: int
    """Profile ns UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFacts:
    """Living records as the journal had them then."""

    records: tuple[Change, ...]
    """The last row of each record that lived, its number and time with it."""
    begins_at: int
    """Time of the first row of this journal, profile ns UTC: before it nothing is known."""
    left_out: int = 0
    """Records that lived and are beyond what one answer carries, oldest first."""


DRAWING_ASKS: dict[str, tuple[type, type | None]] = {
    "drawing.of_event": (AskDrawings, Drawings),
    "past.facts": (AskPast, PastFacts),
}
"""Ask → (body, answer). Alphabetical."""
