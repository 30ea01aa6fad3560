"""One centre daemon per profile: a locked file that names the process (RF11)."""

import fcntl
import os
from pathlib import Path
from typing import Self

from chengyun_core.model.failure import Refused


class ProfileLock:
    """Held for the life of the process; the kernel lets go of it whatever way the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def __enter__(self) -> Self:
        """Take the lock; raise Refused naming the process that holds it."""
        descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise Refused("centre.already_running", pid=holder, file=self._path) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)
