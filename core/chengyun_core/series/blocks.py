"""Extremes of stored series: blocks of 256, 4 096 and 65 536 samples, each told by four of its samples and a doubt."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from chengyun_core.series.columns import Bytes, Places, Times, Values

BASE = 256
FACTOR = 16
LEVELS = 3
LEAST = 2 * BASE
"""A shorter series has no blocks: reading its samples is cheaper."""

DTYPE = np.dtype(
    [
        ("first_time", "<i8"), ("low_time", "<i8"), ("high_time", "<i8"), ("last_time", "<i8"),
        ("first", "<f8"), ("low", "<f8"), ("high", "<f8"), ("last", "<f8"),
    ]
)  # fmt: skip
"""One block: its first, lowest, highest and last sample with their own times. NaN is a gap; low and high are NaN when
all samples are gaps (their times are then the first one's)."""
Blocks = npt.NDArray[np.void]
_Finer = dict[str, npt.NDArray[Any]] | Blocks
"""What blocks are made of: the samples by the names of a block's fields, or finer blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The blocks of all series of a part on one level, one series after the other."""

    begin: npt.NDArray[np.int64]
    """int64[series + 1]: where each series' blocks begin."""
    blocks: Blocks
    doubt: Bytes
    """uint8[blocks] (series.doubt.Doubt): the greatest among a block's samples."""


def levels_of(begin: Places, end: Places, time: Times, value: Values, doubt: Bytes) -> list[Level]:
    """Return the levels of ordered rows: series k holds rows begin[k]:end[k]. The last block of a series may be short.

    time: int64[n] ns not falling inside a series; value: float64[n]; doubt: uint8[n] (series.doubt.Doubt).
    """
    length = np.where(end - begin >= LEAST, end - begin, 0)
    whole: _Finer = _as_blocks(time, value)
    made: list[Level] = []
    row_begin, size = np.asarray(begin, np.int64), BASE
    for _ in range(LEVELS):
        count = -(-length // size)
        starts, ends = _cuts(row_begin, length, count, size)
        doubt = _worst(doubt, starts, ends)
        begins = np.concatenate((np.zeros(1, np.int64), np.cumsum(count)))
        made.append(Level(begin=begins, blocks=_folded(whole, starts, ends), doubt=doubt))
        whole, row_begin, length, size = made[-1].blocks, made[-1].begin[:-1], count, FACTOR
    return made


def points_of(blocks: Blocks) -> tuple[Times, Values]:
    """Return every block's four samples by time: int64[4 n] ns, float64[4 n]; each was a sample, some occur twice."""
    time = np.stack([blocks["first_time"], blocks["low_time"], blocks["high_time"], blocks["last_time"]], axis=1)
    value = np.stack([blocks["first"], blocks["low"], blocks["high"], blocks["last"]], axis=1)
    swapped = time[:, 1] > time[:, 2]
    time[swapped, 1:3], value[swapped, 1:3] = time[swapped, 2:0:-1], value[swapped, 2:0:-1]
    return time.reshape(-1), value.reshape(-1)


def _as_blocks(time: Times, value: Values) -> dict[str, npt.NDArray[Any]]:
    names = ("first", "low", "high", "last")
    return {**{f"{name}_time": time for name in names}, **dict.fromkeys(names, value)}


def _cuts(
    begin: npt.NDArray[np.int64], length: npt.NDArray[np.int64], count: npt.NDArray[np.int64], size: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return where each block of `size` begins and ends, series after series."""
    ordinal = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    starts = np.repeat(begin, count) + ordinal * size
    ends = np.minimum(starts + size, np.repeat(begin + length, count))
    return starts, ends


def _folded(finer: "_Finer", starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> Blocks:
    made = np.zeros(starts.size, DTYPE)
    if not starts.size:
        return made
    made["first"], made["first_time"] = finer["first"][starts], finer["first_time"][starts]
    made["last"], made["last_time"] = finer["last"][ends - 1], finer["last_time"][ends - 1]
    for name, fold in (("low", np.fmin), ("high", np.fmax)):
        place = _places(np.asarray(finer[name], np.float64), fold, starts, ends)
        made[name], made[f"{name}_time"] = finer[name][place], finer[f"{name}_time"][place]
    return made


def _places(
    value: Values, fold: np.ufunc, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return where each block's extreme is first met; its begin when the block holds gaps only."""
    extreme = _reduced(value, fold, starts, ends)
    length = ends - starts
    rows = np.repeat(starts - (np.cumsum(length) - length), length) + np.arange(int(length.sum()))
    block = np.repeat(np.arange(starts.size), length)
    hits = np.flatnonzero(value[rows] == extreme[block])
    found, at = np.unique(block[hits], return_index=True)
    place = starts.copy()
    place[found] = rows[hits[at]]
    return place


def _worst(doubt: Bytes, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> Bytes:
    if not starts.size or not doubt.any():
        return np.zeros(starts.size, np.uint8)
    worst: Bytes = _reduced(doubt, np.maximum, starts, ends)
    return worst


def _reduced(column: Any, fold: np.ufunc, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> Any:
    """Return the fold of column[starts[k]:ends[k]] for each k; there is at least one."""
    # Rows between blocks (series too short for any) belong to the reduction of the block before them: cut them off.
    edges = np.stack((starts, np.minimum(ends, column.size - 1)), axis=1).reshape(-1)
    found = fold.reduceat(column, edges)[::2]
    if int(ends[-1]) == column.size:
        found[-1] = fold.reduce(column[int(starts[-1]) :])
    return found
