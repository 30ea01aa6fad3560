"""65 000 plans at risk points: imported, matched to events, searched, started. Processor time of one."""

import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from time import process_time

from chengyun_core.centre import plan_answers
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.plan_commands import ImportPlans
from chengyun_core.wire.plan_asks import AskMatch, AskNear, AskPlans
from chengyun_resources.reference import plans
from chengyun_resources.reference.city import tables
from tests.core.centre.room import ADMIN_KEY, Room

SIZES = (1_000, 10_000, 65_000)
GOAL_MATCH_MS, GOAL_SEARCH_MS = 10.0, 300.0
ROUNDS = 300
WORDS = ("嘉西村", "爆管", "渝中区", "上清寺 爆管", "滑坡 云阳", "DN400", "没有这个地方", "学田湾 供水")


def main() -> int:
    """Print the figures; return 0 when the goals are reached at the greatest size."""
    catalogue, _ = build(tables(), Numbers(), 1)
    slowest_match = slowest_search = 0.0
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder, Room(Path(folder)) as room:
            room.adopt(catalogue)
            _imported(room, size)
            slowest_match, slowest_search = _matched(room, size), _searched(room)
    return 0 if slowest_match <= GOAL_MATCH_MS and slowest_search <= GOAL_SEARCH_MS else 1


def _imported(room: Room, size: int) -> None:
    """Import a library as the daemon does, and tell how long its loop was held up at the most."""
    sent = room.bytes_of("plan.import", ImportPlans(tables=plans.tables(size), origin={}), ADMIN_KEY)
    taken = _took(lambda: room.door.take(b"peer", sent))
    began = process_time()
    (result,) = (result for lane in room.lanes.values() for result in lane.run())
    checked = process_time() - began
    room.door.finish(result)
    parts = []
    while room.door.stages():
        parts.append(_took(room.door.go_on))
    print(
        f"{size} risk points: read and checked by a worker in {checked:.2f} s; the loop was held up {taken:.0f} ms "
        f"to take it, {max(parts[:-1]):.0f} ms at the most by one of {len(parts) - 1} parts, "
        f"{parts[-1]:.0f} ms to put it in force"
    )


def _took(what: Callable[[], object]) -> float:
    began = process_time()
    what()
    return 1000 * (process_time() - began)


def _matched(room: Room, size: int) -> float:
    """Print what a match takes at places all over the city; return its 99th percentile, ms."""
    chosen = random.Random(7)
    points = [row for row in plans.tables(size)["risk_points"] if "longitude" in row]
    asks = []
    for _ in range(ROUNDS):
        row = chosen.choice(points)
        asks.append(AskMatch(matter="SS-BAOGUAN", longitude=float(row["longitude"]), latitude=float(row["latitude"])))
    wide = [replace(ask, radius_m=3000.0) for ask in asks]
    anything = [AskMatch(longitude=ask.longitude, latitude=ask.latitude) for ask in asks]
    p99 = _told(room, f"match among {size}, by matter and place within 500 m", plan_answers.match, asks)
    p99 = max(p99, _told(room, f"match among {size}, by place alone", plan_answers.match, anything))
    _told(room, f"match among {size}, within 3 km", plan_answers.match, wide)
    around = [AskNear(longitude=ask.longitude or 0.0, latitude=ask.latitude or 0.0, radius_m=1000.0) for ask in asks]
    _told(room, f"risk points within 1 km among {size}", plan_answers.near, around)
    return p99


def _searched(room: Room) -> float:
    return _told(room, "search by words, first page of 50", plan_answers.page, [AskPlans(words=one) for one in WORDS])


def _told(room: Room, what: str, answer: Callable[..., bytes], asks: Iterable[object]) -> float:
    took = []
    for ask in asks:
        with room.ledger.reading() as connection:
            began = process_time()
            answer(room.desk, connection, ask)
            took.append(1000 * (process_time() - began))
    took.sort()
    p99 = took[int(0.99 * (len(took) - 1))]
    print(f"  {what}, ms: median {statistics.median(took):.2f}, p99 {p99:.2f}, slowest {took[-1]:.2f}")
    return p99


if __name__ == "__main__":
    sys.exit(main())
