"""PostgreSQL behind the database's surface: one centre, reasons an officer can act on, a lost server found again."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, delete, text
from sqlalchemy.exc import DBAPIError, OperationalError

from chengyun_core.centre import ledger as ledgers
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.store import counters, facts, postgres
from chengyun_core.store.postgres import PostgresDatabase, trouble_of, url_in
from chengyun_core.store.tables import JOURNAL, METADATA
from tests.core.centre import room as rooms
from tests.core.centre.event_room import peopled_city
from tests.core.centre.room import Room
from tests.support.postgres import Server, opened


@pytest.fixture
def address(postgres_server: Server, tmp_path: Path) -> Iterator[Path]:
    """Return the file with the address of a fresh database."""
    postgres_server.make("fresh", "newest")
    file = tmp_path / "keys" / "database.url"
    opened(postgres_server, "fresh", file).close()
    yield file
    postgres_server.drop("fresh")


@pytest.fixture
def database(address: Path) -> Iterator[PostgresDatabase]:
    """Return a fresh database."""
    made = PostgresDatabase(address)
    yield made
    made.close()


def _end_the_centres_connections(server: Server) -> None:
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'chengyun centre'"
        )


def test_that_the_steps_lead_to_the_tables(database: PostgresDatabase) -> None:
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_that_a_second_centre_is_refused_and_told_who_has_the_database(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "BUSY_LIMIT_S", 0.0)
    with pytest.raises(Trouble) as refused:
        PostgresDatabase(database.path)
    assert refused.value.reason.code == "store.held"
    assert refused.value.reason.params["address"] == "local"
    assert int(refused.value.reason.params["pid"]) > 0
    database.close()
    PostgresDatabase(database.path).close()


def test_that_a_writer_whose_connection_was_lost_never_writes_without_the_lock(
    database: PostgresDatabase, postgres_server: Server
) -> None:
    _end_the_centres_connections(postgres_server)
    for _ in range(2):
        with pytest.raises(Trouble) as lost, database.writing() as connection:
            facts.put(connection, "x", "1")
        assert lost.value.reason.code == "store.io_error"
    other = PostgresDatabase(database.path)
    with pytest.raises(Trouble), database.writing() as connection:
        facts.put(connection, "x", "1")
    with other.reading() as connection:
        assert facts.get(connection, "x") is None
    other.close()


def test_that_the_reader_sees_one_snapshot_and_cannot_write(database: PostgresDatabase) -> None:
    with database.reading() as reader:
        assert facts.get(reader, "x") is None
        with database.writing() as writer:
            facts.put(writer, "x", "1")
        assert facts.get(reader, "x") is None
    with pytest.raises(Trouble), database.reading() as connection:
        facts.put(connection, "x", "2")
    with database.reading() as connection:
        assert facts.get(connection, "x") == "1"


def _take_and_refuse(connection: Connection) -> None:
    counters.take(connection, "journal", 3)
    raise Refused("x")


def test_that_numbers_taken_by_a_failed_unit_are_given_again(database: PostgresDatabase) -> None:
    with pytest.raises(Refused), database.writing() as connection:
        _take_and_refuse(connection)
    with database.writing() as connection:
        assert counters.take(connection, "journal", 1) == 1


def test_that_the_journal_is_append_only(database: PostgresDatabase) -> None:
    with pytest.raises(Trouble) as refused, database.writing() as connection:
        connection.execute(delete(JOURNAL))
    assert "append-only" in refused.value.reason.params["reason"]


def test_that_rows_held_by_somebody_else_give_busy(
    database: PostgresDatabase, postgres_server: Server
) -> None:  # fmt: skip
    with database.writing() as connection:
        connection.execute(text("SET SESSION lock_timeout = 50"))
    with psycopg.connect(postgres_server.conninfo("fresh")) as foreign:
        foreign.execute("LOCK TABLE counters")
        with pytest.raises(Trouble) as busy, database.writing() as connection:
            counters.take(connection, "journal", 1)
    assert busy.value.reason.code == "store.busy"
    with database.writing() as connection:
        assert counters.take(connection, "journal", 1) == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (psycopg.errors.DiskFull, "store.disk_full"), (psycopg.errors.IoError, "store.io_error"),
        (psycopg.errors.DataCorrupted, "store.damaged"), (psycopg.errors.IndexCorrupted, "store.damaged"),
        (psycopg.errors.AdminShutdown, "store.io_error"), (psycopg.errors.CannotConnectNow, "store.io_error"),
        (psycopg.errors.ReadOnlySqlTransaction, "store.io_error"), (psycopg.errors.DeadlockDetected, "store.busy"),
        (psycopg.errors.TooManyConnections, "store.busy"), (psycopg.OperationalError, "store.io_error"),
        (psycopg.errors.UniqueViolation, "store.fault"),
    ],
)  # fmt: skip
def test_that_each_failure_of_the_server_has_its_reason(error: type[psycopg.Error], code: str) -> None:
    fault: DBAPIError = OperationalError("SELECT secret", {"password": "geheim"}, error("it failed\nDETAIL: geheim"))
    trouble = trouble_of(fault, Path("database.url"))
    assert trouble.reason.code == code
    assert "geheim" not in str(trouble.reason.params)


def test_that_a_text_no_server_takes_is_refused_and_troubles_nobody_else(database: PostgresDatabase) -> None:
    with pytest.raises(Refused) as refused, database.reading() as connection:
        facts.get(connection, "a\x00b")
    assert refused.value.reason.code == "text.control_characters"
    with pytest.raises(Refused), database.writing() as connection:
        facts.put(connection, "x", "a\x00b")
    with database.writing() as connection:
        facts.put(connection, "x", "1")


@pytest.mark.parametrize("told", ["", "sqlite:///a.db", "postgresql://me:geheim@host", "kein URL", "nonsense://a/b"])
def test_that_an_address_that_is_none_is_refused_without_telling_it(tmp_path: Path, told: str) -> None:
    file = tmp_path / "database.url"
    file.touch(mode=0o600)
    file.write_text(told + "\n", encoding="utf-8")
    with pytest.raises(Trouble) as refused:
        url_in(file)
    assert "geheim" not in str(refused.value)


def test_that_an_address_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "database.url"
    file.write_text("postgresql://me:geheim@host/a\n", encoding="utf-8")
    file.chmod(0o644)
    with pytest.raises(Trouble) as refused:
        url_in(file)
    assert refused.value.reason.code == "secret.open"


def test_that_a_centre_refuses_while_the_server_is_away_and_goes_on_when_it_is_back(
    address: Path, postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(rooms, "OPENS", [lambda _: PostgresDatabase(address)])
    monkeypatch.setattr(ledgers, "REOPEN_EVERY_S", 0.0)
    with Room(tmp_path) as room:
        room.adopt(peopled_city())
        room.officer("li")
        before = room.ledger.tail
        postgres_server.stop()
        with pytest.raises(Trouble), room.ledger.work(CENTRE):
            pytest.fail("a unit of work began without a server")
        assert room.ledger.light == "store.io_error"
        room.ledger.tend()
        with pytest.raises(Trouble) as refused, room.ledger.work(CENTRE):
            pytest.fail("a unit of work began without a server")
        assert refused.value.reason.code == "store.read_only"
        postgres_server.start()
        room.ledger.tend()
        assert room.ledger.light == "ok"
        room.officer("wang", seat="A-02")
        assert room.ledger.tail > before


def test_that_a_reader_that_finds_no_server_lames_the_ledger(
    address: Path, postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(rooms, "OPENS", [lambda _: PostgresDatabase(address)])
    monkeypatch.setattr(ledgers, "REOPEN_EVERY_S", 0.0)
    with Room(tmp_path) as room:
        postgres_server.stop()
        with pytest.raises(Trouble), room.ledger.reading() as connection:
            facts.get(connection, "x")
        postgres_server.start()
        assert room.ledger.light == "store.io_error"
        room.ledger.tend()
        with room.ledger.reading() as connection:
            assert facts.get(connection, "x") is None
