"""The media worker as its console sees it: started when a room is entered, ordered by a pipe that never blocks."""

import os
import sys
from collections.abc import Callable
from typing import Protocol

import msgspec

from chengyun_core.rtc.orders import Begin, Order, Told
from chengyun_core.rtc.panes import PANES
from chengyun_core.wire.pane_memory import PaneMemory, Seen
from chengyun_core.wire.pipe import framed
from chengyun_core.wire.piped_child import PipedChild

COMMAND = (sys.executable, "-I", "-m", "chengyun_core.rtc.worker")
_KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "PULSE_SERVER", "TZ", "XDG_RUNTIME_DIR")
"""Of our environment: what finds the sound server of the one who sits here, and nothing else."""
MOST_OUTGOING = 2**20
STOP_S = 2.0


class Media(Protocol):
    """A console's sound and pictures. Called from one thread; no method waits."""

    def send(self, order: Order) -> None:
        """Order something."""
        ...

    def seen(self, pane: int) -> Seen:
        """Return the newest picture in a pane; copy it at once, and ask `is_whole` after copying."""
        ...

    def is_whole(self, pane: int, sequence: int) -> bool:
        """Return whether a picture copied just now was not being written over."""
        ...

    def has_ended(self) -> bool:
        """Return whether the worker is gone and another has to be started."""
        ...

    def stop(self) -> None:
        """End it."""
        ...


class MediaProcess:
    """A child, its two pipes, and a thread that reads what it tells."""

    def __init__(self, begin: Begin, told: Callable[[Told], None], command: tuple[str, ...] = COMMAND) -> None:
        """Start it. `told` is called in the reading thread. Raises OSError."""
        self._told = told
        self._memory = PaneMemory.made(PANES)
        self._child = PipedChild(
            [*command, str(self._memory.descriptor)], self._hear, descriptor=self._memory.descriptor,
            environment={name: os.environ[name] for name in _KEPT if name in os.environ}, name="media worker",
        )  # fmt: skip
        self.send(begin)

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._child.pid

    def send(self, order: Order) -> None:
        """Put an order on its way; what the pipe does not take now goes with the next. A choked worker is killed."""
        self._child.send(framed(msgspec.msgpack.encode(order)))
        if self._child.waiting > MOST_OUTGOING:
            self._child.shoot()

    def seen(self, pane: int) -> Seen:
        """Return the newest picture in a pane."""
        return self._memory.seen(pane)

    def is_whole(self, pane: int, sequence: int) -> bool:
        """Return whether a picture copied just now was not being written over."""
        return self._memory.is_whole(pane, sequence)

    def has_ended(self) -> bool:
        """Return whether it is gone."""
        return self._child.has_ended()

    def stop(self) -> None:
        """End its orders, which ends it; kill it when that takes too long."""
        self._child.stop(STOP_S)
        self._memory.close()

    def _hear(self, message: bytes) -> None:
        self._told(msgspec.msgpack.decode(message, type=Told))
