"""Packed shapes ↔ shapely's geometries, whole columns at a time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from chengyun_core.geo.shapes import AREA, LINE, POINT, Shapes, empty

Geometries = npt.NDArray[np.object_]
"""[n] shapely geometries; None: none."""
_KIND = {0: POINT, 4: POINT, 1: LINE, 2: LINE, 5: LINE, 3: AREA, 6: AREA}
"""shapely's type number → ours. Collections are none of ours: see mend."""


def kind_of(geometry: Any) -> int | None:
    """Return POINT, LINE or AREA, None for what is none of them."""
    return _KIND.get(int(shapely.get_type_id(geometry)))


def shapes_of(
    geometries: Sequence[Any] | Geometries, codes: Sequence[str], names: Sequence[str],
    attributes: dict[str, tuple[str, ...]] | None = None,
) -> Shapes:  # fmt: skip
    """Return features of one geometry each, none of them empty, as packed shapes."""
    found = np.asarray(geometries, dtype=object)
    if not len(found):
        return empty()
    kinds = np.array([_KIND[number] for number in shapely.get_type_id(found).tolist()], dtype=np.uint8)
    parts, owner = shapely.get_parts(found, return_index=True)
    rings, of_part = _rings(parts, kinds[owner])
    coords, of_ring = shapely.get_coordinates(rings, return_index=True)
    return Shapes(
        kinds=kinds, parts=_offsets(owner, len(found)), rings=_offsets(of_part, len(parts)),
        points=_offsets(of_ring, len(rings)), coords=np.ascontiguousarray(coords), codes=tuple(codes),
        names=tuple(names), attributes=attributes or {},
    )  # fmt: skip


def geometries_of(shapes: Shapes) -> Geometries:
    """Return a geometry for each feature: a point, line or area when it has one part, else one of several."""
    parts = _parts(shapes)
    singles = np.diff(shapes.parts) == 1
    found = np.empty(len(shapes), dtype=object)
    found[singles] = parts[shapes.parts[:-1][singles]]
    owner = np.repeat(np.arange(len(shapes)), np.diff(shapes.parts))
    makers = {POINT: shapely.multipoints, LINE: shapely.multilinestrings, AREA: shapely.multipolygons}
    for kind, make in makers.items():
        several = np.flatnonzero(~singles & (shapes.kinds == kind))
        for feature in several.tolist():
            found[feature] = make(parts[owner == feature])
    return found


def _rings(parts: Geometries, kinds: npt.NDArray[np.uint8]) -> tuple[Geometries, npt.NDArray[np.int64]]:
    """Return the rings of the areas among parts, the other parts as they are, with the part each belongs to."""
    areas = np.flatnonzero(kinds == AREA)
    others = np.flatnonzero(kinds != AREA)
    rings, within = shapely.get_rings(parts[areas], return_index=True)
    every = np.concatenate((rings, parts[others]))
    of_part = np.concatenate((areas[within], others)).astype(np.int64)
    order = np.argsort(of_part, kind="stable")
    return every[order], of_part[order]


def _offsets(owner: npt.NDArray[np.int64], owners: int) -> npt.NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=owners)))).astype(np.int64)


def _parts(shapes: Shapes) -> Geometries:
    """Return one geometry for each part."""
    of_part = np.repeat(shapes.kinds, np.diff(shapes.parts))
    part_of_ring = np.repeat(np.arange(len(of_part)), np.diff(shapes.rings))
    ring_of_corner = np.repeat(np.arange(len(part_of_ring)), np.diff(shapes.points))
    of_corner = of_part[part_of_ring[ring_of_corner]]
    found = np.empty(len(of_part), dtype=object)
    found[of_part == POINT] = shapely.points(shapes.coords[of_corner == POINT])
    _made(found, shapes, of_part, part_of_ring, ring_of_corner, of_corner)
    return found


def _made(
    found: Geometries, shapes: Shapes, of_part: npt.NDArray[np.uint8], part_of_ring: npt.NDArray[np.int64],
    ring_of_corner: npt.NDArray[np.int64], of_corner: npt.NDArray[np.uint8],
) -> None:  # fmt: skip
    """Put lines and areas into their places; shapely counts what it makes from 0, without gaps."""
    for kind, make in ((LINE, shapely.linestrings), (AREA, shapely.linearrings)):
        mine = of_corner == kind
        if not mine.any():
            continue
        rings, numbers = np.unique(ring_of_corner[mine], return_inverse=True)
        lines = make(shapes.coords[mine], indices=numbers)
        if kind == LINE:
            found[of_part == LINE] = lines
        else:
            _, owners = np.unique(part_of_ring[rings], return_inverse=True)
            found[of_part == AREA] = shapely.polygons(lines, indices=owners)
