"""Key performance indicators of the reference city: every sub-track has five, spread over the three levels."""

import random

from chengyun_resources.reference import divisions, facts_files, measures, people

KPIS = 1312
DUE = "2026-12-31"
UPDATED = "2026-10-31"
BEGUN = "2026-01-01"
_MONTH_ENDS = tuple(f"2026-{month:02d}-{day}" for month, day in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30), 1))
_REACHED = 0.9
"""Share of the indicators whose target is reached."""


def kpi_rows(seed: int) -> list[dict[str, str]]:
    """Return the rows of the table `kpis`: in turn for the city, a district or a town, until there are KPIS."""
    nodes, kinds = measures.subtracks(), facts_files.rows("kpis.csv")
    return [
        _row(nodes[number % len(nodes)], number, kinds[(number * 5 + number // len(nodes)) % len(kinds)], seed)
        for number in range(KPIS)
    ]


def _row(node: measures.Node, number: int, kind: dict[str, str], seed: int) -> dict[str, str]:
    turn = number // len(measures.subtracks())
    place, dice = _place(turn, number), random.Random(f"{seed}/kpi/{number}")
    decimals, target, spread = int(kind["decimals"]), float(kind["target"]), float(kind["spread"])
    ahead = dice.random() < _REACHED
    better = 1 if kind["better"] == "high" else -1
    actual = target + better * (1 if ahead else -1) * dice.uniform(0.05, 1) * spread
    if kind["unit"] == "%":
        actual = min(actual, 100.0)
    actual = max(actual, 0.0)
    base = max(target - better * 3 * spread, 0.0)
    return {
        "code": f"K-{node.code}-{turn + 1}",
        "name": f"{'' if turn < 3 else place.name}{node.name}{kind['suffix']}",
        "subtrack": node.code,
        "centre": place.code,
        "unit": kind["unit"],
        "target": kind["target"],
        "actual": f"{actual:.{decimals}f}",
        "due": DUE,
        "owner_post": people.owner_of(node.code),
        "better": kind["better"],
        "updated": UPDATED,
        "stage": _stage((actual - base) / (target - base)),
        "begun": BEGUN,
        "base": f"{base:.{decimals}f}",
        "past": _past(base, actual, decimals, random.Random(f"{seed}/kpi past/{number}")),
    }


def _past(base: float, actual: float, decimals: int, dice: random.Random) -> str:
    """Return a figure for each month's end, on the way from base to actual with the unevenness of real work."""
    steps = len(_MONTH_ENDS) + 1
    way = actual - base
    told = []
    for at, day in enumerate(_MONTH_ENDS, 1):
        figure = max(0.0, base + way * (at / steps + dice.uniform(-0.06, 0.06)))
        told.append(f"{day} {figure:.{decimals}f}")
    return "; ".join(told)


def _stage(share: float) -> str:
    """Return the stage of the work by the share of the way that is done."""
    stages = facts_files.rows("kpi_stages.csv")
    return next((row["name"] for row in stages if share < float(row["below"])), stages[-1]["name"])


def _place(turn: int, number: int) -> divisions.Place:
    if turn < 3:
        return divisions.Place(divisions.CITY, divisions.CITY_NAME, "")
    places = divisions.districts() if turn < 5 else divisions.towns()
    return places[number * 17 % len(places)]
