"""Roads as a graph: how far one comes in so many minutes, as areas along the roads (M6).

Crossings are the point features of a layer, roads its line features with `from`, `to` and, as far as they are known,
`minutes`, `metres`, `speed_kmh` and `oneway` (geo.readers.network_tables).
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from chengyun_core.geo.lookup import metres_between
from chengyun_core.geo.network import TRUE, drawn_metres
from chengyun_core.geo.shapes import LINE, POINT, Shapes
from chengyun_core.model.failure import Refused
from chengyun_resources.reading import map_words

SPEED_KMH = 30.0
"""Of a road that says nothing of itself, and of the way to the road."""
FARTHEST_M = 2_000.0
"""How far a place may be from the nearest crossing; beyond it roads say nothing of it."""
_WIDE_M = 120.0
"""Half the width of the band along a road that counts as reached."""
_METRES_A_DEGREE = 111_195.0
_STEPS = 4
"""Corners of a quarter of a band's round end."""
Way = tuple[tuple[float, float], tuple[float, float]]
"""Where a stretch begins and ends, (longitude, latitude)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadGraph:
    """Crossings as columns, roads by the crossing they leave."""

    longitudes: npt.NDArray[np.float64]
    latitudes: npt.NDArray[np.float64]
    out: tuple[tuple[tuple[int, float], ...], ...]
    """Crossing → (crossing, minutes) one comes to from it."""
    back: tuple[tuple[tuple[int, float], ...], ...]
    """Crossing → (crossing, minutes) one comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Isochrone:
    """What is reached in so many minutes."""

    minutes: float
    rings: tuple[npt.NDArray[np.float64], ...]
    """Outer rings [k, 2] in degrees, closed."""
    nodes: int


def graph_of(shapes: Shapes) -> RoadGraph:
    """Return the roads in a layer; raise Refused `map.no_roads` when it has none with ends."""
    nodes = [one for one in range(len(shapes)) if shapes.kinds[one] == POINT]
    number = {shapes.codes[one]: place for place, one in enumerate(nodes)}
    places = np.array([next(shapes.rings_of(one))[0] for one in nodes]).reshape(-1, 2)
    out: list[list[tuple[int, float]]] = [[] for _ in nodes]
    back: list[list[tuple[int, float]]] = [[] for _ in nodes]
    true = TRUE | map_words("true")
    starts, ends, oneway = (_column(shapes, name) for name in ("from", "to", "oneway"))
    for one in range(len(shapes)):
        start, end = number.get(starts[one]), number.get(ends[one])
        if shapes.kinds[one] != LINE or start is None or end is None:
            continue
        minutes = _minutes(shapes, one)
        ways = ((start, end),) if oneway[one].lower() in true else ((start, end), (end, start))
        for here, there in ways:
            out[here].append((there, minutes))
            back[there].append((here, minutes))
    if not any(out):
        raise Refused("map.no_roads")
    return RoadGraph(
        longitudes=places[:, 0], latitudes=places[:, 1], out=tuple(map(tuple, out)), back=tuple(map(tuple, back))
    )  # fmt: skip


def snapped(graph: RoadGraph, longitude: float, latitude: float) -> tuple[int, float]:
    """Return the nearest crossing and how many metres away it is."""
    metres = metres_between(longitude, latitude, graph.longitudes, graph.latitudes)
    nearest = int(np.argmin(metres))
    return nearest, float(metres[nearest])


def minutes_from(graph: RoadGraph, start: int, most: float, *, towards: bool) -> dict[int, float]:
    """Return crossing → minutes to (`towards`) or from a crossing, as far as `most` minutes."""
    ways = graph.back if towards else graph.out
    found: dict[int, float] = {}
    waiting = [(0.0, start)]
    while waiting:
        spent, node = heapq.heappop(waiting)
        if node in found:
            continue
        found[node] = spent
        for other, minutes in ways[node]:
            if other not in found and spent + minutes <= most:
                heapq.heappush(waiting, (spent + minutes, other))
    return found


def isochrones(
    graph: RoadGraph, longitude: float, latitude: float, minutes: Sequence[float], *, towards: bool
) -> tuple[Isochrone, ...]:  # fmt: skip
    """Return what is reached in each of these minutes, least first; the way to the nearest crossing is counted."""
    start, metres = snapped(graph, longitude, latitude)
    first = metres / 1000 / SPEED_KMH * 60
    limits = sorted(minutes)
    spent = minutes_from(graph, start, limits[-1] - first, towards=towards) if limits[-1] >= first else {}
    way = ((longitude, latitude), (float(graph.longitudes[start]), float(graph.latitudes[start])))
    return tuple(_isochrone(graph, spent, limit, first, way, towards=towards) for limit in limits)


def _isochrone(
    graph: RoadGraph, spent: dict[int, float], limit: float, first: float, way: Way, *, towards: bool
) -> Isochrone:  # fmt: skip
    within = {node: gone + first for node, gone in spent.items() if gone + first <= limit}
    lines = [*_lines(graph, within, limit, towards=towards), _part(way, limit / first if first else 1.0)]
    scale = np.array((np.cos(np.radians(way[0][1])), 1.0)) * _METRES_A_DEGREE
    flat = shapely.linestrings((np.array(lines) - way[0]) * scale)
    # Each for itself, then all together: one line of thousands that cross takes GEOS a minute to widen.
    wide = shapely.union_all(shapely.buffer(flat, _WIDE_M, quad_segs=_STEPS))
    areas = shapely.get_parts(shapely.simplify(wide, _WIDE_M / 10)).tolist()
    rings = tuple(
        shapely.get_coordinates(shapely.get_exterior_ring(part)) / scale + way[0] for part in areas
    )  # fmt: skip
    return Isochrone(minutes=limit, rings=rings, nodes=len(within))


def _lines(graph: RoadGraph, within: dict[int, float], limit: float, *, towards: bool) -> list[Way]:
    """Return the stretches of road that are reached: a road that is too long as far as the minutes last."""
    ways = graph.back if towards else graph.out
    found = []
    for node, gone in within.items():
        here = (float(graph.longitudes[node]), float(graph.latitudes[node]))
        for other, minutes in ways[node]:
            there = (float(graph.longitudes[other]), float(graph.latitudes[other]))
            found.append(_part((here, there), (limit - gone) / minutes if minutes > 0 else 1.0))
    return found


def _part(way: Way, share: float) -> Way:
    (x, y), (other_x, other_y) = way
    share = min(1.0, share)
    return (x, y), (x + share * (other_x - x), y + share * (other_y - y))


def _minutes(shapes: Shapes, feature: int) -> float:
    minutes = _number(shapes, feature, "minutes")
    if minutes:
        return minutes
    metres = _number(shapes, feature, "metres") or drawn_metres(shapes, feature)
    return metres / 1000 / (_number(shapes, feature, "speed_kmh") or SPEED_KMH) * 60


def _number(shapes: Shapes, feature: int, name: str) -> float:
    """Return a figure of a road, 0 when it says none that can be."""
    try:
        found = float(_column(shapes, name)[feature])
    except ValueError:
        return 0.0
    return found if 0 < found < 1e7 else 0.0


def _column(shapes: Shapes, name: str) -> tuple[str, ...]:
    return shapes.attributes.get(name) or ("",) * len(shapes)
