"""Gathers points that would lie on each other: a grid that belongs to the world, so that panning changes nothing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chengyun_widgets.mapping.view import WORLD_PX, Bounds, Floats

CELL_PX = 72.0
"""Side of a cell at a whole zoom; up to the next zoom it grows to twice that."""
_REACH = 0.2
"""A cluster stands where its points are, but no farther from the middle of its cell: neighbours never touch."""


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
    column, row = np.floor(x[chosen] * cells), np.floor(y[chosen] * cells)
    _, cluster = np.unique(row * np.ceil(cells + 1) + column, return_inverse=True)
    inner = np.argsort(cluster, kind="stable")
    count = np.bincount(cluster).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    of_first = inner[starts[:-1]]
    worst = np.maximum.reduceat(severity[chosen][inner], starts[:-1])
    middle = [
        _held(np.bincount(cluster, weights=of[chosen]) / count, cell[of_first], cells, count)
        for of, cell in ((x, column), (y, row))
    ]
    return Clusters(middle[0], middle[1], count, worst, chosen[inner], starts)


def together(one: Clusters, other: Clusters) -> Clusters:
    """Return the clusters of both."""
    return Clusters(
        np.concatenate([one.x, other.x]), np.concatenate([one.y, other.y]), np.concatenate([one.count, other.count]),
        np.concatenate([one.worst, other.worst]), np.concatenate([one.order, other.order]),
        np.concatenate([one.starts, other.starts[1:] + len(one.order)]),
    )  # fmt: skip


def level_cells(zoom: float) -> float:
    """Return how many cells the world is wide at the level of a zoom."""
    return float(2.0 ** np.floor(zoom) * WORLD_PX / CELL_PX)


def _held(mean: Floats, cell: Floats, cells: float, count: NDArray[np.int64]) -> Floats:
    """Return means, drawn towards the middle of their cell where several points are gathered."""
    middle, reach = (cell + 0.5) / cells, _REACH / cells
    held: Floats = np.where(count > 1, np.clip(mean, middle - reach, middle + reach), mean)
    return held
