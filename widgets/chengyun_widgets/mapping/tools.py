"""The tools in an officer's hand on the map: what each one draws, and how many points that takes."""

from dataclasses import dataclass
from enum import StrEnum

from chengyun_widgets.mapping.layers import World


class Tool(StrEnum):
    """The first four have the names of the sketches they make; CIRCLE is a centre and a point of its edge."""

    AREA = "area"
    CLOSURE = "closure"
    ARROW = "arrow"
    NOTE = "note"
    CIRCLE = "circle"
    LENGTH = "length"
    SURFACE = "surface"


class Lack(StrEnum):
    """Why a drawing cannot be finished."""

    TOO_FEW = "too_few"
    CROSSING = "crossing"


CLOSED = frozenset({Tool.AREA, Tool.SURFACE})
MEASURING = frozenset({Tool.LENGTH, Tool.SURFACE, Tool.CIRCLE})
LEAST_POINTS = {
    Tool.AREA: 3, Tool.CLOSURE: 2, Tool.ARROW: 2, Tool.NOTE: 1, Tool.CIRCLE: 2, Tool.LENGTH: 2, Tool.SURFACE: 3,
}  # fmt: skip
MOST_POINTS = {Tool.NOTE: 1, Tool.CIRCLE: 2}
"""A drawing that has so many is finished by its last point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a measuring tool found. `length_m` is the line's, the ring's or the radius; `area_m2` 0 for a line."""

    tool: Tool
    points: tuple[World, ...]
    length_m: float
    area_m2: float
