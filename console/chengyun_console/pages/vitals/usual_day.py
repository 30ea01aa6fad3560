"""«A normal day»: median and 10-90 % of the last four same weekdays, drawn behind today's line (V8)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chengyun_console.pages.vitals.tiles import TILE_PIXELS, Tile, TileStore
from chengyun_core.model.clock import NS_PER_S
from chengyun_widgets.multi_record import Envelope

Times = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Points = tuple[Times, Values]

DAY_NS = 86_400 * NS_PER_S
WEEKS = (1, 2, 3, 4)
LEAST_BIN_NS = 300 * NS_PER_S
MOST_BINS = 144
SHARES = (0.1, 0.5, 0.9)
ENOUGH = 0.5
"""A day counts as known when it has values in so many of the window's stretches that are not to come yet."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Usual:
    """What is usual in a window, and how many of the days it was made of had data."""

    envelope: Envelope
    days: int


def usual(days: Sequence[Points], t0_ns: int, t1_ns: int, now_ns: int) -> Usual:
    """Return the usual band of [t0_ns, t1_ns) from days moved to this window's times.

    days: (time int64[n] ns, value float64[n]) each, NaN ignored; every value must stand for the same length of time, or
    the shares would lean to where samples are denser.
    """
    width, first, count = _bins(t0_ns, t1_ns)
    parts = [_binned(time, value, first, width, count) for time, value in days]
    places = np.concatenate([np.empty(0, np.int64), *(place for place, _ in parts)])
    values = np.concatenate([np.empty(0), *(value for _, value in parts)])
    low, middle, high = _shares_of(places, values, count)
    middles = (first + np.arange(count)) * width + width // 2
    known = max(1, min(count, -(-now_ns // width) - first))
    told = sum(np.unique(place[place < known]).size >= ENOUGH * known for place, _ in parts)
    return Usual(envelope=Envelope(time=middles, low=low, middle=middle, high=high), days=int(told))


def _bins(t0_ns: int, t1_ns: int) -> tuple[int, int, int]:
    """Return the bins of a window: their width, the number of the first one counted from 1970, and how many."""
    width = max(LEAST_BIN_NS, -(-(t1_ns - t0_ns) // MOST_BINS))
    first = t0_ns // width
    return width, first, -(-t1_ns // width) - first


def _whole_bins(t0_ns: int, t1_ns: int) -> tuple[int, int]:
    """Return the window widened to whole bins: a bin half asked for would be made of fewer days than it says."""
    width, first, count = _bins(t0_ns, t1_ns)
    return first * width, (first + count) * width


def _binned(time: Times, value: Values, first: int, width: int, count: int) -> tuple[Times, Values]:
    place = time // width - first
    kept = (place >= 0) & (place < count) & np.isfinite(value)
    return place[kept], value[kept]


def _shares_of(place: Times, value: Values, count: int) -> tuple[Values, ...]:
    """Return the 10, 50 and 90 % value of each bin, float64[count] each; NaN where a bin has none."""
    value = value[np.lexsort((value, place))]
    size = np.bincount(place, minlength=count)
    start = np.cumsum(size) - size
    some = size > 0
    found = []
    for share in SHARES:
        told = np.full(count, np.nan)
        at = start[some] + share * (size[some] - 1)
        below, above = np.floor(at).astype(np.int64), np.ceil(at).astype(np.int64)
        told[some] = value[below] + (value[above] - value[below]) * (at - below)
        found.append(told)
    return tuple(found)


def even_points(tiles: Sequence[Tile]) -> Points:
    """Return the first sample of each of the tiles' pixel columns: a fair choice, where extremes would lean."""
    times, values = [np.empty(0, np.int64)], [np.empty(0)]
    for tile in tiles:
        width = max(1, (tile.to_ns - tile.from_ns) // TILE_PIXELS)
        column = (tile.time - tile.from_ns) // width
        firsts = np.flatnonzero(np.diff(column, prepend=-1))
        times.append(tile.time[firsts])
        values.append(tile.value[firsts])
    return np.concatenate(times), np.concatenate(values)


class UsualDay:
    """Holds the tiles of the weeks before for one vital, and what was last worked out of them."""

    def __init__(
        self, stores: Sequence[TileStore], run: Callable[[Callable[[], object], Callable[[object], None]], None]
    ):
        """`stores`: one per week of `WEEKS`; `run(job, done)` works `job` out off the GUI thread."""
        self._stores = tuple(stores)
        self._run = run
        self._made_of: tuple[object, ...] = ()
        self.shown: Usual | None = None

    def tend(self, t0_ns: int, t1_ns: int, now_ns: int, monotonic_ns: int) -> None:
        """Ask for the windows of the weeks before; work the band out anew when something came or the bins moved."""
        t0_ns, t1_ns = _whole_bins(t0_ns, t1_ns)
        for week, store in zip(WEEKS, self._stores, strict=True):
            shift = 7 * week * DAY_NS
            store.tend(t0_ns - shift, t1_ns - shift, now_ns, monotonic_ns)
        made_of = (*(store.version for store in self._stores), t0_ns, t1_ns)
        if made_of == self._made_of:
            return
        self._made_of = made_of
        days = [self._day(week, store, t0_ns, t1_ns) for week, store in zip(WEEKS, self._stores, strict=True)]
        self._run(lambda: usual(days, t0_ns, t1_ns, now_ns), self._take)

    def is_loading(self, t0_ns: int, t1_ns: int) -> bool:
        """Return whether some window is still asked for."""
        t0_ns, t1_ns = _whole_bins(t0_ns, t1_ns)
        return any(
            not tile.is_held and tile.reason is None
            for week, store in zip(WEEKS, self._stores, strict=True)
            for tile in store.pieces(t0_ns - 7 * week * DAY_NS, t1_ns - 7 * week * DAY_NS)
        )

    @staticmethod
    def _day(week: int, store: TileStore, t0_ns: int, t1_ns: int) -> Points:
        shift = 7 * week * DAY_NS
        time, value = even_points(store.pieces(t0_ns - shift, t1_ns - shift))
        return time + shift, value

    def _take(self, found: object) -> None:
        assert isinstance(found, Usual)
        self.shown = found
