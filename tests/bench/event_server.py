"""A PostgreSQL server with millions of events, kept in its folder for the next run."""

import io
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Connection, text

from chengyun_core.store import counters, event_table
from chengyun_core.store.engine import driver
from chengyun_core.store.port import Store
from chengyun_core.store.postgres import PostgresDatabase
from chengyun_core.store.upgrade import upgrade
from tests.bench import event_bulk
from tests.bench.event_load import COLUMNS, filled
from tests.support.postgres import Server, opened

INDEX_TABLES = ("event_segments", "event_grams", "event_lengths", "event_edits")
BYTES = {"record", "lengths", "postings"}
AT_ONCE = 5_000


@contextmanager
def served(folder: Path, size: int, from_file: Path | None) -> Iterator[Store]:
    """Give a database with so many indexed events, made here or brought from a file that has them; stop at the end."""
    server = _server(folder)
    server.start()
    try:
        name = f"events_{size}"
        address = folder / f"{name}.url"
        if not address.exists():
            _make(server, name)
        database = opened(server, name, address)
        upgrade(database)
        if from_file is not None:
            _brought(database, server, name, from_file, size)
        filled(database, size)
        event_bulk.indexed(database)
        with psycopg.connect(server.conninfo(name), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        yield database
        database.close()
    finally:
        server.stop(signal.SIGINT)


class _Kept(Server):
    """A server whose files lie there already."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._user = "postgres" if os.getuid() == 0 else None
        self._process = None


def _server(folder: Path) -> Server:
    if (folder / "data" / "PG_VERSION").exists():
        return _Kept(folder)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    return Server(folder)


def _make(server: Server, name: str) -> None:
    # As docs/postgresql.md says, but for the character types: with C, pg_trgm takes no Chinese character for a letter.
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'".encode())


def _brought(database: PostgresDatabase, server: Server, name: str, file: Path, size: int) -> None:
    """Copy the events, and the index where it is of as many, from a file: the same rows and the same postings."""
    with database.reading() as connection:
        held = counters.last(connection, event_table.COUNTER)
    if held >= size:
        return
    raw = driver().connect(f"file:{file}?mode=ro", uri=True)
    indexes = _without_indexes(database)
    with database.writing() as connection:
        _copied(connection, raw, "events", COLUMNS, f"number > {held:d} AND number <= {size:d}")
        counters.take(connection, event_table.COUNTER, size - held)
    with database.writing() as connection:
        for statement in indexes:
            connection.execute(text(statement))
    (last,) = raw.execute("SELECT value FROM counters WHERE name = 'event'").fetchone()
    if last == size:
        with database.writing() as connection:
            for table in INDEX_TABLES:
                columns = tuple(one[1] for one in raw.execute(f"PRAGMA table_info({table})"))
                _copied(connection, raw, table, columns, "1 = 1")
    raw.close()


def _without_indexes(database: PostgresDatabase) -> list[str]:
    """Drop the indexes of events that are no constraints; return the statements that make them again."""
    with database.writing() as connection:
        made = connection.execute(
            text("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'events' AND indexname LIKE 'ix_%'")
        ).all()
        for row in made:
            connection.execute(text(f'DROP INDEX "{row.indexname}"'))
    return [row.indexdef for row in made]


def _copied(connection: Connection, raw: object, table: str, columns: tuple[str, ...], where: str) -> None:
    cursor = raw.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE {where}")  # type: ignore[attr-defined]  # noqa: S608
    with connection.connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        while rows := cursor.fetchmany(AT_ONCE):
            copy.write(_lines(columns, rows))


def _lines(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """Write rows as COPY reads them: a million rows field by field through the driver take a minute more."""
    told = io.StringIO()
    for row in rows:
        told.write("\t".join(_field(name, value) for name, value in zip(columns, row, strict=True)))
        told.write("\n")
    return told.getvalue()


def _field(name: str, value: object) -> str:
    if value is None:
        return "\\N"
    if name in BYTES:
        assert isinstance(value, bytes)
        return "\\\\x" + value.hex()
    if isinstance(value, str):
        return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return str(value)
