"""Whom to call among 3 307 units, what a narrative says with 136 matters and 1 071 places: processor time of one."""

import statistics
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import time
from time import process_time

from chengyun_core.centre.city import City, city_of
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.dispatch_call import Call
from chengyun_core.model.dispatch_narrative import read
from chengyun_core.model.dispatch_rules import propose
from chengyun_core.model.dispatch_words import classify
from chengyun_core.model.scales import EventGrade
from chengyun_resources.reference import points
from chengyun_resources.reference.city import tables

GOAL_PROPOSE_MS, GOAL_CLASSIFY_MS = 20.0, 5.0
BUSY = 500
"""Units that carry something: a busy day."""
NARRATIVE = (
    "市民来电称渝中区大坪街道长江二路121号附近自来水管爆裂，水柱约三米高，管径600毫米，路面积水约40厘米，"
    "影响周边2000余户居民用水，一辆公交车被困，车上有二十余名乘客，请立即派人处置。"
)
LONG = NARRATIVE * 20
"""About two thousand letters: a letter to the mayor."""


def main() -> int:
    """Print the figures; return 0 when the goals are reached."""
    began = process_time()
    catalogue, _ = build(tables(), Numbers(), 1)
    built = process_time()
    city = city_of(catalogue)
    indexed = process_time()
    print(f"units: {len(city.units)}, matters: {len(city.matters)}, routes: {len(city.routes)}")
    print(f"the reference city made and built: {built - began:.2f} s, indexed by the centre: {indexed - built:.2f} s")
    calls = [_call(city, matter) for matter in city.matters]
    slowest = _proposals(city, calls)
    short = _median("matters of a narrative of 80 letters, ms", lambda: classify(NARRATIVE, city.reader.lexicon))
    long = _median("matters of a narrative of 1 800 letters, ms", lambda: classify(LONG, city.reader.lexicon))
    _median("everything in it: matter, place, figures, factors, grade, ms", lambda: read(NARRATIVE, city.reader))
    return 0 if slowest <= GOAL_PROPOSE_MS and max(short, long) <= GOAL_CLASSIFY_MS else 1


def _call(city: City, matter: str) -> Call:
    longitude, latitude = points.point_of("500103012")
    return Call(
        matter=matter, centre="500103012", path=city.path("500103012"), longitude=longitude, latitude=latitude,
        grade=EventGrade.MAJOR, minute=time(12), attributes={"diameter_mm": "600"},
    )  # fmt: skip


def _proposals(city: City, calls: list[Call]) -> float:
    """Print what a proposal takes, with the units that are busy put into the roster for each; return the p95, ms."""
    took = []
    for call in calls:
        began = process_time()
        busy = list(city.roster.standings.values())[:: len(city.units) // BUSY]
        roster = city.roster.with_changed(replace(standing, load=1) for standing in busy)
        made = process_time()
        propose(call, city.routes.values(), roster)
        took.append((1000 * (process_time() - made), 1000 * (process_time() - began)))
    rules, whole = (sorted(times) for times in zip(*took, strict=True))
    print(f"a proposal by the rules alone, ms: median {statistics.median(rules):.2f}, slowest {rules[-1]:.2f}")
    p95 = whole[int(0.95 * len(whole))]
    print(
        f"with {BUSY} busy units put into the roster for it, ms: median {statistics.median(whole):.2f}, p95 {p95:.2f}"
    )
    return p95


def _median(what: str, deed: Callable[[], object], rounds: int = 200) -> float:
    took = []
    for _ in range(rounds):
        began = process_time()
        deed()
        took.append(1000 * (process_time() - began))
    print(f"{what}: median {statistics.median(took):.3f}, slowest {max(took):.3f}")
    return statistics.median(took)


if __name__ == "__main__":
    sys.exit(main())
