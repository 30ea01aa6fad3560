"""One feature judged: taken as it is, mended, or left out; each with the lines of the report that say so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from chengyun_core.geo.geometry import kind_of
from chengyun_core.geo.rows import Row, note
from chengyun_core.geo.shapes import AREA, LINE, MOST_COORDS
from chengyun_core.model.map_layer import LayerNote, NoteGrade

MOST_LOST = 0.5
"""Share by which the two readings of a crossed outline (filled, even-odd) may differ; beyond it the area is left out:
nobody knows what it was meant to be."""
_METRES = 1000.0
"""Beyond this no one writes degrees: what is there is a projected coordinate."""
_SQUARE_KM = 111.195**2
"""Of one square degree at the equator."""
_CHINA = (72.0, 0.0, 138.0, 56.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of a row."""

    geometry: Any
    """None: left out."""
    notes: tuple[LayerNote, ...]


def judged(row: Row) -> Judged:
    """Return the geometry of a row in order, in the source's datum, and what is to be said of it."""
    warned = [note(NoteGrade.MENDED, code, row) for code in row.warned]
    if row.fault:
        return _refused(row, row.fault, row.params)
    if row.geometry is None or shapely.is_empty(row.geometry):
        return _refused(row, "map.note_no_geometry")
    if kind_of(row.geometry) is None:
        return _refused(row, "map.note_kind_unknown", {"value": row.geometry.geom_type})
    geometry = shapely.force_2d(row.geometry)
    if shapely.get_num_coordinates(geometry) > MOST_COORDS:
        return _refused(row, "map.note_many_corners", {"value": shapely.get_num_coordinates(geometry)})
    placed = _placed(row, geometry)
    if placed.geometry is None:
        return placed
    mended = _mended(row, placed.geometry)
    return Judged(geometry=mended.geometry, notes=(*warned, *placed.notes, *mended.notes))


def _refused(row: Row, code: str, params: Mapping[str, object] | None = None) -> Judged:
    return Judged(geometry=None, notes=(note(NoteGrade.REFUSED, code, row, params=params),))


def _placed(row: Row, geometry: Any) -> Judged:
    """Look at the numbers: finite, degrees, and not turned round."""
    corners = shapely.get_coordinates(geometry)
    if not np.isfinite(corners).all():
        return _refused(row, "map.note_not_a_number", {"corner": int(np.argmin(np.isfinite(corners).all(axis=1))) + 1})
    east, north = np.abs(corners[:, 0]), np.abs(corners[:, 1])
    if max(east.max(), north.max()) > _METRES:
        return _refused(row, "map.note_projected", {"value": _told(corners[0])})
    if (north <= 90).all() and (east <= 180).all():
        return _perhaps_turned(row, geometry, corners)
    if (east <= 90).all() and (north <= 180).all():
        # A latitude beyond 90 is none; read the other way every corner is a place.
        turned = shapely.transform(geometry, lambda found: found[:, ::-1])
        return Judged(
            geometry=turned,
            notes=(note(NoteGrade.MENDED, "map.note_turned", row, params={"value": _told(corners[0])}),),
        )
    worst = int(np.argmax(np.maximum(east - 180, north - 90)))
    return _refused(row, "map.note_out_of_range", {"value": _told(corners[worst]), "corner": worst + 1})


def _perhaps_turned(row: Row, geometry: Any, corners: Any) -> Judged:
    """Where both ways are places, somebody has to look: told, not touched."""
    if not _in_china(corners).any() and _in_china(corners[:, ::-1]).all():
        told = note(NoteGrade.TOLD, "map.note_perhaps_turned", row, params={"value": _told(corners[0])})
        return Judged(geometry=geometry, notes=(told,))
    return Judged(geometry=geometry, notes=())


def _in_china(corners: Any) -> Any:
    west, south, east, north = _CHINA
    x, y = corners[:, 0], corners[:, 1]
    return (west <= x) & (x <= east) & (south <= y) & (y <= north)


def _told(corner: Any) -> str:
    return f"{corner[0]:.6g}, {corner[1]:.6g}"


def _mended(row: Row, geometry: Any) -> Judged:
    if kind_of(geometry) == LINE:
        return _line(row, geometry)
    if kind_of(geometry) != AREA or shapely.is_valid(geometry):
        return Judged(geometry=geometry, notes=())
    why = str(shapely.is_valid_reason(geometry))
    # Filled: what a ring covers twice stays land. The even-odd reading would leave holes where it overlaps itself.
    found = _areas_of(shapely.make_valid(geometry, method="structure", keep_collapsed=False))
    if found is None or not shapely.area(found):
        return _refused(row, "map.note_no_area", {"reason": why})
    other = _areas_of(shapely.make_valid(geometry, method="linework"))
    change = abs(shapely.area(found) - (0.0 if other is None else shapely.area(other))) / shapely.area(found)
    if change > MOST_LOST:
        return _refused(row, "map.note_mend_loses", {"reason": why, "percent": f"{100 * change:.1f}"})
    told = {
        "reason": why, "km2": f"{change * _square_km(found):.4f}", "parts": shapely.get_num_geometries(found),
        "percent": f"{100 * change:.4f}",
    }  # fmt: skip
    return Judged(geometry=found, notes=(note(NoteGrade.MENDED, "map.note_mended", row, params=told),))


def _square_km(area: Any) -> float:
    north = np.radians(shapely.get_coordinates(area)[:, 1].mean())
    return float(shapely.area(area) * _SQUARE_KM * np.cos(north))


def _line(row: Row, geometry: Any) -> Judged:
    parts = [part for part in shapely.get_parts(geometry) if shapely.length(part) > 0]
    if not parts:
        return _refused(row, "map.note_no_length")
    lost = shapely.get_num_geometries(geometry) - len(parts)
    told = (note(NoteGrade.MENDED, "map.note_parts_left_out", row, params={"count": lost}),) if lost else ()
    return Judged(geometry=parts[0] if len(parts) == 1 else shapely.multilinestrings(parts), notes=told)


def _areas_of(geometry: Any) -> Any:
    """Return the areas within what mending made, as one geometry; None when there are none."""
    parts = list(shapely.get_parts(geometry)) if geometry.geom_type == "GeometryCollection" else [geometry]
    areas = [one for part in parts if kind_of(part) == AREA for one in shapely.get_parts(part)]
    if not areas:
        return None
    return areas[0] if len(areas) == 1 else shapely.multipolygons(areas)
