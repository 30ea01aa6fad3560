"""Times that are waited for on the monotonic clock, so that a stepped wall clock moves none."""

import heapq
import itertools
from collections.abc import Hashable
from typing import Generic, TypeVar

from chengyun_core.model.clock import Clock

K = TypeVar("K", bound=Hashable)
_SWEPT_ABOVE = 64


class DueTimes(Generic[K]):
    """What is due when. Armed at start from the database and after every change."""

    def __init__(self, clock: Clock, *, rate: float = 1.0) -> None:
        """Take the profile clock and how many of its seconds pass in one of the machine's."""
        self._clock = clock
        self._rate = rate
        self._waited: dict[K, tuple[int, int]] = {}
        """Key → (due in profile ns, monotonic ns to wait for)."""
        self._heap: list[tuple[int, int, K]] = []
        """(monotonic ns, a number that never comes again, key), the earliest first; some are no longer waited for. The
        loop asks several times a turn what is due, and a city has thousands of receipts under way.
        """
        self._numbers = itertools.count()

    def wait(self, key: K, due_ns: int | None) -> None:
        """Wait for a key until a profile time; None: no longer."""
        if due_ns is None:
            self._waited.pop(key, None)
        elif self._waited.get(key, (None, 0))[0] != due_ns:
            wait_ns = max(0, round((due_ns - self._clock.utc_ns()) / self._rate))
            deadline = self._clock.monotonic_ns() + wait_ns
            self._waited[key] = (due_ns, deadline)
            heapq.heappush(self._heap, (deadline, next(self._numbers), key))
            self._sweep()

    def due(self) -> list[K]:
        """Return the keys whose time has come, the earliest first."""
        now, first = self._clock.monotonic_ns(), self._first()
        if first is None or first > now:
            return []
        found = [(deadline, place, key) for place, (key, (_, deadline)) in enumerate(self._waited.items())
                 if deadline <= now]  # fmt: skip
        return [key for _, _, key in sorted(found, key=lambda item: item[:2])]

    def is_over(self, key: K) -> bool:
        """Return whether a key is waited for and its time has come."""
        waited = self._waited.get(key)
        return waited is not None and waited[1] <= self._clock.monotonic_ns()

    def next_in_s(self) -> float | None:
        """Return the seconds until the next one is due, None when nothing is waited for."""
        first = self._first()
        return None if first is None else max(0, first - self._clock.monotonic_ns()) / 1e9

    def _first(self) -> int | None:
        while self._heap and not self._holds(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def _holds(self, entry: tuple[int, int, K]) -> bool:
        waited = self._waited.get(entry[2])
        return waited is not None and waited[1] == entry[0]

    def _sweep(self) -> None:
        """Drop what is no longer waited for, once it is more than half: keys that are armed anew leave it behind."""
        if len(self._heap) > 2 * len(self._waited) + _SWEPT_ABOVE:
            self._heap = [(deadline, next(self._numbers), key) for key, (_, deadline) in self._waited.items()]
            heapq.heapify(self._heap)
