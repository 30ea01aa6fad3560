"""What the process that reads a file tells the one that asked: records light enough for both."""

from dataclasses import dataclass

import msgspec

from chengyun_core.model.map_layer import Datum, LayerNote

EXIT_REFUSED = 3
"""Of a surveyor that has a packed `Reason` on standard output."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a file is to be read."""

    name: str
    """Of the file: its ending says what it is."""
    datum: Datum = Datum.CGCS2000
    code_field: str = ""
    name_field: str = ""
    longitude_field: str = ""
    latitude_field: str = ""
    encoding: str = ""
    renames: dict[str, str] = {}
    """Code in the source → `code|name` it bears now."""
    source_error_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TileSet:
    """What a file of tiles says of itself, checked."""

    tiles: int
    min_zoom: int
    max_zoom: int
    media: str
    bounds: tuple[float, float, float, float] | None
    """(west, south, east, north) in degrees, as the file says."""
    attribution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelTold:
    """One level; its bytes are in the file of its number."""

    from_zoom: int
    tolerance_m: float
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a file holds."""

    levels: tuple[LevelTold, ...] = ()
    tiles: TileSet | None = None
    features: int = 0
    bounds: tuple[float, float, float, float] | None = None
    error_m: float = 0.0
    mended: int = 0
    refused: int = 0
    notes: tuple[LayerNote, ...] = ()
