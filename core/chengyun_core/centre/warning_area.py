"""Where a warning holds: its polygons, circles, codes or names → the centres of ours within, and the risk points there.

A centre has no outline in the catalogue. What is known of places are the positions of risk points and units: a centre
is within an outline when one of them is (decision 0298).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from chengyun_core.bulletins.texts import LEAST_CORNERS
from chengyun_core.centre.city import City
from chengyun_core.model.geo import METRES_A_DEGREE
from chengyun_core.model.places import Centre
from chengyun_core.model.scales import Level
from chengyun_core.model.warning import Affected, Polygon
from chengyun_core.store import warning_places
from chengyun_core.store.warning_places import Box, Spot

Ring = tuple[tuple[float, float], ...]
_MOST_WORK = 20_000_000
"""Corners times places looked at for one area. Beyond it outlines are thinned, so that no file holds the centre up."""
_LEAST_SHARE = 64
"""Corners of one outline that are always looked at."""
Places = npt.NDArray[np.float64]
"""Shape (n, 2): longitude, latitude in degrees."""


@dataclass(frozen=True, slots=True)
class _Outline:
    """A ring, or a circle as the ring around it."""

    ring: Ring

    def box(self) -> Box:
        east = [corner[0] for corner in self.ring]
        north = [corner[1] for corner in self.ring]
        return min(east), min(north), max(east), max(north)

    def holds(self, places: Places, work: int) -> npt.NDArray[np.bool_]:
        """Return for each place whether it lies within: the even-odd rule along a line to the east."""
        west, south, east, north = self.box()
        x, y = places[:, 0], places[:, 1]
        inside = (west <= x) & (x <= east) & (south <= y) & (y <= north)
        near = np.flatnonzero(inside)[: work // _LEAST_SHARE]
        inside[:] = False
        if near.size:
            ring = np.array(_thinned(self.ring, max(_LEAST_SHARE, work // near.size)))
            inside[near] = _even_odd(x[near], y[near], ring)
        return inside


def outlines(area: Affected) -> list[_Outline]:
    """Return the outlines of an area."""
    rings = [_Outline(one.ring) for one in area.polygons if len(one.ring) >= LEAST_CORNERS]
    return rings + [_Outline(_around(*one)) for one in area.circles]


def within(city: City, connection: Connection, area: Affected) -> tuple[str, ...]:
    """Return the widest of our centres that an area names or holds, by code.

    Codes of districts whose outline is told as well give way to the towns within it: the outline is the finer of both.
    """
    drawn = _hit(city, {spot.centre for spot in spots_in(city, connection, area)})
    coded = {code for one in area.codes if (code := _coded(city, one))}
    coded = {code for code in coded if not any(code in city.path(one) for one in drawn)}
    chosen = drawn | coded or set(_called(city, area.text))
    return tuple(sorted(code for code in chosen if not chosen & set(city.path(code)[1:])))


def spots_in(city: City, connection: Connection, area: Affected) -> list[Spot]:
    """Return the risk points and units within the outlines of an area, each once."""
    rings = outlines(area)
    if not rings:
        return []
    homes = [Spot("", unit.centre, unit.longitude, unit.latitude) for unit in city.units.values()
             if unit.longitude is not None and unit.latitude is not None]  # fmt: skip
    return _held(rings, lambda box: [*warning_places.in_box(connection, box), *homes])


def count_points(connection: Connection, area: Affected) -> dict[str, int]:
    """Return how many risk points of each centre lie within the outlines of an area."""
    return dict(Counter(spot.centre for spot in _held(outlines(area), partial(warning_places.in_box, connection))))


def concerned(city: City, centres: Iterable[str]) -> tuple[str, ...]:
    """Return who is concerned by a warning over these centres: they, those one level below, and a town's district."""
    found: dict[str, None] = {}
    for code in centres:
        place = city.centres.get(code)
        if place is None:
            continue
        if place.level is Level.TOWN and place.parent:
            found.setdefault(place.parent)
        found.setdefault(code)
        found.update(dict.fromkeys(one.code for one in city.centres.values() if one.parent == code))
    return tuple(found)


def touches(city: City, centres: Iterable[str], centre: str) -> bool:
    """Return whether a warning over these centres concerns a centre: one lies within the other."""
    way = city.path(centre)
    return any(code in way or centre in city.path(code) for code in centres)


def _held(rings: Sequence[_Outline], near: Callable[[Box], list[Spot]]) -> list[Spot]:
    """Return which of the places near are within one of the outlines."""
    if not rings:
        return []
    boxes = np.array([outline.box() for outline in rings])
    west, south = (float(least) for least in boxes[:, :2].min(axis=0))
    east, north = (float(most) for most in boxes[:, 2:].max(axis=0))
    spots = near((west, south, east, north))
    places = np.array([(spot.longitude, spot.latitude) for spot in spots], dtype=np.float64).reshape(-1, 2)
    inside = np.zeros(len(spots), dtype=bool)
    for outline in rings:
        inside |= outline.holds(places, _MOST_WORK // len(rings))
    return [spot for spot, is_in in zip(spots, inside, strict=True) if is_in]


def _even_odd(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], ring: Places) -> npt.NDArray[np.bool_]:
    x1, y1 = ring[:-1, :1], ring[:-1, 1:]
    x2, y2 = ring[1:, :1], ring[1:, 1:]
    # An edge along the parallel is crossed by nothing; its slope is never asked for.
    rise = np.where(y1 == y2, 1.0, y2 - y1)
    crossed = ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / rise + x1)
    odd: npt.NDArray[np.bool_] = np.logical_xor.reduce(crossed, axis=0)
    return odd


def _hit(city: City, centres: set[str]) -> set[str]:
    """Return towns with a place within; a district where none of its towns has one; the city's own tell nothing.

    A centre of which every one below is within is within as a whole.
    """
    levels = {code: city.centres[code].level for code in centres if code in city.centres}
    towns = {code for code, level in levels.items() if level is Level.TOWN}
    districts = {code for code, level in levels.items() if level is Level.DISTRICT}
    found = towns | {code for code in districts if not any(code in city.path(town) for town in towns)}
    below: dict[str, list[str]] = {}
    for one in city.centres.values():
        if one.parent:
            below.setdefault(one.parent, []).append(one.code)
    # From the lowest up: a city is whole when its districts became so.
    for code in sorted(below, key=lambda code: -len(city.path(code))):
        if found.issuperset(below[code]):
            found.add(code)
    return found


def _coded(city: City, code: str) -> str:
    """Return our centre of an administrative code of 6, 9 or 12 digits (GB/T 2260, GB/T 10114); empty: none."""
    digits = code.strip()
    if not digits.isascii() or not digits.isdigit():
        return ""
    whole = digits.ljust(12, "0")
    tries = (digits, whole, whole[:9] if whole[9:] == "000" else "", whole[:6] if whole[6:] == "000000" else "")
    return next((one for one in tries if one in city.centres), "")


def _called(city: City, text: str) -> Iterator[str]:
    """Yield the centres that a text names; a town whose name several districts have, only beside its district's."""
    named = [place for place in city.centres.values() if len(place.name) > 1 and place.name in text]
    districts = {place.code for place in named if place.level is not Level.TOWN}
    for place in named:
        if place.level is not Level.TOWN or place.parent in districts or _is_alone(named, place):
            yield place.code


def _is_alone(named: Sequence[Centre], place: Centre) -> bool:
    return sum(other.name == place.name for other in named) == 1


def _around(longitude: float, latitude: float, radius_km: float) -> Ring:
    """Return a ring of 64 corners around a circle; on the ground of one city the earth is flat enough for it."""
    turn = np.linspace(0.0, 2 * np.pi, 65)
    north = radius_km * 1000 / METRES_A_DEGREE
    east = north / max(0.01, float(np.cos(np.radians(latitude))))
    corners = zip(longitude + east * np.cos(turn), latitude + north * np.sin(turn), strict=True)
    return tuple((float(x), float(y)) for x, y in corners)


def _thinned(ring: Ring, most: int) -> Ring:
    if len(ring) <= most:
        return ring
    step = -(-len(ring) // most)
    return (*ring[:-1:step], ring[0])


def drawn(polygons: Sequence[Polygon]) -> tuple[Polygon, ...]:
    """Return polygons closed: an officer's click on the map ends where it began."""
    return tuple(one if one.ring[0] == one.ring[-1] else Polygon(ring=(*one.ring, one.ring[0])) for one in polygons)
