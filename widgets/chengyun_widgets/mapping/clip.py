"""Cuts rings and lines to a rectangle of pixels: nothing far off the window is ever drawn, however near the view."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from chengyun_widgets.mapping.layers import ShapeStep
from chengyun_widgets.mapping.view import Bounds, Floats


@dataclass(frozen=True, eq=False)
class Cut:
    """Parts that are left: `points` float64[m, 2], `starts` int64[p + 1], `closed` bool[p]."""

    points: Floats
    starts: NDArray[np.int64]
    closed: NDArray[np.bool_]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return len(self.points) == 0


NOTHING = Cut(np.zeros((0, 2)), np.zeros(1, np.int64), np.zeros(0, np.bool_))


class Extent:
    """The rectangles round the parts of a step, found once: which parts can be seen is one comparison of columns."""

    def __init__(self, step: ShapeStep) -> None:
        self.step = step

    @cached_property
    def corners(self) -> tuple[Floats, Floats]:
        """Return least and greatest x, y of each part, float64[p, 2] each; what has no points is nowhere."""
        starts, count = self.step.starts, len(self.step.starts) - 1
        low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
        filled = np.flatnonzero(np.diff(starts) > 0)
        if len(filled):
            low[filled] = np.minimum.reduceat(self.step.points, starts[filled], axis=0)
            high[filled] = np.maximum.reduceat(self.step.points, starts[filled], axis=0)
        return low, high

    def seen(self, bounds: Bounds) -> NDArray[np.int64]:
        """Return the parts whose rectangle meets `bounds`, in order."""
        low, high = self.corners
        meets = (high[:, 0] >= bounds.west) & (low[:, 0] <= bounds.east)
        meets &= (high[:, 1] >= bounds.north) & (low[:, 1] <= bounds.south)
        return np.flatnonzero(meets)

    def cut(self, parts: NDArray[np.int64], bounds: Bounds) -> Cut:
        """Return `parts` cut to `bounds`: whole where they lie inside."""
        if not len(parts):
            return NOTHING
        low, high = self.corners
        inside = (low[parts, 0] >= bounds.west) & (high[parts, 0] <= bounds.east)
        inside &= (low[parts, 1] >= bounds.north) & (high[parts, 1] <= bounds.south)
        pieces, closed = self._whole(parts[inside])
        for part in parts[~inside]:
            points = self.step.points[self.step.starts[part] : self.step.starts[part + 1]]
            is_ring = bool(self.step.closed[part])
            cut = [ring_cut(points, bounds)] if is_ring else line_cut(points, bounds)
            pieces += [piece for piece in cut if len(piece) > 1]
            closed += [is_ring] * (len(pieces) - len(closed))
        return joined(pieces, closed)

    def _whole(self, parts: NDArray[np.int64]) -> tuple[list[Floats], list[bool]]:
        starts, points = self.step.starts, self.step.points
        pieces = [points[starts[part] : starts[part + 1]] for part in parts]
        return pieces, [bool(one) for one in self.step.closed[parts]]


def joined(pieces: list[Floats], closed: list[bool]) -> Cut:
    """Return pieces as one."""
    if not pieces:
        return NOTHING
    starts = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])]).astype(np.int64)
    return Cut(np.concatenate(pieces), starts, np.array(closed, np.bool_))


def ring_cut(ring: Floats, bounds: Bounds) -> Floats:
    """Return a ring cut to a rectangle, side by side (Sutherland and Hodgman 1974); empty when nothing is inside."""
    sides = ((0, bounds.west, 1.0), (0, bounds.east, -1.0), (1, bounds.north, 1.0), (1, bounds.south, -1.0))
    for axis, edge, sign in sides:
        if len(ring) == 0:
            return ring
        ring = _half(ring, axis, edge, sign)
    return ring


def _half(ring: Floats, axis: int, edge: float, sign: float) -> Floats:
    """Return what of a ring is on the inner side of one edge."""
    depth = (ring[:, axis] - edge) * sign
    is_in = depth >= 0
    if is_in.all():
        return ring
    following, depth_after = np.roll(ring, -1, axis=0), np.roll(depth, -1)
    crosses = is_in != np.roll(is_in, -1)
    share = np.zeros(len(ring))
    share[crosses] = depth[crosses] / (depth[crosses] - depth_after[crosses])
    at = ring + (following - ring) * share[:, None]
    # Each corner gives itself when it is inside, and then the crossing of its side with the edge.
    both = np.stack([ring, at], axis=1).reshape(-1, 2)
    taken = np.stack([is_in, crosses], axis=1).reshape(-1)
    kept: Floats = both[taken]
    return kept


def line_cut(line: Floats, bounds: Bounds) -> list[Floats]:
    """Return the pieces of a line inside a rectangle (Liang and Barsky 1984, over all its pieces at once)."""
    if len(line) < 2:
        return []
    begin, along = line[:-1], np.diff(line, axis=0)
    enter, leave = np.zeros(len(begin)), np.ones(len(begin))
    for axis, low, high in ((0, bounds.west, bounds.east), (1, bounds.north, bounds.south)):
        first, last = _crossing(begin[:, axis], along[:, axis], low, high)
        enter, leave = np.maximum(enter, first), np.minimum(leave, last)
    kept = np.flatnonzero(enter < leave)
    return _runs(begin, along, enter, leave, kept)


def _crossing(begin: Floats, along: Floats, low: float, high: float) -> tuple[Floats, Floats]:
    """Return between which shares of each piece it is between two lines; nowhere is (1, 0)."""
    is_level = along == 0
    safe = np.where(is_level, 1.0, along)
    one, other = (low - begin) / safe, (high - begin) / safe
    first, last = np.minimum(one, other), np.maximum(one, other)
    is_out = is_level & ((begin < low) | (begin > high))
    first = np.where(is_level, np.where(is_out, 1.0, 0.0), first)
    return first, np.where(is_level, np.where(is_out, 0.0, 1.0), last)


def _runs(begin: Floats, along: Floats, enter: Floats, leave: Floats, kept: NDArray[np.int64]) -> list[Floats]:
    """Return the pieces that were kept, those that follow each other as one line."""
    if not len(kept):
        return []
    meets = (np.diff(kept) == 1) & (leave[kept[:-1]] == 1.0) & (enter[kept[1:]] == 0.0)
    runs = np.split(kept, np.flatnonzero(~meets) + 1)
    lines = []
    for run in runs:
        heads = begin[run] + along[run] * enter[run, None]
        tail = begin[run[-1]] + along[run[-1]] * leave[run[-1]]
        lines.append(np.concatenate([heads, tail[None]]))
    return lines
