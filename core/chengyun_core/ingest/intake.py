"""The bounded queue between the sources' threads and the daemon's loop: its size in samples, and its rule when full."""

import socket
import threading
from collections import deque
from dataclasses import dataclass

from chengyun_core.ingest.batch import Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A batch as it came from a source."""

    source: str
    batch: Batch
    arrived_mono_ns: int
    """Machine's monotonic time of arrival, for latency."""
    arrived_utc_ns: int
    """Machine UTC of arrival."""
    own_now_ns: int | None = None
    """The source's own clock (replay, backfill): lateness and missing data are judged on it; None: the profile's."""
    closes_until_ns: int | None = None
    """Everything up to this source time has now been sent: the grid of aggregates may be closed there."""


class Intake:
    """Arrivals in order of coming. Threads put, the loop takes; `wake` becomes readable when there is something."""

    def __init__(self, limit_samples: int) -> None:
        self._limit = limit_samples
        self._waiting: deque[Arrival] = deque()
        self._samples = 0
        self._closed = False
        self._changed = threading.Condition()
        self.wake, self._bell = socket.socketpair()
        self.wake.setblocking(False)
        self._bell.setblocking(False)

    def offer(self, arrival: Arrival) -> bool:
        """Queue it if there is room; False: full, the caller counts its samples as `queue_full` (newest is dropped)."""
        with self._changed:
            if not self._has_room(arrival):
                return False
            self._append(arrival)
            return True

    def put(self, arrival: Arrival) -> bool:
        """Queue it, waiting for room as long as it takes; False: the intake was closed meanwhile."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._has_room(arrival))
            if self._closed:
                return False
            self._append(arrival)
            return True

    def take(self, most_samples: int) -> list[Arrival]:
        """Return the oldest arrivals, at least one if any waits, at most about `most_samples` samples."""
        taken: list[Arrival] = []
        size = 0
        with self._changed:
            self._silence()
            while self._waiting and (not taken or size + _size(self._waiting[0]) <= most_samples):
                taken.append(self._waiting.popleft())
                size += _size(taken[-1])
            self._samples -= size
            if self._waiting:
                self._ring()
            self._changed.notify_all()
        return taken

    def waiting(self) -> int:
        """Return the samples that wait."""
        with self._changed:
            return self._samples

    def close(self) -> None:
        """Let waiting sources go; nothing is queued any more, what waits can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def dispose(self) -> None:
        """Give the sockets back; after `close`, when all sources have ended."""
        self._bell.close()
        self.wake.close()

    def _has_room(self, arrival: Arrival) -> bool:
        # An arrival larger than the whole queue still passes when the queue is empty: it must not wait for ever.
        return not self._closed and (not self._waiting or self._samples + _size(arrival) <= self._limit)

    def _append(self, arrival: Arrival) -> None:
        self._waiting.append(arrival)
        self._samples += _size(arrival)
        if len(self._waiting) == 1:
            self._ring()

    def _ring(self) -> None:
        try:
            self._bell.send(b"!")
        except BlockingIOError:
            return  # it rings already

    def _silence(self) -> None:
        try:
            while self.wake.recv(64):
                pass
        except BlockingIOError:
            return


def _size(arrival: Arrival) -> int:
    return max(1, len(arrival.batch.channel))
