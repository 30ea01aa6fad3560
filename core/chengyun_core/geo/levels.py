"""Shapes simplified for ranges of zoom, neighbours with the same border still: half a pixel off at most."""

from dataclasses import dataclass

import numpy as np
import shapely

from chengyun_core.geo.geometry import Geometries, geometries_of, shapes_of
from chengyun_core.geo.shapes import AREA, POINT, Shapes

STEPS = ((0, 7), (8, 9), (10, 11), (12, 13))
"""(first, last) zoom of each simplified level; from 14 on the shapes are as in the source."""
FULL_FROM = 14
_WORLD_M = 40_075_016.685578488
_PIXELS = 256
_METRES_A_DEGREE = 111_195.0
_WORTH = 0.8
"""Share of corners a level must get below to be kept: a level that saves nothing is only bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Shapes for a range of zoom."""

    from_zoom: int
    tolerance_m: float
    shapes: Shapes


def levels_of(shapes: Shapes, *, is_coverage: bool) -> tuple[Level, ...]:
    """Return the levels, coarsest first; the last is the shapes themselves.

    is_coverage: areas side by side whose common borders stay common.
    """
    found: list[Level] = []
    finest = Level(from_zoom=FULL_FROM, tolerance_m=0.0, shapes=shapes)
    if not len(shapes) or (shapes.kinds == POINT).all():
        return (Level(from_zoom=0, tolerance_m=0.0, shapes=shapes),)
    geometries = geometries_of(shapes)
    before = finest
    for first, last in reversed(STEPS):
        metres = _half_a_pixel(shapes, last)
        simple = _bare(shapes, _simplified(geometries, metres, is_coverage=is_coverage))
        if len(simple.coords) <= _WORTH * len(before.shapes.coords):
            found.append(before)
            before = Level(from_zoom=first, tolerance_m=round(metres, 1), shapes=simple)
        else:
            # What is as fine as the coarser range needs serves it as well.
            before = Level(from_zoom=first, tolerance_m=before.tolerance_m, shapes=before.shapes)
    return (before, *reversed(found))


def _half_a_pixel(shapes: Shapes, zoom: int) -> float:
    """Return half the metres of a pixel at a zoom, in the middle of the shapes."""
    bounds = shapes.bounds()
    north = 0.0 if bounds is None else (bounds[1] + bounds[3]) / 2
    return float(_WORLD_M * np.cos(np.radians(north)) / (_PIXELS * 2.0**zoom) / 2)


def _simplified(geometries: Geometries, metres: float, *, is_coverage: bool) -> Geometries:
    degrees = metres / _METRES_A_DEGREE
    if is_coverage:
        simple = shapely.coverage_simplify(geometries, degrees)
    else:
        simple = shapely.simplify(geometries, degrees, preserve_topology=True)
    found = np.asarray(simple, dtype=object)
    bad = shapely.is_empty(found) | ~shapely.is_valid(found)
    bad |= shapely.get_dimensions(found) != shapely.get_dimensions(geometries)
    found[bad] = geometries[bad]
    return found


def _bare(shapes: Shapes, geometries: Geometries) -> Shapes:
    """Return shapes without attributes: those are asked of the finest level."""
    return shapes_of(geometries, shapes.codes, shapes.names)


def is_area_layer(shapes: Shapes) -> bool:
    """Return whether all features are areas."""
    return bool(len(shapes)) and bool((shapes.kinds == AREA).all())
