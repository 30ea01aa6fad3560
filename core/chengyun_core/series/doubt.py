"""How far the points of a window can be believed: what no sample's value tells, carried beside time and value."""

from enum import IntEnum

import numpy as np

from chengyun_core.model.scales import Quality
from chengyun_core.series.columns import Bytes, Times


class Doubt(IntEnum):
    """Doubt of a point, uint8: the greatest among the samples it stands for, so that no suspect sample is lost."""

    NONE = 0
    UNKNOWN = 1
    """Nobody kept what the samples were worth: roll-ups, extremes of older builds. Not the same as good."""
    SUSPECT = 2
    """A sample was Quality.UNCERTAIN. One that was BAD is a gap (NaN) and needs no doubt."""


def doubt_of(quality: Bytes) -> Bytes:
    """Return uint8[n] Doubt of samples by their uint8[n] Quality."""
    return np.where(quality == Quality.UNCERTAIN, np.uint8(Doubt.SUSPECT), np.uint8(Doubt.NONE))


def unknown(count: int) -> Bytes:
    """Return the doubt of points of which nobody kept it, uint8[count]."""
    return np.full(count, Doubt.UNKNOWN, np.uint8)


def stretches(time: Times, doubt: Bytes, which: Doubt, longest_ns: int, near_ns: int = 0) -> list[tuple[int, int]]:
    """Return the stretches [from_ns, to_ns) whose points have a doubt, in order of time.

    time: int64[n] ns not falling. A point holds until the next one, but no longer than `longest_ns`: doubt is told of
    what came, never of the silence behind it. Stretches that touch are one, and so are those no further apart than
    `near_ns`: what a screen cannot show apart.
    """
    at = np.flatnonzero(doubt == which)
    if not at.size:
        return []
    begin = time[at]
    end = begin + longest_ns
    has_next = at + 1 < time.size
    end[has_next] = np.minimum(end[has_next], time[at[has_next] + 1])
    # Points of one instant hold for no time; the last of them may, and joins on.
    apart = np.flatnonzero(begin[1:] > end[:-1] + near_ns) + 1
    first, last = np.append(0, apart), np.append(apart, at.size) - 1
    return [(int(begin[i]), max(int(end[j]), int(begin[i]) + 1)) for i, j in zip(first, last, strict=True)]
