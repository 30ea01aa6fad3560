"""Sums of pages and the noted end of the journal: what a foreign hand changed is seen, what we wrote is not."""

import random
from pathlib import Path

import pytest

from chengyun_core.store import engine, facts, log_file, recovery
from chengyun_core.store.backups import Backups
from chengyun_core.store.engine import Database, driver
from chengyun_core.store.head_file import HeadFile, Noted
from chengyun_core.store.page_sums import PageSums
from chengyun_core.store.upgrade import upgrade


def _put(database: Database, first: int, count: int) -> None:
    for number in range(first, first + count):
        with database.writing() as connection:
            facts.put(connection, f"k{number}", "v" * 900)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "centre" / "a.db"
    database = Database(path)
    upgrade(database)
    _put(database, 0, 30)
    database.close()
    return path


def _backups(path: Path) -> Backups:
    return Backups(path.with_name("backup"), bytes(32), 2)


def _flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def test_that_what_was_written_and_moved_by_us_is_never_damage(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(engine, "CHECKPOINT_FRAMES", 8)
    monkeypatch.setattr(engine, "_LOOK_EVERY", 1)
    database = Database(path)
    _put(database, 100, 40)
    assert path.stat().st_size > 40 * 900, "the log was moved while it worked"
    database.close()
    assert PageSums(path).damaged() == ()


def test_that_a_flipped_bit_names_its_page(path: Path) -> None:
    chance = random.Random(3)
    for _ in range(10):
        at = chance.randrange(path.stat().st_size)
        _flip(path, at)
        assert PageSums(path).damaged() == (at // 4096 + 1,)
        _flip(path, at)


def test_that_the_file_is_healed_bit_for_bit_when_backups_have_every_damaged_page(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = path.read_bytes()
    _backups(path).make(path)
    _flip(path, 9000)
    _flip(path, 20_000)
    found = recovery.heal(path, PageSums(path), _backups(path))
    assert (found.healed, found.damaged) == ((3, 5), ())
    assert path.read_bytes() == whole
    assert "put back" in caplog.text


def test_that_nothing_is_healed_when_one_damaged_page_is_in_no_backup(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _backups(path).make(path)
    database = Database(path)
    _put(database, 500, 20)
    database.close()
    last = path.stat().st_size - 10
    _flip(path, last)
    _flip(path, 9000)
    before = path.read_bytes()
    found = recovery.heal(path, PageSums(path), _backups(path))
    assert (found.healed, found.damaged) == ((), (3, last // 4096 + 1))
    assert path.read_bytes() == before
    assert "cannot be healed" in caplog.text


def test_that_a_log_moved_by_another_program_is_told_and_not_undone(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _backups(path).make(path)
    database = Database(path)
    _put(database, 900, 5)
    foreign = path.parent / "killed" / path.name
    foreign.parent.mkdir()
    for name in ("", "-wal", ".sums"):
        (foreign.parent / f"{path.name}{name}").write_bytes(path.with_name(f"{path.name}{name}").read_bytes())
    database.close()
    driver().connect(str(foreign)).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    found = recovery.heal(foreign, PageSums(foreign), _backups(path))
    assert found.damaged
    assert not found.healed
    assert "cannot be healed" in caplog.text


def test_that_a_backup_that_is_not_what_was_sealed_is_passed_over(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    backup = _backups(path).make(path)
    assert [one.path for one in _backups(path).good()] == [backup.path]
    _flip(backup.path, 5000)
    assert list(_backups(path).good()) == []
    assert "not what was sealed" in caplog.text


def test_that_the_log_is_long_only_by_its_present_round(path: Path) -> None:
    database, log = Database(path), path.with_name(f"{path.name}-wal")
    _put(database, 900, 8)
    assert log_file.is_longer(log, 4)
    assert database._move_log()
    _put(database, 950, 1)
    assert log.stat().st_size > 8 * 4096, "the old frames are still there"
    assert not log_file.is_longer(log, 4)
    assert 0 < len(log_file.pages(log)) <= 8
    database.close()


def test_that_the_noted_end_survives_a_torn_note_and_a_new_beginning(tmp_path: Path) -> None:
    file = HeadFile(tmp_path / "head")
    assert file.last() is None
    one, two = (Noted(number=n, at_ns=n, hash=bytes([n]) * 32) for n in (7, 9))
    file.note(one)
    file.note(two)
    assert file.last() == two
    _flip(tmp_path / "head", 10)  # where the newer of the two was written
    assert file.last() == one
    file.begin_anew(Noted(number=3, at_ns=3, hash=bytes(32)))
    assert file.last() == Noted(number=3, at_ns=3, hash=bytes(32))
    file.close()
