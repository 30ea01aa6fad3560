"""65 000 plans at risk points in a file and on a server: imported, matched to events, searched.

Processor time, the server's for us included, and time by the wall.
"""

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import process_time

from chengyun_core.centre import plan_answers, point_answers
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.plan_commands import ImportPlans
from chengyun_core.wire.plan_asks import AskMatch, AskNear, AskPlans, AskPoints
from chengyun_resources.reference import plans
from chengyun_resources.reference.city import tables
from tests.bench.event_timing import Clock
from tests.core.centre import room as rooms
from tests.core.centre.room import ADMIN_KEY, Room
from tests.support.postgres import opened, running_server

SIZES = (1_000, 10_000, 65_000)
GOAL_MATCH_MS, GOAL_SEARCH_MS = 10.0, 300.0
ROUNDS = 300
WORDS = ("嘉西村", "爆管", "渝中区", "上清寺 爆管", "滑坡 云阳", "DN400", "没有这个地方", "学田湾 供水")


def main() -> int:
    """Print the figures; return 0 when the goals are reached at the greatest size on both databases."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, action="append", help=f"risk points; default: {SIZES}, one after another")
    sizes = options.parse_args().size or list(SIZES)
    catalogue, _ = build(tables(), Numbers(), 1)
    reached = True
    for kind, room_in in (("file", _on_a_file), ("server", _on_a_server)):
        slowest: dict[int, tuple[float, float]] = {}
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder, room_in(Path(folder)) as room:
                print(f"{kind}, load average {os.getloadavg()[0]:.1f}")
                room.adopt(catalogue)
                _imported(room, size)
                slowest[size] = _matched(room, size), _searched(room)
        match, search = slowest[max(sizes)]
        reached &= match <= GOAL_MATCH_MS and search <= GOAL_SEARCH_MS
        grown = match / slowest[min(sizes)][0]
        print(
            f"{kind}: p99 of a match {match:.2f} ms (goal {GOAL_MATCH_MS:g}), {grown:.1f} times that of {min(sizes)}; "
            f"of a search {search:.1f} ms (goal {GOAL_SEARCH_MS:g})", flush=True,
        )  # fmt: skip
    return 0 if reached else 1


def _on_a_file(folder: Path) -> Room:
    return Room(folder)


@contextmanager
def _on_a_server(folder: Path) -> Iterator[Room]:
    with running_server() as server:
        address, usual = folder / "keys" / "database.url", list(rooms.OPENS)
        (folder / "centre").mkdir(mode=0o700)
        rooms.OPENS[:] = [lambda _: opened(server, "newest", address)]
        try:
            with Room(folder) as room:
                yield room
        finally:
            rooms.OPENS[:] = usual


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
    plans_ms = _told(
        room, "plans by words, first page of 50", plan_answers.page, [AskPlans(words=one) for one in WORDS]
    )
    pages = [AskPoints(words=one) for one in WORDS]
    points_ms = _told(room, "risk points by words, first page of 50", point_answers.page, pages)
    bare_ms = _told(
        room, "risk points without a plan, first page of 50", point_answers.page, [AskPoints(bare=True)] * 5
    )
    return max(plans_ms, points_ms, bare_ms)


def _told(room: Room, what: str, answer: Callable[..., bytes], asks: Sequence[object]) -> float:
    coming = iter([asks[0], *asks])  # the first round is not counted

    def ask() -> None:
        with room.ledger.reading() as connection:
            answer(room.desk, connection, next(coming))

    taken = Clock(room.ledger.reading).rounds(ask, len(asks))
    print(f"  {what}: {taken.told(0.99)}", flush=True)
    return taken.cpu(0.99)


if __name__ == "__main__":
    sys.exit(main())
