"""The shim from Python: built, preloaded into a process of its own, and told what fails there."""

import ctypes
import errno
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from tests.faults.powercut.recording import compiler
from tests.house.sources import REPOSITORY

_SOURCE = Path(__file__).with_name("failing.c")
FULL, BROKEN = errno.ENOSPC, errno.EIO


class Calls(IntEnum):
    """What fails; the numbers are those of failing.c."""

    NOTHING = 0
    WRITES = 1
    SYNCS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The `at`-th call of a kind fails, and so do the next ones, `times` in all; then the disk is well again."""

    calls: Calls
    error: int
    at: int
    times: int
    tears: bool = False
    """Half of the first failing write gets through."""


def indices(count: int, at_most: int, dice: random.Random) -> list[int]:
    """Return every index from 1 to `count`, or so many of them, spread and drawn."""
    if at_most >= count:
        return list(range(1, count + 1))
    return sorted(dice.sample(range(1, count + 1), at_most))


def drawn(calls: Calls, error: int, at: int, dice: random.Random) -> Fault:
    """Return a fault at an index; how long it lasts and whether it tears is drawn."""
    return Fault(calls=calls, error=error, at=at, times=dice.choice((1, 2, 5, 20)), tears=dice.random() < 0.3)


class Disk:
    """The shim loaded into this process."""

    def __init__(self) -> None:
        self._shim = ctypes.CDLL(None)
        self._shim.disk_seen.restype = self._shim.disk_failed.restype = ctypes.c_long

    def arm(self, fault: Fault) -> None:
        """Begin to count, and to fail as told. A failed sync loses what it was to keep."""
        self._shim.disk_arm(
            int(fault.calls), fault.error, ctypes.c_long(fault.at), ctypes.c_long(fault.times), 1, int(fault.tears)
        )

    def heal(self) -> int:
        """Let everything work again; return how many calls failed."""
        failed = int(self._shim.disk_failed())
        self.arm(Fault(calls=Calls.NOTHING, error=0, at=0, times=0))
        return failed

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Neither count nor fail in between: what is done there is the test's own."""
        self._shim.disk_pause(1)
        try:
            yield
        finally:
            self._shim.disk_pause(0)

    def seen(self, calls: Calls) -> int:
        """Return how many calls of a kind there were since the last `arm`."""
        return int(self._shim.disk_seen(int(calls)))


def built(folder: Path) -> Path:
    """Compile the shim into a folder and return the library."""
    library = folder / "failing.so"
    found = compiler()
    assert found is not None, "a C compiler is needed for the failing disk"
    command = [found, "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, _SOURCE, "-lpthread"]
    subprocess.run(command, check=True)
    return library


def run_under(library: Path, module: str, folder: Path, *arguments: str) -> str:
    """Run `python -m module folder arguments…` over a disk that may fail in the folder; return what it printed."""
    folder.mkdir(parents=True)
    more = {"LD_PRELOAD": str(library), "DISK_FOLDER": str(folder.resolve())}
    command = [sys.executable, "-m", module, str(folder.resolve()), *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, env=os.environ | more, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout
