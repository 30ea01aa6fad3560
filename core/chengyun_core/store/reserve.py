"""A file of nothing that is given up when the disk is full, so that facts of the emergency still find room (RF5)."""

import logging
import os
import shutil
from pathlib import Path

logger = logging.getLogger(__name__)


class Reserve:
    """The reserve beside a database."""

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self._size = size

    def stands(self) -> bool:
        """Return whether the reserve is there, or none is wanted."""
        return self._size == 0 or (self._path.exists() and self._path.stat().st_size >= self._size)

    def restore(self) -> bool:
        """Make the reserve when there is room for it twice over; return whether it stands."""
        if self.stands():
            return True
        if shutil.disk_usage(self._path.parent).free < 2 * self._size:
            return False
        try:
            self._write()
        except OSError as fault:
            logger.warning("no reserve of %d bytes at %s: %s", self._size, self._path, fault)
            self._path.unlink(missing_ok=True)
            return False
        return True

    def release(self) -> bool:
        """Give the reserve up; return whether there was one."""
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        logger.warning("the disk is full: the reserve %s of %d bytes was given up", self._path, self._size)
        return True

    def _write(self) -> None:
        descriptor = os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, self._size)
        finally:
            os.close(descriptor)
