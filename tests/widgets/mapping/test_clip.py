"""Cutting shapes to the window: nothing inside is lost, nothing outside is kept, and Qt reads what is left."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from chengyun_widgets.mapping.clip import NOTHING, Cut, Extent, joined, line_cut, ring_cut
from chengyun_widgets.mapping.layers import ShapeStep
from chengyun_widgets.mapping.paths import path_of
from chengyun_widgets.mapping.view import Bounds

BOX = Bounds(2.0, 2.0, 8.0, 7.0)
PLACES = st.lists(
    st.tuples(st.floats(0, 10).map(lambda one: round(one, 3)), st.floats(0, 10).map(lambda one: round(one, 3))),
    min_size=3, max_size=12, unique=True,
)  # fmt: skip


def step(*parts: tuple[list, bool]) -> ShapeStep:
    """Return a step of parts (points, closed), each a feature of its own."""
    starts = np.concatenate([[0], np.cumsum([len(points) for points, _ in parts])]).astype(np.int64)
    return ShapeStep(
        0.0, np.array([place for points, _ in parts for place in points], np.float64).reshape(-1, 2), starts,
        np.arange(len(parts), dtype=np.int32), np.array([closed for _, closed in parts], np.bool_),
    )  # fmt: skip


@given(PLACES)
def test_that_a_ring_keeps_exactly_what_is_inside(places: list) -> None:
    ring = shapely.Polygon(places).convex_hull
    if not isinstance(ring, shapely.Polygon) or ring.area < 1e-3:
        return
    cut = ring_cut(np.array(ring.exterior.coords)[:-1], BOX)
    expected = ring.intersection(shapely.box(*BOX)).area
    area = shapely.Polygon(cut).area if len(cut) > 2 else 0.0
    assert area == pytest.approx(expected, abs=1e-6)


@given(PLACES)
def test_that_a_line_keeps_exactly_what_is_inside(places: list) -> None:
    pieces = line_cut(np.array(places), BOX)
    expected = shapely.LineString(places).intersection(shapely.box(*BOX)).length
    # What runs along the edge counts once however it is cut.
    assert sum(shapely.LineString(piece).length for piece in pieces) == pytest.approx(expected, abs=1e-6)


def test_that_a_line_that_leaves_and_returns_is_two() -> None:
    line = np.array([(3.0, 3.0), (9.0, 3.0), (9.0, 5.0), (3.0, 5.0)])
    assert [piece.tolist() for piece in line_cut(line, BOX)] == [[[3, 3], [8, 3]], [[8, 5], [3, 5]]]


def test_that_a_point_is_no_line() -> None:
    assert line_cut(np.array([(3.0, 3.0)]), BOX) == []


def test_that_only_parts_that_meet_the_window_are_looked_at() -> None:
    extent = Extent(
        step(([(0, 0), (1, 0), (1, 1)], True), ([(3, 3), (4, 3)], False), ([], True), ([(7, 0), (9, 9)], False))
    )
    assert extent.seen(BOX).tolist() == [1, 3]
    cut = extent.cut(extent.seen(BOX), BOX)
    assert cut.points[:2].tolist() == [[3, 3], [4, 3]]
    assert not cut.closed.any()


def test_that_nothing_is_cut_to_nothing() -> None:
    extent = Extent(step())
    assert extent.cut(extent.seen(BOX), BOX) is NOTHING
    assert path_of(NOTHING).isEmpty()


def test_that_a_ring_round_the_whole_window_becomes_the_window() -> None:
    extent = Extent(step(([(-9, -9), (99, -9), (99, 99), (-9, 99)], True)))
    cut = extent.cut(np.array([0]), BOX)
    assert shapely.Polygon(cut.points).equals(shapely.box(*BOX))


def test_that_qt_reads_rings_closed_and_lines_open() -> None:
    ring, line = np.array([(0.0, 0.0), (4.0, 0.0), (4.0, 3.0)]), np.array([(9.0, 9.0), (9.0, 5.0)])
    path = path_of(joined([ring, line], [True, False]))
    elements = [(path.elementAt(at).isMoveTo(), path.elementAt(at).x, path.elementAt(at).y) for at in range(6)]
    assert elements == [(True, 0, 0), (False, 4, 0), (False, 4, 3), (False, 0, 0), (True, 9, 9), (False, 9, 5)]
    assert path.elementCount() == 6
    assert path.length() == pytest.approx(12 + 4)


def test_that_a_ring_in_a_ring_is_a_hole() -> None:
    outer, inner = (
        np.array([(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)]),
        np.array([(3.0, 3.0), (6.0, 3.0), (6.0, 6.0)]),
    )
    path = path_of(Cut(np.concatenate([outer, inner]), np.array([0, 4, 7]), np.array([True, True])))
    assert path.contains(QPointF(1, 1))
    assert not path.contains(QPointF(5.5, 4))
