"""Turns pixel columns into an antialiased line: the cost is that of the pixels, never of the samples behind them."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from chengyun_widgets.trend_record import ColumnsLike

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """The part of each pixel column a line passes: low, high float64[width] in values, NaN where there is no line."""

    low: Floats
    high: Floats


def column_spans(columns: ColumnsLike, t0_ns: int, t1_ns: int, width: int, gap_ns: int = 0) -> Spans:
    """Return what the line through `columns` covers in each of `width` pixel columns of [t0_ns, t1_ns).

    Extremes inside a column and the straight line between neighbouring columns both count: neither a spike nor a slope
    is lost. A NaN column, or a pause longer than `gap_ns` (when > 0), breaks the line.
    """
    low, high = np.full(width, np.nan), np.full(width, np.nan)
    if len(columns.time) == 0 or width == 0:
        return Spans(low=low, high=high)
    per_px = (t1_ns - t0_ns) / width
    x = np.asarray((columns.time - t0_ns) / per_px, dtype=np.float64)
    start, stop = np.searchsorted(x, (0.0, width + 1e-9))
    # The newest sample may sit on the right edge itself, and it must be seen.
    pixel = np.minimum(x[start:stop].astype(np.int64), width - 1)
    np.fmin.at(low, pixel, columns.low[start:stop])
    np.fmax.at(high, pixel, columns.high[start:stop])
    # A column bears the time of its first sample, so a pause looks up to a pixel longer than it is.
    first, crossing = _crossings(columns, x, width, gap_ns + per_px if gap_ns > 0 else 0.0)
    # A line that crosses the edge between two pixel columns belongs to both.
    for side in (slice(first - 1, first - 1 + len(crossing)), slice(first, first + len(crossing))):
        np.fmin(low[side], crossing, out=low[side])
        np.fmax(high[side], crossing, out=high[side])
    return Spans(low=low, high=high)


def _crossings(columns: ColumnsLike, x: Floats, width: int, longest_ns: float) -> tuple[int, Floats]:
    """Return the first edge between pixel columns (1..width-1) the line reaches, and its value there and onwards."""
    first, last = max(1, math.floor(x[0]) + 1), min(width - 1, math.ceil(x[-1]) - 1)
    if last < first:
        return 1, np.zeros(0)
    edges = np.arange(first, last + 1, dtype=np.float64)
    # x[left] < edge <= x[left + 1]: both exist, and they differ.
    left = np.searchsorted(x, edges, side="left") - 1
    right = left + 1
    start = columns.last[left]
    value = start + (columns.first[right] - start) * ((edges - x[left]) / (x[right] - x[left]))
    if longest_ns > 0:
        value[columns.time[right] - columns.time[left] > longest_ns] = np.nan
    return first, np.asarray(value, dtype=np.float64)


class TraceImage:
    """A transparent picture the lines of one plot are drawn into, and moved with the time under them."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = max(1, width), max(1, height)
        self._pixels = np.zeros(self.width * self.height, dtype=np.uint32)
        self._rows = self._pixels.reshape(self.height, self.width)
        self._has_ink = False
        self.image = QImage(
            self._pixels.data, self.width, self.height, self.width * 4, QImage.Format.Format_ARGB32_Premultiplied
        )

    def clear(self) -> None:
        """Make the picture transparent again."""
        if self._has_ink:
            self._pixels.fill(0)
            self._has_ink = False

    def scroll(self, columns: int) -> None:
        """Move what is drawn to the left by so many pixels; what comes in at the right is transparent."""
        if columns >= self.width:
            self.clear()
        elif columns > 0:
            self._rows[:, :-columns] = self._rows[:, columns:]
            self._rows[:, -columns:] = 0

    def clear_from(self, column: int) -> None:
        """Make the picture transparent from a pixel column on."""
        self._rows[:, column:] = 0

    def draw(
        self,
        spans: Spans,
        bounds: tuple[float, float],
        thickness: float,
        ramp: NDArray[np.uint32],
        *,
        begin: int = 0,
        meets: bool = True,
    ) -> None:
        """Draw a line of `thickness` px; `bounds` are the values at the bottom and the top edge of the picture.

        `ramp` is what `colour_ramp` returns. Spans must be as long as the picture is wide; they are drawn from pixel
        column `begin` on. `meets`: another line may be there already; without it the room must have been cleared.
        """
        if begin == self.width - 1 and not meets:
            self._draw_last(float(spans.low[begin]), float(spans.high[begin]), bounds, thickness, ramp)
            return
        low, high = spans.low[begin:], spans.high[begin:]
        finite = np.isfinite(low)
        column = finite.nonzero()[0]
        if len(column) == 0:
            return
        if len(column) < len(low):
            low, high = low[column], high[column]
        column += begin
        value_low, value_high = bounds
        scale = self.height / (value_high - value_low)
        top = (value_high - high) * scale
        # Ink of a slanted line: as much as its length, and never thicker than its rise plus its thickness.
        rise = (high - low) * scale
        tall = np.minimum(thickness * np.sqrt(1.0 + rise * rise), rise + thickness)
        top -= (tall - rise) / 2
        bottom = np.minimum(top + tall, float(self.height))
        self._fill(column, np.maximum(top, 0.0), bottom, ramp, meets=meets and self._has_ink)

    def _draw_last(
        self, low: float, high: float, bounds: tuple[float, float], thickness: float, ramp: NDArray[np.uint32]
    ) -> None:
        """Draw the last pixel column as `draw` does: nearly every frame of a live line is this and nothing else."""
        if low != low:
            return
        scale = self.height / (bounds[1] - bounds[0])
        rise = (high - low) * scale
        tall = min(thickness * math.sqrt(1.0 + rise * rise), rise + thickness)
        top = (bounds[1] - high) * scale - (tall - rise) / 2
        bottom, top = min(top + tall, float(self.height)), max(top, 0.0)
        start, end = int(top), math.ceil(bottom)
        if end <= start:
            return
        column = self._rows[:, -1]
        column[start:end] = ramp[255]
        column[end - 1] = ramp[int((bottom - max(top, end - 1)) * 255.0)]
        column[start] = ramp[int((min(bottom, start + 1) - top) * 255.0)]
        self._has_ink = True

    def _fill(
        self, column: NDArray[np.int64], top: Floats, bottom: Floats, ramp: NDArray[np.uint32], *, meets: bool
    ) -> None:
        start = top.astype(np.int64)
        count = np.maximum(np.ceil(bottom).astype(np.int64) - start, 0)
        end = count.cumsum()
        which = np.repeat(_upto(len(column)), count)
        row = _upto(int(end[-1])) - (end - count - start)[which]
        cover = np.minimum(row + 1, bottom[which])
        cover -= np.maximum(row, top[which])
        cover *= 255.0
        row *= self.width
        row += column[which]
        ink = ramp[cover.astype(np.uint8)]
        # Where two lines meet the stronger ink stays: alpha is the highest byte.
        self._pixels[row] = np.maximum(self._pixels[row], ink) if meets else ink
        self._has_ink = True


def _upto(count: int) -> NDArray[np.int64]:
    return np.arange(count, dtype=np.int64)


def colour_ramp(colour: QColor, opacity: float = 1.0) -> NDArray[np.uint32]:
    """Return uint32[256]: the colour at coverage 0..255 as premultiplied ARGB."""
    return _ramp(colour.rgb(), opacity)


@lru_cache(maxsize=64)
def _ramp(rgb: int, opacity: float) -> NDArray[np.uint32]:
    alpha = np.arange(256, dtype=np.float64) / 255.0 * opacity
    ramp = np.zeros(256, dtype=np.uint32)
    for part, shift in ((255, 24), (rgb >> 16 & 255, 16), (rgb >> 8 & 255, 8), (rgb & 255, 0)):
        ramp |= np.round(alpha * part).astype(np.uint32) << np.uint32(shift)
    return ramp
