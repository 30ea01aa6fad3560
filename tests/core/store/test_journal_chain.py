"""The journal under attack: what its own chain shows, and what only a head held elsewhere shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from chengyun_core.model.audit import Actor
from chengyun_core.model.failure import Trouble
from chengyun_core.store import chain, journal, keys
from chengyun_core.store.chain import Verdict
from chengyun_core.store.engine import Database, driver
from chengyun_core.store.journal import Entry, Head, Journal
from chengyun_core.store.upgrade import upgrade

ROWS = 20


@pytest.fixture
def signer(tmp_path: Path) -> keys.Signer:
    return keys.signer(tmp_path / "keys")


@pytest.fixture
def database(tmp_path: Path, signer: keys.Signer) -> Iterator[Database]:
    opened = Database(tmp_path / "a.db")
    upgrade(opened)
    with opened.writing() as connection:
        Journal(signer, "live").append(connection, [_entry(number) for number in range(1, ROWS + 1)])
    yield opened
    opened.close()


def _entry(number: int) -> Entry:
    return Entry(
        action="alarm.raise", kind="alarm", key=str(number), version=1, record=bytes([number]),
        params={"b": "2", "a": "1"},
        actor=Actor(account="ingest"), command_id=f"c{number}", part=0, at_ns=number,
    )  # fmt: skip


def _verify(database: Database, signer: keys.Signer, held: Head | None = None, last: int = ROWS) -> Verdict:
    with database.reading() as connection:
        return chain.verify(connection, signer.public(), 1, last, held=held)


def _attack(database: Database, *statements: str) -> None:
    """Change the file as somebody with a database tool would: triggers dropped first."""
    raw = driver().connect(str(database.path), isolation_level=None)
    for statement in ("DROP TRIGGER journal_keeps_rows", "DROP TRIGGER journal_keeps_words", *statements):
        raw.execute(statement)
    raw.close()


def test_that_an_untouched_journal_is_whole(database: Database, signer: keys.Signer) -> None:
    assert _verify(database, signer) == Verdict(rows=ROWS, fault="", number=ROWS)


@pytest.mark.parametrize("statement", ["UPDATE journal SET account = 'x' WHERE number = 3", "DELETE FROM journal"])
def test_that_rows_can_be_neither_changed_nor_deleted_by_the_program(database: Database, statement: str) -> None:
    with pytest.raises(Trouble, match="append-only"), database.writing() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "fault", "number"),
    [
        ("UPDATE journal SET account = 'x' WHERE number = 7", "journal.words_differ", 7),
        ("UPDATE journal SET at_ns = at_ns + 1 WHERE number = 7", "journal.words_differ", 7),
        ("UPDATE journal SET record = x'00' WHERE number = 7", "journal.words_differ", 7),
        ("UPDATE journal SET hashed = x'00' WHERE number = 7", "journal.words_differ", 7),
        ("UPDATE journal SET hash = zeroblob(32) WHERE number = 7", "journal.hash_differs", 7),
        ("UPDATE journal SET signature = zeroblob(64) WHERE number = 7", "journal.signature_wrong", 7),
        ("DELETE FROM journal WHERE number = 7", "journal.hole", 7),
        ("DELETE FROM journal WHERE number = 1", "journal.hole", 1),
        ("UPDATE journal SET number = 99 WHERE number = 7", "journal.hole", 7),
        ("DELETE FROM journal WHERE number > 15", "journal.hole", 16),
    ],
)
def test_that_an_edit_a_deletion_and_a_new_number_are_found(
    database: Database, signer: keys.Signer, statement: str, fault: str, number: int
) -> None:
    _attack(database, statement)
    verdict = _verify(database, signer)
    assert (verdict.fault, verdict.number) == (fault, number)


def test_that_two_rows_changing_places_are_found(database: Database, signer: keys.Signer) -> None:
    _attack(
        database,
        "UPDATE journal SET number = -1 WHERE number = 7",
        "UPDATE journal SET number = 7 WHERE number = 8",
        "UPDATE journal SET number = 8 WHERE number = -1",
    )
    assert _verify(database, signer).fault == "journal.words_differ"


def test_that_everything_rehashed_without_the_key_is_found_by_the_signatures(
    tmp_path: Path, database: Database, signer: keys.Signer
) -> None:
    thief = keys.signer(tmp_path / "other")
    _rewrite(database, thief, ROWS)
    assert _verify(database, signer) == Verdict(rows=0, fault="journal.signature_wrong", number=1)


def test_that_a_cut_tail_is_found_by_the_counter_row_unless_that_is_cut_too(
    database: Database, signer: keys.Signer
) -> None:
    _attack(database, "DELETE FROM journal WHERE number > 15")
    assert _verify(database, signer, last=15).fault == "journal.tail_missing"
    raw = driver().connect(str(database.path), isolation_level=None)
    raw.execute("UPDATE counters SET value = 15 WHERE name = 'journal'")
    raw.close()
    # Said plainly: no chain can show its own missing end.
    assert _verify(database, signer, last=15).fault == ""


def test_that_a_head_held_elsewhere_shows_a_cut_tail_and_a_rewritten_chain(
    database: Database, signer: keys.Signer
) -> None:
    with database.reading() as connection:
        held = journal.head(connection)
    _attack(database, "DELETE FROM journal WHERE number > 15", "UPDATE counters SET value = 15 WHERE name = 'journal'")
    assert _verify(database, signer, held, last=15).fault == "journal.tail_missing"
    _rewrite(database, signer, ROWS + 1)
    assert _verify(database, signer, held).fault == "journal.not_what_was_held"


def test_that_a_range_is_verified_against_the_row_before_it(database: Database, signer: keys.Signer) -> None:
    _attack(database, "UPDATE journal SET hash = zeroblob(32) WHERE number = 9")
    with database.reading() as connection:
        assert chain.verify(connection, signer.public(), 10, ROWS).fault == "journal.chain_broken"


def test_that_numbers_stay_dense_when_a_transaction_is_rolled_back(database: Database, signer: keys.Signer) -> None:
    with pytest.raises(Trouble), database.writing() as connection:
        Journal(signer, "live").append(connection, [_entry(50), _entry(50)])
    with database.writing() as connection:
        (change,) = Journal(signer, "live").append(connection, [_entry(51)])
    assert change.number == ROWS + 1
    assert _verify(database, signer, last=ROWS + 1).fault == ""


def test_that_one_command_cannot_be_journalled_twice(database: Database, signer: keys.Signer) -> None:
    with pytest.raises(Trouble, match="UNIQUE"), database.writing() as connection:
        Journal(signer, "live").append(connection, [_entry(3)])


def test_that_changes_are_told_at_least_one_at_a_time_however_large(database: Database) -> None:
    with database.reading() as connection:
        assert [change.number for change in journal.changes(connection, 4, 100, most_bytes=1)] == [5]
        assert [change.number for change in journal.changes(connection, 4, 3, most_bytes=10**6)] == [5, 6, 7]
        assert next(journal.changes(connection, 4, 1, 1)).params == {"a": "1", "b": "2"}


def _rewrite(database: Database, signer: keys.Signer, rows: int) -> None:
    """Replace the whole journal by one that is sound in itself."""
    raw = driver().connect(str(database.path), isolation_level=None)
    for statement in ("DROP TRIGGER IF EXISTS journal_keeps_rows", "DELETE FROM journal", "DELETE FROM counters"):
        raw.execute(statement)
    raw.close()
    with database.writing() as connection:
        Journal(signer, "live").append(connection, [_entry(100 + number) for number in range(rows)])
