"""What a trend shows, as records, and where its columns come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.presence import Presence


class ColumnsLike(Protocol):
    """Samples reduced to pixels: parallel arrays of length m, in time order; NaN in `low` marks a gap."""

    @property
    def time(self) -> NDArray[np.int64]:
        """Time of each column, ns."""

    @property
    def low(self) -> NDArray[np.float64]:
        """Least value in each column."""

    @property
    def high(self) -> NDArray[np.float64]:
        """Greatest value in each column."""

    @property
    def first(self) -> NDArray[np.float64]:
        """First value in each column: where the line enters."""

    @property
    def last(self) -> NDArray[np.float64]:
        """Last value in each column: where the line leaves."""


class ColumnSource(Protocol):
    """Anything that can reduce a window to at most one column per pixel, such as series' MinMaxPyramid."""

    def columns(self, t0_ns: int, t1_ns: int, pixels: int) -> ColumnsLike:
        """Return the columns of [t0_ns, t1_ns)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendBand:
    """A threshold band from `low` to `high` (±inf where open). `limit`: the edge drawn dashed, else the finite one."""

    low: float
    high: float
    severity: Severity
    limit: float | None = None

    @property
    def edge(self) -> float:
        """The value of the dashed line."""
        if self.limit is not None:
            return self.limit
        return self.low if np.isfinite(self.low) else self.high


MARK_REACH_PX = 14
"""So near to a mark the mouse, or the crosshair, is on it: half a target of 28 px."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendMark:
    """An alarm mark on the time axis; `note` is told when it is pointed at."""

    key: str
    time_ns: int
    severity: Severity
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendSeries:
    """One line. Without a colour it takes the severity's (grey-blue when normal).

    `gap_ns` > 0 breaks the line over longer pauses.
    """

    key: str
    name: str
    source: ColumnSource
    colour: Colour | None = None
    unit: str = ""
    decimals: int = 2
    gap_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendRecord:
    """One chart. `value` and `unit` stand at the top right in the severity's colour; `limits` at the bottom centre.

    `age` is written beside a stale value, which is drawn hollow. `bands` belong to the unit of the first series.
    `suspect`: stretches [from_ns, to_ns) of doubtful values, hatched, rising in time; `suspect_note` is told of them.
    """

    title: str
    value: str = ""
    unit: str = ""
    severity: Severity = Severity.NONE
    series: tuple[TrendSeries, ...] = ()
    bands: tuple[TrendBand, ...] = ()
    limits: str = ""
    marks: tuple[TrendMark, ...] = ()
    presence: Presence = Presence.FRESH
    notice: str = ""
    age: str = ""
    suspect: tuple[tuple[int, int], ...] = ()
    suspect_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnArrays:
    """Columns held as plain arrays."""

    time: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    first: NDArray[np.float64]
    last: NDArray[np.float64]


class ArraySource:
    """Columns of a fixed array, such as a decimated history. time int64[n] ascending, value float64[n]."""

    def __init__(self, time_ns: NDArray[np.int64], value: NDArray[np.float64]) -> None:
        self._time, self._value = time_ns, value

    def columns(self, t0_ns: int, t1_ns: int, pixels: int) -> ColumnsLike:
        """Return one column per pixel that holds a sample."""
        start, stop = np.searchsorted(self._time, [t0_ns, t1_ns])
        time, value = self._time[start:stop], self._value[start:stop]
        if len(time) <= pixels:
            return ColumnArrays(time=time, low=value, high=value, first=value, last=value)
        pixel = (time - t0_ns) * pixels // max(1, t1_ns - t0_ns)
        starts = np.flatnonzero(np.diff(pixel, prepend=-1))
        ends = np.append(starts[1:], len(time)) - 1
        return ColumnArrays(
            time=time[starts],
            low=np.fmin.reduceat(value, starts),
            high=np.fmax.reduceat(value, starts),
            first=value[starts],
            last=value[ends],
        )


def is_same_picture(one: TrendRecord, other: TrendRecord) -> bool:
    """Return whether everything that is cached for a chart (all but value, age, marks and samples) is the same."""
    return _still(one) == _still(other)


def _still(record: TrendRecord) -> tuple[object, ...]:
    names: Sequence[str] = [series.name for series in record.series]
    return (record.title, record.bands, record.limits, record.presence, record.notice, tuple(names))
