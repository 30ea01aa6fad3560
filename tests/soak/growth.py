"""Memory, handles and threads of processes over time: looked at, fitted with a line, and judged."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import psutil

MIB = 2**20
HANDLES_SLACK = 6
"""A socket that is being renewed, a file that is being merged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at one process. `at_s` is machine time since the beginning."""

    at_s: float
    name: str
    resident: int
    handles: int
    threads: int


class Watch:
    """Looks at processes by name and keeps what it saw."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._processes = {name: psutil.Process(pid) for name, pid in pids.items()}
        self._began = time.monotonic()
        self.looks: list[Look] = []

    def look(self) -> None:
        """Look at all of them. Raises psutil.NoSuchProcess when one has ended, which is a fault of its own."""
        at_s = time.monotonic() - self._began
        for name, process in self._processes.items():
            with process.oneshot():
                self.looks.append(
                    Look(
                        at_s=at_s, name=name, resident=process.memory_info().rss, handles=process.num_fds(),
                        threads=process.num_threads(),
                    )
                )  # fmt: skip

    def of(self, name: str, *, after_s: float) -> list[Look]:
        """Return the looks at a process after the warm-up."""
        return [look for look in self.looks if look.name == name and look.at_s >= after_s]


def slope(looks: Sequence[Look]) -> float:
    """Return bytes of resident memory gained per second of machine time, the least-squares line through the looks."""
    at_s = np.array([look.at_s for look in looks])
    return float(np.polyfit(at_s, np.array([look.resident for look in looks], float), 1)[0])


def faults(looks: Sequence[Look], *, most_bytes_per_s: float, per: str, seconds_per: float) -> list[str]:
    """Return a sentence for what grew. `per` names the unit told, `seconds_per` is its length in machine seconds."""
    if len(looks) < HANDLES_SLACK:
        return [f"seen only {len(looks)} times"]
    found, name, gained = [], looks[0].name, slope(looks)
    if gained > most_bytes_per_s:
        told, most = (rate * seconds_per / MIB for rate in (gained, most_bytes_per_s))
        found.append(f"{name}: memory grows by {told:.1f} MiB per {per}, more than {most:.1f}")
    for what in ("handles", "threads"):
        early, late = (np.median([getattr(look, what) for look in part]) for part in _thirds(looks))
        if late > early + HANDLES_SLACK:
            found.append(f"{name}: {what} grew from {early:.0f} to {late:.0f}")
    return found


def _thirds(looks: Sequence[Look]) -> tuple[Sequence[Look], Sequence[Look]]:
    third = max(1, len(looks) // 3)
    return looks[:third], looks[-third:]
