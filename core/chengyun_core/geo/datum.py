"""GCJ-02 → WGS-84: the shift of public maps in China taken back, by iteration, with the error that is left.

The law of the shift was never published. What stands here is the one found by comparison (eviltransform, PRCoords);
it leaves out small noise that the official one adds. CGCS2000 and WGS-84 are held as one datum: they differ by
centimetres, and pyproj too calls the way between them a ballpark identity.
"""

import numpy as np
import numpy.typing as npt

from chengyun_core.model.map_layer import Datum

Floats = npt.NDArray[np.float64]
LEFT_M = 10.0
"""Metres a converted place may be off: mean 3.4 and deviation 2.7 of this law against 1° control points of a public
map service (pygcj 0.0.2 tells both), the mean and two and a half deviations."""
ROUND_TRIP_M = 1e-4
"""Metres that the iteration itself leaves at most; measured in tests/core/geo/test_datum.py."""
_AXIS_M = 6_378_245.0
_SQUASH = 0.00669342162296594323
"""Half axis and squared eccentricity of Krasovsky 1940, which the law reckons its metres with."""
_STEPS = 8
"""The shift changes by less than 3 % over its own length: each step gains more than a decimal and a half."""
_WEST, _SOUTH, _EAST, _NORTH = 72.004, 0.8293, 137.8347, 55.8271
"""Outside this box nothing is shifted; it is the box all known implementations use."""


def to_ours(longitude: npt.ArrayLike, latitude: npt.ArrayLike, datum: Datum) -> tuple[Floats, Floats]:
    """Return (longitude, latitude) of our datum, float64 of the shape that came; degrees."""
    longitude, latitude = np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)
    if datum is not Datum.GCJ02:
        return longitude, latitude
    return _taken_back(longitude, latitude)


def to_gcj02(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return where a place of our datum lies on a public map, in degrees; for tests and for handing places out."""
    longitude, latitude = np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)
    east, north = _shift(longitude, latitude)
    return longitude + east, latitude + north


def error_of(datum: Datum) -> float:
    """Return how many metres a place may be off by being converted from a datum."""
    return LEFT_M if datum is Datum.GCJ02 else 0.0


def _taken_back(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    found = longitude.copy(), latitude.copy()
    inside = _inside(longitude, latitude)
    for _ in range(_STEPS):
        east, north = _shift(*found)
        found = np.where(inside, longitude - east, longitude), np.where(inside, latitude - north, latitude)
    return found


def _inside(longitude: Floats, latitude: Floats) -> npt.NDArray[np.bool_]:
    within = (longitude >= _WEST) & (longitude <= _EAST) & (latitude >= _SOUTH) & (latitude <= _NORTH)
    return np.asarray(within, dtype=np.bool_)


def _shift(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    """Return the shift east and north in degrees; none outside the box."""
    east_m, north_m = _metres(longitude - 105.0, latitude - 35.0)
    rad = np.radians(latitude)
    bent = 1.0 - _SQUASH * np.sin(rad) ** 2
    of_north = np.radians(_AXIS_M * (1 - _SQUASH) / bent**1.5)
    of_east = np.radians(_AXIS_M * np.maximum(np.cos(rad), 1e-9) / np.sqrt(bent))
    inside = _inside(longitude, latitude)
    return np.where(inside, east_m / of_east, 0.0), np.where(inside, north_m / of_north, 0.0)


def _metres(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return the shift in metres, x and y in degrees from 105° E, 35° N."""
    root = np.sqrt(np.abs(x))
    both = _waves(x, (6.0, 20.0), (2.0, 20.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both
    east += _waves(x, (1.0, 20.0), (1 / 3, 40.0), (1 / 12, 150.0), (1 / 30, 300.0))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both
    north += _waves(y, (1.0, 20.0), (1 / 3, 40.0), (1 / 12, 160.0), (1 / 30, 320.0))
    return east, north


def _waves(place: Floats, *waves: tuple[float, float]) -> Floats:
    """Return the sum of sines: (half turns a degree, height in two thirds of a metre)."""
    total = np.zeros_like(place)
    for turns, height in waves:
        total += height * 2 / 3 * np.sin(turns * np.pi * place)
    return total
