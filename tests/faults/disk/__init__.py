"""RF5, RF6: a disk that is full or fails at any write or sync, under the real centre and the real spool."""

import json
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.disk import shim

ALL = 1 << 20
"""Every index there is."""
PROGRAMS = {"centre": "tests.faults.disk.centre_work", "spool": "tests.faults.disk.spool_work"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a run found."""

    seed: int
    faults: dict[str, int] = field(default_factory=dict)
    """Faults tried, by program and kind: `centre full`, `centre sync failed`, …"""
    broken: tuple[str, ...] = ()
    """What was lost, lied about or not recovered from, with the fault that did it; must be empty."""
    seconds: float = 0.0

    @property
    def sound(self) -> bool:
        """Return whether nothing was lost, nothing acknowledged that is not there, and all recovered by themselves."""
        return bool(self.faults) and not self.broken


def run(
    seed: int, at_most: int = ALL, *, programs: tuple[str, ...] = ("centre", "spool"), control: bool = False
) -> Counts:
    """Let the disk fail at every write and sync of each program, or at about `at_most` of them each.

    control: with a program that ignores the disk's errors, which must be seen to lie. Needs a C compiler.
    """
    began, faults, broken = time.monotonic(), Counter[str](), []
    with tempfile.TemporaryDirectory(dir=_in_memory()) as name:
        base = Path(name).resolve()
        library = shim.built(base)
        for program in programs:
            more = ("pretends",) if control else ()
            told = shim.run_under(library, PROGRAMS[program], base / program, str(seed), str(at_most), *more)
            for line in told.splitlines():
                row = json.loads(line)
                faults[f"{program} {_kind(row)}"] += 1
                if row["broken"]:
                    broken.append(f"{program} {row}")
    return Counts(
        seed=seed, faults=dict(faults), broken=tuple(broken), seconds=round(time.monotonic() - began, 1)
    )  # fmt: skip


def _kind(row: dict[str, int]) -> str:
    if row["calls"] == shim.Calls.SYNCS:
        return "sync failed"
    return "full" if row["error"] == shim.FULL else "write failed"


def _in_memory() -> str | None:
    """Return where hundreds of databases cost no disk; nothing here depends on its durability."""
    shared = Path("/dev/shm")
    return str(shared) if shared.is_dir() else None
