"""Timers of shelved alarms, waited for on the monotonic clock so that a stepped wall clock moves none."""

from collections.abc import Iterable

from chengyun_core.model.alarm import Alarm
from chengyun_core.model.alarm_rules import shelf_due_ns
from chengyun_core.model.clock import Clock


class ShelfTimers:
    """Which shelved alarm is due when. Armed at start from the database and after every change of an alarm."""

    def __init__(self, clock: Clock, *, rate: float = 1.0) -> None:
        self._clock = clock
        self.rate = rate
        self._deadlines: dict[int, tuple[int, int]] = {}
        """Alarm → (due in profile ns, monotonic ns to wait for)."""

    def rearm(self, alarms: Iterable[Alarm]) -> None:
        """Take note of alarms as they are now: shelved ones are waited for, others no longer."""
        for alarm in alarms:
            due = None if alarm.closed else shelf_due_ns(alarm)
            if due is None:
                self._deadlines.pop(alarm.number, None)
            elif self._deadlines.get(alarm.number, (None, 0))[0] != due:
                wait_ns = max(0, round((due - self._clock.utc_ns()) / self.rate))
                self._deadlines[alarm.number] = (due, self._clock.monotonic_ns() + wait_ns)

    def forget(self, number: int) -> None:
        """Wait for an alarm no longer."""
        self._deadlines.pop(number, None)

    def due(self) -> list[int]:
        """Return the alarms whose shelf is over, in order of number."""
        now = self._clock.monotonic_ns()
        return sorted(number for number, (_, deadline) in self._deadlines.items() if deadline <= now)

    def next_in_s(self) -> float | None:
        """Return the seconds until the next one is due, None when none is armed."""
        if not self._deadlines:
            return None
        first = min(deadline for _, deadline in self._deadlines.values())
        return max(0, first - self._clock.monotonic_ns()) / 1e9

    def __len__(self) -> int:
        return len(self._deadlines)
