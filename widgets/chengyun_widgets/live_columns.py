"""Columns of a moving window: only samples that came since the last frame are folded in, the rest is kept."""

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from chengyun_widgets.trend_record import ColumnArrays, ColumnsLike, ColumnSource

_FIRST = np.zeros(1, dtype=np.int64)


@runtime_checkable
class TailSource(Protocol):
    """A source that can also hand out its raw samples, such as MinMaxPyramid."""

    @property
    def revision(self) -> int:
        """A number that changes whenever something else was done than adding samples behind the newest."""

    def columns(self, t0_ns: int, t1_ns: int, pixels: int) -> ColumnsLike:
        """Return the columns of a window."""

    def raw(self, t0_ns: int, t1_ns: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the samples in [t0_ns, t1_ns], both ends included."""


@runtime_checkable
class NeighbourSource(Protocol):
    """A source that tells where a line comes from and goes to, without being asked for all that lies there."""

    def beside(self, t0_ns: int, t1_ns: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the newest sample before t0_ns and the oldest after t1_ns, as far as there are such."""


def column_width_ns(t0_ns: int, t1_ns: int, pixels: int) -> int:
    """Return the width of the columns of a window: whole, so that they stay where they are while the window moves."""
    return max(1, -(-(t1_ns - t0_ns) // max(1, pixels)))


class LiveColumns:
    """Wraps one source. Columns sit on a fixed grid of whole pixel widths: they do not change as the window moves.

    A frame costs only its new samples; asking a pyramid for the whole window costs ten times as much, in overhead of
    small numpy calls. Sources without `raw`, those that changed behind their newest sample, and windows that jump or
    change their length, are asked in full.
    """

    def __init__(self, source: ColumnSource) -> None:
        self.source = source
        self._tail = source if isinstance(source, TailSource) else None
        self._width_ns = 0
        self._revision = -1
        self._start = self._stop = 0
        self._newest_ns = 0
        self._seen_at_newest = 0
        self.changed = 0
        """How many of the newest columns differ from those returned before; all of them after a fetch in full."""
        self.appended = 0
        """How many of these were not there before."""
        self._time = np.zeros(0, dtype=np.int64)
        self._values = np.zeros((4, 0))

    def columns(self, t0_ns: int, t1_ns: int, pixels: int) -> ColumnsLike:
        """Return at most pixels + 2 columns of [t0_ns, t1_ns], one of them up to a pixel before its start."""
        if self._tail is None:
            found = self.source.columns(t0_ns, t1_ns, pixels)
            self.changed = self.appended = len(found.time)
            return found
        width_ns = column_width_ns(t0_ns, t1_ns, pixels)
        first_ns = t0_ns // width_ns * width_ns
        revision = self._tail.revision
        if revision != self._revision or self._must_fetch(width_ns, first_ns, t1_ns):
            self._revision = revision
            self._fetch(self._tail, width_ns, first_ns, t1_ns)
            self.changed = self.appended = self._stop - self._start
        else:
            self._follow(self._tail, t1_ns)
        while self._start < self._stop and self._time[self._start] < first_ns:
            self._start += 1
        low, high, first, last = self._values[:, self._start : self._stop]
        return ColumnArrays(time=self._time[self._start : self._stop], low=low, high=high, first=first, last=last)

    def _must_fetch(self, width_ns: int, first_ns: int, t1_ns: int) -> bool:
        if width_ns != self._width_ns or self._stop == self._start:
            return True
        return t1_ns < self._newest_ns or int(self._time[self._start]) > first_ns + (t1_ns - first_ns) // 2

    def _fetch(self, tail: TailSource, width_ns: int, first_ns: int, t1_ns: int) -> None:
        pixels = (t1_ns - first_ns) // width_ns + 1
        found = tail.columns(first_ns, first_ns + pixels * width_ns - 1, pixels)
        count = len(found.time)
        if len(self._time) < 2 * (pixels + count + 64):
            self._time = np.zeros(2 * (pixels + count + 64), dtype=np.int64)
            self._values = np.zeros((4, len(self._time)))
        self._width_ns, self._start, self._stop = width_ns, 0, count
        self._time[:count] = found.time
        for row, column in enumerate((found.low, found.high, found.first, found.last)):
            self._values[row, :count] = column
        if count:
            # The last column is folded once more from its raw samples: that tells which sample was the newest.
            self._stop -= 1
            self._newest_ns, self._seen_at_newest = int(found.time[-1]), 0
            self._follow(tail, t1_ns)

    def _follow(self, tail: TailSource, t1_ns: int) -> None:
        time, value = tail.raw(self._newest_ns, t1_ns)
        time, value = time[self._seen_at_newest :], value[self._seen_at_newest :]
        self.changed = self.appended = 0
        if not len(time):
            return
        newest = int(time[-1])
        again = self._seen_at_newest if newest == self._newest_ns else 0
        self._seen_at_newest = again + len(time) - int(np.searchsorted(time, newest))
        self._newest_ns = newest
        width_ns = self._width_ns
        if int(time[0]) // width_ns == newest // width_ns and self._join(
            newest // width_ns, float(np.fmin.reduce(value)), float(np.fmax.reduce(value)), float(value[-1])
        ):
            self.changed = 1
            return
        place = time // width_ns
        starts = np.concatenate((_FIRST, np.flatnonzero(place[1:] != place[:-1]) + 1))
        ends = np.concatenate((starts[1:], [len(value)])) - 1
        low, high = np.fmin.reduceat(value, starts), np.fmax.reduceat(value, starts)
        joined = self._join(int(place[0]), float(low[0]), float(high[0]), float(value[ends[0]]))
        if joined < len(starts):
            parts = [part[joined:] for part in (low, high, value[starts], value[ends])]
            self._append(time[starts][joined:], parts)
        self.changed, self.appended = len(starts), len(starts) - joined

    def _join(self, place: int, low: float, high: float, last: float) -> int:
        """Fold a new column into the newest one when they share a pixel; returns how many were folded, 0 or 1."""
        at = self._stop - 1
        if at < self._start or int(self._time[at]) // self._width_ns != place:
            return 0
        self._values[0, at] = np.fmin(self._values[0, at], low)
        self._values[1, at] = np.fmax(self._values[1, at], high)
        self._values[3, at] = last
        return 1

    def _append(self, time: NDArray[np.int64], parts: list[NDArray[np.float64]]) -> None:
        count = len(time)
        if self._stop + count > len(self._time):
            self._make_room(count)
        self._time[self._stop : self._stop + count] = time
        for row, part in enumerate(parts):
            self._values[row, self._stop : self._stop + count] = part
        self._stop += count

    def _make_room(self, count: int) -> None:
        held = slice(self._start, self._stop)
        size = max(len(self._time), 2 * (self._stop - self._start + count))
        time, values = np.zeros(size, dtype=np.int64), np.zeros((4, size))
        kept = self._stop - self._start
        time[:kept], values[:, :kept] = self._time[held], self._values[:, held]
        self._time, self._values, self._start, self._stop = time, values, 0, kept
