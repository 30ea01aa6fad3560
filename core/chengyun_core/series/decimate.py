"""Thins a window of samples to what pixels can show: first, lowest, highest and last of each pixel column."""

import numpy as np
import numpy.typing as npt

Times = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


def decimate(time: Times, value: Values, t0_ns: int, t1_ns: int, pixels: int) -> tuple[Times, Values]:
    """Return at most four samples per pixel column, in time order; every one of them is a sample that was given.

    time: int64[n] ns, not falling; value: float64[n], NaN is a gap. Samples outside [t0_ns, t1_ns] are left out.
    A column whose first or last sample is a gap keeps it, so that a line broken there stays broken.
    """
    first, last = (int(i) for i in np.searchsorted(time, (t0_ns, t1_ns + 1)))
    time, value = time[first:last], value[first:last]
    if time.size <= pixels:
        return time.copy(), value.copy()
    starts = column_starts(time, t0_ns, t1_ns, pixels)
    ends = np.append(starts[1:], time.size)
    kept = np.concatenate((
        starts, ends - 1,
        _where_first(value, np.fmin.reduceat(value, starts), starts, ends),
        _where_first(value, np.fmax.reduceat(value, starts), starts, ends),
    ))  # fmt: skip
    kept = np.unique(kept)
    return time[kept], value[kept]


def column_starts(time: Times, t0_ns: int, t1_ns: int, pixels: int) -> npt.NDArray[np.intp]:
    """Return the index of the first sample of each pixel column that has samples; at most `pixels` of them."""
    width = max(1, -(-(t1_ns - t0_ns + 1) // max(1, pixels)))
    column = (time - t0_ns) // width
    return np.append(np.intp(0), np.flatnonzero(np.diff(column)) + 1)


def _where_first(
    value: Values, extreme: Values, starts: npt.NDArray[np.intp], ends: npt.NDArray[np.intp]
) -> npt.NDArray[np.intp]:
    """Return, per column, the index of its first sample that equals its extreme (columns of gaps only: none)."""
    hits = np.flatnonzero(value == np.repeat(extreme, ends - starts))
    column = np.searchsorted(starts, hits, side="right")
    fresh = np.ones(hits.size, dtype=bool)
    fresh[1:] = column[1:] != column[:-1]
    return hits[fresh]
