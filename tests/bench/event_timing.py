"""Times of questions to a database: by the wall, and of the processors, the answering server's included."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, text


@dataclass
class Taken:
    """Milliseconds of some rounds. The first round is not among them: it found pages on the disk."""

    first_ms: float = 0.0
    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def wall(self, share: float) -> float:
        """Return a quantile by the wall."""
        return quantile(self.wall_ms, share)

    def cpu(self, share: float) -> float:
        """Return a quantile of processor time."""
        return quantile(self.cpu_ms, share)

    def told(self, share: float) -> str:
        """Write medians and a quantile."""
        return (
            f"cpu p50 {self.cpu(0.5):7.2f}, p{share * 100:.0f} {self.cpu(share):7.2f} ms; "
            f"wall p50 {self.wall(0.5):7.2f}, p{share * 100:.0f} {self.wall(share):7.2f}, first {self.first_ms:7.1f} ms"
        )


def quantile(figures: list[float], share: float) -> float:
    """Return a quantile, the next lower one that was measured."""
    ordered = sorted(figures)
    return ordered[int(share * (len(ordered) - 1))]


class Clock:
    """Measures what is asked of one database."""

    def __init__(self, *opened: Callable[[], AbstractContextManager[Connection]]) -> None:
        """`opened`: what gives the connections that are used; the processes that serve them are looked at, too."""
        self._serving = [path for path in map(_schedule, opened) if path is not None]

    def cpu_s(self) -> float:
        """Return processor time used so far, here and by the server's processes for our two connections."""
        # The first figure of the kernel's file is nanoseconds on a processor; it is exact where `stat` counts ticks.
        return time.process_time() + sum(int(one.read_text("ascii").split()[0]) for one in self._serving) / 1e9

    def rounds(self, deed: Callable[[], object], count: int) -> Taken:
        """Do something once more than `count` times."""
        taken = Taken()
        for at in range(count + 1):
            wall, cpu = time.perf_counter(), self.cpu_s()
            deed()
            cpu_ms, wall_ms = 1000 * (self.cpu_s() - cpu), 1000 * (time.perf_counter() - wall)
            if at:
                taken.wall_ms.append(wall_ms)
                taken.cpu_ms.append(cpu_ms)
            else:
                taken.first_ms = wall_ms
        return taken


def _schedule(opened: Callable[[], AbstractContextManager[Connection]]) -> Path | None:
    with opened() as connection:
        if connection.dialect.name != "postgresql":
            return None
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    return Path(f"/proc/{pid}/schedstat")
