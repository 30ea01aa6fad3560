"""What every thread was doing when the window stood still, written by the interpreter even while it is held up."""

import faulthandler
import logging
from io import FileIO
from pathlib import Path

logger = logging.getLogger(__name__)

MOST_BYTES = 1 << 20
"""A file that has grown to this is put aside for one more."""
NAME = "console-halts.log"


class Stacks:
    """Armed at every beat: who does not come back in time finds his stack in the file. Works without the GIL.

    A log folder that cannot be written costs the stacks, not the console.
    """

    def __init__(self, folder: Path, limit_s: float) -> None:
        self._limit_s = limit_s
        self.path = folder / NAME
        self._file = _opened(self.path)

    def arm(self) -> None:
        """Begin to wait anew."""
        if self._file is not None:
            faulthandler.dump_traceback_later(self._limit_s, file=self._file)

    def note(self, line: str) -> None:
        """Write a line beneath the stacks."""
        if self._file is not None:
            self._file.write(f"{line}\n\n".encode())

    def close(self) -> None:
        """Wait no more."""
        if self._file is not None:
            faulthandler.cancel_dump_traceback_later()
            self._file.close()
            self._file = None


def _opened(path: Path) -> FileIO | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > MOST_BYTES:
            path.replace(path.with_suffix(".1.log"))
        return FileIO(path, "a")
    except OSError as fault:
        logger.warning("halts of the window will leave no stack: %s", fault)
        return None
