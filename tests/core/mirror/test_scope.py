"""A focus filter's masks: what a node, a place or an alarm lets through, and what a new catalogue no longer knows."""

import numpy as np

from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.scope import Scope, ScopeKind, centres_below, kpis_in, scope_of, vitals_in
from chengyun_core.mirror.tree import NodeKind
from tests.support.small_city import small_city

VIEW = CatalogueView(small_city(12))


def numbers(scope: Scope, *besides: int) -> list[int]:
    mask = vitals_in(VIEW, scope, besides)
    assert mask is not None
    return np.flatnonzero(mask).tolist()


def test_that_a_node_lets_its_own_vitals_through() -> None:
    for kind in NodeKind:
        for node in VIEW.layer(kind).nodes:
            assert numbers(scope_of(node)) == VIEW.vitals_of(node).tolist()


def test_that_a_district_lets_through_what_is_in_it_and_below() -> None:
    assert centres_below(VIEW, "500000") == {"500000", "500103"}
    assert numbers(Scope(kind=ScopeKind.CENTRE, code="500000")) == list(range(12))
    assert kpis_in(VIEW, Scope(kind=ScopeKind.CENTRE, code="500103")).tolist() == [False, False]
    assert kpis_in(VIEW, Scope(kind=ScopeKind.CENTRE, code="500000")).tolist() == [True, True]


def test_that_an_alarm_lets_through_its_subtrack_in_its_place_and_its_situation() -> None:
    scope = Scope(kind=ScopeKind.ALARM, code="7", vital=1)
    assert numbers(scope, 2) == [1, 2, 5, 9]
    assert kpis_in(VIEW, scope).tolist() == [False, True]


def test_that_what_the_catalogue_no_longer_knows_is_no_empty_filter() -> None:
    assert vitals_in(VIEW, Scope(kind=ScopeKind.TRACK, code="gone")) is None
    assert vitals_in(VIEW, Scope(kind=ScopeKind.CENTRE, code="gone")) is None
    assert vitals_in(VIEW, Scope(kind=ScopeKind.ALARM, code="1", vital=99)) is None
    assert not kpis_in(VIEW, Scope(kind=ScopeKind.TRACK, code="gone")).any()
