"""Lengths, areas and circles on the ground from world coordinates, on the sphere that stands for the ellipsoid.

Lengths are great circles on the mean radius, areas are those of the authalic sphere (IUGG 1980: R1 6 371 008.8 m, R2
6 371 007.2 m); against the ellipsoid of CGCS2000 a length is off by at most 0.3 % at 30° north
(from north to south), by at most 0.6 % anywhere.
"""

import math

import numpy as np
from numpy.typing import NDArray

from chengyun_widgets.mapping.layers import World
from chengyun_widgets.mapping.view import Floats, MapView

MEAN_RADIUS_M = 6_371_008.8
AUTHALIC_RADIUS_M = 6_371_007.2
CIRCLE_POINTS = 180


def degrees_of(points: Floats) -> Floats:
    """Return float64[n, 2] of longitude and latitude in degrees of world coordinates of the same shape."""
    longitude = points[:, 0] * 360.0 - 180.0
    latitude = np.degrees(np.arctan(np.sinh(math.pi * (1.0 - 2.0 * points[:, 1]))))
    return np.stack([longitude, latitude], axis=1)


def world_of(degrees: Floats) -> Floats:
    """Return world coordinates float64[n, 2] of longitude and latitude in degrees of the same shape."""
    x = (degrees[:, 0] + 180.0) / 360.0
    y = (1.0 - np.arcsinh(np.tan(np.radians(degrees[:, 1]))) / math.pi) / 2.0
    return np.stack([x, y], axis=1)


def metres_per_px(view: MapView) -> float:
    """Return how many metres of the ground a px is, in the middle of a view."""
    latitude = math.atan(math.sinh(math.pi * (1.0 - 2.0 * view.y)))
    return 2.0 * math.pi * MEAN_RADIUS_M * math.cos(latitude) / view.scale


def length_m(points: tuple[World, ...]) -> float:
    """Return the length of a line along great circles, in metres."""
    if len(points) < 2:
        return 0.0
    lon, lat = np.radians(degrees_of(np.array(points))).T
    half_lat, half_lon = np.diff(lat) / 2, np.diff(lon) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(half_lon) ** 2
    return float(2.0 * MEAN_RADIUS_M * np.arcsin(np.sqrt(chord)).sum())


def area_m2(ring: tuple[World, ...]) -> float:
    """Return the area of a simple ring, in square metres; its sides are straight on an equal-area map of the city."""
    if len(ring) < 3:
        return 0.0
    lon, lat = np.radians(degrees_of(np.array(ring))).T
    high = np.sin(lat)
    # Of the sphere: an equal-area cylinder (Lambert), and on it the shoelace.
    return float(abs((lon * np.roll(high, -1) - np.roll(lon, -1) * high).sum()) / 2.0 * AUTHALIC_RADIUS_M**2)


def circle(centre: World, radius_m: float, count: int = CIRCLE_POINTS) -> Floats:
    """Return the points float64[count + 1, 2] at `radius_m` of a place along great circles, from the east, closed."""
    lon, lat = np.radians(degrees_of(np.array([centre])))[0]
    # 90 degrees first: the point in the east is where a ring has its label.
    bearing = math.pi / 2 - np.linspace(0.0, 2.0 * math.pi, count + 1)
    far = radius_m / MEAN_RADIUS_M
    lats = np.arcsin(math.sin(lat) * math.cos(far) + math.cos(lat) * math.sin(far) * np.cos(bearing))
    lons = lon + np.arctan2(
        np.sin(bearing) * math.sin(far) * math.cos(lat), math.cos(far) - math.sin(lat) * np.sin(lats)
    )
    return world_of(np.degrees(np.stack([lons, lats], axis=1)))


def crosses_itself(ring: tuple[World, ...]) -> bool:
    """Return whether a ring's sides cross each other: such a ring has no inside."""
    count = len(ring)
    begin = np.array(ring)
    end = np.roll(begin, -1, axis=0)
    for at in range(count):
        others = np.array([one for one in range(at + 2, count) if (at, one) != (0, count - 1)], dtype=np.int64)
        if len(others) and _cross(begin[at], end[at], begin[others], end[others]).any():
            return True
    return False


def _cross(a: Floats, b: Floats, c: Floats, d: Floats) -> NDArray[np.bool_]:
    """Return bool[n]: whether the line a-b properly crosses each of c-d."""
    of_a, of_b = _side(c, d, a), _side(c, d, b)
    of_c, of_d = _side(a, b, c), _side(a, b, d)
    crossed: NDArray[np.bool_] = (of_a * of_b < 0) & (of_c * of_d < 0)
    return crossed


def _side(begin: Floats, end: Floats, point: Floats) -> Floats:
    along, to = end - begin, point - begin
    turned: Floats = np.sign(along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0])
    return turned
