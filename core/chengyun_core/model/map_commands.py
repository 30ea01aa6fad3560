"""Commands of the map: a layer imported or taken off; merged into `command.COMMANDS`."""

from dataclasses import dataclass, field
from typing import Any

from chengyun_core.model.map_layer import LARGEST_ZOOM, Datum, LayerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLayer:
    """Take a layer from a file uploaded before (`attachment.part`): GeoJSON, CSV, GPKG, MBTiles, or a zip of a
    shapefile's parts, of `pipes.csv` and `valves.csv`, or of `nodes.csv` and `edges.csv`.

    What is wrong with single features is mended, or they are left out, and told line by line. Nothing is taken when the
    file as a whole cannot be read, or when it holds no feature that can be taken.
    """

    code: str
    """Of the layer; one that is known is replaced, its earlier content stays readable by its digest."""
    version: int = 0
    """Of the layer as it was seen; 0: new."""
    name: str
    kind: LayerKind
    file: str
    """File name: a label, its ending says what it is."""
    digest: str
    """SHA-256, hexadecimal, of the uploaded bytes."""
    size: int
    datum: Datum = Datum.CGCS2000
    approval_number: str = ""
    licence: str = ""
    origin: str = ""
    valid_from: str = ""
    valid_to: str = ""
    schematic: bool = False
    style: str = ""
    """Empty: that of its kind."""
    min_zoom: int = 0
    max_zoom: int = LARGEST_ZOOM
    source_error_m: float = 0.0
    """How far the source itself may be off, as its maker says; 0: not known."""
    code_field: str = ""
    """Attribute that is the features' code; empty: `code`, `adcode`, `id` or the number of the feature."""
    name_field: str = ""
    """Attribute that is their name; empty: `name`, `名称`."""
    longitude_field: str = ""
    """Column of a CSV; empty: `longitude`, `lon`, `lng`, `经度`."""
    latitude_field: str = ""
    searchable: tuple[str, ...] = ()
    encoding: str = ""
    """Of a CSV or a .dbf; empty: found out (UTF-8, then GB 18030)."""
    renames: dict[str, str] = field(default_factory=dict)
    """Code of a feature → `code|name` it bears now: for names a source has not followed."""
    try_only: bool = False
    """Only read: what would be mended and left out is told, nothing is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireLayer:
    """Take a layer off the map; it stays readable for looking back."""

    code: str
    version: int
    reason: str


MAP_COMMANDS: dict[str, type[Any]] = {"map.import": ImportLayer, "map.retire": RetireLayer}
"""Kind on the wire → record. Alphabetical."""
