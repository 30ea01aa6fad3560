"""A catalogue made ready for the screen once per version: tree, places, names, limits, search and figures per node."""

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from chengyun_core.mirror import tree
from chengyun_core.mirror.finder import Finder, named, places_of
from chengyun_core.mirror.health import health
from chengyun_core.model.catalogue import Catalogue, Channel, Device, Kpi, Threshold, Vital
from chengyun_core.model.kpi_progress import is_met
from chengyun_core.model.places import Centre, Post, Seat
from chengyun_core.model.scope_sets import rules_in_force

FULL_SCHEME = "full"


class CatalogueView:
    """Read-only view of one version. Safe to hand from the thread that made it to the one that reads it.

    Nodes are sectors, tracks and sub-tracks (`tree.sectors`, `.tracks`, `.subtracks`, each a `tree.Layer` with
    `nodes`, `node(code)`, `vitals_of(index)`, `kpis_of(index)`, `worst(band)`, `counts(band)`).
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.version = catalogue.version
        self.threshold_set = catalogue.set_in_force()
        self.tree = tree.tree_of(catalogue)
        self.count = len(self.tree.subtracks.node_of_vital)
        """Length of every column of a mirror: one more than the greatest vital number."""
        self._vitals = {vital.number: vital for vital in catalogue.vitals}
        self._numbers = {vital.code: vital.number for vital in catalogue.vitals}
        self._centres = {centre.code: centre for centre in catalogue.centres}
        self._posts = {post.code: post for post in catalogue.posts}
        self._seats = {seat.code: seat for seat in catalogue.seats}
        self._devices = {device.code: device for device in catalogue.devices}
        self._thresholds = {row.vital: row for row in rules_in_force(catalogue)}
        self._finder: Finder | None = None
        self.period_s = self._column(lambda vital: 0.0 if vital.retired else vital.period_s)
        """Expected period of each vital in seconds, float64[count]; 0 where no vital has the number."""
        self.pinned = tuple(
            vital.number
            for vital in sorted(catalogue.vitals, key=lambda row: (row.pinned, row.number))
            if vital.pinned > 0 and not vital.retired
        )
        """Numbers of the vitals pinned on the cockpit, by rank."""

    def vital(self, number: int) -> Vital:
        """Return the vital of this number; KeyError when there is none."""
        return self._vitals[number]

    def number_of(self, code: str) -> int:
        """Return the number of the vital with this code; KeyError when there is none."""
        return self._numbers[code]

    def threshold(self, number: int) -> Threshold | None:
        """Return the rule a vital obeys now, None when it has none."""
        return self._thresholds.get(self._vitals[number].code)

    def set_of(self, number: int) -> str:
        """Return the set of thresholds a vital obeys: a scope in 急时 may have one of its own."""
        rule = self.threshold(number)
        return self.threshold_set if rule is None else rule.threshold_set

    def centre(self, code: str) -> Centre | None:
        """Return the centre of this code."""
        return self._centres.get(code)

    def post(self, code: str) -> Post | None:
        """Return the post of this code."""
        return self._posts.get(code)

    def seat(self, code: str) -> Seat | None:
        """Return the seat of this code."""
        return self._seats.get(code)

    def device(self, code: str) -> Device | None:
        """Return the device (series) of this code."""
        return self._devices.get(code)

    @cached_property
    def shown(self) -> tuple[Vital, ...]:
        """Return the vitals a screen shows: all but the retired, by number."""
        return tuple(vital for vital in self.catalogue.vitals if not vital.retired)

    @cached_property
    def channels(self) -> dict[str, Channel]:
        """Channels by `DEVICE.quantity` (a series by the code of its device)."""
        return {f"{row.device}.{row.quantity}": row for row in self.catalogue.channels}

    def sectors(self, scheme: str = FULL_SCHEME) -> tuple[tree.Node, ...]:
        """Return the sectors of a scheme in their order."""
        return tuple(node for node in self.tree.sectors.nodes if node.parent == scheme)

    def children(self, node: tree.Node) -> tuple[tree.Node, ...]:
        """Return the tracks of a sector, the sub-tracks of a track, nothing for a sub-track."""
        return self._children.get((node.kind, node.code), ())

    def path(self, node: tree.Node) -> tuple[tree.Node, ...]:
        """Return the breadcrumb sector → … → node."""
        above = self._parent_layer(node.kind)
        if above is None:
            return (node,)
        return (*self.path(above.node(node.parent)), node)

    def place_of(self, number: int) -> tuple[tree.Node, ...]:
        """Return the breadcrumb of a vital: sector, track, sub-track; empty when it hangs nowhere."""
        index = int(self.tree.subtracks.node_of_vital[number])
        return self.path(self.tree.subtracks.nodes[index]) if index >= 0 else ()

    def layer(self, kind: tree.NodeKind) -> tree.Layer:
        """Return the layer of a kind."""
        return {
            tree.NodeKind.SECTOR: self.tree.sectors,
            tree.NodeKind.TRACK: self.tree.tracks,
            tree.NodeKind.SUBTRACK: self.tree.subtracks,
        }[kind]

    def vitals_of(self, node: tree.Node) -> tree.I32:
        """Return the numbers of the vitals below a node, ascending, int32[m]."""
        return self.layer(node.kind).vitals_of(node.index)

    def kpis_of(self, node: tree.Node) -> tuple[Kpi, ...]:
        """Return the KPIs below a node."""
        return tuple(self.catalogue.kpis[row] for row in self.layer(node.kind).kpis_of(node.index))

    def kpi_met(self, kind: tree.NodeKind) -> npt.NDArray[np.float64]:
        """Return the share of KPIs met per node of a kind in %, float64[nodes]; NaN where a node has none."""
        return self._kpi_met[kind]

    def kpi_met_within(self, kind: tree.NodeKind, inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        """Return the same share over some KPIs only, `inside` bool[kpis]: those a focus filter lets through."""
        return _share(self._kpis_are_met, self.layer(kind), inside)

    def health(self, kind: tree.NodeKind, band: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
        """Return the health of every node of a kind, float64[nodes] in 0..100, by the rule of mirror.health."""
        return health(self.layer(kind).counts(band), self.kpi_met(kind))

    @cached_property
    def by_sector(self) -> tree.I32:
        """All vitals ordered by sector and, inside, by number, int32[m]: the cells of the heat grid."""
        layer = self.tree.sectors
        return np.concatenate([layer.vitals_of(node.index) for node in layer.nodes] or [np.empty(0, np.int32)])

    def search(self, text: str, limit: int = 50) -> tuple[int, ...]:
        """Return the numbers of the vitals found by name, initials, pinyin, code or place, best first."""
        return tuple(number for _rank, number in self.finder.vitals(text)[:limit])

    @property
    def finder(self) -> Finder:
        """Finds vitals, places and phrases by what is typed.

        Without `use_search_keys` the words are made at the first search; the session gives them beforehand.
        """
        if self._finder is None:
            self.use_search_keys(self.search_keys())
        assert self._finder is not None
        return self._finder

    def search_keys(self, phrases: Sequence[str] = ()) -> list[tuple[str, ...]]:
        """Return the words of each vital shown, each place and phrase, for `use_search_keys` of the same version.

        Takes 0.2 s and more: not on a GUI thread.
        """
        from chengyun_core.mirror.pinyin import keys_of  # noqa: PLC0415 - 0.2 s of tables, only when no cache has the keys

        others = named(places_of(self.catalogue, self.tree), phrases)
        return [*(keys_of(vital.name, vital.code) for vital in self.shown), *(keys_of(name, "") for name in others)]

    def use_search_keys(self, keys: Sequence[tuple[str, ...]], phrases: Sequence[str] = ()) -> None:
        """Search with these words from now on; ValueError when they are not one entry per vital, place and phrase."""
        others = len(named(places_of(self.catalogue, self.tree), phrases))
        if len(keys) != len(self.shown) + others:
            raise ValueError(f"{len(keys)} search keys for {len(self.shown)} vitals and {others} other names")
        self._finder = Finder(self.catalogue, self.tree, self.shown, keys, phrases)

    @cached_property
    def _children(self) -> dict[tuple[tree.NodeKind, str], tuple[tree.Node, ...]]:
        children: dict[tuple[tree.NodeKind, str], tuple[tree.Node, ...]] = {}
        for kind, nodes in (
            (tree.NodeKind.SECTOR, self.tree.tracks.nodes),
            (tree.NodeKind.TRACK, self.tree.subtracks.nodes),
        ):
            for node in nodes:
                children[kind, node.parent] = (*children.get((kind, node.parent), ()), node)
        return children

    @cached_property
    def _kpi_met(self) -> dict[tree.NodeKind, npt.NDArray[np.float64]]:
        return {kind: _share(self._kpis_are_met, self.layer(kind)) for kind in tree.NodeKind}

    @cached_property
    def _kpis_are_met(self) -> npt.NDArray[np.bool_]:
        return np.array([is_met(kpi) for kpi in self.catalogue.kpis], bool)

    def _parent_layer(self, kind: tree.NodeKind) -> tree.Layer | None:
        return {tree.NodeKind.TRACK: self.tree.sectors, tree.NodeKind.SUBTRACK: self.tree.tracks}.get(kind)

    def _column(self, of: Callable[[Vital], float]) -> npt.NDArray[np.float64]:
        column = np.zeros(self.count)
        for number, vital in self._vitals.items():
            column[number] = of(vital)
        return column


def _share(
    met: npt.NDArray[np.bool_], layer: tree.Layer, within: npt.NDArray[np.bool_] | None = None
) -> npt.NDArray[np.float64]:
    of = layer.node_of_kpi
    inside = of >= 0 if within is None else (of >= 0) & within
    total = np.bincount(of[inside], minlength=len(layer.nodes))
    good = np.bincount(of[inside & met], minlength=len(layer.nodes))
    share = np.full(len(layer.nodes), np.nan)
    np.divide(100 * good, total, out=share, where=total > 0)
    return share
