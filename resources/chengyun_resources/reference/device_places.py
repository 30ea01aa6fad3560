"""Where the reference city's devices would stand: recipes that scatter them round its towns; made up, and told so."""

from collections import defaultdict
from dataclasses import dataclass

from chengyun_resources.reference import divisions
from chengyun_resources.reference.points import Point, point_of

SEED = 20_251_106
SPREAD_M = {"central": 1_300.0, "outer": 3_200.0}
"""Standard deviation round a town's point: towns of the central districts lie closer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Points (GCJ-02, as points.csv) with the weight and the spread of each."""

    points: tuple[Point, ...]
    weights: tuple[float, ...]
    spread_m: tuple[float, ...]


def recipes() -> dict[str, Recipe]:
    """Return centre → how devices that stand in its area lie: a town round its point, a district round its towns."""
    central = {place.code for place in divisions.spread_over("central")}
    below: dict[str, list[str]] = defaultdict(list)
    for town in divisions.towns():
        below[town.parent].append(town.code)
    found = {}
    for district in divisions.districts():
        spread = SPREAD_M["central" if district.code in central else "outer"]
        towns = below[district.code] or [district.code]
        found[district.code] = _recipe(towns, spread)
        found |= {town: _recipe([town], spread) for town in below[district.code]}
    every = [town for district in sorted(central) for town in below[district] or [district]]
    return found | {divisions.CITY: _recipe(every, SPREAD_M["central"])}


def _recipe(towns: list[str], spread_m: float) -> Recipe:
    """The nearer a town lies to its district's point, the more stands there: towns are told from the middle on."""
    return Recipe(
        points=tuple(point_of(town) for town in towns),
        weights=tuple(round(1.0 / (at + 3) ** 0.5, 4) for at in range(len(towns))),
        spread_m=(spread_m,) * len(towns),
    )
