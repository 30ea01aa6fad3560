"""Which marks and clusters stand on the map in a view, as records that know where they are in the world."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.mapping.clusters import Clusters, gathered, near, single, together
from chengyun_widgets.mapping.layers import MapItem, Mark, PointLayer
from chengyun_widgets.mapping.pixel_painting import quiet_points
from chengyun_widgets.mapping.view import MOST_ZOOM, Bounds, Screen

MOST_APART = 1500
"""More marks of a layer in one window than this are gathered, whatever the layer says: nobody tells them apart."""


class _Gather(Enum):
    NONE = 0
    NORMAL = 1
    ALL = 2


_Key = tuple[_Gather, int, Bounds]
"""How points were gathered, at which level, and for which part of the world."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Symbol:
    """A mark, or a cluster when it stands for several points; `members` int64[count] are their rows, gravest first."""

    layer: PointLayer
    members: NDArray[np.int64]
    x: float
    y: float
    severity: int
    is_named: bool = False

    @property
    def mark(self) -> Mark:
        """What kind of point it is."""
        return self.layer.mark

    @property
    def count(self) -> int:
        """How many points it stands for."""
        return len(self.members)

    @property
    def is_cluster(self) -> bool:
        """Whether it stands for several."""
        return len(self.members) > 1

    @property
    def item(self) -> MapItem:
        """What it stands for, of several the gravest."""
        return MapItem(self.layer.code, self.layer.ids[int(self.members[0])])

    @property
    def items(self) -> tuple[MapItem, ...]:
        """All it stands for, gravest first."""
        return tuple(MapItem(self.layer.code, self.layer.ids[one]) for one in self.members)

    @property
    def name(self) -> str:
        """What is written beside it."""
        return "" if self.is_cluster else self.layer.names[int(self.members[0])]

    @property
    def is_stale(self) -> bool:
        """Whether what it shows is old."""
        stale = self.layer.stale
        return stale is not None and not self.is_cluster and bool(stale[self.members[0]])

    @property
    def bounds(self) -> Bounds:
        """What of the world its points are in."""
        x, y = self.layer.x[self.members], self.layer.y[self.members]
        return Bounds(float(x.min()), float(y.min()), float(x.max()), float(y.max()))


@dataclass(slots=True)
class SymbolBook:
    """Remembers what was last gathered of each layer, for as long as the layer is shown.

    Only what may stand in the window is gathered: of 65 000 points of a city, as many as are there.
    """

    _kept: dict[int, tuple[PointLayer, _Key, Clusters]] = field(default_factory=dict)

    def keep_only(self, layers: tuple[PointLayer, ...]) -> None:
        """Forget layers that are not shown any more."""
        living = {id(layer) for layer in layers}
        self._kept = {key: kept for key, kept in self._kept.items() if key in living}

    def symbols(self, layer: PointLayer, screen: Screen) -> Iterator[Symbol]:
        """Yield the marks and clusters of a layer in a window, gravest last: they are painted on top."""
        found = self._clusters(layer, screen)
        here = found.seen(screen.bounds)
        here = here[np.argsort(found.worst[here], kind="stable")]
        is_named = screen.view.zoom >= layer.name_zoom
        yield from (_symbol(layer, found, int(one), is_named) for one in here)

    def _clusters(self, layer: PointLayer, screen: Screen) -> Clusters:
        # What has no place is nowhere on the map; who composes it says how many those are.
        chosen = np.flatnonzero(~quiet_points(layer) & np.isfinite(layer.x) & np.isfinite(layer.y))
        gather = _gathering(layer, chosen, screen)
        key = gather, int(screen.view.zoom), screen.bounds
        kept = self._kept.get(id(layer))
        if kept is None or kept[1] != key:
            chosen = near(layer.x, layer.y, chosen, screen.bounds, screen.view.zoom)
            kept = self._kept[id(layer)] = layer, key, _gathered(layer, chosen, gather, screen.view.zoom)
        return kept[2]


def _gathering(layer: PointLayer, chosen: NDArray[np.int64], screen: Screen) -> _Gather:
    if _is_crowded(layer, chosen, screen.bounds):
        return _Gather.ALL
    if not layer.is_clustered or screen.view.zoom >= MOST_ZOOM:
        return _Gather.NONE
    return _Gather.NORMAL if layer.keeps_grave_apart else _Gather.ALL


def _gathered(layer: PointLayer, chosen: NDArray[np.int64], gather: _Gather, zoom: float) -> Clusters:
    x, y, severity = layer.x, layer.y, layer.severity
    match gather:
        case _Gather.ALL:
            return gathered(x, y, severity, chosen, zoom)
        case _Gather.NONE:
            return single(x, y, severity, chosen)
        case _Gather.NORMAL:
            is_grave = severity[chosen] > int(Severity.NONE)
            apart = single(x, y, severity, chosen[is_grave])
            return together(gathered(x, y, severity, chosen[~is_grave], zoom), apart)


def _is_crowded(layer: PointLayer, chosen: NDArray[np.int64], bounds: Bounds) -> bool:
    if len(chosen) <= MOST_APART:
        return False
    x, y = layer.x[chosen], layer.y[chosen]
    here = (x >= bounds.west) & (x <= bounds.east) & (y >= bounds.north) & (y <= bounds.south)
    return int(np.count_nonzero(here)) > MOST_APART


def _symbol(layer: PointLayer, found: Clusters, cluster: int, is_named: bool) -> Symbol:
    severity = int(found.worst[cluster])
    return Symbol(
        layer=layer, members=_gravest_first(layer, found.members(cluster)), severity=severity,
        x=float(found.x[cluster]), y=float(found.y[cluster]), is_named=is_named or severity > Severity.NONE,
    )  # fmt: skip


def _gravest_first(layer: PointLayer, members: NDArray[np.int64]) -> NDArray[np.int64]:
    return members[np.argsort(-layer.severity[members].astype(np.int64), kind="stable")]
