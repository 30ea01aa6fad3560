"""Opens the centre's database: at start damaged pages are healed or the last good backup is put in its place (RF4)."""

import logging
from collections.abc import Callable
from pathlib import Path

from chengyun_core.centre import start
from chengyun_core.model.failure import Trouble
from chengyun_core.store import recovery
from chengyun_core.store.backups import Backups
from chengyun_core.store.engine import Database
from chengyun_core.store.head_file import HeadFile
from chengyun_core.store.page_sums import PageSums
from chengyun_core.store.port import Store
from chengyun_core.store.postgres import PostgresDatabase
from chengyun_core.store.recovery import Findings

logger = logging.getLogger(__name__)


class Opening:
    """Gives the database each time the ledger opens it. Only the first time may change the file's past.

    A database put back later would have a shorter journal than consoles and ingest know of within one epoch; the daemon
    ends instead, and the next start puts it back with an epoch of its own.
    """

    def __init__(
        self, database: Path, backups: Backups, head: HeadFile, waiting: Callable[[], None] = lambda: None
    ) -> None:
        self.path = database
        self._backups = backups
        self.head = head
        self._waiting = waiting
        self._began = False
        self.findings = Findings()

    def __call__(self) -> Store:
        """Return the database checked and brought to the newest step.

        Raises:
            Trouble: it cannot be opened; `store.damaged` when no backup could be put in its place.
        """
        if self._began:
            return self._opened()
        self._began = True
        sums = PageSums(self.path)
        self.findings = recovery.heal(self.path, sums, self._backups)
        if self.findings.damaged:
            sums.forget()
        try:
            self._expect_there()
            return self._opened()
        except Trouble as trouble:
            if not self.can_put_back(trouble):
                raise
        self.findings = recovery.restore(self.path, self._backups)
        self._backups.begin_anew()
        return self._opened()

    def can_put_back(self, trouble: Trouble) -> bool:
        """Return whether the trouble is one that a good backup mends."""
        return trouble.reason.code == "store.damaged" and recovery.can_restore(self._backups)

    def _opened(self) -> Store:
        return start.opened(Database(self.path, waiting=self._waiting))

    def _expect_there(self) -> None:
        """A file that is gone is damage, too: an empty one in its place would hide that everything is lost."""
        size = self.path.stat().st_size if self.path.exists() else 0
        if size == 0 and (self.head.last() is not None or self._backups.any()):
            raise Trouble("store.damaged", file=self.path, reason="0 B")


class ServerOpening:
    """Gives a database on a PostgreSQL server; what is damaged there is put back by whoever looks after the server."""

    def __init__(self, address: Path, head: HeadFile, waiting: Callable[[], None] = lambda: None) -> None:
        self.address = address
        self.head = head
        self._waiting = waiting
        self.findings = Findings()

    def __call__(self) -> Store:
        """Return the database brought to the newest step.

        Raises:
            Trouble: it cannot be reached, or another centre has it.
        """
        return start.opened(PostgresDatabase(self.address, waiting=self._waiting))

    def can_put_back(self, trouble: Trouble) -> bool:  # noqa: ARG002 - the surface of `Opening`
        """Return False: backups are the server's."""
        return False
