"""What a member of a room shows to all (Y6), as it is named in the room's record: `FORMS`, read and written here."""

import math
import re
from dataclasses import dataclass
from typing import assert_never
from urllib.parse import quote, unquote

from chengyun_core.model.room import CAMERA, MAP, OWN_PICTURE

TREND, FILE = "trend", "file"
FORMS = {
    "camera/<code>": "a camera",
    "file/<number>": "a file of the room's event, by the number of its attachment",
    "map": "the room's event on the map",
    "map/<x>/<y>/<zoom>/<preset>/<shows>/<layers>": "the map as the sharer saw it",
    "self": "one's own picture",
    "trend/<vitals>/<span_s>": "lines of vitals, live",
    "trend/<vitals>/<span_s>/<to_s>": "the same over a window that has ended",
}
"""How it is named → what it shows. Codes are percent-encoded between slashes (not a camera's, which is the last of its
name), lists joined by `+`."""
LONGEST_SHARE = 2000
"""Characters: sixty layers of a map by their codes."""
MOST_LINES = 4
"""More lines than that are told apart on no pane of a room."""
LONGEST_SPAN_S = 400 * 86_400
_LONGEST_CODE = 120
LEAST_SPAN_S = 60
_LAST_S = 2**33
"""Seconds since 1970, in the year 2242."""
_BY_MODE = "*"
"""In the place of a preset: none was chosen by hand. Percent-encoding leaves no such sign in a code."""
_NUMBER, _DEGREES = re.compile(r"0|[1-9][0-9]{0,17}"), re.compile(r"[0-9]{1,2}(\.[0-9]{1,12})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCamera:
    """A camera of the catalogue."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPicture:
    """The sharer's own picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSight:
    """Where a map looks and what is on it."""

    x: float
    """Of the middle, web Mercator in the unit square, to the east; kept to 1e-9 (4 cm)."""
    y: float
    """To the south."""
    zoom: float
    """The world is 256 · 2^zoom px wide; 0 … 24, kept to 0.01."""
    preset: str | None = None
    """Preset of 急时 that was chosen by hand, "" 平时; None: as the mode has it."""
    shows: tuple[str, ...] = ()
    """What is on of the console's own, by name."""
    layers: tuple[str, ...] = ()
    """Layers of the centre that are on, by code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedMap:
    """The map: of the room's event, or just as the sharer saw it."""

    sight: MapSight | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedTrend:
    """Lines of vitals on one axis of time; the first gives the bands."""

    vitals: tuple[str, ...]
    """Codes, one to `MOST_LINES`."""
    span_s: int
    """How much time is shown."""
    to_s: int | None = None
    """Where the window ends, s UTC; None: it follows the present."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFile:
    """A file of the room's event, by the number of its attachment."""

    number: int


Share = SharedCamera | SharedPicture | SharedMap | SharedTrend | SharedFile


def read(name: str) -> Share | None:
    """Return what a name says, None for one that says nothing. What stands in records is read as well as what comes."""
    kind, _, rest = name.partition("/")
    if len(name) > LONGEST_SHARE:
        return None
    if name == OWN_PICTURE:
        return SharedPicture()
    if name == MAP:
        return SharedMap()
    if name.startswith(CAMERA):
        return SharedCamera(code=rest) if rest else None
    parts = rest.split("/")
    readers = {MAP: _map, TREND: _trend, FILE: _file}
    return readers[kind](parts) if kind in readers else None


def named(share: Share) -> str:
    """Return the name of what is shown; `read` returns the same again, its numbers as exact as they are kept."""
    match share:
        case SharedCamera():
            return f"{CAMERA}{share.code}"
        case SharedPicture():
            return OWN_PICTURE
        case SharedMap():
            return MAP if share.sight is None else f"{MAP}/{_named_sight(share.sight)}"
        case SharedTrend():
            window = [_joined(share.vitals), str(share.span_s)]
            return "/".join((TREND, *window, *([str(share.to_s)] if share.to_s is not None else ())))
        case SharedFile():
            return f"{FILE}/{share.number}"
        case _:
            assert_never(share)


def kind_of(name: str) -> str:
    """Return the word a name begins with: `camera`, `file`, `map`, `self`, `trend`."""
    return name.partition("/")[0]


def _named_sight(sight: MapSight) -> str:
    preset = _BY_MODE if sight.preset is None else quote(sight.preset, safe="")
    place = (f"{sight.x:.9f}", f"{sight.y:.9f}", f"{sight.zoom:.2f}")
    return "/".join((*place, preset, _joined(sight.shows), _joined(sight.layers)))


def _map(parts: list[str]) -> Share | None:
    if len(parts) != 6:
        return None
    x, y, zoom = (_degrees(part) for part in parts[:3])
    preset = None if parts[3] == _BY_MODE else _code(parts[3], may_be_empty=True)
    shows, layers = _codes(parts[4]), _codes(parts[5])
    is_chosen = parts[3] == _BY_MODE or preset is not None
    if max(x, y) > 1 or zoom > 24 or not is_chosen or shows is None or layers is None:
        return None
    return SharedMap(sight=MapSight(x=x, y=y, zoom=zoom, preset=preset, shows=shows, layers=layers))


def _trend(parts: list[str]) -> Share | None:
    vitals = _codes(parts[0])
    window = [int(part) for part in parts[1:] if _NUMBER.fullmatch(part)]
    if not vitals or len(vitals) > MOST_LINES or len(window) != len(parts) - 1 or len(window) not in (1, 2):
        return None
    span_s, to_s = window[0], window[1] if len(window) == 2 else None
    is_window = LEAST_SPAN_S <= span_s <= LONGEST_SPAN_S and (to_s is None or span_s < to_s < _LAST_S)
    return SharedTrend(vitals=vitals, span_s=span_s, to_s=to_s) if is_window else None


def _file(parts: list[str]) -> Share | None:
    (number, *more) = parts
    is_number = not more and _NUMBER.fullmatch(number) is not None and number != "0"
    return SharedFile(number=int(number)) if is_number else None


def _joined(codes: tuple[str, ...]) -> str:
    return "+".join(quote(code, safe="") for code in codes)


def _codes(text: str) -> tuple[str, ...] | None:
    """Return the codes of a list, each once; None when one of them is none."""
    found = [_code(part) for part in text.split("+")] if text else []
    known = [code for code in found if code is not None]
    return tuple(known) if len(known) == len(found) == len(set(known)) else None


def _code(text: str, *, may_be_empty: bool = False) -> str | None:
    """Return a code; None for what is not written as codes are: one thing has one name, and is one share."""
    code = unquote(text)
    is_code = (bool(code) or may_be_empty) and len(code) <= _LONGEST_CODE and quote(code, safe="") == text
    return code if is_code and (code.isprintable() or not code) else None


def _degrees(text: str) -> float:
    return float(text) if _DEGREES.fullmatch(text) else math.inf
