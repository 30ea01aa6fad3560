"""One worker as its console sees it: started without a fork of ours, ordered by a pipe that never blocks."""

import os
import sys
import time
from collections.abc import Callable

import msgspec

from chengyun_core.video import orders
from chengyun_core.video.orders import Answer, Begin, Order
from chengyun_core.wire.pane_memory import PaneMemory
from chengyun_core.wire.piped_child import PipedChild

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
        """Start it. Raises OSError."""
        self.epoch = begin.epoch
        self.started_ns = time.monotonic_ns()
        self.alive_since_ns = 0
        """When its first sign of life was seen; 0: not yet."""
        self._memory, self._answered = memory, answered
        self._child = PipedChild(
            [*COMMAND, str(memory.descriptor), str(memory.panes)], self._hear, descriptor=memory.descriptor,
            environment=_ALONE | {name: os.environ[name] for name in _KEPT if name in os.environ},
            name="video worker", longest=orders.LONGEST,
        )  # fmt: skip
        self.send(begin)

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._child.pid

    def send(self, order: Order) -> None:
        """Put an order on its way; what the pipe does not take now goes with `flush`."""
        self._child.send(orders.packed(order))

    def flush(self) -> None:
        """Send what waits, as far as the pipe takes it."""
        self._child.flush()

    def has_ended(self) -> bool:
        """Return whether it is gone."""
        return self._child.has_ended()

    def last_beat_ns(self) -> int:
        """Return when its main thread gave a sign of life last; 0 while it is still starting."""
        beat = int(self._memory.heads["beat_ns"][self._memory.panes - 1])
        return beat if beat > self.started_ns else 0

    def is_choked(self) -> bool:
        """Return whether it has not taken its orders for long."""
        return self._child.waiting > MOST_OUTGOING

    def kill(self) -> None:
        """End it at once; return when it is gone."""
        self._child.kill()

    def stop(self) -> None:
        """End its orders, which ends it; kill it when that takes too long."""
        self._child.stop(STOP_S)

    def _hear(self, message: bytes) -> None:
        self._answered(msgspec.msgpack.decode(message, type=Answer))
