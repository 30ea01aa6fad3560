"""A ring of one series under min/max blocks: any window becomes columns at a cost that does not follow its samples."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chengyun_core.series.columns import Bytes, Times, Values

Indices = npt.NDArray[np.int64]

FACTOR = 16
"""Blocks of one level that make a block of the next: 16 keeps heads and tails short and the levels few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """At most one column per pixel, in time order; read-only arrays of one length m.

    time: int64[m] ns of the column's first sample; low, high: float64[m], NaN when all its samples are gaps;
    first, last: float64[m] of its first and last sample, NaN where that sample is a gap: a line is to be broken there.
    """

    time: Times
    low: Values
    high: Values
    first: Values
    last: Values


class MinMaxPyramid:
    """The newest samples of one series, oldest overwritten. Times do not fall; a late sample is put in its place.

    A sample's place is its absolute index, counted since the ring was made; its slot is the index modulo capacity.
    A block is written when its last sample comes, so samples behind the last whole block are merged raw: the newest
    spike is always seen.
    """

    def __init__(self, capacity: int) -> None:
        """Make a ring for at least `capacity` samples (rounded up to a whole number of the largest blocks)."""
        levels = _levels(capacity)
        block = FACTOR**levels
        self.capacity = -(-max(1, capacity) // block) * block
        self._time = np.zeros(self.capacity, np.int64)
        self._value = np.full(self.capacity, np.nan)
        self._low = [np.full(self.capacity // FACTOR**k, np.nan) for k in range(1, levels + 1)]
        self._high = [np.full(self.capacity // FACTOR**k, np.nan) for k in range(1, levels + 1)]
        self._doubt: Bytes | None = None
        """By slot; None until something is in doubt: most series never are, and their rings are not to cost more."""
        self._end = 0
        self._begin = 0
        self.too_old = 0
        """Samples refused because they were older than all that a full ring holds."""
        self.revision = 0
        """Changes when samples were put in their place behind the newest: what was drawn of them is to be redone."""

    def __len__(self) -> int:
        return self._end - self._begin

    @property
    def oldest_ns(self) -> int | None:
        """Time of the oldest sample held, None when empty."""
        return int(self._time[self._begin % self.capacity]) if len(self) else None

    @property
    def newest_ns(self) -> int | None:
        """Time of the newest sample held, None when empty."""
        return int(self._time[(self._end - 1) % self.capacity]) if len(self) else None

    @property
    def newest(self) -> float:
        """Value of the newest sample, NaN when empty."""
        return float(self._value[(self._end - 1) % self.capacity]) if len(self) else float("nan")

    def append(self, time_ns: Times, value: Values, doubt: Bytes | None = None) -> None:
        """Add samples: int64[n] ns and float64[n], NaN for a gap. Out of order ones are merged, never lost silently.

        doubt: uint8[n] (series.doubt.Doubt); None: none of them is in doubt.
        """
        if time_ns.shape != value.shape or time_ns.ndim != 1:
            raise ValueError(f"time has shape {time_ns.shape}, value {value.shape}; both must be one column")
        if not time_ns.size:
            return
        if doubt is not None and self._doubt is None and doubt.any():
            self._doubt = np.zeros(self.capacity, np.uint8)
        if self._doubt is not None and doubt is None:
            doubt = np.zeros(time_ns.size, np.uint8)
        newest = self.newest_ns
        rising = bool((time_ns[1:] >= time_ns[:-1]).all()) and (newest is None or int(time_ns[0]) >= newest)
        if rising:
            self._extend(time_ns, value, doubt)
        else:
            self._merge(time_ns, value, doubt)

    def columns(self, t0_ns: int, t1_ns: int, pixels: int) -> Columns:
        """Return the window [t0_ns, t1_ns] as columns; pixel columns without samples are left out."""
        begin, end = self._place(t0_ns), self._place(t1_ns + 1)
        if begin == end:
            none = np.empty(0)
            return _columns(np.empty(0, np.int64), none, none, none, none)
        edges = self._edges(begin, end, t0_ns, t1_ns, max(1, pixels))
        first, last = edges[:-1] % self.capacity, (edges[1:] - 1) % self.capacity
        low, high = self._extremes(edges)
        return _columns(self._time[first], low, high, self._value[first], self._value[last])

    def raw(self, t0_ns: int, t1_ns: int) -> tuple[Times, Values]:
        """Return copies of the samples in [t0_ns, t1_ns]: int64[n] ns, float64[n]."""
        begin, end = self._place(t0_ns), self._place(t1_ns + 1)
        at = begin % self.capacity
        if at + end - begin <= self.capacity:
            return self._time[at : at + end - begin].copy(), self._value[at : at + end - begin].copy()
        slots = np.arange(begin, end) % self.capacity
        return self._time[slots], self._value[slots]

    def doubts(self, t0_ns: int, t1_ns: int) -> Bytes | None:
        """Return the doubt of the samples `raw` returns, uint8[n] (series.doubt.Doubt); None: none of them ever was."""
        if self._doubt is None:
            return None
        found: Bytes = self._doubt[np.arange(self._place(t0_ns), self._place(t1_ns + 1)) % self.capacity]
        return found

    def beside(self, t0_ns: int, t1_ns: int) -> tuple[Times, Values]:
        """Return the newest sample before t0_ns and the oldest after t1_ns, as far as there are such: 0 to 2 of them.

        A line that enters or leaves a window is drawn towards them.
        """
        before, after = self._place(t0_ns) - 1, self._place(t1_ns + 1)
        places = [place for place in (before, after) if self._begin <= place < self._end]
        slots = np.array(places, np.int64) % self.capacity
        return self._time[slots], self._value[slots]

    def _extend(self, time: Times, value: Values, doubt: Bytes | None) -> None:
        time, value, skipped = time[-self.capacity :], value[-self.capacity :], max(0, time.size - self.capacity)
        start = self._end + skipped
        at = start % self.capacity
        head = min(time.size, self.capacity - at)
        self._time[at : at + head], self._time[: time.size - head] = time[:head], time[head:]
        self._value[at : at + head], self._value[: time.size - head] = value[:head], value[head:]
        if self._doubt is not None and doubt is not None:
            doubt = doubt[-self.capacity :]
            self._doubt[at : at + head], self._doubt[: time.size - head] = doubt[:head], doubt[head:]
        before, self._end = (start if skipped else self._end), start + time.size
        self._begin = max(self._begin, self._end - self.capacity)
        self._close_blocks(before)

    def _merge(self, time: Times, value: Values, doubt: Bytes | None) -> None:
        """Take the tail that lies behind the oldest new sample off, merge it with the new ones, put it on again."""
        order = np.argsort(time, kind="stable")
        time, value = time[order], value[order]
        doubt = doubt[order] if doubt is not None else None
        oldest = self.oldest_ns
        if oldest is not None and self._begin > 0:
            kept = int(np.searchsorted(time, oldest))
            self.too_old += kept
            time, value = time[kept:], value[kept:]
            doubt = doubt[kept:] if doubt is not None else None
            if not time.size:
                return
        self.revision += 1
        cut = self._place(int(time[0]) + 1)
        slots = np.arange(cut, self._end) % self.capacity
        time, value = np.concatenate((self._time[slots], time)), np.concatenate((self._value[slots], value))
        order = np.argsort(time, kind="stable")
        if self._doubt is not None and doubt is not None:
            doubt = np.concatenate((self._doubt[slots], doubt))[order]
        self._end = cut
        self._extend(time[order], value[order], doubt)

    def _close_blocks(self, before: int) -> None:
        """Write the blocks that became whole since the ring ended at `before`."""
        low, high = self._value, self._value
        for level in range(len(self._low)):
            block = FACTOR ** (level + 1)
            first, last = before // block, self._end // block
            if first == last:
                return
            first = max(first, last - self._low[level].size)
            # The rings are whole numbers of blocks long: a block never lies across the end.
            at, count = first % self._low[level].size, last - first
            head = min(count, self._low[level].size - at)
            for begin, length in ((at, head), (0, count - head)):
                source, target = slice(begin * FACTOR, (begin + length) * FACTOR), slice(begin, begin + length)
                if length:
                    self._low[level][target] = np.fmin.reduce(low[source].reshape(-1, FACTOR), axis=1)
                    self._high[level][target] = np.fmax.reduce(high[source].reshape(-1, FACTOR), axis=1)
            low, high = self._low[level], self._high[level]

    def _place(self, time_ns: int) -> int:
        """Return the absolute index of the first sample at or after a time."""
        begin, end = self._begin, self._end
        # A live window ends beyond the newest sample: that needs no search.
        if begin == end or time_ns > self._time[(end - 1) % self.capacity]:
            return end
        at, stop = begin % self.capacity, (end - 1) % self.capacity + 1
        if at < stop:
            return begin + int(self._time[at:stop].searchsorted(time_ns))
        head = int(self._time[at:].searchsorted(time_ns))
        return begin + (head if head < self.capacity - at else head + int(self._time[:stop].searchsorted(time_ns)))

    def _places(self, times: Times, begin: int, end: int) -> Indices:
        """Return absolute indices in [begin, end] of the first samples at or after these times."""
        if begin == end:
            return np.full(times.shape, begin, np.int64)
        at, stop = begin % self.capacity, (end - 1) % self.capacity + 1
        if at < stop:
            return begin + np.searchsorted(self._time[at:stop], times)
        head = np.searchsorted(self._time[at:], times)
        tail = np.searchsorted(self._time[:stop], times)
        return begin + np.where(head < self.capacity - at, head, self.capacity - at + tail)

    def _edges(self, begin: int, end: int, t0_ns: int, t1_ns: int, pixels: int) -> Indices:
        """Return the indices where pixel columns begin, and `end`: strictly rising, at most pixels + 1."""
        width = max(1, -(-(t1_ns - t0_ns + 1) // pixels))
        if end - begin <= pixels:
            time = self._time[np.arange(begin, end) % self.capacity]
            inner = begin + 1 + np.flatnonzero(np.diff((time - t0_ns) // width))
        else:
            inner = self._places(np.arange(t0_ns + width, t1_ns + 1, width), begin, end)
            inner = inner[np.flatnonzero(np.diff(inner, prepend=begin))]
            inner = inner[inner < end]
        edges = np.empty(inner.size + 2, np.int64)
        edges[0], edges[1:-1], edges[-1] = begin, inner, end
        return edges

    def _extremes(self, edges: Indices) -> tuple[Values, Values]:
        """Return the lowest and highest of each run between edges: raw heads and tails, whole blocks between."""
        low, high = np.full(edges.size - 1, np.nan), np.full(edges.size - 1, np.nan)
        start, stop = edges[:-1], edges[1:]
        columns = np.arange(start.size)
        lows, highs = [self._value, *self._low], [self._value, *self._high]
        for level in range(len(lows)):
            up, down = -(-start // FACTOR), stop // FACTOR
            whole = (up < down) & (level + 1 < len(lows))
            head, tail = np.where(whole, up * FACTOR, stop), np.where(whole, down * FACTOR, stop)
            for begin, end in ((start, head), (tail, stop)):
                _fold(lows[level], np.fmin, columns, begin, end, low)
                _fold(highs[level], np.fmax, columns, begin, end, high)
            start, stop, columns = up[whole], down[whole], columns[whole]
        return low, high


def _fold(
    source: Values, fold: np.ufunc, columns: npt.NDArray[np.intp], begin: Indices, end: Indices, into: Values
) -> None:
    """Fold source[begin:end] (absolute indices of a ring) of each column into `into[column]`."""
    some = begin < end
    begin, length, columns = begin[some], (end - begin)[some], columns[some]
    if not begin.size:
        return
    starts = np.cumsum(length) - length
    places = np.repeat(begin - starts, length) + np.arange(int(length.sum()))
    into[columns] = fold(into[columns], fold.reduceat(source[places % source.size], starts))


def _levels(capacity: int) -> int:
    levels = 0
    while FACTOR ** (levels + 2) <= capacity:
        levels += 1
    return levels


def _columns(time: Times, low: Values, high: Values, first: Values, last: Values) -> Columns:
    for column in (time, low, high, first, last):
        column.flags.writeable = False
    return Columns(time=time, low=low, high=high, first=first, last=last)
