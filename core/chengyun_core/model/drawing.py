"""Drawings on an event (在线标绘): areas, closures, arrows and notes an officer puts on the map."""

from dataclasses import dataclass
from enum import StrEnum


class DrawingKind(StrEnum):
    """What is drawn."""

    AREA = "area"
    CLOSURE = "closure"
    """A road, a gate, a bank that nobody passes: a line with bars."""
    ARROW = "arrow"
    """A way to take, from its first place to its last."""
    NOTE = "note"


class Meaning(StrEnum):
    """What it is drawn for: said in words and by its pattern; the four legal colours mean severity alone."""

    DANGER = "danger"
    CORDON = "cordon"
    EVACUATION = "evacuation"
    MUSTER = "muster"
    OTHER = "other"


Place = tuple[float, float]
"""(longitude, latitude) in degrees, CGCS2000/WGS-84."""

FEWEST_PLACES: dict[DrawingKind, int] = {
    DrawingKind.AREA: 3, DrawingKind.CLOSURE: 2, DrawingKind.ARROW: 2, DrawingKind.NOTE: 1,
}  # fmt: skip
MOST_PLACES = 500
"""Of one drawing: what a hand draws; more is an import (`map.import`)."""
MOST_OF_AN_EVENT = 200
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One drawing as it stands. Every change is a journal row (kind `drawing`, key the number) with the whole of it."""

    number: int
    event: int
    kind: DrawingKind
    meaning: Meaning = Meaning.OTHER
    places: tuple[Place, ...]
    """In the order drawn; an area closes by itself, a note has one."""
    text: str = ""
    by: str
    """Account of who drew it last."""
    at: int
    """When, profile ns UTC."""
    erased_at: int | None = None
    version: int = 1


def is_standing(drawing: Drawing) -> bool:
    """Return whether it is still on the map."""
    return drawing.erased_at is None


def fault_of(kind: DrawingKind, places: tuple[Place, ...]) -> str:
    """Return the code of what is wrong with drawn places, empty when nothing is."""
    if len(places) > MOST_PLACES:
        return "drawing.too_many_places"
    if not all(_is_on_earth(place) for place in places):
        return "drawing.off_the_map"
    if len(set(places)) < FEWEST_PLACES[kind] or (kind is DrawingKind.NOTE and len(places) != 1):
        return "drawing.too_few_places"
    return ""


def _is_on_earth(place: Place) -> bool:
    """NaN and infinities fail the comparison, too. Web Mercator ends at 85 degrees, and the screens with it."""
    longitude, latitude = place
    return -180.0 <= longitude <= 180.0 and -85.0 <= latitude <= 85.0
