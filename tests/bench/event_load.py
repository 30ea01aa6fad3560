"""Has a database hold millions of events, each different, by plain batches into the same table a deed writes to."""

import argparse
import multiprocessing
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection
from typing_extensions import override

from chengyun_core.store import counters, event_table
from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.store.engine import Database, driver
from chengyun_core.store.page_sums import Kept
from chengyun_core.store.port import Store
from chengyun_core.store.upgrade import upgrade
from chengyun_core.wire.durable import write_record
from tests.bench.event_mill import EVERY_NS, Mill, code_of

BATCH = 20_000
"""A batch's first number decides its events, so that every load of a size makes the same ones."""
DIFFERENT = 1_000_000
"""Events whose words are their own; later ones tell the words of those a million before."""
COPIED = 100_000
PAGE_BYTES = 4096
AHEAD = 4
"""Batches made while one is written."""
COLUMNS = tuple(EVENTS.columns.keys())
Rows = Sequence[tuple[object, ...]]


class Bulk(Database):
    """A file nobody would put an older copy back of."""

    @override
    def keep_copy(self, step: str) -> None:
        """Keep none: it would be as large as the file."""


def main() -> None:
    """Fill a file, in a process that can be left alone for an hour."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path)
    options.add_argument("size", type=int)
    asked = options.parse_args()
    fill_file(asked.file, asked.size)


def fill_file(file: Path, size: int) -> None:
    """Have a file hold so many events."""
    database = Bulk(file)
    upgrade(database)
    filled(database, min(size, DIFFERENT))
    with database.reading() as connection:
        held = counters.last(connection, event_table.COUNTER)
    database.close()
    if held < size:
        _copied(file, size)


def filled(database: Store, size: int) -> None:
    """Add different events until there are so many; `size` in whole batches, at most a million."""
    began = time.monotonic()
    with database.reading() as connection:
        first = counters.last(connection, event_table.COUNTER)
    if first >= size:
        return
    for rows in _made(range(first + 1, size, BATCH)):
        with database.writing() as connection:
            write(connection, rows)
            counters.take(connection, event_table.COUNTER, len(rows))
    database.settle()
    print(f"{size:,} events, {max(0, size - first):,} made and written in {time.monotonic() - began:.0f} s", flush=True)


def _copied(file: Path, size: int) -> None:
    """Add events that tell what those a million numbers before told, under codes, times and records of their own.

    Written without a log, in half the time: a load that is cut off has to begin anew.
    """
    began = time.monotonic()
    raw = driver().connect(str(file), isolation_level=None)
    for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "locking_mode=EXCLUSIVE"):
        raw.execute(f"PRAGMA {setting}")
    (first,) = raw.execute("SELECT value FROM counters WHERE name = 'event'").fetchone()
    for held in range(first, size, COPIED):
        rows = [_later(row) for row in raw.execute(_BEFORE, (held + 1 - DIFFERENT, min(COPIED, size - held)))]
        raw.execute("BEGIN")
        raw.executemany(_INSERT, rows)
        raw.execute("UPDATE counters SET value = value + ? WHERE name = 'event'", (len(rows),))
        raw.execute("COMMIT")
        if (held + COPIED) % DIFFERENT == 0:
            print(f"  {held + COPIED:,} events, {time.monotonic() - began:.0f} s", flush=True)
    raw.close()
    if first < size:
        # The sums are of pages as they were; making those of all would take a minute of each opening.
        unknown = Kept(page_size=PAGE_BYTES, sums=b"", in_use=False)
        write_record(file.with_name(f"{file.name}.sums"), unknown)


_BEFORE = f"SELECT {', '.join(COLUMNS)} FROM events WHERE number >= ? ORDER BY number LIMIT ?"  # noqa: S608
_INSERT = f"INSERT INTO events ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608


def _later(row: tuple[Any, ...]) -> tuple[object, ...]:
    number, code, text, record = (row[at] for at in (_NUMBER, _CODE, _TEXT, _RECORD))
    later, told = number + DIFFERENT, code_of(number + DIFFERENT)
    made = list(row)
    made[_NUMBER], made[_CODE], made[_CHANGE], made[_SOURCE_REF] = later, told, later, f"12345-{later}"
    made[_TEXT] = text[: -len(code)] + told
    head = b"\xa6number" + _pack(number) + b"\xa4code" + _pack(code)
    record = record.replace(head, b"\xa6number" + _pack(later) + b"\xa4code" + _pack(told), 1)
    for at in (_SOURCE_AT, _OPENED_AT):
        made[at] = row[at] + DIFFERENT * EVERY_NS
        record = record.replace(_pack(row[at]), _pack(made[at]))
    made[_RECORD] = record
    return tuple(made)


_pack = msgspec.msgpack.Encoder().encode
_NUMBER, _CODE, _TEXT, _RECORD, _CHANGE, _SOURCE_REF, _SOURCE_AT, _OPENED_AT = (
    COLUMNS.index(name)
    for name in ("number", "code", "text", "record", "change", "source_ref", "source_at", "opened_at")
)


def _made(firsts: Sequence[int]) -> Iterator[Rows]:
    """Make batches in a process beside this one, a few ahead."""
    if not firsts:
        return
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        coming: deque[Future[Rows]] = deque()
        for first in firsts:
            coming.append(pool.submit(batch, first))
            if len(coming) > AHEAD:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()


def batch(first: int) -> Rows:
    """Return a batch of rows of `events`, the values in the table's order."""
    return [tuple(row[name] for name in COLUMNS) for row in _mill().rows(first, BATCH)]


@cache
def _mill() -> Mill:
    return Mill()


def write(connection: Connection, rows: Rows) -> None:
    """Write rows of `events`, the values in the table's order."""
    if connection.dialect.name == "postgresql":
        raw = connection.connection.cursor()
        with raw.copy(f"COPY events ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    # A batch of rows with ten indexes does not fit into the 2 MB that a deed needs: pages would be written many times.
    connection.exec_driver_sql("PRAGMA cache_size = -400000")
    connection.connection.cursor().executemany(_INSERT, rows)


if __name__ == "__main__":
    main()
