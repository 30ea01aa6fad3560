"""The database connections: one writer that begins IMMEDIATE, one reader that cannot write, failures with a reason."""

import os
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.store import engine, facts
from chengyun_core.store.engine import FIXED_SQLITE, Database, driver, sqlite_version
from chengyun_core.store.upgrade import upgrade


@pytest.fixture
def database(tmp_path: Path):
    opened = Database(tmp_path / "a.db")
    upgrade(opened)
    yield opened
    opened.close()


def test_that_the_sqlite_core_is_past_the_wal_reset_fault() -> None:
    assert sqlite_version() >= FIXED_SQLITE


def test_that_the_file_is_private_and_its_commits_are_synced(database: Database) -> None:
    assert database.path.stat().st_mode & 0o777 == 0o600
    with database.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_that_the_reader_cannot_write(database: Database) -> None:
    with pytest.raises(Trouble), database.reading() as connection:
        facts.put(connection, "x", "1")


def _put_and_refuse(connection: Connection) -> None:
    facts.put(connection, "x", "1")
    raise Refused("x")


def test_that_nothing_of_a_failed_unit_stays(database: Database) -> None:
    with pytest.raises(Refused), database.writing() as connection:
        _put_and_refuse(connection)
    with database.reading() as connection:
        assert facts.get(connection, "x") is None


def test_that_a_file_held_by_somebody_else_gives_busy_while_heartbeats_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_LIMIT_S", 0.3)
    beats: list[int] = []
    database = Database(tmp_path / "a.db", waiting=lambda: beats.append(1))
    upgrade(database)
    foreign = driver().connect(str(database.path), isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    with pytest.raises(Trouble) as busy, database.writing():
        pass
    assert busy.value.reason.code == "store.busy"
    assert len(beats) >= 2
    foreign.execute("ROLLBACK")
    foreign.close()
    with database.writing() as connection:
        facts.put(connection, "x", "1")
    database.close()


def test_that_reading_goes_on_while_somebody_else_holds_the_write_lock(database: Database) -> None:
    foreign = driver().connect(str(database.path), isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    with database.reading() as connection:
        assert facts.get(connection, "x") is None
    foreign.close()


def test_that_a_full_disk_is_told_as_such_and_the_rest_stays_usable(database: Database) -> None:
    with database.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    database._writer.exec_driver_sql(f"PRAGMA max_page_count={pages + 1}")
    database._writer.rollback()
    with pytest.raises(Trouble) as full, database.writing() as connection:
        facts.put(connection, "x", "1" * 1_000_000)
    assert full.value.reason.code == "store.disk_full"
    with database.writing() as connection:
        facts.put(connection, "y", "1")
    with database.reading() as connection:
        assert (facts.get(connection, "x"), facts.get(connection, "y")) == (None, "1")


def test_that_a_file_that_is_no_database_is_told_as_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(os.urandom(8192))
    with pytest.raises(Trouble) as damaged:
        Database(path)
    assert damaged.value.reason.code == "store.damaged"


def test_that_a_folder_that_cannot_be_written_is_told_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.db").mkdir()
    with pytest.raises(Trouble) as refused:
        Database(tmp_path / "a.db")
    assert refused.value.reason.code == "store.io_error"


def test_that_a_text_is_bound_and_never_run(database: Database) -> None:
    hostile = "'; DROP TABLE journal; --"
    with database.writing() as connection:
        facts.put(connection, hostile, hostile)
    with database.reading() as connection:
        assert facts.get(connection, hostile) == hostile
        assert connection.execute(text("SELECT count(*) FROM journal")).scalar_one() == 0


def test_that_an_older_sqlite_core_runs_with_one_exclusive_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    monkeypatch.setattr(engine, "driver", lambda: sqlite3)
    monkeypatch.setattr(engine, "FIXED_SQLITE", (99,))
    opened = Database(tmp_path / "a.db")
    upgrade(opened)
    with opened.writing() as connection:
        facts.put(connection, "x", "1")
    with opened.reading() as connection:
        assert facts.get(connection, "x") == "1"
        assert connection.exec_driver_sql("PRAGMA locking_mode").scalar_one() == "exclusive"
    foreign = sqlite3.connect(str(opened.path), isolation_level=None, timeout=0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        foreign.execute("SELECT count(*) FROM journal")
    foreign.close()
    opened.close()


def test_that_a_profile_may_lie_in_a_folder_of_any_name(tmp_path: Path) -> None:
    opened = Database(tmp_path / "城运 a?mode=ro&x=%20#1" / "a.db")
    upgrade(opened)
    opened.close()
    assert (tmp_path / "城运 a?mode=ro&x=%20#1" / "a.db").stat().st_size > 0
