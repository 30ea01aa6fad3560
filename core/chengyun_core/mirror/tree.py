"""The tree sector → track → sub-track as numpy index arrays: which vitals and KPIs lie below each node."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from chengyun_core.model.catalogue import Catalogue

I32 = npt.NDArray[np.int32]


class NodeKind(StrEnum):
    """Level of a node."""

    SECTOR = "sector"
    TRACK = "track"
    SUBTRACK = "subtrack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One sector, track or sub-track. Codes are distinct within a kind; `index` is its row in the kind's arrays."""

    kind: NodeKind
    index: int
    code: str
    name: str
    parent: str
    """Code of the track's sector or the sub-track's track; of a sector: its scheme."""
    owner_post: str = ""


class Layer:
    """All nodes of one kind, and for each the vitals below it, as one permutation cut by `starts`."""

    def __init__(self, nodes: tuple[Node, ...], node_of_vital: I32, node_of_kpi: I32) -> None:
        self.nodes = nodes
        self.node_of_vital = node_of_vital
        """int32[vitals]: row of the node above each vital, -1 for none."""
        self.node_of_kpi = node_of_kpi
        """int32[kpis]: row of the node above each KPI, -1 for none."""
        self._by_code = {node.code: node for node in nodes}
        self._vitals, self._starts = _grouped(node_of_vital, len(nodes))
        self._kpis, self._kpi_starts = _grouped(node_of_kpi, len(nodes))

    def node(self, code: str) -> Node:
        """Return the node of this code; KeyError when there is none."""
        return self._by_code[code]

    def has(self, code: str) -> bool:
        """Return whether there is a node of this code."""
        return code in self._by_code

    def vitals_of(self, index: int) -> I32:
        """Return the numbers of the vitals below a node, ascending, int32[m]."""
        return self._vitals[self._starts[index] : self._starts[index + 1]]

    def kpis_of(self, index: int) -> I32:
        """Return the rows of the KPIs below a node in the catalogue, int32[m]."""
        return self._kpis[self._kpi_starts[index] : self._kpi_starts[index + 1]]

    def worst(self, band: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Return the gravest band below each node, uint8[nodes]; `band` is uint8[vitals]."""
        worst = np.zeros(len(self.nodes), np.uint8)
        filled = np.flatnonzero(np.diff(self._starts))
        if filled.size:
            worst[filled] = np.maximum.reduceat(band[self._vitals], self._starts[filled])
        return worst

    def counts(self, band: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
        """Return how many vitals are in each band below each node, int64[nodes, 5]."""
        ours = self._vitals
        cell = self.node_of_vital[ours] * 5 + np.minimum(band[ours], 4)
        return np.bincount(cell, minlength=len(self.nodes) * 5).reshape(-1, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The three layers of a catalogue."""

    sectors: Layer
    tracks: Layer
    subtracks: Layer


def tree_of(catalogue: Catalogue) -> Tree:
    """Return the tree; rows whose parent is missing hang nowhere (index -1) and are counted with no node."""
    sectors, tracks, subtracks = _sectors(catalogue), _tracks(catalogue), _subtracks(catalogue)
    sector_of = _rows(sectors, (node.parent for node in tracks))
    track_of = _rows(tracks, (node.parent for node in subtracks))
    of_vital = _by_number(
        catalogue, _rows(subtracks, ("" if row.retired else row.subtrack for row in catalogue.vitals))
    )
    of_kpi = _rows(subtracks, (row.subtrack for row in catalogue.kpis))
    vital_track, kpi_track = _through(of_vital, track_of), _through(of_kpi, track_of)
    return Tree(
        sectors=Layer(sectors, _through(vital_track, sector_of), _through(kpi_track, sector_of)),
        tracks=Layer(tracks, vital_track, kpi_track),
        subtracks=Layer(subtracks, of_vital, of_kpi),
    )


def _sectors(catalogue: Catalogue) -> tuple[Node, ...]:
    rows = sorted(catalogue.sectors, key=lambda row: (row.scheme, row.order, row.code))
    return tuple(
        Node(kind=NodeKind.SECTOR, index=at, code=row.code, name=row.name, parent=row.scheme)
        for at, row in enumerate(rows)
    )


def _tracks(catalogue: Catalogue) -> tuple[Node, ...]:
    rows = sorted(catalogue.tracks, key=lambda row: (row.order, row.code))
    return tuple(
        Node(kind=NodeKind.TRACK, index=at, code=row.code, name=row.name, parent=row.sector, owner_post=row.owner_post)
        for at, row in enumerate(rows)
    )


def _subtracks(catalogue: Catalogue) -> tuple[Node, ...]:
    rows = sorted(catalogue.subtracks, key=lambda row: (row.order, row.code))
    return tuple(
        Node(
            kind=NodeKind.SUBTRACK, index=at, code=row.code, name=row.name, parent=row.track, owner_post=row.owner_post
        )
        for at, row in enumerate(rows)
    )


def _rows(nodes: tuple[Node, ...], codes: Iterable[str]) -> I32:
    at = {node.code: node.index for node in nodes}
    return np.fromiter((at.get(code, -1) for code in codes), np.int32)


def _by_number(catalogue: Catalogue, rows: I32) -> I32:
    """Spread a column of the vitals' rows over their numbers; numbers without a vital get -1."""
    spread = np.full(max((vital.number for vital in catalogue.vitals), default=-1) + 1, -1, np.int32)
    spread[np.fromiter((vital.number for vital in catalogue.vitals), np.int64, len(catalogue.vitals))] = rows
    return spread


def _through(inner: I32, outer: I32) -> I32:
    """Return outer[inner], keeping -1."""
    if not outer.size:
        return np.full(inner.shape, -1, np.int32)
    return np.where(inner < 0, np.int32(-1), outer[inner]).astype(np.int32)


def _grouped(node_of: I32, nodes: int) -> tuple[I32, npt.NDArray[np.int64]]:
    """Return the members sorted by node (those of no node left out) and the nodes' cuts, int64[nodes + 1]."""
    order = np.argsort(node_of, kind="stable").astype(np.int32)
    order = order[np.searchsorted(node_of[order], 0) :]
    return order, np.searchsorted(node_of[order], np.arange(nodes + 1))
