"""What may be asked of the centre about the map: bodies and answers; found by `ask_tables`."""

from dataclasses import dataclass, field

from chengyun_core.model.map_layer import LayerNote, MapLayer
from chengyun_core.wire.event_asks import AskUpload, UploadHeld, UploadPart

Place = tuple[float, float]
"""(longitude, latitude) in degrees."""
PART = 512 * 2**10
"""Most bytes of a content one answer holds."""
MOST_TILES = 32
MOST_CORNERS = 5000
MOST_FOUND = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLayers:
    """Ask `map.layers`: every layer on the map."""

    retired: bool = False
    """Those taken off as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Answer: by code."""

    layers: tuple[MapLayer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskShapes:
    """Ask `map.shapes`: bytes of a content some layer names, to be kept under its digest; geo.shapes unpacks them."""

    digest: str
    offset: int = 0
    length: int = PART


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapesPart:
    """Answer: the bytes from `offset`; fewer than asked at the end."""

    digest: str
    offset: int
    size: int
    """Of the whole content."""
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTiles:
    """Ask `map.tile`: pictures of a layer of tiles, `MOST_TILES` at a time. y counts from the north, as on the web."""

    layer: str
    tiles: tuple[tuple[int, int, int], ...]
    """(zoom, x, y)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """Answer: in the order asked."""

    pictures: tuple[bytes, ...] = ()
    """Empty bytes: the layer has none there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWithin:
    """Ask `map.within`: what and who is within a polygon, a distance of a place, or a warning (M4)."""

    ring: tuple[Place, ...] = ()
    """Corners of the polygon, closed or not, `MOST_CORNERS` at most; empty: the circle."""
    longitude: float = 0.0
    latitude: float = 0.0
    radius_m: float = 0.0
    """0 … 200 000."""
    warning: int = 0
    """Number of an official warning: within any of its outlines, in place of polygon and circle; 0: none."""
    limit: int = 200
    """How many of each kind are listed, the nearest first; all are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing within."""

    kind: str
    """`risk_point`, `unit`, `event`, `camera`, `device` (single ones), or `feature` (of a layer of places)."""
    key: str
    """Code; of an event its number; of a feature `layer/code`."""
    name: str
    longitude: float
    latitude: float
    metres: float
    """From the middle of the circle or of the polygon."""
    sort: str = ""
    """Kind of the risk point, the unit or the device; code of the layer of a feature; grade of an event."""
    state: str = ""
    """Of a unit (`UnitState`) or an event."""
    people: int | None = None
    """Whom a risk point concerns, where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Answer."""

    found: tuple[Found, ...] = ()
    """The nearest first, of each kind `limit` at most."""
    counts: dict[str, int] = field(default_factory=dict)
    """Kind → how many there are in all."""
    sorts: dict[str, dict[str, int]] = field(default_factory=dict)
    """Kind → sort → how many; of devices all are counted, those of series too, as far as they have places."""
    people: int = 0
    """Sum over the risk points that state a figure."""
    people_known: int = 0
    """How many of the risk points state one: the sum says nothing of the others."""
    unplaced: dict[str, int] = field(default_factory=dict)
    """Kind → how many have no place and therefore cannot be found by it."""
    area_km2: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReach:
    """Ask `map.reach`: how far one comes from a place in so many minutes (M6)."""

    longitude: float
    latitude: float
    minutes: tuple[float, ...] = (5.0, 10.0, 15.0)
    """At most six, each 0 … 240."""
    layer: str = ""
    """Layer of roads; empty: the one in force that reaches the place."""
    speed_kmh: float = 30.0
    """For straight lines, where there are no roads."""
    towards: bool = True
    """True: from where one reaches the place in that time; False: whither one comes from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachRing:
    """What is reached in so many minutes."""

    minutes: float
    radius_m: float = 0.0
    """Of an honest circle; 0: `rings` are areas along roads."""
    rings: tuple[tuple[Place, ...], ...] = ()
    """Outer rings, closed."""
    nodes: int = 0
    """Crossings reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Answer."""

    by_roads: bool
    """False: circles of a straight line, and the screen says so."""
    layer: str = ""
    schematic: bool = False
    """The roads are drawn, not surveyed."""
    snapped_m: float = 0.0
    """How far the place is from the road it was taken to be at."""
    rings: tuple[ReachRing, ...] = ()
    """Nearest first."""
    why: str = ""
    """Code of the sentence that says why there are circles: `map.reach_no_roads`, `map.reach_far_from_roads`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTrace:
    """Ask `map.trace`: a pipeline followed from a feature, or what closing valves does."""

    layer: str
    feature: str = ""
    """Code of a pipe or a node that burst or is asked about."""
    closed: tuple[str, ...] = ()
    """Codes of the valves that are closed, besides those the layer says are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Answer: codes of features of the layer."""

    up: tuple[str, ...] = ()
    """Pipes that feed it, from it to the sources."""
    down: tuple[str, ...] = ()
    """Pipes that it feeds."""
    isolated: tuple[str, ...] = ()
    """Pipes that fall dry together with it when `valves` are closed."""
    valves: tuple[str, ...] = ()
    """The valves that have to be closed to cut it off."""
    cut_off: tuple[str, ...] = ()
    """Pipes that no source feeds any more then, or with the valves in `closed`."""
    customers: tuple[str, ...] = ()
    """Takers on pipes that are cut off."""
    fed_still: tuple[str, ...] = ()
    """Takers below it that another way still feeds."""
    metres: dict[str, float] = field(default_factory=dict)
    """`up`, `down`, `isolated`, `cut_off` → metres of pipe."""
    notes: tuple[LayerNote, ...] = ()
    """What the data does not say: no source known, a flow that cannot be told."""


MAP_ASKS: dict[str, tuple[type, type | None]] = {
    "map.held": (AskUpload, UploadHeld),
    "map.layers": (AskLayers, Layers),
    "map.part": (UploadPart, UploadHeld),
    "map.reach": (AskReach, Reach),
    "map.shapes": (AskShapes, ShapesPart),
    "map.tile": (AskTiles, Tiles),
    "map.trace": (AskTrace, Trace),
    "map.within": (AskWithin, Within),
}
"""Ask → (body, answer). Alphabetical."""
