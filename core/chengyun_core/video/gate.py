"""The second lock behind the fence: a worker connects to nothing but a place the fence has just allowed."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chengyun_core.video.fence import Pinned

FORBIDDEN = frozenset(
    {
        "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "pty.spawn",
        "socket.bind", "socket.sendmsg", "socket.sendto", "subprocess.Popen",
    }
)  # fmt: skip
"""What no worker does, so that a fault in one does not do it either."""


class Gate:
    """Holds which place a thread may connect to just now. As an audit hook it cannot be taken away again."""

    def __init__(self) -> None:
        self._open = threading.local()

    def install(self) -> None:
        """Watch this process from now on, until it ends."""
        sys.addaudithook(self.judge)

    @contextmanager
    def opened(self, pinned: Pinned) -> Iterator[None]:
        """Let this thread connect to one place."""
        self._open.place = (pinned.address, pinned.port)
        try:
            yield
        finally:
            self._open.place = None

    def judge(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Raise PermissionError for what is not allowed (sys.addaudithook)."""
        if event == "socket.connect":
            address = arguments[1]
            place = tuple(address[:2]) if isinstance(address, tuple) else address
            if place != getattr(self._open, "place", None):
                raise PermissionError("a worker connects only where the fence allows")
        elif event in FORBIDDEN:
            raise PermissionError(f"a worker does no {event}")
