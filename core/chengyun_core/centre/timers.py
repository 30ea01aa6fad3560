"""Times that are waited for on the monotonic clock, so that a stepped wall clock moves none."""

import heapq
import itertools
from collections.abc import Hashable
from typing import Generic, TypeAlias, TypeVar

from chengyun_core.model.clock import Clock

K = TypeVar("K", bound=Hashable)
_Entry: TypeAlias = tuple[int, int, K]
"""(monotonic ns to wait for, a number that never comes again, key)."""
_SWEPT_ABOVE = 64


class DueTimes(Generic[K]):
    """What is due when. Armed at start from the database and after every change."""

    def __init__(self, clock: Clock, *, rate: float = 1.0) -> None:
        """Take the profile clock and how many of its seconds pass in one of the machine's."""
        self._clock = clock
        self._rate = rate
        self._waited: dict[K, tuple[int, _Entry[K]]] = {}
        """Key → (due in profile ns, its entry)."""
        self._heap: list[_Entry[K]] = []
        """What has not come yet, the earliest first; some are no longer waited for."""
        self._come: list[_Entry[K]] = []
        """What has come and is still waited for. The loop asks a dozen times a turn what is due, and a city has
        thousands of receipts under way: none of them is looked at before its time.
        """
        self._numbers = itertools.count()

    def wait(self, key: K, due_ns: int | None) -> None:
        """Wait for a key until a profile time; None: no longer."""
        if due_ns is None:
            self._waited.pop(key, None)
        elif self._waited.get(key, (None, 0))[0] != due_ns:
            wait_ns = max(0, round((due_ns - self._clock.utc_ns()) / self._rate))
            entry = (self._clock.monotonic_ns() + wait_ns, next(self._numbers), key)
            self._waited[key] = (due_ns, entry)
            heapq.heappush(self._heap, entry)
            self._sweep()

    def due(self) -> list[K]:
        """Return the keys whose time has come, the earliest first."""
        self._see_what_came()
        return [key for _, _, key in self._come]

    def is_over(self, key: K) -> bool:
        """Return whether a key is waited for and its time has come."""
        waited = self._waited.get(key)
        return waited is not None and waited[1][0] <= self._clock.monotonic_ns()

    def next_in_s(self) -> float | None:
        """Return the seconds until the next one is due, None when nothing is waited for."""
        self._see_what_came()
        while self._heap and not self._holds(self._heap[0]):
            heapq.heappop(self._heap)
        first = self._come or self._heap
        return max(0, first[0][0] - self._clock.monotonic_ns()) / 1e9 if first else None

    def _see_what_came(self) -> None:
        # Each lot is later than the one before it: whatever is armed meanwhile comes after the last look.
        now = self._clock.monotonic_ns()
        while self._heap and self._heap[0][0] <= now:
            self._come.append(heapq.heappop(self._heap))
        if self._come:
            self._come = [entry for entry in self._come if self._holds(entry)]

    def _holds(self, entry: "_Entry[K]") -> bool:
        waited = self._waited.get(entry[2])
        return waited is not None and waited[1] is entry

    def _sweep(self) -> None:
        """Drop what is no longer waited for, once it is more than half: keys that are armed anew leave it behind."""
        if len(self._heap) > 2 * len(self._waited) + _SWEPT_ABOVE:
            self._heap, self._come = [entry for _, entry in self._waited.values()], []
            heapq.heapify(self._heap)
