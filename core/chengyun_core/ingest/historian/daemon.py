"""The historian's composition root and its one loop: feeds in, parts out, windows answered."""

import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import zmq

from chengyun_core.ingest.alone import run_alone
from chengyun_core.ingest.historian.door import HistoryDoor
from chengyun_core.ingest.historian.keeper import Keeper
from chengyun_core.ingest.historian.settings import HistorianSettings
from chengyun_core.ingest.process_lock import next_epoch
from chengyun_core.model.clock import Clock, ProfileClock
from chengyun_core.store.archive.archive import Merged
from chengyun_core.wire import addresses
from chengyun_core.wire.envelope import HistoryStatus
from chengyun_core.wire.guard import Guard

logger = logging.getLogger(__name__)

MESSAGES_PER_TURN = 64
RETIRE_EVERY_NS = 600 * 10**9
SIGN_EVERY_NS = 10**9


def run(profile: Path, settings: HistorianSettings, realm: str, stop: threading.Event | None = None) -> int:
    """Run the historian of this profile until `stop` is set or SIGTERM/SIGINT comes; return the exit code."""

    def live(ending: threading.Event) -> None:
        Historian(profile, settings, realm, ProfileClock()).run(ending)

    return run_alone(profile, "historian", live, stop)


class Historian:
    """All parts around one loop in one thread; merges are written in a second one."""

    def __init__(self, profile: Path, settings: HistorianSettings, realm: str, machine: Clock) -> None:
        """Open the archive. Raises OSError."""
        self._profile = profile
        self._settings = settings
        self._machine = machine
        self._where = addresses.bound_by_daemons(profile)
        self._keeper = Keeper(profile, settings)
        epoch = next_epoch(profile / settings.folder, machine.utc_ns())
        self._door = HistoryDoor(self._keeper, status=self.status, epoch=epoch, realm=realm)
        self._merging: Future[Merged] | None = None
        now_ns = machine.monotonic_ns()
        self._committed_ns = self._signed_ns = self._retired_ns = self._begun_ns = now_ns

    def run(self, ending: threading.Event) -> None:
        """Bind, keep, and leave everything durable and closed."""
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        with ThreadPoolExecutor(1, thread_name_prefix="merge") as pool:
            try:
                with closing(Guard(context, self._profile)) as guard:
                    self._serve(guard, pool, ending)
            finally:
                context.destroy(linger=0)
                if self._merging is not None:
                    self._settle(self._merging)
                self._keeper.read()
                self._keeper.close()

    def _serve(self, guard: Guard, pool: ThreadPoolExecutor, ending: threading.Event) -> None:
        doorway = guard.door(self._where.history_door)
        poller = zmq.Poller()
        poller.register(doorway.socket, zmq.POLLIN)
        while not ending.is_set():
            if poller.poll(round(self._settings.turn_ms)):
                doorway.answer(self._door.answer, MESSAGES_PER_TURN)
            guard.tend(poller)
            self._keep(pool)

    def status(self) -> HistoryStatus:
        """Return what there is and what it costs."""
        parts = self._keeper.archive.parts()
        alive_s = max(1e-9, (self._machine.monotonic_ns() - self._begun_ns) / 1e9)
        counters = {
            **self._keeper.counters, "archive_parts": len(parts), "archive_rows": sum(part.rows for part in parts),
            "archive_bytes": sum(part.size for part in parts), "known_gaps": len(self._keeper.archive.manifest.gaps),
        }  # fmt: skip
        share = round(time.process_time() / alive_s, 3)
        return HistoryStatus(counters=counters, gauges={"core_share": share}, light=self._keeper.light or "ok")

    def _keep(self, pool: ThreadPoolExecutor) -> None:
        now_ns = self._machine.monotonic_ns()
        self._keeper.read()
        if now_ns - self._committed_ns >= self._settings.flush_s * 1e9 or self._keeper.wants_commit():
            self._committed_ns = now_ns
            self._keeper.commit()
        if now_ns - self._signed_ns >= SIGN_EVERY_NS:
            self._signed_ns = now_ns
            self._keeper.sign_of_life()
            self._merge(pool)
        if now_ns - self._retired_ns >= RETIRE_EVERY_NS:
            self._retired_ns = now_ns
            self._keeper.retire()

    def _merge(self, pool: ThreadPoolExecutor) -> None:
        if self._merging is not None:
            if self._merging.done():
                self._settle(self._merging)
                self._merging = None
        elif not self._keeper.light:
            merge = self._keeper.archive.due_merge(self._keeper.newest_ns)
            if merge is not None:
                self._merging = pool.submit(self._keeper.archive.carry_out, merge)

    def _settle(self, merging: "Future[Merged]") -> None:
        try:
            self._keeper.archive.settle(merging.result(), self._keeper.newest_ns)
        except OSError as fault:
            logger.error("parts cannot be merged: %s; they go on as they are", fault)
