"""What every thread was doing when the window stood still: its own stack by a signal, all by a thread beside."""

import faulthandler
import logging
import os
import signal
import threading
import time
from io import FileIO
from pathlib import Path

logger = logging.getLogger(__name__)

MOST_BYTES = 1 << 20
"""A file that has grown to this is put aside for one more."""
NAME = "console-halts.log"
LOOKS = 4
"""So often in its limit the thread beside looks whether the window has come back."""
STOP_WITHIN_S = 1.0


class Stacks:
    """Armed at every beat: who does not come back in time finds his stack in the file. Nothing here waits for a thread.

    The window's own stack is written by the kernel's timer and faulthandler's handler, also while C code keeps the
    interpreter. A quarter of the limit later a thread writes all stacks, if it can have the interpreter: while it does,
    nobody moves. Two at once would fight for the timer. A log folder that cannot be written costs the stacks, not the
    console.

    faulthandler's own watchdog (`dump_traceback_later`) is not for this: at every beat the window waited, the
    interpreter in its hand, until the thread of the last one was gone, and that walks stacks that move (0424).
    """

    def __init__(self, folder: Path, limit_s: float) -> None:
        self._limit_s = limit_s
        self.path = folder / NAME
        self._file = _opened(self.path)
        self._armed_s: float | None = None
        self._ended = threading.Event()
        self._beside = threading.Thread(target=self._watch, name="lookout stacks", daemon=True)
        if self._file is not None:
            faulthandler.register(signal.SIGALRM, file=self._file, all_threads=False)
            self._beside.start()

    def arm(self) -> None:
        """Begin to wait anew."""
        if self._file is not None:
            self._armed_s = time.monotonic()
            signal.setitimer(signal.ITIMER_REAL, self._limit_s)

    def note(self, line: str) -> None:
        """Write a line beneath the stacks; several consoles of a profile share the file."""
        self._write(f"-- {os.getpid()} {line}\n\n".encode())

    def close(self) -> None:
        """Wait no more. A thread that hangs in a write is left behind, with the file it hangs in."""
        if self._file is None:
            return
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        faulthandler.unregister(signal.SIGALRM)
        self._ended.set()
        self._beside.join(STOP_WITHIN_S)
        if not self._beside.is_alive():
            self._file.close()
        self._file = None

    def _watch(self) -> None:
        told_s: float | None = None
        while not self._ended.wait(self._limit_s / LOOKS):
            armed_s = self._armed_s
            late_s = time.monotonic() - armed_s if armed_s is not None else 0.0
            if armed_s != told_s and late_s > self._limit_s * (1 + 1 / LOOKS):
                told_s = armed_s
                self._write(_all_stacks())

    def _write(self, data: bytes) -> None:
        file = self._file
        if file is None:
            return
        try:
            file.write(data)
        except OSError as fault:
            logger.warning("the stack of a halt could not be written: %s", fault)


def _all_stacks() -> bytes:
    """Return the stack of every thread, read while this one keeps the interpreter: into memory, which never waits."""
    with FileIO(os.memfd_create("chengyun-stacks", os.MFD_CLOEXEC), "w+") as memory:
        memory.write(f"-- {os.getpid()} every thread:\n\n".encode())
        faulthandler.dump_traceback(memory, all_threads=True)
        memory.seek(0)
        return memory.readall()


def _opened(path: Path) -> FileIO | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > MOST_BYTES:
            path.replace(path.with_suffix(".1.log"))
        return FileIO(path, "a")
    except OSError as fault:
        logger.warning("halts of the window will leave no stack: %s", fault)
        return None
