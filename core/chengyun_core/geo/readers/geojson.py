"""GeoJSON (RFC 7946) → rows: every feature is taken apart by itself, so that one that is broken is told by its line."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import shapely

from chengyun_core.geo.readers.decoding import decoded
from chengyun_core.geo.rows import Row, Source, note, text_of
from chengyun_core.geo.shapes import MOST_COORDS, MOST_FEATURES
from chengyun_core.model.failure import Refused
from chengyun_core.model.map_layer import LayerNote, NoteGrade

_OURS = ("crs84", "4326", "4490")
"""What a `crs` of before RFC 7946 may name: WGS-84 and CGCS2000 in degrees."""
_DEEPEST = 4
"""Lists in lists of a position of an area of several parts."""


_LEAST_OF_A_RING = 4
Corners = npt.NDArray[np.float64]


class _Collection(msgspec.Struct):
    type: str
    features: list[msgspec.Raw] = []
    crs: Any = None


class _Feature(msgspec.Struct):
    geometry: Any = None
    properties: dict[str, Any] | None = None
    id: str | int | float | None = None


class _Bad(Exception):  # noqa: N818 - a word inside this file
    """A geometry that is none; carries code and value."""


def read(data: bytes) -> Source:
    """Return the features of a GeoJSON text; a single feature or geometry is a collection of one.

    Raises:
        Refused: `map.not_json` with line and place, `map.not_geojson`, `map.crs_unknown`, `map.too_many_features`.
    """
    text, codec = decoded(data)
    whole = text.encode()
    try:
        collection = msgspec.json.decode(whole, type=_Collection)
    except (msgspec.MsgspecError, RecursionError) as fault:
        raise _not_json(whole, fault) from fault
    _check_crs(collection.crs)
    raws = collection.features if collection.type == "FeatureCollection" else [msgspec.Raw(whole)]
    if len(raws) > MOST_FEATURES:
        raise Refused("map.too_many_features", count=len(raws), most=MOST_FEATURES)
    notes: tuple[LayerNote, ...] = ()
    if codec != "utf-8":
        notes = (note(NoteGrade.TOLD, "map.note_encoding", params={"encoding": codec}),)
    return Source(rows=list(_rows(whole, raws)), notes=notes)


def _not_json(data: bytes, fault: Exception) -> Refused:
    """Return why, with the line: the parser tells the byte it stopped at."""
    told = str(fault)
    place = told.rpartition("(byte ")[2].rstrip(")")
    at = int(place) if place.isdigit() else len(data)
    return Refused("map.not_json", line=data.count(b"\n", 0, at) + 1, byte=at, reason=told[:120])


def _check_crs(crs: Any) -> None:
    if crs is None:
        return
    told = str(crs.get("properties", {}).get("name", crs) if isinstance(crs, dict) else crs)
    if not any(one in told.lower() for one in _OURS):
        raise Refused("map.crs_unknown", crs=told[:80])


def _rows(whole: bytes, raws: list[msgspec.Raw]) -> Iterator[Row]:
    at, line = 0, 1
    for number, raw in enumerate(raws, start=1):
        data = bytes(raw)
        found = whole.find(data, at)
        line += whole.count(b"\n", at, found)
        at = found
        yield _row(number, line, data)


def _row(number: int, line: int, data: bytes) -> Row:
    try:
        feature = msgspec.json.decode(data, type=_Feature)
        told = feature.geometry if feature.geometry is not None else _bare(data)
        values = {key: text_of(value) for key, value in (feature.properties or {}).items()}
        if feature.id is not None:
            values.setdefault("id", text_of(feature.id))
    except (msgspec.MsgspecError, RecursionError) as fault:
        return Row(number=number, line=line, fault="map.note_not_a_feature", params={"reason": str(fault)[:80]})
    try:
        geometry, warned = _geometry(told)
    except _Bad as bad:
        return Row(number=number, line=line, values=values, fault=bad.args[0], params={"value": str(bad.args[1])[:80]})
    return Row(number=number, line=line, geometry=geometry, values=values, warned=warned)


def _bare(data: bytes) -> Any:
    """Return a geometry that stands without a feature around it; None when it is none."""
    found = msgspec.json.decode(data)
    return found if isinstance(found, dict) and "coordinates" in found else None


def _geometry(told: Any) -> tuple[Any, tuple[str, ...]]:
    if told is None:
        raise _Bad("map.note_no_geometry", "")
    kind = told.get("type") if isinstance(told, dict) else None
    if not isinstance(kind, str) or kind not in _MAKERS:
        raise _Bad("map.note_kind_unknown", kind)
    depth, make = _MAKERS[kind]
    parts = told.get("coordinates")
    for _ in range(_DEEPEST - depth):
        parts = [parts]
    return make(parts)


def _points(parts: Any) -> tuple[Any, tuple[str, ...]]:
    made = [shapely.points(*_corner(one)) for one in _listed(_listed(parts)[0])[0]]
    return (made[0] if len(made) == 1 else shapely.multipoints(made)), ()


def _lines(parts: Any) -> tuple[Any, tuple[str, ...]]:
    made = [shapely.linestrings(_corners(one, least=2)) for one in _listed(_listed(parts)[0])]
    return (made[0] if len(made) == 1 else shapely.multilinestrings(made)), ()


def _areas(parts: Any) -> tuple[Any, tuple[str, ...]]:
    made, warned = [], False
    for part in _listed(parts):
        rings = [_corners(ring, least=3) for ring in _listed(part)]
        warned |= any((ring[0] != ring[-1]).any() for ring in rings)
        outer, *holes = map(_ring, rings)
        made.append(shapely.polygons(outer, holes=holes or None))
    return (made[0] if len(made) == 1 else shapely.multipolygons(made)), ("map.note_closed",) if warned else ()


def _ring(corners: Corners) -> Any:
    """Return a closed ring; one that goes there and back is closed by going there once more, and mended later."""
    if (corners[0] != corners[-1]).any() or len(corners) < _LEAST_OF_A_RING:
        corners = np.vstack((corners, corners[:1]))
    if len(corners) < _LEAST_OF_A_RING:
        raise _Bad("map.note_few_corners", len(corners) - 1)
    return shapely.linearrings(corners)


_Made = tuple[Any, tuple[str, ...]]
_MAKERS: dict[str, tuple[int, Callable[[Any], _Made]]] = {
    "Point": (1, _points), "MultiPoint": (2, _points), "LineString": (2, _lines), "MultiLineString": (3, _lines),
    "Polygon": (3, _areas), "MultiPolygon": (4, _areas),
}  # fmt: skip
"""Type → (how deep its positions lie, what makes it of them)."""


def _listed(parts: Any) -> list[Any]:
    if not isinstance(parts, list) or not parts:
        raise _Bad("map.note_no_corners", parts)
    return parts


def _corners(ring: Any, *, least: int) -> Corners:
    if len(_listed(ring)) < least:
        raise _Bad("map.note_few_corners", len(ring))
    if len(ring) > MOST_COORDS:
        raise _Bad("map.note_many_corners", len(ring))
    return np.array([_corner(one) for one in ring], dtype=np.float64)


def _corner(told: Any) -> tuple[float, float]:
    """Return (longitude, latitude); heights are left off."""
    if not isinstance(told, list) or len(told) < 2 or not all(type(one) in (int, float) for one in told[:2]):
        raise _Bad("map.note_not_a_place", told)
    try:
        return float(told[0]), float(told[1])
    except OverflowError as fault:
        raise _Bad("map.note_not_a_place", "") from fault
