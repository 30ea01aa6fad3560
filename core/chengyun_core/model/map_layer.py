"""A layer of the map: what it shows, where it came from, in which datum, and how far it may be off (M1, M7)."""

from dataclasses import dataclass
from enum import StrEnum

LARGEST_ZOOM = 22
LONGEST_CODE = 64
LONGEST_TEXT = 200


class Datum(StrEnum):
    """What the coordinates of a source are measured against."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    """China's national one. It and WGS-84 differ by centimetres: held as the same here, and the screen says so."""
    GCJ02 = "gcj02"
    """The shifted one of public maps in China, some 300 … 700 m off; converted when it is imported."""


class LayerKind(StrEnum):
    """What a layer shows; what it can be asked hangs on it."""

    BOUNDARY = "boundary"
    """Areas of centres (行政区划)."""
    AREA = "area"
    """Other areas: flood zones, control zones."""
    WATER = "water"
    """Rivers and lakes."""
    ROAD = "road"
    """Roads; with from, to and minutes of each they answer how far one comes in a time."""
    PIPELINE = "pipeline"
    """Pipes and valves (数字管线): traced up and down."""
    PLACE = "place"
    """Points with names: shelters, hospitals, stores."""
    TILES = "tiles"
    """Pictures of an MBTiles file, laid under all else."""


class NoteGrade(StrEnum):
    """What became of a feature of a source that is not in order."""

    MENDED = "mended"
    RENAMED = "renamed"
    REFUSED = "refused"
    """Left out; the rest of the file is taken."""
    TOLD = "told"
    """Taken as it is; somebody should look at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerNote:
    """One line of an import's report: which feature, what is wrong, what was done."""

    grade: NoteGrade
    feature: int
    """Number of the feature in the source, from 1; 0: the whole file."""
    name: str = ""
    line: int = 0
    """Line of the file, where it has lines; 0: it has none, or it is the whole file."""
    code: str
    """Of the message catalogue: `map.note_…`."""
    params: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerLevel:
    """A layer's shapes simplified for a range of zoom; `map.shapes` gives the bytes (geo.shapes)."""

    from_zoom: int
    """Drawn from this zoom on, until the next finer level begins."""
    digest: str
    """SHA-256, hexadecimal, of the packed bytes."""
    size: int
    tolerance_m: float = 0.0
    """How far a line may be from where it was; 0: as in the source."""
    points: int = 0
    """Corners it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapLayer:
    """A layer as the centre holds it (journal kind `map_layer`, key its code)."""

    code: str
    name: str
    kind: LayerKind
    datum_of_source: Datum = Datum.CGCS2000
    error_m: float = 0.0
    """How far places may be off by the conversion of the datum and what the source says of itself; 0: not known."""
    approval_number: str = ""
    """审图号; empty: none, and the screen says so."""
    licence: str = ""
    origin: str = ""
    valid_from: str = ""
    """ISO day from which it holds; empty: ever since."""
    valid_to: str = ""
    """ISO day it holds to, that day included; empty: until it is replaced."""
    schematic: bool = False
    """Not surveyed: for orientation only, and the screen says so."""
    style: str = ""
    """Key of a style of the console (`boundary`, `water`, `road`, `pipe`, `place`, …)."""
    min_zoom: int = 0
    max_zoom: int = LARGEST_ZOOM
    """Range of zoom in which it is drawn, both included."""
    searchable: tuple[str, ...] = ()
    """Attributes words are looked for in, besides name and code."""
    features: int = 0
    bounds: tuple[float, float, float, float] | None = None
    """(west, south, east, north) in degrees; None: it holds nothing."""
    levels: tuple[LayerLevel, ...] = ()
    """Coarsest first; the last holds the attributes, the others shapes, codes and names only. Empty for tiles."""
    sha256: str = ""
    """Of the finest level, or of the MBTiles file."""
    size: int = 0
    media: str = ""
    """Of tiles: `image/png`, `image/jpeg` or `image/webp`."""
    mended: int = 0
    refused: int = 0
    """Features mended, and left out, when it was imported; the lines are in `notes`."""
    notes: tuple[LayerNote, ...] = ()
    """The first lines of the import's report, `MOST_NOTES` at most."""
    file: str = ""
    """Name of the file it came from."""
    imported_at: int = 0
    """Profile ns UTC."""
    imported_by: str = ""
    retired: bool = False
    """Taken off the map; it stays readable for looking back."""
    version: int = 0


MOST_NOTES = 60
"""Lines of a report kept with a layer; how many there were in all is told by `mended` and `refused`."""


def holds_on(layer: MapLayer, day: str) -> bool:
    """Return whether a layer holds on an ISO day."""
    return (not layer.valid_from or layer.valid_from <= day) and (not layer.valid_to or day <= layer.valid_to)
