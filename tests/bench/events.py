"""Millions of events in a file or on a server: pages, search of any length, growth; beside LIKE, FTS5, pg_trgm, OFFSET.

Both times are told: the wall's, and that of the processors (the server's, too), which neighbours on the machine change
less. A goal is judged by the processors' time; where the wall misses it, that is told.
"""

import argparse
import gc
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from chengyun_core.store import counters, event_grams, event_pages, event_segments, event_table
from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.store.event_search_tables import EVENT_GRAMS, EVENT_LENGTHS
from chengyun_core.store.port import Store
from tests.bench import event_bulk, event_peers, event_searches
from tests.bench.event_load import COLUMNS, Bulk, batch, fill_file, write
from tests.bench.event_server import served
from tests.bench.event_timing import Clock, Taken, quantile

GOAL_SEARCH_MS, GOAL_PAGE_MS, GOAL_STEP_MS = 50.0, 5.0, 20.0
PAGE = event_searches.PAGE
FILTERS: dict[str, dict[str, object]] = {
    "all": {}, "matter": {"matter": "SS-BAOGUAN"}, "district": {"district": "500103"}, "grade": {"grade": 1},
    "state": {"state": "reviewed"}, "living": {"living": True},
    "state and district": {"state": "void", "district": "500103"},
    "matter and source": {"matter": "SS-BAOGUAN", "source": "citizen"},
}  # fmt: skip


def main() -> int:
    """Print the figures; return 0 when the goals are reached."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=1_000_000, help="events, in whole batches of 20 000")
    options.add_argument("--server", action="store_true", help="on a PostgreSQL server started for it, not in a file")
    options.add_argument("--folder", type=Path, help="where the database and the figures are kept for the next run")
    options.add_argument("--from-file", type=Path, help="a file with as many events to fill the server from")
    options.add_argument("--compare", type=int, default=24, help="phrases that are paged to the end")
    options.add_argument("--rounds", type=int, default=40, help="of each search; pages have eight times as many")
    options.add_argument("--no-search", action="store_true", help="pages only: of a file whose texts are not indexed")
    options.add_argument("--no-peers", action="store_true")
    asked = options.parse_args()
    with ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chengyun-bench-")))
        if asked.server:
            folder.chmod(0o711)  # the server's user has to get to its files below
        database = stack.enter_context(_held(folder, asked))
        return 0 if measured(database, folder, asked) else 1


@contextmanager
def _held(folder: Path, asked: argparse.Namespace) -> Iterator[Store]:
    if asked.server:
        with served(folder / "server", asked.size, asked.from_file) as database:
            yield database
        return
    file = folder / str(asked.size) / "events.db"
    fill_file(file, asked.size)
    database = Bulk(file)
    if not asked.no_search:
        with event_bulk.builders() as each:
            event_bulk.indexed(database, each, asked.size)
    yield database
    database.close()


def measured(database: Store, folder: Path, asked: argparse.Namespace) -> bool:
    """Print everything of one size; return whether the goals are reached."""
    clock, size, kind = Clock(database.reading, database.writing), asked.size, "server" if asked.server else "file"
    print(f"{size:,} events, {kind}; {_pace()}", flush=True)
    _told_size(database, size)
    reached = True if asked.no_search else _appended(database, clock)
    gc.collect()
    gc.freeze()  # what was made to fill the database is not looked through for garbage while times are taken
    pages = _paged(database, clock, size, 8 * asked.rounds)
    reached &= _goal("a page, p99", pages, 0.99, GOAL_PAGE_MS)
    searches = {} if asked.no_search else event_searches.searched(database, clock, size, asked.rounds)
    if searches:
        reached &= _goal("first page of a search, p95", searches, 0.95, GOAL_SEARCH_MS)
        reached &= event_searches.compared(database, size, asked.compare) == 0
    _growth(folder, kind, size, {**pages, **searches})
    if not asked.no_peers:
        event_peers.compared(database, clock, size)
    print(_pace(), flush=True)
    return reached


def _pace() -> str:
    """Tell how busy the machine is, and how much dearer a fixed piece of work is for it even in processor time."""
    taken = []
    for _ in range(15):
        began = time.process_time()
        sum(number * number for number in range(100_000))
        taken.append(1000 * (time.process_time() - began))
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    middle, least = quantile(taken, 0.5), min(taken)
    return f"load average {load}; a fixed sum takes {middle:.1f} ms of processor time, {least:.1f} at best"


def _goal(what: str, taken: dict[str, Taken], share: float, goal_ms: float) -> bool:
    slowest = max(taken, key=lambda name: taken[name].cpu(share))
    by_wall = max(taken, key=lambda name: taken[name].wall(share))
    cpu, wall = taken[slowest].cpu(share), taken[by_wall].wall(share)
    verdict = "reached" if cpu <= goal_ms else "MISSED"
    print(
        f"worst of {what}: {cpu:.1f} ms of processor time ({slowest}), {wall:.1f} ms by the wall ({by_wall}); ", end=""
    )
    print(f"goal {goal_ms:g} ms: {verdict}{'' if wall <= goal_ms else ', by the wall missed at this load'}", flush=True)
    return cpu <= goal_ms


def _told_size(database: Store, size: int) -> None:
    with database.reading() as connection:
        rows, held = _rows_of(connection)
        triples = connection.execute(
            select(func.count(), func.sum(func.length(EVENT_GRAMS.c.postings))).where(EVENT_GRAMS.c.gram >= 1 << 42)
        ).one()
        whole, index = _bytes_of(connection, database)
    print(
        f"database {whole / size:,.0f} bytes an event, of these the search {index / size:.0f} ({rows:,} rows, postings "
        f"{held / size:.0f}; triples {triples[0]:,} rows, {(triples[1] or 0) / size:.0f})", flush=True,
    )  # fmt: skip


def _bytes_of(connection: Connection, database: Store) -> tuple[int, int]:
    """Return bytes of everything and of the tables of postings and their lengths with their keys."""
    if connection.dialect.name == "postgresql":
        sizes = (
            "SELECT pg_database_size(current_database()), "
            "pg_total_relation_size('event_grams') + pg_total_relation_size('event_lengths')"
        )
        whole, index = connection.execute(text(sizes)).one()
        return whole, index
    # Counting pages would read all of the file: a row's own bytes and some twenty of its key and its place in the page.
    rows, held = _rows_of(connection)
    return database.path.stat().st_size, held + 40 * rows


def _rows_of(connection: Connection) -> tuple[int, int]:
    """Return the rows of postings, each with one of lengths, and the bytes in both."""
    rows, held = connection.execute(select(func.count(), func.sum(func.length(EVENT_GRAMS.c.postings)))).one()
    lengths = connection.execute(select(func.sum(func.length(EVENT_LENGTHS.c.lengths)))).scalar_one()
    return rows, (held or 0) + (lengths or 0)


def _appended(database: Store, clock: Clock) -> bool:
    """Print what adding costs: the row alone, a block's index, and how long the loop is held by its steps."""
    with database.reading() as connection:
        last = counters.last(connection, event_table.COUNTER)
    rows, taken = batch(last + 1)[:300], []
    for row in rows:
        began = clock.cpu_s()
        with suppress(_Undone), database.writing() as connection:
            connection.execute(EVENTS.insert(), dict(zip(COLUMNS, row, strict=True)))
            taken.append(1000 * (clock.cpu_s() - began))
            raise _Undone
    with database.reading() as connection:
        texts = event_segments.texts(connection, 65_536, 131_072)
    began = time.process_time()
    event_grams.built([(number, words) for number, _, words in texts])
    built = 1e6 * (time.process_time() - began) / max(1, len(texts))
    print(
        f"an event added alone: {quantile(taken, 0.5):.2f} ms of processor time (p99 {quantile(taken, 0.99):.2f}), its "
        f"indexing by a worker {built:.0f} µs", flush=True,
    )  # fmt: skip
    return _steps(database, clock)


class _Undone(Exception):  # noqa: N818 - not an error
    """Rolls back what was only measured."""


def _steps(database: Store, clock: Clock) -> bool:
    """Index 4 096 new events as the loop does it, print how long its steps take, and take all of it back."""
    with database.reading() as connection:
        last = counters.last(connection, event_table.COUNTER)
        known = event_segments.covered(event_segments.sealed(connection))
    count = (1 << event_segments.LEVEL_BITS[0]) - (last + 1 - known)
    with database.writing() as connection:
        write(connection, batch(last + 1)[:count])
        counters.take(connection, event_table.COUNTER, count)
    keeper, taken, more = event_bulk.keeper_of(database), [], True
    while more:
        began = clock.cpu_s()
        more = keeper.step()
        taken.append(1000 * (clock.cpu_s() - began))
    _taken_back(database, last)
    taken.remove(max(taken))  # the worker's part, which is done elsewhere
    p99 = quantile(taken, 0.99)
    print(
        f"the loop's steps to index 4 096 more, {len(taken)} of them: p50 {quantile(taken, 0.5):.1f} ms, "
        f"p99 {p99:.1f}, longest {max(taken):.1f} (goal p99 {GOAL_STEP_MS:g})", flush=True,
    )  # fmt: skip
    return p99 <= GOAL_STEP_MS


def _taken_back(database: Store, last: int) -> None:
    with database.writing() as connection:
        newest = connection.execute(text("SELECT max(segment) FROM event_segments")).scalar_one()
        for table in ("event_grams", "event_lengths"):
            connection.execute(text(f"DELETE FROM {table} WHERE segment = :one"), {"one": newest})  # noqa: S608
        connection.execute(text("DELETE FROM event_segments WHERE segment = :one"), {"one": newest})
        connection.execute(EVENTS.delete().where(EVENTS.c.number > last))
        connection.execute(text("UPDATE counters SET value = :last WHERE name = 'event'"), {"last": last})


def _paged(database: Store, clock: Clock, size: int, rounds: int) -> dict[str, Taken]:
    """Measure and print pages as F3 asks for them: newest first, the first one and from anywhere."""
    chance, taken = random.Random(7), {}
    print(f"a page of {PAGE}; {rounds} rounds", flush=True)
    for name, wanted in FILTERS.items():
        for where, lowest in (("first", size + 1), ("deep", 0)):

            def ask(wanted: dict[str, object] = wanted, lowest: int = lowest) -> None:
                below = lowest or chance.randrange(2, size)
                with database.reading() as connection:
                    event_pages.page(connection, wanted, above=0, below=below, limit=PAGE)

            taken[f"{name}, {where}"] = one = clock.rounds(ask, rounds)
            print(f"  {name + ', ' + where:26} {one.told(0.99)}", flush=True)
    return taken


def _growth(folder: Path, kind: str, size: int, taken: dict[str, Taken]) -> None:
    """Keep the medians beside the databases and print how they grew since the smallest size measured before."""
    file = folder / "figures.json"
    folder.mkdir(parents=True, exist_ok=True)
    told = json.loads(file.read_text("utf-8")) if file.exists() else {}
    told.setdefault(kind, {})[str(size)] = {name: [one.cpu(0.5), one.cpu(0.95)] for name, one in taken.items()}
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    sizes = sorted(map(int, told[kind]))
    if len(sizes) < 2:
        return
    print(f"growth, median processor time, ms, {kind}: " + " → ".join(f"{one:,}" for one in sizes))
    for name in taken:
        figures = [told[kind][str(one)].get(name, [0.0])[0] for one in sizes]
        ratio = figures[-1] / figures[0] if figures[0] else 0.0
        print(f"  {name:36} {' → '.join(f'{one:.2f}' for one in figures)}: {ratio:.1f} times")


if __name__ == "__main__":
    sys.exit(main())
