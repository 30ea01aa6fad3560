"""Gathering points: nobody is lost, the gravest is told, and what is gathered depends on the world alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_widgets.mapping import clusters
from chengyun_widgets.mapping.clusters import gathered, level_cells, near, single, together
from chengyun_widgets.mapping.layers import Mark, PointLayer
from chengyun_widgets.mapping.symbols import MOST_APART, SymbolBook
from chengyun_widgets.mapping.view import MapView, Screen

POINTS = st.lists(
    st.tuples(st.floats(0.79, 0.80), st.floats(0.41, 0.42), st.integers(0, 4)), min_size=0, max_size=60
)  # fmt: skip


def columns(points: list) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x, y, severity of points."""
    made = np.array(points, np.float64).reshape(-1, 3)
    return made[:, 0].copy(), made[:, 1].copy(), made[:, 2].astype(np.uint8)


def layer(points: list, **more: object) -> PointLayer:
    """Return a layer of points (x, y, severity)."""
    x, y, severity = columns(points)
    ids = tuple(f"p{at}" for at in range(len(points)))
    return PointLayer(code="p", x=x, y=y, severity=severity, mark=Mark.CAMERA, names=ids, ids=ids, **more)  # type: ignore[arg-type]


@given(POINTS, st.floats(4, 18))
def test_that_everybody_is_in_exactly_one_cluster(points: list, zoom: float) -> None:
    x, y, severity = columns(points)
    found = gathered(x, y, severity, np.arange(len(x)), zoom)
    assert sorted(found.order.tolist()) == list(range(len(x)))
    assert found.count.sum() == len(x)
    for cluster in range(len(found.x)):
        members = found.members(cluster)
        assert len(members) == found.count[cluster]
        assert found.worst[cluster] == severity[members].max()


@given(POINTS, st.floats(4, 18))
def test_that_one_alone_stands_where_it_is_and_others_in_reach_of_theirs(points: list, zoom: float) -> None:
    x, y, severity = columns(points)
    found, cells = gathered(x, y, severity, np.arange(len(x)), zoom), level_cells(zoom)
    alone = np.flatnonzero(found.count == 1)
    assert np.array_equal(found.x[alone], x[[found.members(int(one))[0] for one in alone]])
    for cluster in range(len(found.x)):
        members = found.members(cluster)
        for here, of in ((found.x[cluster], x[members]), (found.y[cluster], y[members])):
            assert np.abs(here - of).max() * cells <= 2.0


@given(st.floats(0.79, 0.80), st.floats(0.41, 0.42), st.floats(-0.35, 0.35), st.floats(0, 0.15), st.floats(4, 18))
def test_that_two_on_one_spot_are_one_even_over_the_edge_of_a_cell(
    x: float, y: float, dx: float, dy: float, zoom: float
) -> None:
    cells = level_cells(zoom)
    both = gathered(
        np.array([x, x + dx / cells]), np.array([y, y + dy / cells]), np.zeros(2, np.uint8), np.arange(2), zoom
    )
    assert both.count.tolist() == [2]


@given(POINTS, st.floats(6, 18), st.floats(0.79, 0.80), st.floats(0.41, 0.42), st.sampled_from([4000, 1500, 300]))
def test_that_what_is_gathered_for_a_window_is_what_the_whole_world_would_be_there(
    points: list, zoom: float, east: float, south: float, width: float
) -> None:
    x, y, severity = columns(points)
    chosen, bounds = np.arange(len(x)), Screen(MapView(east, south, zoom), width, width).bounds
    whole, part = (gathered(x, y, severity, some, zoom) for some in (chosen, near(x, y, chosen, bounds, zoom)))
    there = [
        sorted((found.x[one], found.y[one], tuple(found.members(int(one)))) for one in found.seen(bounds))
        for found in (whole, part)
    ]
    assert there[0] == there[1]


@given(POINTS, st.floats(4, 18))
def test_that_cells_are_numbered_alike_whether_they_are_counted_or_sorted(points: list, zoom: float) -> None:
    x, y, severity = columns(points)
    counted = gathered(x, y, severity, np.arange(len(x)), zoom)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clusters, "_FEW", 0)
        ranked = gathered(x, y, severity, np.arange(len(x)), zoom)
    assert counted.order.tolist() == ranked.order.tolist()
    assert counted.starts.tolist() == ranked.starts.tolist()


@given(POINTS, st.floats(6, 16), st.floats(-0.004, 0.004))
def test_that_panning_gathers_nobody_anew(points: list, zoom: float, by: float) -> None:
    book, shown = SymbolBook(), layer(points, is_clustered=True)
    screens = [Screen(MapView(0.795 + move, 0.415, zoom), 900, 700) for move in (0.0, by)]
    seen = [{(one.x, one.y): one.count for one in book.symbols(shown, screen)} for screen in screens]
    for place in seen[0].keys() & seen[1].keys():
        assert seen[0][place] == seen[1][place]


def test_that_grave_ones_are_seen_by_themselves_where_a_layer_asks_for_it() -> None:
    shown = layer([(0.795, 0.415, 0)] * 5 + [(0.795, 0.415, 4)], is_clustered=True, keeps_grave_apart=True)
    symbols = list(SymbolBook().symbols(shown, Screen(MapView(0.795, 0.415, 10.0), 400, 300)))
    assert [(one.count, one.severity) for one in symbols] == [(5, 0), (1, 4)]


def test_that_a_crowd_is_gathered_whatever_the_layer_says() -> None:
    shown = layer([(0.795, 0.415, 1)] * (MOST_APART + 1))
    symbols = list(SymbolBook().symbols(shown, Screen(MapView(0.795, 0.415, 10.0), 400, 300)))
    assert [(one.count, one.severity, one.is_named) for one in symbols] == [(MOST_APART + 1, 1, True)]


def test_that_a_cluster_names_its_gravest_member_first() -> None:
    shown = layer([(0.795, 0.415, 0), (0.795, 0.415, 3), (0.795, 0.415, 1)], is_clustered=True)
    (symbol,) = SymbolBook().symbols(shown, Screen(MapView(0.795, 0.415, 10.0), 400, 300))
    assert [item.id for item in symbol.items] == ["p1", "p2", "p0"]
    assert symbol.item.id == "p1"
    assert symbol.name == ""


def test_that_none_are_gathered_to_none() -> None:
    x, y, severity = columns([])
    nothing = np.zeros(0, np.int64)
    assert len(gathered(x, y, severity, nothing, 9.0).x) == 0
    assert len(together(single(x, y, severity, nothing), single(x, y, severity, nothing)).x) == 0
