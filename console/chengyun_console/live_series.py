"""The line of one vital on a chart: the past asked of ingest once, the present appended as it comes."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from chengyun_console.session.answers import WindowSeries
from chengyun_core.mirror.state import StateMirror
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import Quality
from chengyun_core.series.doubt import Doubt, stretches
from chengyun_core.series.pyramid import Columns, MinMaxPyramid

GAP_PERIODS = 20
LEAST_GAP_NS = 120 * NS_PER_S
"""Ingest marks a gap with NaN; only a longer silence than this breaks a line by itself (history is kept coarser)."""
CAPACITY = 65_536
"""Samples of one line: a window of four points per pixel, and a day of a vital that reports every two seconds."""
RETRY_NS = 3 * NS_PER_S
THIN_RETRY_NS = 4 * NS_PER_S
"""A past shorter than the window is asked for again: an ingest just started reads its history back by and by."""


class LiveSeries:
    """One vital's samples for drawing; a source of a trend. Owned by the GUI thread."""

    def __init__(self, vital: int, capacity: int = CAPACITY) -> None:
        self.vital = vital
        self._capacity = capacity
        self._pyramid = MinMaxPyramid(capacity)
        self._fills = 0
        self._tail: list[tuple[int, float, Doubt]] = []
        self._last_ns = 0
        self._is_broken = False
        self.is_filled = False
        """Whether the past has been answered for the window asked last."""
        self.oldest_ns: int | None = None
        """Oldest source time ingest still holds of it, None until answered."""

    def __len__(self) -> int:
        return len(self._pyramid)

    @property
    def revision(self) -> int:
        """Changes with each answered past: a trend fetches the whole window again."""
        return self._fills

    def columns(self, t0_ns: int, t1_ns: int, pixels: int) -> Columns:
        """Return the window as at most one column per pixel (what a trend asks of its source)."""
        return self._pyramid.columns(t0_ns, t1_ns, pixels)

    def raw(self, t0_ns: int, t1_ns: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Return a window's samples as they are, int64[n] ns and float64[n]: a trend follows the newest by them."""
        return self._pyramid.raw(t0_ns, t1_ns)

    def doubts(self, t0_ns: int, t1_ns: int) -> npt.NDArray[np.uint8] | None:
        """Return the doubt of the samples `raw` returns, uint8[n]; None: none of them ever was in any."""
        return self._pyramid.doubts(t0_ns, t1_ns)

    def suspect(self, t0_ns: int, t1_ns: int, longest_ns: int) -> tuple[tuple[int, int], ...]:
        """Return the stretches [from_ns, to_ns) of a window in which values were suspect; each at most `longest_ns`
        beyond its last sample."""
        doubt = self._pyramid.doubts(t0_ns, t1_ns)
        if doubt is None or not doubt.any():
            return ()
        return tuple(stretches(self._pyramid.raw(t0_ns, t1_ns)[0], doubt, Doubt.SUSPECT, longest_ns))

    def beside(self, t0_ns: int, t1_ns: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Return the samples next to a window on both sides, as far as there are such."""
        return self._pyramid.beside(t0_ns, t1_ns)

    def begin(self) -> None:
        """A window is being asked: what comes meanwhile is kept and put behind the answer."""
        self._tail = []
        self.is_filled = False

    def fill(self, answered: WindowSeries) -> None:
        """Take the past as answered, then what came while it was under way.

        What was held from before the answer's first sample is kept: a restarted ingest may know less than we do.
        """
        first_ns = int(answered.time[0]) if answered.time.size else answered.to_ns
        kept_time, kept_value = self._pyramid.raw(answered.from_ns, first_ns - 1)
        kept_doubt = self._pyramid.doubts(answered.from_ns, first_ns - 1)
        time = np.concatenate((kept_time, answered.time))
        value = np.concatenate((kept_value, answered.value))
        doubt = np.concatenate(
            (np.zeros(kept_time.size, np.uint8) if kept_doubt is None else kept_doubt, answered.doubts)
        )
        self._pyramid = MinMaxPyramid(self._capacity)
        self._fills += 1
        self._pyramid.append(time, value, doubt)
        self._last_ns = int(time[-1]) if time.size else 0
        self.is_filled = True
        self.oldest_ns = answered.oldest_ns
        tail, self._tail = self._tail, []
        for row in tail:
            self._append(*row)

    def take(self, state: StateMirror) -> bool:
        """Append the vital's value of now when it is a new one; return whether anything was added."""
        if self.vital >= state.count:
            return False
        quality = int(state.quality[self.vital])
        if quality == Quality.NEVER:
            return False
        if quality == Quality.MISSING:
            return self._break()
        value = float(state.value[self.vital]) if quality != Quality.BAD else float("nan")
        doubt = Doubt.SUSPECT if quality == Quality.UNCERTAIN else Doubt.NONE
        return self._append(int(state.time[self.vital]), value, doubt)

    def _break(self) -> bool:
        """End the line after the last sample: what comes later is not joined to it."""
        if self._is_broken or not self._last_ns:
            return False
        self._is_broken = True
        return self._append(self._last_ns + 1, float("nan"))

    def _append(self, time_ns: int, value: float, doubt: Doubt = Doubt.NONE) -> bool:
        if time_ns <= self._last_ns:
            return False
        self._last_ns = time_ns
        self._is_broken = value != value
        doubts = np.array([doubt], np.uint8) if doubt else None
        self._pyramid.append(np.array([time_ns], np.int64), np.array([value]), doubts)
        if not self.is_filled:
            self._tail.append((time_ns, value, doubt))
        return True


def whole_pixel(now_ns: int, range_ns: int, pixels: int, vital: int) -> int:
    """Return where a live window of `range_ns` over so many pixels ends: it moves by whole pixels only.

    Between them nothing on the screen would change. Each vital has a moment of its own within a pixel: a wall of
    charts of one range would otherwise be painted in one frame, and stand still in the ones between.
    """
    step = max(1, range_ns // max(1, pixels))
    phase = vital * 0x9E37_79B9 % 2**32 * step // 2**32
    return -(-(now_ns - phase) // step) * step + phase


def gap_ns(period_s: float, range_ns: int, pixels: int) -> int:
    """Return from which pause on a line is broken, ns: never within what one pixel column holds."""
    return max(int(period_s * GAP_PERIODS * NS_PER_S), LEAST_GAP_NS, 2 * range_ns // max(1, pixels))


class Filler:
    """Asks the window of a series and asks again after a while when no answer came (ingest was away)."""

    def __init__(self, ask: Callable[[int, int, int, int, Callable[[WindowSeries], None]], object]) -> None:
        """`ask(vital, from_ns, to_ns, pixels, answer)` is the session's window request of one slot."""
        self._ask = ask
        self._asked_ns: int | None = None
        self._generation = 0

    def forget(self) -> None:
        """Ask anew at the next chance: range, vital or epoch changed."""
        self._generation += 1
        self._asked_ns = None

    def tend(self, series: LiveSeries, now_ns: int, monotonic_ns: int, range_ns: int, pixels: int) -> None:
        """Ask when it is due; answers to an older question are ignored."""
        if self._asked_ns is not None and monotonic_ns - self._asked_ns < self._patience_ns(series, now_ns - range_ns):
            return
        self._asked_ns = monotonic_ns
        generation = self._generation
        series.begin()

        def answer(answered: WindowSeries) -> None:
            if generation == self._generation and answered.failed is None:
                series.fill(answered)

        self._ask(series.vital, now_ns - range_ns, now_ns, max(100, pixels), answer)

    @staticmethod
    def _patience_ns(series: LiveSeries, from_ns: int) -> float:
        """Return how long after the last ask the next one is due; never, once the whole window was answered."""
        if not series.is_filled:
            return RETRY_NS
        is_thin = series.oldest_ns is not None and series.oldest_ns > from_ns + LEAST_GAP_NS
        return THIN_RETRY_NS if is_thin else math.inf
