"""What a chart of several lines on one axis of time shows, as records."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.line_style import LineStyle
from chengyun_widgets.trend_record import ColumnSource, TrendBand, TrendMark

NAN = float("nan")


def no_doubt(_time_ns: int) -> str:
    """Say nothing of a line's quality."""
    return ""


def nothing_about(_time_ns: int, _value: float) -> tuple[str, ...]:
    """Say nothing of a moment."""
    return ()


class Hatch(Enum):
    """What is said of a stretch of time by its ground."""

    LOADING = "loading"
    """Wide hatching: it is being fetched."""
    UNKNOWN = "unknown"
    """Crossed hatching: nobody could be asked."""
    SUSPECT = "suspect"
    """Narrow hatching: values are there and doubtful."""
    UNRATED = "unrated"
    """A dotted line at the head: values are there and nobody knows what they were worth."""
    GAP = "gap"
    """A line at the foot: known to be missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendZone:
    """A stretch [from_ns, to_ns) with its sentence, which the crosshair tells."""

    hatch: Hatch
    from_ns: int
    to_ns: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSteps:
    """One limit over time: (since ns, limit) rising in time, NaN where there was none; drawn dashed, as steps."""

    severity: Severity
    steps: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Envelope:
    """What is usual at each time: time int64[m] ns rising; low, middle, high float64[m], NaN where nothing is known."""

    time: NDArray[np.int64]
    low: NDArray[np.float64]
    middle: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiLine:
    """One line. `number` names it in legend, table and on the plot; `value` is written when no cursor is set.

    `is_ghost`: of another time (yesterday); drawn faint, without a newest sample. Lines of one `unit` share a scale.
    """

    key: str
    number: str
    name: str
    source: ColumnSource
    style: LineStyle
    unit: str = ""
    decimals: int = 2
    gap_ns: int = 0
    value: str = ""
    severity: Severity = Severity.NONE
    is_stale: bool = False
    is_ghost: bool = False
    age: str = ""
    doubt_at: Callable[[int], str] = no_doubt
    """The word behind the value at a time when that is in doubt, else nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiRecord:
    """The chart. Bands, steps, envelope, crowd, marks and zones belong to the first line.

    `crowd`: others of its kind, drawn faint on its scale and not named. `stamp` writes a time in full.
    """

    title: str = ""
    lines: tuple[MultiLine, ...] = ()
    crowd: tuple[MultiLine, ...] = ()
    bands: tuple[TrendBand, ...] = ()
    steps: tuple[LimitSteps, ...] = ()
    marks: tuple[TrendMark, ...] = ()
    zones: tuple[TrendZone, ...] = ()
    envelope: Envelope | None = None
    envelope_name: str = ""
    is_stacked: bool = False
    caption: str = ""
    """A sentence at the upper left of the plot: what is laid behind the line, and how much of it is known."""
    stamp: Callable[[int], str] = str
    about: Callable[[int, float], tuple[str, ...]] = nothing_about
    """What else is to be told of a time and the first line's value then."""
    notice: str = ""
