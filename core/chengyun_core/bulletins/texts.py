"""What stands in single elements: times with a zone, polygons and circles, identities; the shapes and what is wrong."""

import math
import re
from datetime import UTC, datetime

from chengyun_core.model.stamp import ns_of
from chengyun_core.model.warning import Polygon

LEAST_CORNERS = 4
"""Corners of a closed ring, the first one again as the last (CAP 1.2, 3.2.4)."""
MOST_CORNERS = 5_000
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})")
_PAIR = re.compile(r"([+-]?\d{1,3}(?:\.\d{1,15})?),([+-]?\d{1,3}(?:\.\d{1,15})?)")
_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def time_fault(text: str) -> str:
    """Return `warning.bad_time` for what is no time with a zone between 1990 and 2200."""
    return "" if time_ns(text) is not None else "warning.bad_time"


def time_ns(text: str) -> int | None:
    """Return a time as ns UTC, None for what is none. A time without a zone is nobody's time (CAP 1.2, 3.3.2)."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    zone = "+00:00" if found[4] in ("Z", "-00:00") else found[4]
    try:
        moment = datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if not _FIRST <= moment < _LAST:
        return None
    return ns_of(moment)


def polygon_fault(text: str) -> str:
    """Return what is wrong with a polygon."""
    ring = _ring(text)
    if ring is None:
        return "warning.bad_polygon"
    if len(ring) < LEAST_CORNERS or ring[0] != ring[-1]:
        return "warning.open_polygon"
    return ""


def polygon(text: str) -> Polygon:
    """Return a polygon that has no fault, longitude first."""
    return Polygon(ring=tuple(_ring(text) or ()))


def circle_fault(text: str) -> str:
    """Return what is wrong with a circle `latitude,longitude radius` (km)."""
    return "" if circle(text) is not None else "warning.bad_circle"


def circle(text: str) -> tuple[float, float, float] | None:
    """Return (longitude, latitude, radius in km), None for what is no circle."""
    centre, _, radius = text.partition(" ")
    place = _place(centre)
    try:
        length = float(radius)
    except ValueError:
        return None
    if place is None or not (math.isfinite(length) and 0 <= length <= 20_040):
        return None
    return (*place, length)


def identity_fault(text: str) -> str:
    """Return `warning.bad_identity` for what a reference could not name: it is split at spaces and commas."""
    return "warning.bad_identity" if re.search(r"[\s,<&]", text) or len(text) > 200 else ""


def references(text: str) -> tuple[str, ...]:
    """Return the references `sender,identifier,sent` of a message."""
    return tuple(text.split())


def references_fault(text: str) -> str:
    """Return `warning.bad_references` when one is not of that shape, or there are too many."""
    parts = text.split()
    shaped = all(len(one.split(",")) == 3 and time_fault(one.split(",")[2]) == "" for one in parts)
    return "" if shaped and len(parts) <= 100 else "warning.bad_references"


def _ring(text: str) -> list[tuple[float, float]] | None:
    corners = text.split()
    if not 0 < len(corners) <= MOST_CORNERS:
        return None
    places = [_place(corner) for corner in corners]
    return None if None in places else [place for place in places if place is not None]


def _place(text: str) -> tuple[float, float] | None:
    """Return (longitude, latitude) of `latitude,longitude`, None for what is no place on earth."""
    found = _PAIR.fullmatch(text)
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (longitude, latitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
