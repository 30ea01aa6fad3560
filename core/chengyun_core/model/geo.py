"""Distances on the ground between two places given in degrees."""

import math

_RADIUS_M = 6_371_008.8
"""Mean radius of the earth (IUGG)."""
METRES_A_DEGREE = _RADIUS_M * math.pi / 180
"""Metres of one degree of latitude."""


def metres_between(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    """Return the great-circle distance in metres (haversine; the earth's flattening makes up to 0.5 % of error)."""
    north, other_north = math.radians(latitude), math.radians(other_latitude)
    east = math.radians(other_longitude - longitude)
    half = math.sin((other_north - north) / 2) ** 2
    half += math.cos(north) * math.cos(other_north) * math.sin(east / 2) ** 2
    return 2 * _RADIUS_M * math.asin(min(1.0, math.sqrt(half)))
