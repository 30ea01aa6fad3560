"""The parts of a health figure: nothing is left over, and each leads to what took it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.health_parts import health_parts
from chengyun_core.mirror.tree import NodeKind
from tests.support.small_city import small_city

VIEW = CatalogueView(small_city(13))
BANDS = hnp.arrays(np.uint8, 13, elements=st.integers(0, 4))


@given(BANDS, st.sampled_from(list(NodeKind)))
def test_that_the_parts_of_every_node_add_up_to_what_its_health_lacks(band: np.ndarray, kind: NodeKind) -> None:
    health = VIEW.health(kind, band)
    for node in VIEW.layer(kind).nodes:
        parts = health_parts(VIEW, node, band)
        assert parts.health == pytest.approx(health[node.index])
        assert sum(points for _, points in parts.vitals) == pytest.approx(parts.by_vitals)
        assert sum(points for _, points in parts.kpis) == pytest.approx(parts.by_kpis)
        if parts.children:
            assert sum(row[1] for row in parts.children) == pytest.approx(parts.by_vitals)
            assert sum(row[2] for row in parts.children) == pytest.approx(parts.by_kpis)


def test_that_the_gravest_vital_stands_first_and_takes_more() -> None:
    band = np.zeros(13, np.uint8)
    band[[0, 4, 8]] = (1, 4, 2)
    parts = health_parts(VIEW, VIEW.sectors()[0], band)
    assert [number for number, _ in parts.vitals] == [4, 8, 0]
    assert parts.burden == 10.0
    assert [(kpi.code, points) for kpi, points in parts.kpis] == [("K2", 20.0)]
    assert [node.code for node, *_ in parts.children] == ["T1", "T2"]


def test_that_a_filter_leaves_out_what_is_outside() -> None:
    band = np.full(13, 4, np.uint8)
    inside = np.zeros(13, bool)
    inside[4] = True
    parts = health_parts(VIEW, VIEW.sectors()[0], band, inside)
    assert [number for number, _ in parts.vitals] == [4]
