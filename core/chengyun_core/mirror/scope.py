"""What a focus filter lets through: a sector, track, sub-track, district or alarm as one mask over all vitals (C9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.tree import Node, NodeKind

Mask = npt.NDArray[np.bool_]


class ScopeKind(StrEnum):
    """What the filter is made of."""

    SECTOR = "sector"
    TRACK = "track"
    SUBTRACK = "subtrack"
    CENTRE = "centre"
    """A centre with all centres below it."""
    ALARM = "alarm"
    """An alarm: its sub-track in its place, and everything of its situation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One choice. `code`: of the node or centre; of an alarm its number, and `vital` is what it is raised on."""

    kind: ScopeKind
    code: str
    vital: int = -1


def scope_of(node: Node) -> Scope:
    """Return the scope of a node of the tree."""
    return Scope(kind=ScopeKind(node.kind.value), code=node.code)


def vitals_in(view: CatalogueView, scope: Scope, besides: Iterable[int] = ()) -> Mask | None:
    """Return which vitals a scope lets through, bool[count]; None when the catalogue no longer knows it.

    `besides`: numbers of further vitals, those of an alarm's situation.
    """
    match scope.kind:
        case ScopeKind.CENTRE:
            return _of_centre(view, scope.code) if view.centre(scope.code) else None
        case ScopeKind.ALARM:
            return _of_alarm(view, scope.vital, besides)
        case _:
            return _of_node(view, NodeKind(scope.kind.value), scope.code)


def kpis_in(view: CatalogueView, scope: Scope) -> Mask:
    """Return which KPIs belong to a scope, bool[kpis]: by sub-track, by centre, of an alarm those of its sub-track."""
    kpis = view.catalogue.kpis
    if scope.kind is ScopeKind.CENTRE:
        below = centres_below(view, scope.code)
        return np.array([kpi.centre in below for kpi in kpis], bool)
    kind, code = NodeKind.SUBTRACK, scope.code
    if scope.kind is ScopeKind.ALARM:
        place = view.place_of(scope.vital) if 0 <= scope.vital < view.count else ()
        code = place[-1].code if place else ""
    else:
        kind = NodeKind(scope.kind.value)
    index = next((node.index for node in view.layer(kind).nodes if node.code == code), None)
    found: Mask = view.layer(kind).node_of_kpi == index if index is not None else np.zeros(len(kpis), bool)
    return found


def centres_below(view: CatalogueView, code: str) -> frozenset[str]:
    """Return a centre's code and those of all centres below it."""
    found = {code}
    rows = [row for row in view.catalogue.centres if row.parent]
    # Levels rise strictly from town to city, so three rounds reach everything.
    for _ in range(3):
        found |= {row.code for row in rows if row.parent in found}
    return frozenset(found)


def _of_node(view: CatalogueView, kind: NodeKind, code: str) -> Mask | None:
    node = next((node for node in view.layer(kind).nodes if node.code == code), None)
    return None if node is None else _of_numbers(view, view.vitals_of(node))


def _of_centre(view: CatalogueView, code: str) -> Mask:
    below = centres_below(view, code)
    return _of_numbers(view, [vital.number for vital in view.shown if vital.centre in below])


def _of_alarm(view: CatalogueView, vital: int, besides: Iterable[int]) -> Mask | None:
    if not 0 <= vital < view.count or not view.place_of(vital):
        return None
    mask = _of_numbers(view, view.vitals_of(view.place_of(vital)[-1])) & _of_centre(view, view.vital(vital).centre)
    for number in (vital, *besides):
        if 0 <= number < view.count:
            mask[number] = True
    return mask


def _of_numbers(view: CatalogueView, numbers: Iterable[int] | npt.NDArray[np.int32]) -> Mask:
    mask = np.zeros(view.count, bool)
    mask[np.asarray(list(numbers), np.int64)] = True
    return mask
