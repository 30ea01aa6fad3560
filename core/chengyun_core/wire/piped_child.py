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
        """End it at once; return when it is gone."""
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
        self._process.wait()
        self._reader.join()
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
