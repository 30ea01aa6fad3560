"""The line of one series from frame to frame: what it covers per pixel, and from which pixel on that is new."""

import math

import numpy as np
from numpy.typing import NDArray

from chengyun_widgets.live_columns import LiveColumns, NeighbourSource, column_width_ns
from chengyun_widgets.trace import Spans, column_spans
from chengyun_widgets.trend_record import ColumnArrays, ColumnsLike, ColumnSource

Floats = NDArray[np.float64]
MOST_ONE_BY_ONE = 12
"""New columns that are joined one by one: below this the calls of numpy would cost more than what they work out."""
_NOTHING = np.zeros(0)
EMPTY = ColumnArrays(time=np.zeros(0, np.int64), low=_NOTHING, high=_NOTHING, first=_NOTHING, last=_NOTHING)


class LiveSpans:
    """Wraps one source. While the window follows the newest sample a frame costs what came since the last one.

    The picture's pixel columns lie on the grid of whole column widths, at most one pixel beside the window asked for:
    what was worked out for a pixel column stays right and only moves to the left. After `follow` it is told by how
    many pixels (`moved`) and from which one on (`fresh`) the line is new; `fresh` 0 means all of it.
    """

    def __init__(self, source: ColumnSource) -> None:
        self.source = source
        self._live = LiveColumns(source)
        self._neighbours = source if isinstance(source, NeighbourSource) else None
        self._key = (0, 0, 0)
        self._place = 0
        self.columns: ColumnsLike = EMPTY
        """What was asked of the source last, for the value under the cursor."""
        self.spans = Spans(low=np.zeros(0), high=np.zeros(0))
        self.moved = self.fresh = 0
        self._extremes: tuple[float, float] | None = None

    def follow(self, t0_ns: int, t1_ns: int, pixels: int, gap_ns: int) -> None:
        """Bring `spans` to the window [t0_ns, t1_ns], both ends seen, in `pixels` columns."""
        columns = self._live.columns(t0_ns, t1_ns, pixels)
        if len(columns.time) * 4 < pixels:
            self._look_beyond(columns, t0_ns, t1_ns, pixels, gap_ns)
            return
        self.columns = columns
        width_ns = column_width_ns(t0_ns, t1_ns, pixels)
        key, place = (width_ns, pixels, gap_ns), t1_ns // width_ns
        self.moved, before, self._place = place - self._place, self._key, place
        self._key = key
        changed = self._live.changed
        self._extremes = self._extremes if key == before and not self.moved else None
        if key != before or not 0 <= self.moved < pixels or changed >= len(columns.time):
            self._work_out(columns, place, key)
        else:
            self._shift(pixels)
            self._renew(columns, changed, key)
            if self.fresh < pixels:
                self._extremes = None

    def extremes(self) -> tuple[float, float] | None:
        """Return the lowest and the highest value the line reaches, None where there is no line."""
        if self._extremes is None and len(self.spans.low):
            low, high = float(np.fmin.reduce(self.spans.low)), float(np.fmax.reduce(self.spans.high))
            self._extremes = (low, high) if math.isfinite(low) and math.isfinite(high) else None
        return self._extremes

    def _look_beyond(self, columns: ColumnsLike, t0_ns: int, t1_ns: int, pixels: int, gap_ns: int) -> None:
        """Few samples: look beyond both edges too, or a line between two samples outside would vanish."""
        source, span = self._neighbours, t1_ns - t0_ns
        if source is None:
            self.columns = self.source.columns(t0_ns - span, t1_ns + span, pixels * 3)
        else:
            first = int(columns.time[0]) if len(columns.time) else t0_ns
            self.columns = _between(columns, *source.beside(first, t1_ns), first)
        self.spans = column_spans(self.columns, t0_ns, t1_ns, pixels, gap_ns)
        self.moved = self.fresh = 0
        self._key, self._extremes = (0, 0, 0), None

    def _work_out(self, columns: ColumnsLike, place: int, key: tuple[int, int, int]) -> None:
        width_ns, pixels, gap_ns = key
        self.spans = column_spans(columns, (place + 1 - pixels) * width_ns, (place + 1) * width_ns, pixels, gap_ns)
        self.moved = self.fresh = 0
        self._extremes = None

    def _shift(self, pixels: int) -> None:
        self.fresh = pixels
        if self.moved:
            for side in (self.spans.low, self.spans.high):
                side[: pixels - self.moved] = side[self.moved :]
                side[pixels - self.moved :] = np.nan

    def _renew(self, columns: ColumnsLike, changed: int, key: tuple[int, int, int]) -> None:
        """Work out the pixels of the columns that changed; what a pixel covers can only have grown."""
        if not changed:
            return
        width_ns, pixels, gap_ns = key
        first = self._place + 1 - pixels
        if not self._live.appended:
            self._grow(int(columns.time[-1]) // width_ns - first, float(columns.low[-1]), float(columns.high[-1]))
            return
        # The line into the first changed column begins in the one before it.
        begin = len(columns.time) - changed - 1
        at = int(columns.time[begin]) // width_ns - first
        if changed > MOST_ONE_BY_ONE or at < 0:
            self._work_out(columns, self._place, key)
            return
        self.fresh = at
        longest_ns = gap_ns + width_ns if gap_ns > 0 else 0
        for column in range(begin, len(columns.time) - 1):
            self._join(columns, column, first * width_ns, width_ns, longest_ns)

    def _join(self, columns: ColumnsLike, left: int, t0_ns: int, width_ns: int, longest_ns: int) -> None:
        """Cover the column right of `left`, and the straight line to it: as `column_spans` does, for one pair."""
        low, high = self.spans.low, self.spans.high
        begins_ns, ends_ns = int(columns.time[left]), int(columns.time[left + 1])
        at = (ends_ns - t0_ns) // width_ns
        _cover(low, high, at, float(columns.low[left + 1]), float(columns.high[left + 1]))
        start, rise = float(columns.last[left]), float(columns.first[left + 1]) - float(columns.last[left])
        if rise != rise or 0 < longest_ns < ends_ns - begins_ns:
            return
        # A line that crosses the edge between two pixel columns belongs to both.
        for edge in range((begins_ns - t0_ns) // width_ns + 1, at + 1):
            value = start + rise * ((t0_ns + edge * width_ns - begins_ns) / (ends_ns - begins_ns))
            _cover(low, high, edge - 1, value, value)
            _cover(low, high, edge, value, value)

    def _grow(self, at: int, low: float, high: float) -> None:
        """Only the newest column got more samples: its pixel is new when they reach beyond what it covered."""
        spans = self.spans
        if not 0 <= at < len(spans.low):
            return
        old_low, old_high = float(spans.low[at]), float(spans.high[at])
        # Written so that a comparison with NaN counts as growth unless there is nothing new at all.
        if low != low or (low >= old_low and high <= old_high):
            return
        _cover(spans.low, spans.high, at, low, high)
        self.fresh = at


def _between(columns: ColumnsLike, time: NDArray[np.int64], value: Floats, first_ns: int) -> ColumnArrays:
    """Return the columns with the samples beside them put before and behind."""
    left = int(np.searchsorted(time, first_ns))
    low, high, first, last = (
        np.concatenate((value[:left], column, value[left:]))
        for column in (columns.low, columns.high, columns.first, columns.last)
    )
    times = np.concatenate((time[:left], columns.time, time[left:]))
    return ColumnArrays(time=times, low=low, high=high, first=first, last=last)


def _cover(lows: Floats, highs: Floats, at: int, low: float, high: float) -> None:
    """Let a pixel column reach from `low` to `high` as well; NaN adds nothing."""
    if not low >= lows[at] and low == low:
        lows[at] = low
    if not high <= highs[at] and high == high:
        highs[at] = high
