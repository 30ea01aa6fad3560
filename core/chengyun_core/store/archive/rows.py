"""Samples of many series as four parallel columns, brought in the order the archive keeps them in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chengyun_core.series.columns import Bools, Bytes, Numbers, Places, Times, Values

NS_PER_DAY = 86_400_000_000_000
ROW_BYTES = 21
_LOW_HALF = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """All columns are n long. series: uint32 vital or channel numbers; time: int64 ns UTC (source time);

    value: float64, NaN where the sample is BAD or none; quality: uint8 (model.scales.Quality).
    """

    series: Numbers
    time: Times
    value: Values
    quality: Bytes

    @classmethod
    def of(
        cls, series: npt.ArrayLike, time: npt.ArrayLike, value: npt.ArrayLike, quality: npt.ArrayLike | None = None
    ) -> "Rows":
        """Return rows of anything numpy can read; quality None means all GOOD. Raises ValueError for uneven columns."""
        numbers = np.asarray(series, np.uint32)
        qualities = np.zeros(numbers.shape, np.uint8) if quality is None else np.asarray(quality, np.uint8)
        rows = cls(
            series=numbers, time=np.asarray(time, np.int64), value=np.asarray(value, np.float64), quality=qualities
        )
        shapes = {column.shape for column in (rows.series, rows.time, rows.value, rows.quality)}
        if len(shapes) != 1 or numbers.ndim != 1:
            raise ValueError(f"columns of rows have shapes {sorted(shapes)}; all four must be (n,)")
        return rows

    @classmethod
    def joined(cls, parts: Sequence["Rows"]) -> "Rows":
        """Return all parts, one after the other."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            series=np.concatenate([np.empty(0, np.uint32), *(part.series for part in parts)]),
            time=np.concatenate([np.empty(0, np.int64), *(part.time for part in parts)]),
            value=np.concatenate([np.empty(0), *(part.value for part in parts)]),
            quality=np.concatenate([np.empty(0, np.uint8), *(part.quality for part in parts)]),
        )

    def __len__(self) -> int:
        return int(self.series.size)

    def only(self, kept: Bools | Places | slice) -> "Rows":
        """Return the rows a mask, places or a slice choose."""
        return Rows(series=self.series[kept], time=self.time[kept], value=self.value[kept], quality=self.quality[kept])

    def in_order(self) -> "Rows":
        """Return the rows by series, then time, equal ones as they came."""
        if len(self) < 2 or self._is_ordered():
            return self
        return self.only(order_of(self.series, self.time))

    def by_day(self) -> Iterator[tuple[int, "Rows"]]:
        """Yield (day since 1970 UTC, its rows) by day."""
        if not len(self):
            return
        first, last = int(self.time.min()) // NS_PER_DAY, int(self.time.max()) // NS_PER_DAY
        if first == last:
            yield first, self
            return
        day = self.time // NS_PER_DAY
        for each in np.unique(day).tolist():
            yield int(each), self.only(day == each)

    def _is_ordered(self) -> bool:
        ahead = self.series[1:] > self.series[:-1]
        ahead |= (self.series[1:] == self.series[:-1]) & (self.time[1:] >= self.time[:-1])
        return bool(ahead.all())


def order_of(series: Numbers, time: Times) -> Places:
    """Return the places that sort by series, then time, equal ones as they came.

    Samples come nearly by time, so that one sort of (number, place) keys brings the series together; only the rare
    series with a late sample is sorted by time, and then all of them at once.
    """
    keys = series.astype(np.uint64)
    keys <<= np.uint64(32)
    keys |= np.arange(series.size, dtype=np.uint64)
    keys.sort()
    keys &= _LOW_HALF
    order = keys.astype(np.intp)
    ordered, times = series[order], time[order]
    if bool(((times[1:] < times[:-1]) & (ordered[1:] == ordered[:-1])).any()):
        return np.lexsort((time, series))
    return order


def runs_of(series: Numbers) -> tuple[Numbers, Places, Places]:
    """Return (number, begin, end) of each run of equal numbers in an ordered column."""
    if not series.size:
        none = np.empty(0, np.intp)
        return np.empty(0, np.uint32), none, none
    begin = np.concatenate((np.zeros(1, np.intp), np.flatnonzero(series[1:] != series[:-1]) + 1))
    return series[begin], begin, np.append(begin[1:], series.size)
