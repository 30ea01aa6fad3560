"""Gathers points that would lie on each other: a grid that belongs to the world, so that panning changes nothing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chengyun_widgets.mapping.view import WORLD_PX, Bounds, Floats

CELL_PX = 72.0
"""Side of a cell at a whole zoom; up to the next zoom it grows to twice that."""
_REACH = 0.2
"""A cluster stands where its points are, but no farther from the middle of its cell: neighbours rarely touch."""
_FEW = 1 << 16
"""Cells, or clusters, that are numbered with 16 bits."""
_JOINED = 0.4
"""Clusters of neighbouring cells that are nearer than this share of a cell are one."""
_ROUND = 5.0
"""Cells: one on the edge of the rectangle, its neighbour, the neighbour's, and room to spare."""


@dataclass(frozen=True, eq=False)
class Clusters:
    """Points gathered at one level: `x`, `y` float64[c], `count` int64[c], `worst` uint8[c].

    The members of cluster i are `order[starts[i]:starts[i + 1]]`, indices into the points.
    """

    x: Floats
    y: Floats
    count: NDArray[np.int64]
    worst: NDArray[np.uint8]
    order: NDArray[np.int64]
    starts: NDArray[np.int64]

    def members(self, cluster: int) -> NDArray[np.int64]:
        """Return the points of a cluster, int64[count]."""
        return self.order[self.starts[cluster] : self.starts[cluster + 1]]

    def seen(self, bounds: Bounds) -> NDArray[np.int64]:
        """Return which clusters stand in a rectangle of the world."""
        here = (self.x >= bounds.west) & (self.x <= bounds.east)
        here &= (self.y >= bounds.north) & (self.y <= bounds.south)
        return np.flatnonzero(here)


def single(x: Floats, y: Floats, severity: NDArray[np.uint8], chosen: NDArray[np.int64]) -> Clusters:
    """Return every chosen point as a cluster of itself."""
    count = len(chosen)
    starts = np.arange(count + 1, dtype=np.int64)
    return Clusters(x[chosen], y[chosen], np.ones(count, np.int64), severity[chosen], chosen, starts)


def gathered(x: Floats, y: Floats, severity: NDArray[np.uint8], chosen: NDArray[np.int64], zoom: float) -> Clusters:
    """Return the chosen points gathered by the cells of a zoom's level (its whole part)."""
    if not len(chosen):
        return single(x, y, severity, chosen)
    cells = level_cells(zoom)
    places = np.stack([x[chosen], y[chosen]], axis=1) * cells
    span = np.ceil(cells) + 2
    keys, cluster = _numbered(np.floor(places), span)
    cluster = _paired(cluster, keys, span, _means(places, cluster))
    held = _held(places, cluster)
    # Numbers of 16 bits are sorted by their digits, several times as fast.
    order = np.argsort(cluster.astype(np.uint16) if len(keys) <= _FEW else cluster, kind="stable")
    count = np.bincount(cluster).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    worst = np.maximum.reduceat(severity[chosen][order], starts[:-1])
    # One that is alone stands where it is, to the last bit.
    alone = count == 1
    first = chosen[order][starts[:-1]]
    middle_x, middle_y = (np.where(alone, of[first], held[:, at] / cells) for at, of in enumerate((x, y)))
    return Clusters(middle_x, middle_y, count, worst, chosen[order], starts)


def _numbered(cells: Floats, span: float) -> tuple[Floats, NDArray[np.int64]]:
    """Return the rising keys of the cells that hold anything, and of each row of `cells` float64[n, 2] its number."""
    x, y = np.ascontiguousarray(cells.T)  # along a row of memory numpy finds the least and the greatest at once
    west, north = x.min(), y.min()
    wide, high = x.max() - west + 1.0, y.max() - north + 1.0
    if wide * high > _FEW:
        keys, numbers = np.unique(x + y * span, return_inverse=True)
        return keys, numbers
    # A window has so few cells that each is counted in its place: nothing is sorted.
    place = ((x - west) + (y - north) * wide).astype(np.int64)
    held = np.flatnonzero(np.bincount(place))
    number = np.empty(int(held[-1]) + 1, np.int64)
    number[held] = np.arange(len(held))
    found: Floats = (west + held % wide) + (north + held // wide) * span
    return found, number[place]


def _means(places: Floats, cluster: NDArray[np.int64]) -> Floats:
    """Return the middle of the members of each cluster, float64[c, 2]."""
    count = np.bincount(cluster)
    return np.stack([np.bincount(cluster, weights=places[:, axis]) / count for axis in (0, 1)], axis=1)


def _paired(cluster: NDArray[np.int64], keys: Floats, span: float, means: Floats) -> NDArray[np.int64]:
    """Return clusters with those joined that lie on each other over the edge of their cells: each with its nearest."""
    nearest, away = np.full(len(keys), -1), np.full(len(keys), _JOINED)
    for step in (1.0, span, span + 1, span - 1, -1.0, -span, -span - 1, 1 - span):
        at = np.minimum(np.searchsorted(keys, keys + step), len(keys) - 1)
        distance = np.where(keys[at] == keys + step, np.hypot(*(means[at] - means).T), np.inf)
        is_nearer = distance < away
        nearest[is_nearer], away[is_nearer] = at[is_nearer], distance[is_nearer]
    # Only two that choose each other: no chain can draw a whole street into one place.
    own = np.arange(len(keys))
    joins = (nearest > own) & (nearest[nearest] == own)
    target = own.copy()
    target[nearest[joins]] = own[joins]
    joined: NDArray[np.int64] = np.unique(target, return_inverse=True)[1][cluster]
    return joined


def _held(places: Floats, cluster: NDArray[np.int64]) -> Floats:
    """Return the means in cells, drawn to the middle of their cell; of two cells, to the edge between them."""
    means = _means(places, cluster)
    count = np.bincount(cluster)
    cells = np.floor(places)
    middle = np.stack([np.bincount(cluster, weights=cells[:, axis] + 0.5) / count for axis in (0, 1)], axis=1)
    held: Floats = np.clip(means, middle - _REACH, middle + _REACH)
    return held


def together(one: Clusters, other: Clusters) -> Clusters:
    """Return the clusters of both."""
    return Clusters(
        np.concatenate([one.x, other.x]), np.concatenate([one.y, other.y]), np.concatenate([one.count, other.count]),
        np.concatenate([one.worst, other.worst]), np.concatenate([one.order, other.order]),
        np.concatenate([one.starts, other.starts[1:] + len(one.order)]),
    )  # fmt: skip


def near(x: Floats, y: Floats, chosen: NDArray[np.int64], bounds: Bounds, zoom: float) -> NDArray[np.int64]:
    """Return those of the chosen points that clusters in a rectangle of the world may be of at a zoom's level.

    Whether two cells are one depends on the cells round both: what is farther than that changes nothing here.
    """
    wide = bounds.grown(_ROUND / level_cells(zoom))
    x, y = x[chosen], y[chosen]
    is_near = (x >= wide.west) & (x <= wide.east) & (y >= wide.north) & (y <= wide.south)
    return chosen[is_near]


def level_cells(zoom: float) -> float:
    """Return how many cells the world is wide at the level of a zoom."""
    return float(2.0 ** np.floor(zoom) * WORLD_PX / CELL_PX)
