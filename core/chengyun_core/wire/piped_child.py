"""A child process that is ordered by one pipe and heard by another: nothing here waits for it but its end."""

import contextlib
import logging
import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence

import msgspec

from chengyun_core.wire.pipe import LONGEST, frames

logger = logging.getLogger(__name__)

KILLED_WITHIN_S = 2.0
"""What is killed is gone at once, unless it waits in the kernel for a card or a disk; another may hold its pipe."""


class PipedChild:
    """Used by one thread; `heard` is called in a thread of its own that reads what the child tells."""

    def __init__(
        self, command: Sequence[str], heard: Callable[[bytes], None], *, descriptor: int,
        environment: Mapping[str, str], name: str, longest: int = LONGEST,
    ) -> None:  # fmt: skip
        """Start it. Raises OSError.

        subprocess starts a program of its own (vfork and exec, or posix_spawn): nothing of Qt runs in the child.

        Args:
            command: the whole command line; it names `descriptor`, which the child inherits.
            heard: is given each message; MsgspecError and ValueError of it end the listening.
            descriptor: of the memory both share.
            environment: all the child sees of one.
            name: what it is called in logs and in the list of threads.
            longest: bytes of its longest message.
        """
        self._heard, self._name, self._longest = heard, name, longest
        self._outgoing = bytearray()
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=(descriptor,), env=environment
        )
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)
        self._reader = threading.Thread(target=self._read, name=f"{name} heard", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._process.pid

    @property
    def waiting(self) -> int:
        """Return how many bytes it has not taken yet."""
        return len(self._outgoing)

    def send(self, message: bytes) -> None:
        """Put a framed message on its way; what the pipe does not take now goes with `flush`."""
        self._outgoing += message
        self.flush()

    def flush(self) -> None:
        """Send what waits, as far as the pipe takes it."""
        assert self._process.stdin is not None
        # A full pipe keeps the rest; a broken or closed one is a child that ended, which `has_ended` tells.
        with contextlib.suppress(BlockingIOError, BrokenPipeError, ValueError):
            while self._outgoing:
                sent = os.write(self._process.stdin.fileno(), self._outgoing)
                del self._outgoing[:sent]

    def has_ended(self) -> bool:
        """Return whether it is gone."""
        return self._process.poll() is not None

    def shoot(self) -> None:
        """End it at once, and do not wait for it."""
        self._process.kill()

    def kill(self) -> None:
        """End it at once; return when it is gone, or after some seconds all the same."""
        self._process.kill()
        self._finish()

    def stop(self, within_s: float) -> None:
        """End its orders, which ends it; kill it when that takes longer."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._finish()

    def _finish(self) -> None:
        try:
            self._process.wait(KILLED_WITHIN_S)
        except subprocess.TimeoutExpired:
            logger.error("%s %s was killed and does not end; it is left behind", self._name, self.pid)
        self._reader.join(KILLED_WITHIN_S)
        if self._reader.is_alive():
            # To close a pipe somebody reads would wait for what he waits for.
            logger.error("somebody holds the pipe of %s %s; it is left behind", self._name, self.pid)
            return
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        try:
            for message in frames(self._process.stdout.read, self._longest):
                self._heard(message)
        except (msgspec.MsgspecError, OSError, ValueError):
            logger.warning("%s %s: what it tells is not ours to read; it is not heard any more", self._name, self.pid)
