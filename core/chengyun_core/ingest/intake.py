"""The bounded queues between the sources' threads and the daemon's loop: size in samples, fairness, rule when full."""

import socket
import threading
from collections import deque
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class _Queue:
    """What waits of one source."""

    arrivals: deque[Arrival] = field(default_factory=deque)
    samples: int = 0


class Intake:
    """Arrivals of each source in order of coming; sources take turns, so that one that floods delays no other's alarms.

    Threads put, the loop takes; `wake` becomes readable when there is something.
    """

    def __init__(self, limit_samples: int) -> None:
        """Begin empty. `limit_samples`: how many may wait of each source."""
        self._limit = limit_samples
        self._queues: dict[str, _Queue] = {}
        self._turns: deque[_Queue] = deque()
        """Queues in which something waits, the next one first."""
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
            while self._turns and (not taken or size + _size(self._turns[0].arrivals[0]) <= most_samples):
                taken.append(self._next())
                size += _size(taken[-1])
            if self._turns:
                self._ring()
            self._changed.notify_all()
        return taken

    def waiting(self) -> int:
        """Return the samples that wait."""
        with self._changed:
            return sum(queue.samples for queue in self._turns)

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
        queue = self._queues.get(arrival.source)
        # An arrival larger than the whole queue still passes when the queue is empty: it must not wait for ever.
        return not self._closed and (
            queue is None or not queue.arrivals or queue.samples + _size(arrival) <= self._limit
        )

    def _append(self, arrival: Arrival) -> None:
        queue = self._queues.setdefault(arrival.source, _Queue())
        if not queue.arrivals:
            if not self._turns:
                self._ring()
            self._turns.append(queue)
        queue.arrivals.append(arrival)
        queue.samples += _size(arrival)

    def _next(self) -> Arrival:
        queue = self._turns.popleft()
        arrival = queue.arrivals.popleft()
        queue.samples -= _size(arrival)
        if queue.arrivals:
            self._turns.append(queue)
        return arrival

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
