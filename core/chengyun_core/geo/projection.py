"""Degrees ↔ world: web Mercator scaled to the unit square, x east and y south, so that tiles are whole fractions."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
HIGHEST_LATITUDE = 85.051128779806604
"""Where the square ends, degrees north and south; beyond it places are drawn on its edge."""
_EQUATOR_M = 40_075_016.685578488
"""Metres of the equator of WGS-84 (2π · 6 378 137)."""


def to_world(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return (x, y), each 0 … 1, of places in degrees; arrays of any one shape in, float64 of that shape out."""
    x = np.asarray(longitude, dtype=np.float64) / 360.0 + 0.5
    north = np.radians(np.clip(np.asarray(latitude, dtype=np.float64), -HIGHEST_LATITUDE, HIGHEST_LATITUDE))
    return x, 0.5 - np.arcsinh(np.tan(north)) / (2 * np.pi)


def to_degrees(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return (longitude, latitude) in degrees of places in the world."""
    longitude = (np.asarray(x, dtype=np.float64) - 0.5) * 360.0
    return longitude, np.degrees(np.arctan(np.sinh((0.5 - np.asarray(y, dtype=np.float64)) * 2 * np.pi)))


def metres_per_world(latitude: npt.ArrayLike) -> Floats:
    """Return how many metres on the ground one unit of the world is at a latitude in degrees."""
    north = np.clip(np.asarray(latitude, dtype=np.float64), -HIGHEST_LATITUDE, HIGHEST_LATITUDE)
    return np.asarray(_EQUATOR_M * np.cos(np.radians(north)), dtype=np.float64)
