"""One worker as its console sees it: started without a fork of ours, ordered by a pipe that never blocks."""

import contextlib
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import msgspec

from chengyun_core.video import orders
from chengyun_core.video.orders import Answer, Begin, Order
from chengyun_core.wire.pane_memory import PaneMemory

logger = logging.getLogger(__name__)

COMMAND = (sys.executable, "-I", "-m", "chengyun_core.video.worker")
_KEPT = ("LANG", "LC_ALL", "PATH", "PYTHONPYCACHEPREFIX", "TZ")
"""Of our environment; nothing else of it concerns a process that reads strangers' bytes."""
_ALONE = {"OPENBLAS_NUM_THREADS": "1"}
"""No worker multiplies matrices: numpy need not keep threads for it."""
MOST_OUTGOING = 4 * 2**20
"""Bytes of orders that may wait for a worker; one that lets more wait is hung."""
STOP_S = 0.6


class WorkerProcess:
    """A child, its two pipes and a thread that reads its answers. Used by the fleet's guardian thread only."""

    def __init__(self, memory: PaneMemory, begin: Begin, answered: Callable[[Answer], None]) -> None:
        """Start it. Raises OSError.

        subprocess starts a program of its own (vfork and exec, or posix_spawn): nothing of Qt runs in the child.
        """
        self.epoch = begin.epoch
        self.started_ns = time.monotonic_ns()
        self.alive_since_ns = 0
        """When its first sign of life was seen; 0: not yet."""
        self._memory, self._answered = memory, answered
        self._outgoing = bytearray()
        environment = _ALONE | {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._process = subprocess.Popen(
            [*COMMAND, str(memory.descriptor), str(memory.panes)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            pass_fds=(memory.descriptor,), env=environment,
        )  # fmt: skip
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)
        self._reader = threading.Thread(target=self._read, name="video answers", daemon=True)
        self._reader.start()
        self.send(begin)

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._process.pid

    def send(self, order: Order) -> None:
        """Put an order on its way; what the pipe does not take now goes with `flush`."""
        self._outgoing += orders.packed(order)
        self.flush()

    def flush(self) -> None:
        """Send what waits, as far as the pipe takes it."""
        assert self._process.stdin is not None
        # A full pipe keeps the rest; a broken one is a worker that ended, which `has_ended` tells.
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            while self._outgoing:
                sent = os.write(self._process.stdin.fileno(), self._outgoing)
                del self._outgoing[:sent]

    def has_ended(self) -> bool:
        """Return whether it is gone."""
        return self._process.poll() is not None

    def last_beat_ns(self) -> int:
        """Return when its main thread gave a sign of life last; 0 while it is still starting."""
        beat = int(self._memory.heads["beat_ns"][self._memory.panes - 1])
        return beat if beat > self.started_ns else 0

    def is_choked(self) -> bool:
        """Return whether it has not taken its orders for long."""
        return len(self._outgoing) > MOST_OUTGOING

    def kill(self) -> None:
        """End it at once; return when it is gone."""
        self._process.kill()
        self._finish()

    def stop(self) -> None:
        """End its orders, which ends it; kill it when that takes too long."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._finish()

    def _finish(self) -> None:
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        try:
            for message in orders.messages(self._process.stdout.read):
                self._answered(msgspec.msgpack.decode(message, type=Answer))
        except (msgspec.MsgspecError, OSError, ValueError):
            logger.warning("video worker %s: its answers are not ours to read; it is not heard any more", self.pid)
