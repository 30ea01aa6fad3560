"""A chain begun with one hash and gone on with another: verified over the change, which only a signed row may make."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.model.audit import CENTRE
from chengyun_core.store import chain, journal, keys
from chengyun_core.store.engine import Database, driver
from chengyun_core.store.journal import CHANGEOVER, Entry, Journal
from tests.support.fresh_database import fresh

OLD_ROWS = 5


def _entry(number: int, action: str = "alarm.raise", **params: str) -> Entry:
    return Entry(
        action=action, kind="alarm", key=str(number), version=1, record=b"r", params=params, actor=CENTRE,
        command_id=f"c{number}", part=0, at_ns=number,
    )  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Iterator[tuple[Database, Journal, keys.Signer]]:
    signer = keys.signer(tmp_path / "keys")
    database = fresh(tmp_path / "a.db")
    written = Journal(signer, "live")
    with database.writing() as connection:
        written.append(connection, [_entry(number) for number in range(1, OLD_ROWS + 1)])
    yield database, written, signer
    database.close()


def _change_over(database: Database, written: Journal) -> None:
    """Write the signed row, one more behind it in the same transaction, and another in the next."""
    told = _entry(6, CHANGEOVER, **{"from": "sha256", "to": "sm3"})
    with database.writing() as connection:
        written.append(connection, [told, _entry(7)])
    written.digest = "sm3"
    with database.writing() as connection:
        written.append(connection, [_entry(8)])


def _verdict(database: Database, signer: keys.Signer, first: int = 1, last: int = 8) -> chain.Verdict:
    with database.reading() as connection:
        return chain.verify(connection, signer.public(), first, last)


def test_that_a_chain_goes_on_with_another_hash_after_a_signed_row(
    book: tuple[Database, Journal, keys.Signer]
) -> None:  # fmt: skip
    database, written, signer = book
    _change_over(database, written)
    assert _verdict(database, signer).fault == ""
    assert [_verdict(database, signer, first).fault for first in range(2, 9)] == [""] * 7
    with database.reading() as connection:
        assert journal.digest_in_use(connection) == "sm3"
        rows = connection.exec_driver_sql("SELECT hashed FROM journal ORDER BY number").scalars().all()
    assert [journal.digest_of(row) for row in rows] == ["sha256"] * 6 + ["sm3"] * 2


def test_that_the_hash_changes_only_behind_such_a_row(book: tuple[Database, Journal, keys.Signer]) -> None:
    database, written, signer = book
    written.digest = "sm3"
    with database.writing() as connection:
        written.append(connection, [_entry(6)])
    verdict = _verdict(database, signer, last=6)
    assert (verdict.fault, verdict.number) == ("journal.hash_changed", 6)


def test_that_a_changed_row_is_found_on_either_side_of_the_change(
    book: tuple[Database, Journal, keys.Signer]
) -> None:  # fmt: skip
    database, written, signer = book
    _change_over(database, written)
    raw = driver().connect(str(database.path), isolation_level=None)
    raw.execute("DROP TRIGGER journal_keeps_words")
    raw.execute("UPDATE journal SET account = 'x' WHERE number = 8")
    assert _verdict(database, signer).number == 8
    (hashed,) = raw.execute("SELECT hashed FROM journal WHERE number = 3").fetchone()
    raw.execute("UPDATE journal SET hashed = ? WHERE number = 3", (hashed.replace(b"CYJ1", b"CYJ9"),))
    raw.close()
    assert (_verdict(database, signer).fault, _verdict(database, signer).number) == ("journal.words_differ", 3)
