"""The media worker as its console sees it: started when a room is entered, ordered by a pipe that never blocks."""

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Protocol

import msgspec

from chengyun_core.rtc.orders import Begin, Order, Told
from chengyun_core.rtc.panes import PANES
from chengyun_core.wire.pane_memory import PaneMemory, Seen
from chengyun_core.wire.pipe import framed, frames

logger = logging.getLogger(__name__)

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
        """Start it. `told` is called in the reading thread. Raises OSError.

        subprocess starts a program of its own (vfork and exec, or posix_spawn): nothing of Qt runs in the child.
        """
        self._told = told
        self._memory = PaneMemory.made(PANES)
        self._outgoing = bytearray()
        self._process = subprocess.Popen(
            [*command, str(self._memory.descriptor)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            pass_fds=(self._memory.descriptor,), env={name: os.environ[name] for name in _KEPT if name in os.environ},
        )  # fmt: skip
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)
        self._reader = threading.Thread(target=self._read, name="media told", daemon=True)
        self._reader.start()
        self.send(begin)

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._process.pid

    def send(self, order: Order) -> None:
        """Put an order on its way; what the pipe does not take now goes with the next. A choked worker is killed."""
        assert self._process.stdin is not None
        self._outgoing += framed(msgspec.msgpack.encode(order))
        # A full pipe keeps the rest; a broken one is a worker that ended, which `has_ended` tells.
        with contextlib.suppress(BlockingIOError, BrokenPipeError, ValueError):
            while self._outgoing:
                sent = os.write(self._process.stdin.fileno(), self._outgoing)
                del self._outgoing[:sent]
        if len(self._outgoing) > MOST_OUTGOING:
            self._process.kill()

    def seen(self, pane: int) -> Seen:
        """Return the newest picture in a pane."""
        return self._memory.seen(pane)

    def is_whole(self, pane: int, sequence: int) -> bool:
        """Return whether a picture copied just now was not being written over."""
        return self._memory.is_whole(pane, sequence)

    def has_ended(self) -> bool:
        """Return whether it is gone."""
        return self._process.poll() is not None

    def stop(self) -> None:
        """End its orders, which ends it; kill it when that takes too long."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._process.wait()
        self._reader.join()
        self._process.stdout.close()
        self._memory.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        try:
            for message in frames(self._process.stdout.read):
                self._told(msgspec.msgpack.decode(message, type=Told))
        except (msgspec.MsgspecError, OSError, ValueError):
            logger.warning("media worker %s: what it tells is not ours to read; it is not heard any more", self.pid)
