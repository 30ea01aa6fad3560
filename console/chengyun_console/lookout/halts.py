"""How often and for how long the window stood still: counts by class, and the halts an officer is told of."""

from dataclasses import dataclass

PERIOD_S = 0.1
"""How often the window beats."""
EDGES_S = (0.033, 0.1, 0.25, 1.0, 5.0)
"""Lower edges of the classes; what is shorter than the first is no halt (PERFORMANCE.md: no gap above 100 ms)."""
TOLD_FROM_S = 1.0
"""Halts from this on are told to the officer and have their stack kept (RELIABILITY.md RF27)."""
SLEEP_FROM_S = 2.0
"""By so much more the clock that counts sleep has to have moved before a halt is called sleep (RF30)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """One halt. `asleep_s`: how much of it the machine itself slept."""

    seconds: float
    asleep_s: float = 0.0

    @property
    def is_sleep(self) -> bool:
        """Whether the machine slept, rather than the window hung."""
        return self.asleep_s >= SLEEP_FROM_S


class Halts:
    """Told of each beat on two clocks, in s: one that stands still while the machine sleeps, and one that does not."""

    def __init__(self) -> None:
        self._last: tuple[float, float] | None = None
        self.counts = [0] * len(EDGES_S)
        """Halts by class; the machine's own sleep is in none."""
        self.longest_s = 0.0

    def beat(self, monotonic_s: float, boot_s: float) -> Halt | None:
        """Take note of a beat; return the halt before it when it is one that is told."""
        last, self._last = self._last, (monotonic_s, boot_s)
        if last is None:
            return None
        asleep_s = (boot_s - last[1]) - (monotonic_s - last[0])
        late_s = monotonic_s - last[0] - PERIOD_S
        self._count(late_s)
        halt = Halt(seconds=late_s + max(0.0, asleep_s), asleep_s=max(0.0, asleep_s))
        return halt if halt.seconds >= TOLD_FROM_S else None

    def _count(self, late_s: float) -> None:
        reached = sum(late_s >= edge for edge in EDGES_S)
        if reached:
            self.counts[reached - 1] += 1
        self.longest_s = max(self.longest_s, late_s)
