"""Indexes millions of texts at once, into the rows the centre's own small steps end in.

A block of 1 048 576 numbers is built from its texts and written once; the steps write each part alone, put them
together and throw the parts away. What does not fill such a block is left to the steps.
"""

import argparse
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from chengyun_core.centre.event_indexer import EventIndexer
from chengyun_core.centre.workers import Job, Result
from chengyun_core.store import counters, event_grams, event_segments, event_table
from chengyun_core.store.event_segments import bounds, fan
from chengyun_core.store.event_tags import TAGGED, tagged
from chengyun_core.store.port import Store
from chengyun_core.store.upgrade import upgrade
from tests.bench.event_load import Bulk

BUILDERS = 2
AT_ONCE = 20_000
"""Rows of postings in one transaction."""

Each = Callable[..., Iterable[list[tuple[int, bytes]]]]


@dataclass
class Work:
    """What the indexer needs of a unit of work."""

    connection: Connection


class Books:
    """What the indexer needs of a ledger, without a journal."""

    def __init__(self, database: Store) -> None:
        self.database = database

    def reading(self) -> AbstractContextManager[Connection]:
        """Give one snapshot."""
        return self.database.reading()

    @contextmanager
    def work(self, _actor: object) -> Iterator[Work]:
        """Give a transaction."""
        with self.database.writing() as connection:
            yield Work(connection)


def main() -> None:
    """Index a file, in a process that can be left alone for an hour."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path)
    asked = options.parse_args()
    database = Bulk(asked.file)
    upgrade(database)
    with builders() as each:
        indexed(database, each)
    database.close()


@contextmanager
def builders() -> Iterator[Each]:
    """Give a `map` over processes beside this one."""
    with ProcessPoolExecutor(BUILDERS, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool.map


def indexed(database: Store, each: Each = map, upto: int = 2**62) -> None:
    """Index what is not, unless all numbers below `upto` are; `each` maps parts to their postings."""
    with database.reading() as connection:
        last = counters.last(connection, event_table.COUNTER)
        reached = event_segments.covered(event_segments.sealed(connection))
    if reached >= upto:
        return
    began = time.process_time()
    first, end = -(-reached // bounds(2, 0)[1]), (last + 1) // bounds(2, 0)[1]
    for block in range(first, end):
        build(database, block, each)
        print(f"  indexed up to {bounds(2, block)[1]:,}, {time.process_time() - began:.0f} s", flush=True)
    steps(database)
    database.settle()
    print(f"{last - reached:,} texts indexed in {time.process_time() - began:.0f} s of processor time", flush=True)


def build(database: Store, block: int, each: Each) -> None:
    """Build one block of level 2 from its texts."""
    held: dict[int, dict[int, bytes]] = {}
    versions: dict[int, int] = {}
    parts = (_texts(database, block * fan() + place, versions) for place in range(fan()))
    for place, rows in enumerate(each(event_grams.built, parts)):
        for gram, postings in rows:
            held.setdefault(gram, {})[place] = postings
    with database.writing() as connection:
        segment = event_segments.begin(connection, 2, block)
    order = sorted(held)
    for at in range(0, len(order), AT_ONCE):
        with database.writing() as connection:
            rows = {gram: held[gram] for gram in order[at : at + AT_ONCE]}
            event_segments.write_large(connection, segment, rows)
    with database.writing() as connection:
        event_segments.seal(connection, segment, 2, block, versions)


def _texts(database: Store, block: int, versions: dict[int, int]) -> list[tuple[int, str]]:
    first, end = bounds(1, block)
    with database.reading() as connection:
        # By the driver itself: 65 536 rows through the layers above it take half a second more.
        cursor = connection.connection.cursor()
        cursor.execute(
            f"SELECT number, version, text, {', '.join(TAGGED)} "  # noqa: S608
            f"FROM events WHERE number >= {first:d} AND number < {end:d}"
        )
        texts = cursor.fetchall()
    versions |= {row[0]: row[1] for row in texts}
    return [(number, tagged(text, values)) for number, _, text, *values in texts]


def steps(database: Store) -> None:
    """Let the indexer do the rest, in large steps and with the worker's part at once."""
    keeper = keeper_of(database)
    keeper.texts_a_step, keeper.rows_a_step, keeper.grams_a_step = 8192, 50_000, 5_000
    while keeper.step():
        pass


def keeper_of(database: Store) -> EventIndexer:
    """Return the centre's indexer, whose worker is done at once."""

    def undertake(job: Job, then: Callable[[Result], None]) -> bool:
        then(Result(0, value=job()))
        return True

    return EventIndexer(Books(database), undertake)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
