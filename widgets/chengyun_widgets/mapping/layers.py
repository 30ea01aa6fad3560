"""What a map is made of, as frozen records: shapes, points, density, tiles, rings, areas, links and sketches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from typing_extensions import override

from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.mapping.view import MOST_ZOOM, Bounds, Floats

World = tuple[float, float]
"""A place in world coordinates: x, y in 0..1."""


class MapItem(NamedTuple):
    """What a finger can be put on: the layer's code and the id the layer gave it."""

    layer: str
    id: str


class Mark(StrEnum):
    """The shape of a point that is normal, by its kind; an abnormal one is drawn as its severity's shape."""

    DEVICE = "device"
    RISK_POINT = "risk_point"
    EVENT = "event"
    FORCE = "force"
    CAMERA = "camera"
    VALVE = "valve"
    SHELTER = "shelter"


class SketchKind(StrEnum):
    """What can be drawn on an event."""

    AREA = "area"
    CLOSURE = "closure"
    ARROW = "arrow"
    NOTE = "note"


@dataclass(frozen=True, slots=True, eq=False)
class ShapeStep:
    """Shapes as fine as they are shown from `min_zoom` on. Parts are rings or lines.

    `points` float64[m, 2] in world coordinates; part i is points[starts[i]:starts[i + 1]], starts int64[p + 1];
    `feature` int32[p] says whose part it is; `closed` bool[p]: a ring of an area (filled, holes by the odd-even rule)
    or a line.
    """

    min_zoom: float
    points: Floats
    starts: NDArray[np.int64]
    feature: NDArray[np.int32]
    closed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ShapePaths:
    """The shapes of a layer in one or more steps, coarsest first; `codes` are the features' ids.

    Two are the same only if they are one object: hold on to what was made from a layer's bytes.
    """

    codes: tuple[str, ...]
    steps: tuple[ShapeStep, ...]

    def step_at(self, zoom: float) -> ShapeStep | None:
        """Return the step to show at a zoom: the finest that has begun, else the coarsest."""
        begun = [step for step in self.steps if step.min_zoom <= zoom]
        return begun[-1] if begun else self.steps[0] if self.steps else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeStyle:
    """How shapes look: inside and line by token; a line grows from `line_px` at zoom 10 to `wide_px` at zoom 16.

    `dash` is Qt's pattern in widths of the line, empty for a whole line. `is_land`: areas whose ground is painted by
    another layer; their line stays fine where they are tinted, as that of areas with a ground of their own does.
    """

    fill: Colour | None = None
    line: Colour | None = None
    line_px: float = 1.0
    wide_px: float = 1.0
    dash: tuple[float, ...] = ()
    text: Colour = Colour.MAP_TEXT_SECOND
    is_land: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLabel:
    """A name on the map at a place; a smaller `rank` is written first. `id` is the feature's."""

    id: str
    text: str
    x: float
    y: float
    rank: int = 0
    min_zoom: float = 0.0
    max_zoom: float = MOST_ZOOM


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeLayer:
    """Areas and lines. `tints` lays a severity's colour over features, `focus` outlines them in teal, `hatched` hatches
    them. `is_pickable`: its lines and areas can be chosen."""

    code: str
    paths: ShapePaths
    style: ShapeStyle
    labels: tuple[PlaceLabel, ...] = ()
    min_zoom: float = 0.0
    max_zoom: float = MOST_ZOOM
    tints: Mapping[str, int] = field(default_factory=dict)
    focus: frozenset[str] = frozenset()
    hatched: frozenset[str] = frozenset()
    is_pickable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointLayer:
    """Points as columns: x, y float64[n] in world coordinates, severity uint8[n], names and ids of the same length.

    `stale` bool[n] draws a point hollow and dashed. `name_zoom`: names of normal points are written from this zoom on;
    abnormal ones have theirs always. `is_quiet`: normal points are 3 px dots (device dots), however many they are.
    `is_clustered` gathers points that would lie on each other; with `keeps_grave_apart` only the normal ones: each
    abnormal one is seen by itself. Two layers with equal columns are equal.
    """

    code: str
    x: Floats
    y: Floats
    severity: NDArray[np.uint8]
    mark: Mark
    names: tuple[str, ...]
    ids: tuple[str, ...]
    stale: NDArray[np.bool_] | None = None
    is_clustered: bool = False
    keeps_grave_apart: bool = False
    is_quiet: bool = False
    min_zoom: float = 0.0
    max_zoom: float = MOST_ZOOM
    name_zoom: float = 13.0

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, PointLayer) and (self is other or _columns_equal(self, other))

    @override
    def __hash__(self) -> int:
        return hash((self.code, self.mark, len(self.ids)))


class DensitySource(Protocol):
    """Who is asked for a density picture; answers later by `MapCanvas.give_density(code, picture)`."""

    def ask(self, bounds: Bounds, width: int, height: int) -> None:
        """Ask for counts over a rectangle of the world in `height` rows of `width` cells."""


@dataclass(frozen=True, slots=True, eq=False)
class DensityPicture:
    """Counts uint32[h, w] over `bounds`, and the worst severity uint8[h, w] of each cell; row 0 is the north."""

    bounds: Bounds
    counts: NDArray[np.uint32]
    worst: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class DensityLayer:
    """Millions of points as cells of `cell_px`: grey for how many, the colour of the gravest where any is abnormal.

    Up to `marked_to` its gravest cells have a shape, too; beyond, a layer above has the abnormal ones one by one.
    """

    code: str
    source: DensitySource
    cell_px: int = 4
    marked_to: float = MOST_ZOOM
    min_zoom: float = 0.0
    max_zoom: float = MOST_ZOOM


class TileSource(Protocol):
    """Who has the pictures of a base map."""

    def tile(self, z: int, x: int, y: int) -> QImage | None:
        """Return a tile of 256 px at once, or None and see to it that it comes (`MapCanvas.tiles_did_come`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileLayer:
    """Pictures of the world, one per quad cell; those of the zooms there are, enlarged beyond."""

    code: str
    source: TileSource
    opacity: float = 1.0
    least_tile_zoom: int = 0
    most_tile_zoom: int = 18
    min_zoom: float = 0.0
    max_zoom: float = MOST_ZOOM


@dataclass(frozen=True, slots=True, kw_only=True)
class RingLayer:
    """Circles of so many metres round a place, each with its label at the right."""

    code: str
    centre: World
    radii_m: tuple[float, ...]
    labels: tuple[str, ...]
    is_dashed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An area that is drawn over the map; `rings` in world coordinates, holes by the odd-even rule."""

    id: str
    rings: tuple[tuple[World, ...], ...]
    severity: int = 0
    label: str = ""
    is_hatched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaLayer:
    """Warning areas, isochrones, answers of a question. `is_pickable`: a click in an area chooses it."""

    code: str
    areas: tuple[Area, ...]
    is_pickable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLayer:
    """Thin lines from one place to others: from the event to its forces."""

    code: str
    links: tuple[tuple[World, World], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """One drawing on an event. An arrow points to its last point; a note stands at its first."""

    id: str
    kind: SketchKind
    points: tuple[World, ...]
    text: str = ""
    severity: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SketchLayer:
    """What officers drew on the event; teal where it means nothing graver."""

    code: str
    sketches: tuple[Sketch, ...]


Layer = ShapeLayer | PointLayer | DensityLayer | TileLayer | RingLayer | AreaLayer | LinkLayer | SketchLayer


def _columns_equal(one: PointLayer, other: PointLayer) -> bool:
    plain = (
        "code",
        "mark",
        "is_clustered",
        "keeps_grave_apart",
        "is_quiet",
        "min_zoom",
        "max_zoom",
        "name_zoom",
        "ids",
        "names",
    )
    if any(getattr(one, name) != getattr(other, name) for name in plain):
        return False
    return (
        np.array_equal(one.x, other.x)
        and np.array_equal(one.y, other.y)
        and np.array_equal(one.severity, other.severity)
        and _equal_or_none(one.stale, other.stale)
    )


def _equal_or_none(one: NDArray[np.bool_] | None, other: NDArray[np.bool_] | None) -> bool:
    return one is other or (one is not None and other is not None and np.array_equal(one, other))
