"""Commands about drawings on events; merged into `command.COMMANDS`."""

from dataclasses import dataclass
from typing import Any

from chengyun_core.model.drawing import DrawingKind, Meaning, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PutDrawing:
    """Draw something on an event, or draw a known one anew."""

    drawing: int = 0
    """Its number; 0: new."""
    version: int = 0
    """What the officer saw; 0: new."""
    event: int
    kind: DrawingKind
    meaning: Meaning = Meaning.OTHER
    places: tuple[Place, ...]
    """(longitude, latitude) in degrees, CGCS2000/WGS-84."""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseDrawing:
    """Take a drawing off the map; the journal keeps it."""

    drawing: int
    version: int


DRAWING_COMMANDS: dict[str, type[Any]] = {"drawing.erase": EraseDrawing, "drawing.put": PutDrawing}
"""Kind on the wire → record. Alphabetical."""
