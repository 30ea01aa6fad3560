"""Thins a window of samples to what pixels can show: first, lowest, highest and last of each pixel column."""

import numpy as np
import numpy.typing as npt

from chengyun_core.series.columns import Bytes, Times, Values


def decimate(time: Times, value: Values, t0_ns: int, t1_ns: int, pixels: int) -> tuple[Times, Values]:
    """Return at most four samples per pixel column, in time order; every one of them is a sample that was given.

    time: int64[n] ns, not falling; value: float64[n], NaN is a gap. Samples outside [t0_ns, t1_ns] are left out.
    A column whose first or last sample is a gap keeps it, so that a line broken there stays broken.
    """
    first, last = (int(i) for i in np.searchsorted(time, (t0_ns, t1_ns + 1)))
    time, value = time[first:last], value[first:last]
    kept, _starts = _kept(time, value, t0_ns, t1_ns, pixels)
    return time[kept], value[kept]


def decimate_doubted(
    time: Times, value: Values, doubt: Bytes, t0_ns: int, t1_ns: int, pixels: int
) -> tuple[Times, Values, Bytes]:
    """Return what `decimate` does, and the doubt of each sample kept: the greatest in its pixel column.

    doubt: uint8[n] (series.doubt.Doubt). A suspect sample that is no extreme is not drawn, but its column says so.
    """
    first, last = (int(i) for i in np.searchsorted(time, (t0_ns, t1_ns + 1)))
    time, value, doubt = time[first:last], value[first:last], doubt[first:last]
    kept, starts = _kept(time, value, t0_ns, t1_ns, pixels)
    if not doubt.any():
        return time[kept], value[kept], np.zeros(kept.size, np.uint8)
    worst = np.maximum.reduceat(doubt, starts)
    return time[kept], value[kept], worst[np.searchsorted(starts, kept, side="right") - 1]


def column_starts(time: Times, t0_ns: int, t1_ns: int, pixels: int) -> npt.NDArray[np.intp]:
    """Return the index of the first sample of each pixel column that has samples; at most `pixels` of them."""
    width = max(1, -(-(t1_ns - t0_ns + 1) // max(1, pixels)))
    column = (time - t0_ns) // width
    return np.append(np.intp(0), np.flatnonzero(np.diff(column)) + 1)


def _kept(
    time: Times, value: Values, t0_ns: int, t1_ns: int, pixels: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the places of the samples to keep, and where each pixel column begins; all when they are few."""
    if time.size <= pixels:
        every = np.arange(time.size)
        return every, every
    starts = column_starts(time, t0_ns, t1_ns, pixels)
    ends = np.append(starts[1:], time.size)
    kept = np.concatenate((
        starts, ends - 1,
        _where_first(value, np.fmin.reduceat(value, starts), starts, ends),
        _where_first(value, np.fmax.reduceat(value, starts), starts, ends),
    ))  # fmt: skip
    return np.unique(kept), starts


def _where_first(
    value: Values, extreme: Values, starts: npt.NDArray[np.intp], ends: npt.NDArray[np.intp]
) -> npt.NDArray[np.intp]:
    """Return, per column, the index of its first sample that equals its extreme (columns of gaps only: none)."""
    hits = np.flatnonzero(value == np.repeat(extreme, ends - starts))
    column = np.searchsorted(starts, hits, side="right")
    fresh = np.ones(hits.size, dtype=bool)
    fresh[1:] = column[1:] != column[:-1]
    return hits[fresh]
