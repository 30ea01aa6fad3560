"""A disk that fails: facts are refused with a reason and never answered as done, and the centre recovers by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from chengyun_core.centre import ledger as ledgers
from chengyun_core.model.command import AcknowledgeAlarm, ShelveAlarm, UnshelveAlarm
from chengyun_core.model.failure import Trouble
from chengyun_core.model.scales import WarningColour
from chengyun_core.store.engine import Database, driver
from chengyun_core.store.reserve import Reserve
from chengyun_core.wire.envelope import Hello
from tests.core.centre.room import SETTINGS, Room

HELLO = Hello(protocol=1, client="test")
ACKNOWLEDGE = AcknowledgeAlarm(alarm=1, version=1)


def _cap(room: Room, pages: int | None) -> None:
    """Let the file grow by so many pages and no more; None: as it likes."""
    database = room.ledger._database
    assert database is not None
    now = database._writer.exec_driver_sql("PRAGMA page_count").scalar_one()
    limit = 2**30 if pages is None else now + pages
    database._writer.exec_driver_sql(f"PRAGMA max_page_count={limit}")
    database._writer.rollback()


def _fill(room: Room, session: str) -> None:
    """Ask until the file is full: refused deeds are kept with their answers, and take room."""
    for _ in range(200):
        if room.do(replace(ACKNOWLEDGE, version=99, note="长" * 500), session).code == "store.disk_full":
            return
    raise AssertionError("the file grew for ever")


def test_that_a_fact_that_found_no_room_is_refused_and_done_when_there_is_room_again(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    session = room.officer()
    room.observe(0, WarningColour.YELLOW)
    _cap(room, 0)
    _fill(room, session)
    reply = room.do(ACKNOWLEDGE, session, "id-1")
    assert (reply.outcome, reply.code) == ("trouble", "store.disk_full")
    assert room.alarm(1).version == 1
    assert room.ledger.light == "store.disk_full"
    _cap(room, None)
    assert room.do(ACKNOWLEDGE, session, "id-1").outcome == "done"
    assert room.ledger.light == "ok"
    assert "disk_full" in caplog.text


def test_that_a_full_disk_gives_up_the_reserve_and_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Room(tmp_path, replace(SETTINGS, reserve_mib=1)) as room:
        reserve = tmp_path / "centre" / "reserve.bin"
        assert Reserve(reserve, 2**20).restore()
        assert reserve.stat().st_size == 2**20
        session = room.officer()
        room.observe(0, WarningColour.YELLOW)
        _cap(room, 0)
        _fill(room, session)
        assert room.ledger.light == "store.reserve_used"
        assert not reserve.exists()
        _cap(room, None)
        room.ledger.tend()
        assert room.ledger.light == "ok"
        assert reserve.exists()
    assert "reserve" in caplog.text


def test_that_after_a_failed_fsync_nothing_is_written_until_the_file_was_opened_anew(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    session = room.officer()
    room.observe(0, WarningColour.YELLOW)
    with monkeypatch.context() as patch:
        patch.setattr(Database, "writing", _failing)
        assert room.do(ACKNOWLEDGE, session, "id-1").code == "store.io_error"
        assert room.ledger.light == "store.io_error"
    assert room.do(ACKNOWLEDGE, session, "id-1").code == "store.read_only"
    assert room.ask("snapshot", HELLO, session).outcome == "done", "reading goes on"
    room.ledger.tend()
    assert room.ledger.light == "ok"
    assert room.do(ACKNOWLEDGE, session, "id-1").outcome == "done"
    assert "opened anew" in caplog.text


def test_that_a_deed_whose_commit_was_reported_as_failed_but_is_durable_is_told_as_done_afterwards(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    session = room.officer()
    room.observe(0, WarningColour.YELLOW)
    shelve = ShelveAlarm(alarm=1, version=1, minutes=5, reason="检修")
    with monkeypatch.context() as patch:
        patch.setattr(Database, "writing", _failing_after_commit(Database.writing))
        assert room.do(shelve, session, "id-1").code == "store.io_error"
    tail = room.ledger.tail
    room.ledger.tend()
    assert room.ledger.tail == tail + 1, "the heartbeat tells the screens of the row they never got"
    assert room.do(shelve, session, "id-1").outcome == "done"
    room.clock.advance(5 * 60)
    assert room.expire() == 1, "its timer was armed from the file"
    assert "opened anew" in caplog.text


def test_that_a_file_opened_anew_is_not_trusted_before_its_log_was_synced(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    session = room.officer()
    room.observe(0, WarningColour.YELLOW)
    foreign = driver().connect(str(room.folder / "centre" / "chengyun.db"), isolation_level=None)
    foreign.execute("BEGIN")
    foreign.execute("SELECT count(*) FROM journal").fetchone()  # a reader in the way of the checkpoint
    with monkeypatch.context() as patch:
        patch.setattr(Database, "writing", _failing_after_commit(Database.writing))
        room.do(ACKNOWLEDGE, session, "id-1")
    room.ledger.tend()
    assert room.ledger.light == "store.io_error"
    assert room.do(ACKNOWLEDGE, session, "id-1").code == "store.read_only"
    foreign.close()
    room.ledger._look_at = 0.0
    room.ledger.tend()
    assert room.do(ACKNOWLEDGE, session, "id-1").outcome == "done"
    assert "still lame" in caplog.text


def test_that_a_timer_that_outlived_its_shelf_is_let_go(room: Room) -> None:
    session = room.officer()
    room.observe(0, WarningColour.YELLOW)
    room.done(ShelveAlarm(alarm=1, version=1, minutes=5, reason="检修"), session)
    shelved = room.alarm(1)
    room.done(UnshelveAlarm(alarm=1, version=2), session)
    room.desk.timers.rearm([shelved])
    room.clock.advance(5 * 60)
    assert room.expire() == 1
    assert room.expire() == 0
    assert room.alarm(1).version == 3


def test_that_a_file_that_cannot_be_opened_again_leaves_reasons_not_crashes(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    session = room.officer()
    room.observe(0, WarningColour.YELLOW)
    with monkeypatch.context() as patch:
        patch.setattr(Database, "writing", _failing)
        room.do(ACKNOWLEDGE, session)
        patch.setattr(room.ledger, "_opened", _not_opened)
        room.ledger.tend()
        assert room.ask("snapshot", HELLO, session).code == "store.read_only"
        assert room.do(ACKNOWLEDGE, session).code == "store.read_only"
        assert room.ask("hello", HELLO).outcome == "done"
    monkeypatch.setattr(ledgers, "REOPEN_EVERY_S", 0.0)
    room.ledger._look_at = 0.0
    room.ledger.tend()
    assert room.do(ACKNOWLEDGE, session).outcome == "done"
    assert "still lame" in caplog.text


def test_that_a_file_locked_by_somebody_else_is_told_as_busy_and_the_same_command_is_done_later(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from chengyun_core.store import engine

    monkeypatch.setattr(engine, "BUSY_LIMIT_S", 0.1)
    session = room.officer()
    room.observe(0, WarningColour.YELLOW)
    foreign = driver().connect(str(room.folder / "centre" / "chengyun.db"), isolation_level=None)
    foreign.execute("BEGIN EXCLUSIVE")
    reply = room.do(ACKNOWLEDGE, session, "id-1")
    assert (reply.outcome, reply.code) == ("trouble", "store.busy")
    foreign.execute("ROLLBACK")
    foreign.close()
    assert room.do(ACKNOWLEDGE, session, "id-1").outcome == "done"
    assert "busy" in caplog.text


def _failing_after_commit(writing):  # type: ignore[no-untyped-def]
    @contextmanager
    def failing(database: Database) -> Iterator[Connection]:
        with writing(database) as connection:
            yield connection
        raise Trouble("store.io_error", file="x", reason="fsync failed")

    return failing


@contextmanager
def _failing(_: Database) -> Iterator[Connection]:
    raise Trouble("store.io_error", file="x", reason="disk I/O error")
    yield


def _not_opened() -> Database:
    raise Trouble("store.io_error", file="x", reason="still broken")
