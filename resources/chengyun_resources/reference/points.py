"""Where a centre of the reference city lies: districts by their label points, towns on a spiral of our own."""

import math
from collections import defaultdict
from functools import cache

from chengyun_resources.reference import divisions, facts_files

Point = tuple[float, float]
"""Longitude and latitude in degrees."""

_GOLDEN = math.pi * (3 - math.sqrt(5))
_FAR_DEGREES = {"central": 0.09, "outer": 0.26}
"""How far from its district's point the last town lies."""


def point_of(centre: str) -> Point:
    """Return where a centre lies. Of a town only the district is true: its place within it is ours, and told so."""
    return _points()[centre]


def beside(point: Point, number: int, *, degrees: float = 0.008) -> Point:
    """Return the number-th place near a point, each of them another one."""
    turn, way = number * _GOLDEN, degrees * math.sqrt(number + 1)
    return round(point[0] + way * math.cos(turn), 4), round(point[1] + way * math.sin(turn), 4)


@cache
def _points() -> dict[str, Point]:
    rows = facts_files.rows("points.csv")
    found = {row["code"]: (float(row["longitude"]), float(row["latitude"])) for row in rows}
    siblings: dict[str, list[str]] = defaultdict(list)
    for town in divisions.towns():
        siblings[town.parent].append(town.code)
    central = {place.code for place in divisions.spread_over("central")}
    for district, codes in siblings.items():
        far = _FAR_DEGREES["central" if district in central else "outer"]
        for number, code in enumerate(codes):
            found[code] = beside(found[district], number, degrees=far / math.sqrt(len(codes)))
    return found
