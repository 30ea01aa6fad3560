"""RF25: two centres on one database: whoever began last writes, the other never again; on either database."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from chengyun_core.centre import ledger as ledgers
from chengyun_core.centre import start
from chengyun_core.centre.ledger import Ledger
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.failure import Trouble
from chengyun_core.store import chain, facts, journal, keys, postgres
from chengyun_core.store.journal import Journal
from chengyun_core.store.port import Store
from chengyun_core.store.reserve import Reserve
from tests.core.centre import room as rooms
from tests.core.centre.room import SETTINGS
from tests.support.waiting import wait_until


class Centre:
    """A ledger that begins as a daemon's does; several stand on one database when no lock keeps them apart."""

    def __init__(self, folder: Path, *, waiting: Callable[[], None] = lambda: None) -> None:
        self.folder, self._waiting = folder, waiting
        self.signer = keys.signer(folder / "keys")
        self.ledger = Ledger(
            self._opened, Journal(self.signer, SETTINGS.realm), ProfileClock(),
            Reserve(folder / "centre" / "reserve.bin", 1), lambda _change: None,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        self.ledger.close()

    def begin(self) -> None:
        """Become the one centre of the database."""
        start.begin(self.ledger, SETTINGS, ProfileClock(), self.signer)

    def open_anew(self) -> None:
        """Open the database again, as after a lost way to it."""
        self.ledger._database = self._opened()

    def write(self, words: str) -> int:
        """Write words and a row."""
        with self.ledger.work(CENTRE) as work:
            facts.put(work.connection, "words", words)
            return work.note("test.words", "test", words, 1)

    def words(self) -> str | None:
        """Return the words written last."""
        with self.ledger.reading() as connection:
            return facts.get(connection, "words")

    def _opened(self) -> Store:
        database = start.opened(rooms.OPENS[0](self.folder))
        database.waiting = self._waiting
        return database


@pytest.fixture
def first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Centre]:
    """Give a centre that has begun, in a profile whose locks keep nobody out."""
    monkeypatch.setattr(postgres.PostgresDatabase, "_take_lock", lambda _database: None)
    with Centre(tmp_path) as made:
        made.begin()
        yield made


def _expect_whole(centre: Centre) -> None:
    with centre.ledger.reading() as connection:
        end = journal.head(connection).number
        assert chain.verify(connection, centre.signer.public(), 1, end).fault == ""


def test_that_who_was_overtaken_commits_nothing_any_more_and_ends(first: Centre) -> None:
    first.write("ours")
    with Centre(first.folder) as second:
        second.begin()
        for code in (ledgers.FENCED, "store.read_only"):
            with pytest.raises(Trouble) as refused:
                first.write("stale")
            assert refused.value.reason.code == code
        assert first.ledger.light == ledgers.FENCED
        with pytest.raises(Trouble) as ended:
            first.ledger.tend()
        assert ended.value.reason.code == ledgers.FENCED
        assert second.words() == "ours"
        second.write("theirs")
        assert second.words() == "theirs"
        _expect_whole(second)


def test_that_a_transaction_under_way_is_done_before_another_begins_and_is_the_last(
    first: Centre, database_kind: str
) -> None:
    waited = threading.Event()
    faults: list[BaseException] = []

    def begin() -> None:
        try:
            with Centre(first.folder, waiting=waited.set) as second:
                second.begin()
        except BaseException as fault:  # noqa: BLE001 - told in the test's own thread
            faults.append(fault)

    begins = threading.Thread(target=begin)
    with first.ledger.work(CENTRE) as work:
        last = work.note("test.words", "test", "last", 1)
        begins.start()
        wait_until(lambda: waited.is_set() or _waits(first, database_kind), "the second one waits for the COMMIT")
    begins.join(60)
    assert faults == []
    with pytest.raises(Trouble) as refused:
        first.write("stale")
    assert refused.value.reason.code == ledgers.FENCED
    with first.ledger.reading() as connection:
        rows = [change.action for change in journal.changes(connection, last - 1, 10, 10**6)]
    assert rows == ["test.words", "centre.start"]
    _expect_whole(first)


def _waits(first: Centre, kind: str) -> bool:
    if kind == "file":
        return False
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with first.ledger.reading() as connection:
        return bool(connection.exec_driver_sql(waiting).scalar_one())


def test_that_who_comes_back_to_a_database_that_was_another_s_meanwhile_writes_nothing(first: Centre) -> None:
    first.ledger.close()
    with Centre(first.folder) as second:
        second.begin()
    first.open_anew()
    with pytest.raises(Trouble) as refused:
        first.write("stale")
    assert refused.value.reason.code == ledgers.FENCED
    assert first.words() is None


def test_that_one_who_reads_on_while_another_writes_misses_no_row(first: Centre) -> None:
    """RF25: numbers are dense for every reader at every instant: no row comes to be below one that was read."""
    seen: list[int] = []
    ended = threading.Event()

    def read_on() -> None:
        with Centre(first.folder) as reader:
            last = False
            while not last:
                last = ended.is_set()
                with reader.ledger.reading() as connection:
                    after = seen[-1] if seen else 0
                    seen.extend(change.number for change in journal.changes(connection, after, 1000, 10**7))

    reads = threading.Thread(target=read_on)
    reads.start()
    for number in range(120):
        first.write(f"row {number}")
    ended.set()
    reads.join(60)
    assert seen == list(range(1, first.ledger.tail + 1))
    assert len(seen) > 120
