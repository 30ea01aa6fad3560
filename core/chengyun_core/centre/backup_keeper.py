"""Makes a backup every so often while the daemon works; its worker copies and verifies, the loop takes the outcome."""

import logging
import time
from functools import partial
from pathlib import Path

from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.workers import Result, Undertake
from chengyun_core.model.failure import Trouble
from chengyun_core.store.backups import Backup, Backups

logger = logging.getLogger(__name__)

LANE = "backups"
AGAIN_AFTER_S = 60.0
"""After a backup that failed, or a start."""


class BackupKeeper:
    """Tended by the loop in every turn; one backup at a time, none while nothing was written."""

    def __init__(
        self, database: Path, backups: Backups, ledger: Ledger, undertake: Undertake, every_minutes: float
    ) -> None:
        self._database = database
        self._backups = backups
        self._ledger = ledger
        self._undertake = undertake
        self._every_s = 60 * every_minutes
        self._due_at = float("inf")
        if every_minutes > 0:
            # At once when there is none; else not before it has run a while, or restarts in a row would use up the old.
            self._due_at = time.monotonic() + (AGAIN_AFTER_S if backups.any() else 0.0)
        self._busy = False
        self._through = -1
        self.light = "ok" if every_minutes > 0 else "store.no_backups_wanted"
        """`ok`, or the code of what ails the backups."""

    def tend(self) -> None:
        """Begin a backup when one is due."""
        if self._busy or time.monotonic() < self._due_at or self._ledger.tail == self._through:
            return
        self._busy = self._undertake(partial(self._backups.make, self._database), self._take)

    def _take(self, result: Result) -> None:
        self._busy = False
        if isinstance(result.value, Backup):
            self._due_at = time.monotonic() + self._every_s
            self._through, self.light = result.value.seal.number, "ok"
            return
        self._due_at = time.monotonic() + min(AGAIN_AFTER_S, self._every_s)
        self.light = result.fault.reason.code if isinstance(result.fault, Trouble) else "store.backup_failed"
        logger.error("no backup: %s", result.fault)
