"""The one way to change facts: a unit of work in a transaction, published after COMMIT; disk trouble handled."""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from chengyun_core.centre.work import Work
from chengyun_core.model.audit import Actor
from chengyun_core.model.change import Change
from chengyun_core.model.clock import Clock
from chengyun_core.model.failure import Trouble
from chengyun_core.store.engine import Database
from chengyun_core.store.journal import Journal
from chengyun_core.store.reserve import Reserve

logger = logging.getLogger(__name__)

REOPEN_EVERY_S = 2.0
COMMITS_REMEMBERED = 512
_LAMED_BY = frozenset({"store.io_error", "store.damaged"})
"""Troubles after which nothing is written before the file was opened anew and found whole (RF6)."""


class Ledger:
    """Owns the database for the daemon's one thread."""

    def __init__(
        self, opened: Callable[[], Database], journal: Journal, clock: Clock, reserve: Reserve,
        publish: Callable[[Change], None],
    ) -> None:  # fmt: skip
        self._opened = opened
        self._database = opened()
        self._journal = journal
        self._clock = clock
        self._reserve = reserve
        self._publish = publish
        self._reopen_at = 0.0
        self._commits_ms: deque[float] = deque(maxlen=COMMITS_REMEMBERED)
        self.light = "ok"
        """`ok`, or the code of what ails the database."""
        self.tail = 0
        """Number of the last durable journal row."""

    @contextmanager
    def work(self, actor: Actor, command_id: str = "") -> Iterator[Work]:
        """Give a unit of work; it is durable and published when the block ends without an exception."""
        if self.light in _LAMED_BY:
            raise Trouble("store.read_only", reason=self.light)
        began = time.monotonic()
        try:
            with self._database.writing() as connection:
                work = Work(connection, self._journal, at_ns=self._clock.utc_ns(), actor=actor, command_id=command_id)
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
        with self._database.reading() as connection:
            yield connection

    def tend(self) -> None:
        """Look after the disk: take the reserve back when there is room, open a lamed file anew."""
        if self.light == "store.reserve_used" and self._reserve.restore():
            self.light = "ok"
        if self.light in _LAMED_BY and time.monotonic() >= self._reopen_at:
            self._reopen()

    def commit_p99_ms(self) -> float:
        """Return the 99th percentile of the last transactions, begin to COMMIT."""
        ordered = sorted(self._commits_ms)
        return ordered[int(0.99 * (len(ordered) - 1))] if ordered else 0.0

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _did_commit(self, work: Work, changes: list[Change]) -> None:
        if changes:
            self.tail = changes[-1].number
        if self.light in ("store.busy", "store.disk_full"):
            self.light = "ok"
        work.keep_promises()
        for change in changes:
            self._publish(change)

    def _note(self, trouble: Trouble) -> None:
        code = trouble.reason.code
        logger.error("the database failed: %s", trouble)
        self.light = code
        if code == "store.disk_full" and self._reserve.release():
            self.light = "store.reserve_used"
        if code in _LAMED_BY:
            self._reopen_at = time.monotonic()

    def _reopen(self) -> None:
        self._reopen_at = time.monotonic() + REOPEN_EVERY_S
        try:
            self._database.close()
            self._database = self._opened()
        except Trouble as trouble:
            logger.error("the database is still lame: %s", trouble)
            return
        logger.warning("the database was opened anew after %s", self.light)
        self.light = "ok"
