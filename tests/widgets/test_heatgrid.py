"""The heat grid: every vital has a cell, and what is abnormal meets the eye first."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.heat_layout import cell_map, centres, in_rows, lay_out
from chengyun_widgets.heat_marks import _contrast, _legible
from chengyun_widgets.heatgrid import HeatGrid, HeatGroup
from chengyun_widgets.theme import Theme, load_theme
from tests.widgets.pictures import count_of, pixels_of

COUNT = 6_142


def groups(count: int = COUNT) -> list[HeatGroup]:
    cuts = np.array_split(np.arange(count, dtype=np.int32), 8)
    return [HeatGroup(key=str(n), title=f"板块 {n}", members=cut) for n, cut in enumerate(cuts)]


@pytest.fixture
def grid(theme: Theme, qtbot: QtBot) -> HeatGrid:
    made = HeatGrid(theme)
    qtbot.addWidget(made)
    made.resize(780, 190)
    made.set_groups(groups())
    made.set_states(np.zeros(COUNT, np.uint8), np.ones(COUNT, bool))
    return made


@given(
    st.lists(st.integers(0, 900), min_size=1, max_size=9),
    st.integers(300, 1900),
    st.integers(200, 1000),
    st.integers(1, 5),
    st.sampled_from([1.0, 1.25, 2.0]),
)
def test_that_no_two_cells_share_a_pixel_and_groups_stay_apart(
    counts: list[int], width: int, height: int, columns: int, ratio: float
) -> None:
    places = lay_out(counts, [count // 20 for count in counts], width, height, columns)
    blocks = [block for place in places for block in place.blocks]
    found = cell_map(blocks, width, height, ratio)
    assert [place.cells.count for place in places] == counts
    inside = [block.rect for block in blocks]
    assert not any(a.intersects(b) for n, a in enumerate(inside) for b in inside[:n] if a.height() and b.height())
    assert found.slot.max() <= sum(block.count for block in blocks)
    assert len(centres(blocks)) == sum(block.count for block in blocks)


@pytest.mark.parametrize("size", [(780, 190), (560, 150), (540, 120), (1200, 400), (2400, 900)])
@pytest.mark.parametrize("counts", [[768] * 8, [136, 300, 1050, 768, 1700, 60, 900, 1228]])
def test_that_all_six_thousand_cells_are_on_the_picture(size: tuple[int, int], counts: list[int]) -> None:
    places = lay_out(counts, [4] * 8, *size, 4)
    blocks = [block for place in places for block in place.blocks]
    found = np.unique(cell_map(blocks, *size, 1.0).slot)
    assert len(found) - 1 == sum(block.count for block in blocks)


def test_that_a_small_group_fills_its_room_with_large_cells() -> None:
    small, large = lay_out([60, 1200], [2, 2], 400, 90, 2)
    assert small.cells.pitch_x >= 8 > large.cells.pitch_x
    assert small.strip is None
    assert large.strip is not None


def test_that_a_spacious_grid_has_cells_of_ten_px_and_no_strip() -> None:
    places = lay_out([80] * 8, [2] * 8, 780, 190, 4)
    assert all(place.strip is None and place.cells.pitch_x >= 8 for place in places)


def test_that_abnormal_cells_come_first_gravest_first(grid: HeatGrid) -> None:
    severity = np.zeros(COUNT, np.uint8)
    severity[[100, 200, 300]] = (Severity.BLUE, Severity.RED, Severity.YELLOW)
    grid.set_states(severity, np.ones(COUNT, bool))
    grid._arrange()
    assert grid._vital_of_slot[:4].tolist() == [200, 300, 100, -1]
    rect = grid.cell_rect(200)
    assert rect is not None
    assert rect.width() == 12, "large enough for a shape"


def test_that_a_crowded_strip_has_smaller_cells_for_more_of_them(grid: HeatGrid) -> None:
    severity = np.zeros(COUNT, np.uint8)
    severity[:60] = Severity.BLUE
    grid.set_states(severity, np.ones(COUNT, bool))
    rect = grid.cell_rect(0)
    assert rect is not None
    assert rect.width() == 8


def test_that_few_cells_stand_in_rows_with_room_for_their_names(theme: Theme, qtbot: QtBot) -> None:
    grid = HeatGrid(theme)
    qtbot.addWidget(grid)
    grid.resize(780, 170)
    cuts = np.array_split(np.arange(60, dtype=np.int32), 5)
    names = [tuple(f"站 {n}" for n in cut.tolist()) for cut in cuts]
    made = [HeatGroup(key="", title="", members=cut, names=told) for cut, told in zip(cuts, names, strict=True)]
    grid.set_groups(made)
    severity = np.zeros(60, np.uint8)
    severity[7] = Severity.RED
    grid.set_states(severity, np.ones(60, bool))
    rect = grid.cell_rect(7)
    assert rect is not None
    assert rect.width() >= 40
    assert rect.height() >= 16
    named = pixels_of(grid)
    grid.set_groups([replace(group, names=()) for group in made])
    assert (pixels_of(grid) != named).any()


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8), st.integers(240, 1900), st.integers(120, 1000))
def test_that_rows_are_roomy_apart_and_inside_or_not_at_all(counts: list[int], width: int, height: int) -> None:
    places = in_rows(counts, width, height)
    for place in places or ():
        assert min(place.cells.pitch_x, place.cells.pitch_y) >= 16
        assert place.cells.rect.right() <= width
        assert place.cells.rect.bottom() <= height + 1
        assert not place.title.intersects(place.cells.rect)
    rects = [place.cells.rect for place in places or ()]
    assert not any(a.intersects(b) for a, b in pairwise(rects) if a.height() and b.height())


def test_that_calm_cells_stay_where_they_are_when_the_first_alarm_comes(grid: HeatGrid) -> None:
    before = grid.cell_rect(50)
    severity = np.zeros(COUNT, np.uint8)
    severity[600] = Severity.RED
    grid.set_states(severity, np.ones(COUNT, bool))
    assert grid.cell_rect(50) == before


def test_that_a_vital_without_data_is_not_filled_with_its_last_severity(grid: HeatGrid, theme: Theme) -> None:
    severity, has_data = np.zeros(COUNT, np.uint8), np.ones(COUNT, bool)
    severity[10] = Severity.RED
    grid.set_states(severity, has_data)
    assert count_of(pixels_of(grid), theme.fill(Severity.RED)) >= 64
    has_data[10] = False
    grid.set_states(severity, has_data)
    picture = pixels_of(grid)
    assert count_of(picture, theme.fill(Severity.RED)) == 0
    assert count_of(picture, theme.colour(Colour.ORNAMENT)) >= 1


def test_that_every_flooded_cell_still_has_a_place(grid: HeatGrid) -> None:
    grid.set_states(np.full(COUNT, Severity.ORANGE, np.uint8), np.ones(COUNT, bool))
    grid._arrange()
    assert sorted(grid._vital_of_slot[grid._vital_of_slot >= 0].tolist()) == list(range(COUNT))


def test_that_equal_states_cost_no_arranging(grid: HeatGrid) -> None:
    grid._arrange()
    grid.set_states(np.zeros(COUNT, np.uint8), np.ones(COUNT, bool))
    assert grid._is_arranged


def test_that_a_pointer_near_an_abnormal_cell_means_it(grid: HeatGrid, qtbot: QtBot) -> None:
    severity = np.zeros(COUNT, np.uint8)
    severity[321] = Severity.RED
    grid.set_states(severity, np.ones(COUNT, bool))
    rect = grid.cell_rect(321)
    assert rect is not None
    near = QPoint(round(rect.right()) + 4, round(rect.bottom()) + 3)
    grid.show()
    qtbot.waitExposed(grid)
    qtbot.mouseMove(grid, near + QPoint(300, 300))
    with qtbot.waitSignal(grid.cell_is_hovered, check_params_cb=lambda vital: vital == 321):
        qtbot.mouseMove(grid, near)
    with qtbot.waitSignal(grid.cell_was_opened, check_params_cb=lambda vital: vital == 321):
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=near)


def test_that_every_cell_is_found_under_its_own_middle(grid: HeatGrid) -> None:
    for vital in range(0, COUNT, 97):
        rect = grid.cell_rect(vital)
        assert rect is not None
        assert grid._vital_at(rect.center()) == vital


def test_that_arrows_walk_the_cells_and_enter_opens(grid: HeatGrid, qtbot: QtBot) -> None:
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid._aim == 0
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid._aim == 1
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    below = grid._aim
    assert below == 1 + grid._places[0].cells.columns
    qtbot.keyClick(grid, Qt.Key.Key_Up)
    assert grid._aim == 1
    with qtbot.waitSignal(grid.cell_was_opened, check_params_cb=lambda vital: vital == 1):
        qtbot.keyClick(grid, Qt.Key.Key_Return)


def test_that_a_click_on_a_title_opens_its_group(grid: HeatGrid, qtbot: QtBot) -> None:
    grid.grab()
    with qtbot.waitSignal(grid.group_was_opened, check_params_cb=lambda key: key == "5"):
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid._places[5].title.center().toPoint())


def test_that_groups_before_their_states_are_shown_without_data(theme: Theme, qtbot: QtBot) -> None:
    made = HeatGrid(theme)
    qtbot.addWidget(made)
    made.set_groups(groups(80))
    picture = pixels_of(made)
    assert count_of(picture, theme.colour(Colour.CELL)) == 0
    assert count_of(picture, theme.colour(Colour.ORNAMENT)) > 80


@pytest.mark.parametrize("look", ["night", "day"])
def test_that_what_is_written_on_a_severity_can_be_read(look: str) -> None:
    theme = load_theme(look)
    for severity in list(Severity)[1:]:
        ground = theme.fill(severity)
        assert _contrast(_legible(theme, ground).rgb(), ground.rgb()) >= 4.5
