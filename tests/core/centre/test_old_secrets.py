"""RS15: hashes and seals that were replaced lie nowhere in the database's files, also after a kill at that moment."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.centre import ledger
from chengyun_core.model import totp
from chengyun_core.model.command import SetPassword
from chengyun_core.model.failure import Trouble
from chengyun_core.model.rights_commands import DropTotp, EnrolTotp
from chengyun_core.store import account_table, engine
from tests.core.centre.room import ADMIN_KEY, Room

SECRET = bytes(range(20))
RECOVERY = ("ABCDEFGHIJ", "KLMNOPQRST")


def _secrets(room: Room) -> list[bytes]:
    """Return the hash of li's password, and seal and recovery hashes of his phone."""
    with room.ledger.reading() as connection:
        hashed = account_table.password_hash(connection, "li").encode()
        factor = account_table.second_factor(connection, "li")
    return [hashed, *((factor.sealed, *factor.recovery) if factor else ())]


def _lying(room: Room, secrets: list[bytes]) -> list[str]:
    """Return the files of the database that hold one of them, as a thief would find them now."""
    files: Iterator[Path] = (file for file in (room.folder / "centre").rglob("*") if file.is_file())
    return sorted({file.name for file in files if any(secret in file.read_bytes() for secret in secrets)})


def _enrolled(room: Room) -> Room:
    session = room.officer("li")
    code = totp.code_of(SECRET, totp.step_of(room.clock.utc_ns()))
    room.done(EnrolTotp(account="li", secret=totp.text_of(SECRET), code=code, recovery=RECOVERY), session)
    return room


def _replaced(room: Room) -> list[bytes]:
    """Give li another password, take his phone away, and return what he had before."""
    before = _secrets(room)
    assert len(before) == 4
    assert _lying(room, before)  # they are where they can be found
    room.done(SetPassword(account="li", password="quite another password"), ADMIN_KEY)
    room.done(DropTotp(account="li", reason="lost"), ADMIN_KEY)
    return before


def test_that_no_old_hash_seal_or_recovery_code_is_in_file_or_log_after_the_change(room: Room) -> None:
    before = _replaced(_enrolled(room))
    assert _lying(room, before) == []
    now = _secrets(room)
    assert len(now) == 1
    assert now != before[:1]


def test_that_without_emptying_the_log_they_are_seen_to_lie_in_it(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "_REPLACES_A_SECRET", frozenset())
    assert _lying(room, _replaced(_enrolled(room))) == ["chengyun.db-wal"]


@pytest.mark.parametrize("deletes_safely", [True, False])
def test_that_what_is_deleted_is_zeros_in_the_file_because_the_house_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deletes_safely: bool
) -> None:
    kept = tuple(one for one in engine._OF_THE_WRITER if deletes_safely or "secure_delete" not in one)
    monkeypatch.setattr(engine, "_OF_THE_WRITER", kept if deletes_safely else (*kept, "PRAGMA secure_delete=OFF"))
    database = engine.Database(tmp_path / "x.db")
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (secret BLOB)")
        connection.exec_driver_sql("INSERT INTO kept VALUES (?)", (SECRET * 10,))
    with database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM kept")
    database.settle()
    assert (SECRET in (tmp_path / "x.db").read_bytes()) is not deletes_safely
    database.close()


def test_that_behind_a_reader_the_log_is_emptied_as_soon_as_he_is_gone(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup under way sees the pages of before; nobody waits for it with his password."""
    _enrolled(room)
    database = room.ledger._live()
    settle, busy = database.settle, [True]

    def held() -> None:
        if busy[0]:
            raise Trouble("store.busy", file="x", seconds=0)
        settle()

    monkeypatch.setattr(database, "settle", held)
    before = _replaced(room)
    assert _lying(room, before)
    assert room.ledger.light == "ok"
    busy[0] = False
    monkeypatch.setattr(ledger.time, "monotonic", lambda: float("inf"))
    room.ledger.tend()
    assert _lying(room, before) == []
