"""Why a health figure is what it is: the points each part below a node takes from the hundred."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.health import BURDEN, KPIS_TAKE, SOFTNESS, VITALS_TAKE
from chengyun_core.mirror.tree import Node
from chengyun_core.model.catalogue import Kpi
from chengyun_core.model.kpi_progress import is_met

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthParts:
    """What takes how many points from a node's hundred; all together are 100 minus the health.

    `vitals` are (number, points) of the abnormal ones and `kpis` (row, points) of those not met, dearest first;
    `children` are (node, points by vitals, points by KPIs), dearest first, those that take nothing last.
    """

    health: float
    burden: float
    by_vitals: float
    by_kpis: float
    kpis_met: int
    kpis_all: int
    children: tuple[tuple[Node, float, float], ...]
    vitals: tuple[tuple[int, float], ...]
    kpis: tuple[tuple[Kpi, float], ...]


def health_parts(
    view: CatalogueView, node: Node, band: npt.NDArray[np.uint8], inside: npt.NDArray[np.bool_] | None = None
) -> HealthParts:
    """Return the parts of a node's health by the rule of mirror.health.

    Vitals share what all of them take in proportion to their burden: the rule is not linear, and this is the only
    split in which equal vitals take equal points and nothing is left over.

    Args:
        view: the catalogue.
        node: a sector, track or sub-track.
        band: band of each vital, uint8[count].
        inside: bool[count], vitals of the filter; None counts all.
    """
    numbers = view.vitals_of(node)
    numbers = numbers if inside is None else numbers[inside[numbers]]
    points, burden = _points_of(band[numbers])
    kpis = view.kpis_of(node)
    each = KPIS_TAKE / len(kpis) if kpis else 0.0
    unmet = [kpi for kpi in kpis if not is_met(kpi)]
    by_vitals, by_kpis = float(points.sum()), each * len(unmet)
    dearest = np.argsort(-points, kind="stable")
    return HealthParts(
        health=max(0.0, 100.0 - by_vitals - by_kpis),
        burden=burden,
        by_vitals=by_vitals,
        by_kpis=by_kpis,
        kpis_met=len(kpis) - len(unmet),
        kpis_all=len(kpis),
        children=_children(view, node, numbers, points, unmet, each),
        vitals=tuple((int(numbers[at]), float(points[at])) for at in dearest if points[at] > 0),
        kpis=tuple((kpi, each) for kpi in unmet),
    )


def _points_of(band: npt.NDArray[np.uint8]) -> tuple[F64, float]:
    """Return the points each vital takes, float64[n], and the burden of all."""
    own = BURDEN[np.minimum(band, 4)]
    burden = float(own.sum())
    if not burden:
        return np.zeros(len(band)), 0.0
    taken = VITALS_TAKE * (1.0 - np.exp(-burden / SOFTNESS))
    shares: F64 = own / burden * taken
    return shares, burden


def _children(
    view: CatalogueView, node: Node, numbers: npt.NDArray[np.int32], points: F64, unmet: list[Kpi], each: float
) -> tuple[tuple[Node, float, float], ...]:
    children = view.children(node)
    if not children:
        return ()
    layer = view.layer(children[0].kind)
    of_vital = np.bincount(layer.node_of_vital[numbers], weights=points, minlength=len(layer.nodes))
    codes = [kpi.code for kpi in unmet]
    found = []
    for child in children:
        kpis = sum(kpi.code in codes for kpi in view.kpis_of(child))
        found.append((child, float(of_vital[child.index]), kpis * each))
    return tuple(sorted(found, key=lambda row: -(row[1] + row[2])))
