"""The one way to change facts: a unit of work in a transaction, published after COMMIT; disk trouble handled."""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from chengyun_core.centre.work import Work
from chengyun_core.model.audit import CENTRE, Actor
from chengyun_core.model.change import Change
from chengyun_core.model.clock import Clock
from chengyun_core.model.failure import Trouble
from chengyun_core.store import counters, facts
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.head_file import HeadFile, Noted
from chengyun_core.store.journal import Head, Journal
from chengyun_core.store.port import Beside, Store
from chengyun_core.store.reserve import Reserve

logger = logging.getLogger(__name__)

REOPEN_EVERY_S = 2.0
PROBE_EVERY_S = 10.0
"""How often a trouble that passes (locked file, full disk) is looked at when nobody writes."""
COMMITS_REMEMBERED = 512
_PASSING = frozenset({"store.busy", "store.disk_full", "store.fault"})
_LAMED_BY = frozenset({"store.io_error", "store.damaged"})
"""Troubles after which nothing is written before the file was opened anew and found whole (RF6)."""
_REPLACES_A_SECRET = frozenset({
    "account.drop_totp", "account.enrol_totp", "account.recovery_used", "account.set_password",
})  # fmt: skip
"""Deeds after which a hash or a seal of before must lie nowhere in the database's files (RS15)."""
FENCED = "store.fenced"
"""Another centre has taken the database over: nothing is written any more, and the daemon ends (RF25)."""
EPOCH = "epoch"
"""Name of the fact by which the centre that began last is known."""


class Ledger:
    """Owns the database for the daemon's one thread."""

    def __init__(
        self, opened: Callable[[], Store], journal: Journal, clock: Clock, reserve: Reserve,
        publish: Callable[[Change], None], *, head: HeadFile | None = None,
    ) -> None:  # fmt: skip
        self._opened = opened
        self._database: Store | None = opened()
        self.journal = journal
        self.head = head
        """Where the journal's end is noted outside the database; None: nowhere."""
        self._noted: Noted | None = None
        self._clock = clock
        self._reserve = reserve
        self._publish = publish
        self._look_at = 0.0
        self._wipe_at: float | None = None
        """When the log that may still hold an old secret is emptied (again); None: it holds none."""
        self._commits_ms: deque[float] = deque(maxlen=COMMITS_REMEMBERED)
        self.light = "ok"
        """`ok`, or the code of what ails the database."""
        self.reopened: Callable[[], None] = lambda: None
        """Called when the file was opened anew: a commit that failed may be durable all the same."""
        self.gives_up: Callable[[Trouble], bool] = lambda _: False
        """Whether a file that cannot be opened anew is for the next start to put back, which is then not waited for."""
        self.tail = 0
        """Number of the last durable journal row."""
        self.end: Head | None = None
        """The last durable row that was written here, for who holds heads elsewhere; None: none was yet."""
        self.fence = ""
        """The epoch this centre wrote as it began; a database that holds another one is another centre's. Empty: none.

        Locks keep a second centre out as long as they work. A lock file that somebody removed, or a server's lock
        behind a pooler of connections, does not; this is asked within every transaction, so it always does.
        """

    @contextmanager
    def work(self, actor: Actor, command_id: str = "") -> Iterator[Work]:
        """Give a unit of work; it is durable and published when the block ends without an exception."""
        if self.light in _LAMED_BY or self.light == FENCED:
            raise Trouble("store.read_only", reason=self.light)
        began = time.monotonic()
        try:
            with self._live().writing() as connection:
                self._expect_ours(connection)
                work = Work(connection, self.journal, at_ns=self._clock.utc_ns(), actor=actor, command_id=command_id)
                work.breathe = self._live().waiting
                yield work
                changes = work.write_journal()
        except Trouble as trouble:
            self._note(trouble)
            raise
        self._commits_ms.append(1000 * (time.monotonic() - began))
        self._did_commit(work, changes)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one snapshot."""
        try:
            with self._live().reading() as connection:
                yield connection
        except Trouble as trouble:
            if self._database is not None and trouble.reason.code in self._database.lamed_by_reading:
                self._note(trouble)
            raise

    def beside(self) -> Beside | None:
        """Return what gives a worker a connection of its own; None where the database has one only."""
        return self._live().beside()

    def failed_beside(self, trouble: Trouble) -> None:
        """Take note of what a worker's connection met, as if it had been met here."""
        if self._database is not None and trouble.reason.code in self._database.lamed_by_reading:
            self._note(trouble)

    def tend(self) -> None:
        """Look after the disk: take the reserve back when there is room, open a lamed file anew.

        Raises Trouble when the file is damaged and only another start can put it back, or is another centre's now.
        """
        if self.fence and self.light == "ok" and time.monotonic() >= self._look_at:
            self._look_at_fence()
        if self.light == FENCED:
            raise self._fenced()
        if self._wipe_at is not None and self.light == "ok" and time.monotonic() >= self._wipe_at:
            self._wipe_log()
        if self.light == "store.reserve_used" and self._reserve.restore():
            self.light = "ok"
        if time.monotonic() < self._look_at:
            return
        if self.light in _LAMED_BY:
            self._reopen()
        elif self.light in _PASSING:
            self._probe()

    def _expect_ours(self, connection: Connection) -> None:
        """Refuse to write what is another centre's; who begins waits here until the other one's last COMMIT is done."""
        found = facts.held(connection, EPOCH, alone=not self.fence)
        if self.fence and found != self.fence:
            raise self._fenced()

    def _look_at_fence(self) -> None:
        """Notice between writes, too, that another centre has begun: what is read here grows old from then on."""
        self._look_at = time.monotonic() + REOPEN_EVERY_S
        try:
            with self.reading() as connection:
                overtaken = facts.get(connection, EPOCH) != self.fence
        except Trouble as trouble:
            logger.warning("the database could not be asked whose it is: %s", trouble)
            return
        if overtaken:
            self._note(self._fenced())

    def _fenced(self) -> Trouble:
        return Trouble(FENCED, file=self._live().path)

    def commit_p99_ms(self) -> float:
        """Return the 99th percentile of the last transactions, begin to COMMIT."""
        ordered = sorted(self._commits_ms)
        return ordered[int(0.99 * (len(ordered) - 1))] if ordered else 0.0

    def close(self) -> None:
        """Close the database."""
        if self._database is not None:
            self._database.close()
            self._database = None
        if self.head is not None:
            self.head.close()

    def _did_commit(self, work: Work, changes: list[Change]) -> None:
        if changes:
            self.tail = changes[-1].number
            self.end = self.journal.end
            self._note_head(changes[-1].at_ns)
        if self.light in _PASSING:
            self.light = "ok" if self._reserve.stands() else "store.reserve_used"
        database = self._live()
        if database.ailment is not None:
            self._note(database.ailment)
            database.ailment = None
        if any(change.action in _REPLACES_A_SECRET for change in changes):
            self._wipe_log()
        work.keep_promises()
        for change in changes:
            self._publish(change)

    def _wipe_log(self) -> None:
        """Move the log into the file and empty it: pages of before lie in it until then, however SQLite deletes.

        Behind a reader it is tried again: the deed is done, and only its traces are waited for.
        """
        try:
            self._live().settle()
            self._wipe_at = None
        except Trouble as trouble:
            logger.warning("an old secret still lies in the log, which could not be emptied: %s", trouble)
            self._wipe_at = time.monotonic() + REOPEN_EVERY_S
            if trouble.reason.code in _LAMED_BY:
                self._note(trouble)

    def note_head_anew(self) -> None:
        """Note the journal's end as it is now, and forget a later one: that it is gone is told and durable."""
        if self.head is not None and self._noted is not None:
            self.head.begin_anew(self._noted)

    def _note_head(self, at_ns: int) -> None:
        end = self.journal.end
        if self.head is not None and end is not None:
            self._noted = Noted(number=end.number, at_ns=at_ns, hash=end.hash)
            self.head.note(self._noted)

    def _note(self, trouble: Trouble) -> None:
        code = trouble.reason.code
        logger.error("the database failed: %s", trouble)
        self.light = code
        if code == "store.disk_full" and self._reserve.release():
            self.light = "store.reserve_used"
        self._look_at = time.monotonic() + (0.0 if code in _LAMED_BY else PROBE_EVERY_S)

    def _live(self) -> Store:
        if self._database is None:
            raise Trouble("store.read_only", reason=self.light)
        return self._database

    def _probe(self) -> None:
        try:
            with self.work(CENTRE) as work:
                facts.put(work.connection, "probe", str(work.at_ns))
        except Trouble as trouble:
            logger.warning("the database still refuses: %s", trouble)

    def _reopen(self) -> None:
        self._look_at = time.monotonic() + REOPEN_EVERY_S
        self.close()
        try:
            self._database = self._opened()
            self._database.settle()
            with self.reading() as connection:
                self.tail = counters.last(connection, journal_rows.COUNTER)
        except Trouble as trouble:
            logger.error("the database is still lame: %s", trouble)
            if self.gives_up(trouble):
                raise
            return
        logger.warning("the database was opened anew after %s", self.light)
        self.light = "ok"
        self.reopened()
