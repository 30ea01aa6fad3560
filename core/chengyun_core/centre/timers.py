"""Times that are waited for on the monotonic clock, so that a stepped wall clock moves none."""

from collections.abc import Hashable
from typing import Generic, TypeVar

from chengyun_core.model.clock import Clock

K = TypeVar("K", bound=Hashable)


class DueTimes(Generic[K]):
    """What is due when. Armed at start from the database and after every change."""

    def __init__(self, clock: Clock, *, rate: float = 1.0) -> None:
        """Take the profile clock and how many of its seconds pass in one of the machine's."""
        self._clock = clock
        self._rate = rate
        self._waited: dict[K, tuple[int, int]] = {}
        """Key → (due in profile ns, monotonic ns to wait for)."""

    def wait(self, key: K, due_ns: int | None) -> None:
        """Wait for a key until a profile time; None: no longer."""
        if due_ns is None:
            self._waited.pop(key, None)
        elif self._waited.get(key, (None, 0))[0] != due_ns:
            wait_ns = max(0, round((due_ns - self._clock.utc_ns()) / self._rate))
            self._waited[key] = (due_ns, self._clock.monotonic_ns() + wait_ns)

    def due(self) -> list[K]:
        """Return the keys whose time has come, the earliest first."""
        now = self._clock.monotonic_ns()
        found = [(deadline, place, key) for place, (key, (_, deadline)) in enumerate(self._waited.items())
                 if deadline <= now]  # fmt: skip
        return [key for _, _, key in sorted(found, key=lambda item: item[:2])]

    def is_over(self, key: K) -> bool:
        """Return whether a key is waited for and its time has come."""
        waited = self._waited.get(key)
        return waited is not None and waited[1] <= self._clock.monotonic_ns()

    def next_in_s(self) -> float | None:
        """Return the seconds until the next one is due, None when nothing is waited for."""
        if not self._waited:
            return None
        first = min(deadline for _, deadline in self._waited.values())
        return max(0, first - self._clock.monotonic_ns()) / 1e9
