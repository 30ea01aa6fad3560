"""What lies within a polygon or a circle on the ground, and which area of a layer a place is in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from chengyun_core.geo.geometry import geometries_of
from chengyun_core.geo.shapes import AREA, Shapes
from chengyun_core.model.failure import Refused

Floats = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]
"""(west, south, east, north) in degrees."""
LONGEST_RADIUS_M = 200_000.0
_EARTH_M = 6_371_008.8
_A_DEGREE_M = _EARTH_M * np.pi / 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A polygon, or a circle on the sphere."""

    longitude: float
    """Of the middle."""
    latitude: float
    radius_m: float = 0.0
    """0: the polygon."""
    area: Any = None

    def box(self) -> Box:
        """Return the box around it."""
        if self.area is not None:
            west, south, east, north = shapely.bounds(self.area)
            return float(west), float(south), float(east), float(north)
        high = self.radius_m / _A_DEGREE_M
        wide = min(180.0, high / max(0.01, float(np.cos(np.radians(self.latitude)))))
        return self.longitude - wide, self.latitude - high, self.longitude + wide, self.latitude + high

    def holds(self, longitude: Floats, latitude: Floats) -> npt.NDArray[np.bool_]:
        """Return for each place whether it lies within; one on the border does."""
        west, south, east, north = self.box()
        found = (longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)
        x, y = longitude[found], latitude[found]
        # Only what is in the box is looked at closely: of a city's points a district holds few.
        found[found] = (
            self.metres(x, y) <= self.radius_m if self.area is None else shapely.intersects_xy(self.area, x, y)
        )
        return found

    def metres(self, longitude: Floats, latitude: Floats) -> Floats:
        """Return how far places are from its middle."""
        return metres_between(self.longitude, self.latitude, longitude, latitude)

    def km2(self) -> float:
        """Return its area on the ground."""
        if self.area is None:
            return float(np.pi * (self.radius_m / 1000) ** 2)
        north = shapely.get_coordinates(self.area)[:, 1].mean()
        return float(shapely.area(self.area) * (_A_DEGREE_M / 1000) ** 2 * np.cos(np.radians(north)))


def zone_of(ring: Sequence[tuple[float, float]], longitude: float, latitude: float, radius_m: float) -> Zone:
    """Return the polygon, or with no corners the circle.

    Raises:
        Refused: `map.zone_place`, `map.zone_radius`, `map.zone_corners` for what is neither.
    """
    if not ring:
        if not (abs(longitude) <= 180 and abs(latitude) <= 85):
            raise Refused("map.zone_place", longitude=longitude, latitude=latitude)
        if not 0 < radius_m <= LONGEST_RADIUS_M:
            raise Refused("map.zone_radius", radius=radius_m, most=LONGEST_RADIUS_M)
        return Zone(longitude=longitude, latitude=latitude, radius_m=radius_m)
    return _whole(_area(ring), len(ring))


def zone_round(rings: Sequence[Sequence[tuple[float, float]]]) -> Zone:
    """Return what lies within any of some polygons; where two lie over each other it is counted once.

    Raises:
        Refused: `map.zone_corners` when one of them is none, or there is none.
    """
    return _whole(shapely.union_all([_area(ring) for ring in rings]), sum(map(len, rings)))


def _area(ring: Sequence[tuple[float, float]]) -> Any:
    corners = np.array(ring, dtype=np.float64)
    good = np.isfinite(corners).all() and (np.abs(corners[:, 0]) <= 180).all() and (np.abs(corners[:, 1]) <= 85).all()
    if len({tuple(one) for one in ring}) < 3 or not good:
        raise Refused("map.zone_corners", count=len(ring))
    # A hand that draws crosses its own line now and then: what it went round is meant.
    return shapely.make_valid(shapely.polygons(corners), method="structure", keep_collapsed=False)


def _whole(area: Any, corners: int) -> Zone:
    if not shapely.area(area):
        raise Refused("map.zone_corners", count=corners)
    shapely.prepare(area)
    middle = shapely.centroid(area)
    return Zone(longitude=shapely.get_x(middle), latitude=shapely.get_y(middle), area=area)


class Areas:
    """The areas of a layer, to ask which one a place is in."""

    def __init__(self, shapes: Shapes) -> None:
        self._wanted = np.flatnonzero(shapes.kinds == AREA)
        self._codes = shapes.codes
        self._geometries = geometries_of(shapes)[self._wanted]
        self._tree = shapely.STRtree(self._geometries)

    def at(self, longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> list[str]:
        """Return the code of the area each place is in, empty for none; the first one where areas overlap."""
        places = shapely.points(np.atleast_1d(longitude), np.atleast_1d(latitude))
        place, area = self._tree.query(places, predicate="intersects")
        found = [""] * len(places)
        for one, other in sorted(zip(place.tolist(), area.tolist(), strict=True), reverse=True):
            found[one] = self._codes[int(self._wanted[other])]
        return found


def nearest(longitude: float, latitude: float, longitudes: Floats, latitudes: Floats, count: int) -> Any:
    """Return the indices of the nearest places, nearest first, and their metres."""
    metres = metres_between(longitude, latitude, longitudes, latitudes)
    order = np.argsort(metres, kind="stable")[:count]
    return order, metres[order]


def metres_between(longitude: float, latitude: float, longitudes: Floats, latitudes: Floats) -> Floats:
    """Return great-circle metres from one place to many (haversine)."""
    north, norths = np.radians(latitude), np.radians(latitudes)
    half = np.sin((norths - north) / 2) ** 2
    half += np.cos(north) * np.cos(norths) * np.sin(np.radians(longitudes - longitude) / 2) ** 2
    return np.asarray(2 * _EARTH_M * np.arcsin(np.sqrt(np.minimum(1.0, half))), dtype=np.float64)
