"""The heat grid near by: zoom keeps what is looked at in place, search dims the rest, a walk never leaves the view."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.heat_view import ZOOMS, HeatView
from chengyun_widgets.heatgrid import NO_VITAL, HeatGrid
from chengyun_widgets.theme import Theme
from tests.widgets.pictures import count_of, pixels_of
from tests.widgets.test_heatgrid import COUNT, grid

__all__ = ["grid"]


@given(st.lists(st.tuples(st.integers(-2, 2), st.floats(-900, 900), st.floats(-400, 400)), max_size=12))
def test_that_the_window_never_leaves_the_canvas(moves: list[tuple[int, float, float]]) -> None:
    view = HeatView()
    view.canvas(780, 190)
    for steps, dx, dy in moves:
        view.step(steps)
        view.pan(dx, dy)
        width, height = view.canvas(780, 190)
        assert 0 <= view.corner.x() <= width - 780
        assert 0 <= view.corner.y() <= height - 190
    assert view.zoom in ZOOMS


@pytest.mark.parametrize("vital", [50, 1500, 3070])
def test_that_the_cell_under_the_pointer_stays_under_it(grid: HeatGrid, vital: int) -> None:
    rect = grid.cell_rect(vital)
    assert rect is not None
    at = rect.center()
    for _ in range(3):
        grid.zoom_by(1, at)
        assert grid._vital_at(at) == vital
    assert grid.zoom == 3.0
    wide = grid.cell_rect(vital)
    assert wide is not None
    assert wide.width() > rect.width()


def test_that_showing_all_again_brings_back_the_first_picture(grid: HeatGrid, qtbot: QtBot) -> None:
    before = pixels_of(grid)
    qtbot.keyClick(grid, Qt.Key.Key_Plus)
    assert not np.array_equal(pixels_of(grid), before)
    qtbot.keyClick(grid, Qt.Key.Key_0)
    assert np.array_equal(pixels_of(grid), before)


def test_that_a_walk_takes_the_view_along(grid: HeatGrid, qtbot: QtBot) -> None:
    grid._aim_at(0)
    for _ in range(5):
        qtbot.keyClick(grid, Qt.Key.Key_Plus)
    for _ in range(40):
        qtbot.keyClick(grid, Qt.Key.Key_Down)
    rect = grid.cell_rect(grid.aim)
    assert grid.aim > 0
    assert rect is not None
    assert QRectF(grid.rect()).contains(rect)


def test_that_dragging_moves_the_picture_and_opens_nothing(grid: HeatGrid, qtbot: QtBot) -> None:
    opened: list[int] = []
    grid.cell_was_opened.connect(opened.append)
    grid.zoom_by(4, QPointF(390, 95))
    held = int(grid._vital_of_slot[np.argmin(np.hypot(*(grid._centres - (390, 95)).T))])
    before = grid.cell_rect(held)
    grid.show()
    qtbot.waitExposed(grid)
    qtbot.mousePress(grid, Qt.MouseButton.LeftButton, pos=QPoint(390, 95))
    for step in range(1, 11):
        qtbot.mouseMove(grid, QPoint(390 - 4 * step, 95))
    qtbot.mouseRelease(grid, Qt.MouseButton.LeftButton, pos=QPoint(350, 95))
    assert opened == []
    after = grid.cell_rect(held)
    assert before is not None
    assert after is not None
    assert before.center().x() - after.center().x() == pytest.approx(40, abs=1)


def test_that_what_is_searched_for_stands_out_and_is_stepped_through(grid: HeatGrid, theme: Theme) -> None:
    marked = np.zeros(COUNT, bool)
    marked[[7, 2000, 6001]] = True
    calm = count_of(pixels_of(grid), theme.colour(Colour.CELL))
    grid.set_marked(marked)
    picture = pixels_of(grid)
    assert count_of(picture, theme.colour(Colour.CELL)) < calm / 100
    assert count_of(picture, theme.colour(Colour.ACCENT)) > 3
    assert [grid.step_marked(1) for _ in range(4)] == [7, 2000, 6001, 7]
    assert grid.step_marked(-1) == 6001
    grid.set_marked(None)
    assert grid.step_marked(1) == NO_VITAL
    assert count_of(pixels_of(grid), theme.colour(Colour.CELL)) > calm / 2


def test_that_near_by_an_abnormal_cell_carries_its_shape(grid: HeatGrid, theme: Theme) -> None:
    severity = np.zeros(COUNT, np.uint8)
    severity[10] = Severity.RED
    grid.set_states(severity, np.ones(COUNT, bool))
    grid._aim_at(10)
    grid.zoom_by(5)
    rect = grid.cell_rect(10)
    assert rect is not None
    near = pixels_of(grid)
    middle = near[round(rect.center().y()), round(rect.center().x())]
    assert count_of(near, theme.fill(Severity.RED)) > 100
    assert middle == theme.colour(Colour.ON_SEVERITY).rgba()


def test_that_an_unchanged_picture_is_not_made_again(grid: HeatGrid, qtbot: QtBot) -> None:
    grid.show()
    qtbot.waitExposed(grid)
    pixels_of(grid)
    made = grid._picture._image
    grid._aim_at(3)
    pixels_of(grid)
    assert made is not None
    assert grid._picture._image is made
