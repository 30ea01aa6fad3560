"""What the sources with an asyncio loop share: a thread of its own, a connection kept up with back-off."""

import asyncio
import contextlib
import logging
import threading
from abc import ABC, abstractmethod

from chengyun_core.ingest.sources.health import Health
from chengyun_core.ingest.sources.names import ChannelNames
from chengyun_core.ingest.sources.port import Feed
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.failure import Refused, Trouble

logger = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
CANCEL_EVERY_S = 3.0


class Lost(Exception):  # noqa: N818 - reads as what it is
    """The other side cannot be reached, went away or refuses us: told by its code, and tried again after a pause."""

    def __init__(self, code: str, fault: object, *, state: str = "connecting") -> None:
        super().__init__(str(fault) or type(fault).__name__)
        self.code = code
        self.state = state


class LoopSource(ABC):
    """A source whose connection is a coroutine in a thread of its own."""

    def __init__(self, name: str, kind: str) -> None:
        self.health = Health(name=name, kind=kind)
        self.demo = ""
        self.own_clock = False
        self.names = ChannelNames(Catalogue())
        self.feed: Feed | None = None
        self.first_pause_s = FIRST_PAUSE_S
        self.ending = False
        """Whether the daemon is stopping: to be asked in loops, for a library may forget that it was cancelled."""
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @abstractmethod
    async def connected(self) -> None:
        """Connect, tell `health` that it runs, and feed until the connection is over.

        Raises:
            Lost: it is to be tried again.
            Refused, Trouble: it makes no sense to try again before somebody has mended the settings or files.
        """

    def start(self, feed: Feed, catalogue: Catalogue) -> None:
        """Connect in the background; failures are told by `health` and tried again."""
        self.feed, self.names = feed, ChannelNames(catalogue)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=f"source {self.health.name}", daemon=True)
        self._thread.start()

    def learn(self, catalogue: Catalogue) -> None:
        """Use a newer catalogue from now on (one assignment: the other thread sees the old or the new one whole)."""
        self.names = ChannelNames(catalogue)

    def stop(self) -> None:
        """End the connection and the thread."""
        if self._loop is None or self._thread is None:
            return
        with contextlib.suppress(RuntimeError):  # the thread has ended by itself and closed its loop
            self._loop.call_soon_threadsafe(self._end)
        self._thread.join()

    def _end(self) -> None:
        self.ending = True
        if self._task is not None:
            self._task.cancel()
        # asyncio.wait_for of Python 3.11 forgets a cancellation that meets its result (seen with pymodbus): said again.
        assert self._loop is not None
        self._loop.call_later(CANCEL_EVERY_S, self._end)

    def _run(self) -> None:
        loop = self._loop
        assert loop is not None
        with asyncio.Runner(loop_factory=lambda: loop) as runner, contextlib.suppress(asyncio.CancelledError):
            runner.run(self._kept_up())

    async def _kept_up(self) -> None:
        self._task = asyncio.current_task()
        pause_s = self.first_pause_s
        while not self.ending:
            try:
                await self.connected()
            except (Refused, Trouble) as fault:
                self.health.became("failed", fault.reason.code, str(fault))
                logger.error("source %s cannot run: %s", self.health.name, fault)
                return
            except Lost as fault:
                pause_s = self.first_pause_s if self.health.state == "running" else min(2 * pause_s, LONGEST_PAUSE_S)
                self.health.became(fault.state, fault.code, str(fault))
            except Exception as fault:  # a bug or a library's: told with its trace, and the other sources go on
                pause_s = LONGEST_PAUSE_S
                self.health.became("failed", "ingest.source_failed", repr(fault))
                logger.exception("source %s broke; it is started again in %s s", self.health.name, pause_s)
            if not self.ending:
                await asyncio.sleep(pause_s)
