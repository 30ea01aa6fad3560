"""Key performance indicators of the reference city: every sub-track has five, spread over the three levels."""

import random

from chengyun_resources.reference import divisions, facts_files, measures, people

KPIS = 1312
DUE = "2026-12-31"
UPDATED = "2026-10-31"
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
    return {
        "code": f"K-{node.code}-{turn + 1}",
        "name": f"{'' if turn < 3 else place.name}{node.name}{kind['suffix']}",
        "subtrack": node.code,
        "centre": place.code,
        "unit": kind["unit"],
        "target": kind["target"],
        "actual": f"{max(actual, 0.0):.{decimals}f}",
        "due": DUE,
        "owner_post": people.owner_of(node.code),
        "better": kind["better"],
        "updated": UPDATED,
    }


def _place(turn: int, number: int) -> divisions.Place:
    if turn < 3:
        return divisions.Place(divisions.CITY, divisions.CITY_NAME, "")
    places = divisions.districts() if turn < 5 else divisions.towns()
    return places[number * 17 % len(places)]
