"""Areas that lie side by side (districts): how much they overlap and leave open, and their common borders put right."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from chengyun_core.geo.geometry import Geometries

_METRES_A_DEGREE = 111_195.0
SNAP = 1e-7
"""Degrees within which two corners are one: a centimetre."""
GAP_M = 300.0
"""Widest sliver between neighbours that is closed; what is wider may be meant."""
MOST_CLEANED = 5_000
"""Areas whose borders are put right together; beyond that they are left as they came, and it is said."""
_ALIKE = 0.2
"""Share of an area that may lie under others for the layer still to be one of areas side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How areas fit together."""

    overlap_km2: float
    """Counted once for every pair."""
    gap_km2: float
    """Holes between them that are closed in on all sides and narrow."""
    total_km2: float
    edges: int
    """Areas with a border that does not match its neighbour's corner by corner."""


def fit_of(areas: Geometries) -> Fit:
    """Return how areas fit together; square kilometres by the cosine of the middle latitude."""
    square = _square_km(areas)
    total = float(shapely.area(areas).sum())
    union = shapely.union_all(areas, grid_size=SNAP)
    holes = float(shapely.area(_slivers(union)).sum())
    overlaps = _overlaps(areas)
    unmatched = int(np.count_nonzero(~shapely.is_empty(shapely.coverage_invalid_edges(areas))))
    return Fit(
        overlap_km2=overlaps * square, gap_km2=holes * square, total_km2=total * square, edges=unmatched,
    )  # fmt: skip


def lies_side_by_side(areas: Geometries) -> bool:
    """Return whether areas are meant to be a coverage: they touch, and hardly overlap."""
    if not 2 <= len(areas) <= MOST_CLEANED:
        return False
    total = float(shapely.area(areas).sum())
    touching = len(shapely.STRtree(areas).query(areas, predicate="intersects")[0]) > len(areas)
    return touching and _overlaps(areas) < _ALIKE * total


def cleaned(areas: Geometries) -> Geometries:
    """Return areas with common borders: overlaps go to the one with the longer border, slivers are closed."""
    width = GAP_M / _METRES_A_DEGREE
    found: Any = shapely.coverage_clean(areas, gap_width=width, snapping_distance=SNAP)
    lost = shapely.is_empty(found)
    # An area that others swallow whole is kept as it came: it is in the source, and somebody has to look at it.
    found[lost] = areas[lost]
    return np.asarray(found, dtype=object)


def _overlaps(areas: Geometries) -> float:
    tree = shapely.STRtree(areas)
    one, other = tree.query(areas, predicate="intersects")
    pairs = one < other
    common = shapely.intersection(areas[one[pairs]], areas[other[pairs]])
    return float(shapely.area(common).sum())


def _slivers(union: Any) -> Geometries:
    """Return the gaps a union closes in that are narrower than GAP_M: a lake is wider, and no mistake."""
    outlines = shapely.union_all(shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(union))))
    gaps = shapely.get_parts(shapely.difference(outlines, union))
    width = 2 * shapely.area(gaps) / np.maximum(shapely.length(gaps), 1e-12)
    return np.asarray(gaps[width < GAP_M / _METRES_A_DEGREE], dtype=object)


def _square_km(areas: Geometries) -> float:
    south, north = shapely.total_bounds(areas)[1::2]
    return float((_METRES_A_DEGREE / 1000) ** 2 * np.cos(np.radians((south + north) / 2)))
