"""The table over columns: order by indices, values in place, one change a tick."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.column_model import Column, ColumnKind, ColumnModel, TableData
from chengyun_widgets.column_table import ColumnTable
from chengyun_widgets.line_style import Dash, LineStyle, dashed, line_style
from chengyun_widgets.theme import Theme
from chengyun_widgets.trace import Spans
from tests.widgets.pictures import count_of, pixels_of

COLUMNS = (
    Column(key="band", title="级别", kind=ColumnKind.MARK, width=80),
    Column(key="name", title="体征"),
    Column(key="value", title="数值", kind=ColumnKind.NUMBER, is_right=True),
)


def data(values: list[float], severity: list[int] | None = None) -> TableData:
    count = len(values)
    grave = np.array(severity if severity is not None else [0] * count, dtype=np.uint8)
    return TableData(
        cells={
            "band": np.array(["—", "蓝", "黄", "橙", "红"])[grave],
            "name": np.array([f"v{n}" for n in range(count)]),
            "value": np.array(values, dtype=np.float64),
        },
        severity=grave,
        is_stale=np.zeros(count, bool),
        decimals=np.full(count, 1, np.int8),
        ages=lambda row: f"迟 {row}",
    )


@given(
    st.lists(st.one_of(st.floats(-1e3, 1e3), st.just(float("nan"))), min_size=1, max_size=30),
    st.lists(st.tuples(st.sampled_from(["value", "band", "name", ""]), st.booleans(), st.integers(0, 3)), max_size=6),
)
def test_that_sorting_and_filtering_keep_qt_and_selection_true(
    values: list[float], steps: list[tuple[str, bool, int]]
) -> None:
    model = ColumnModel()
    model.set_columns(COLUMNS)
    model.set_data(data(values, [n % 5 for n in range(len(values))]))
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    held = {int(row): QPersistentModelIndex(model.index(place, 1)) for place, row in enumerate(model.order)}
    for key, descending, modulus in steps:
        model.sort_by(key, descending=descending)
        model.set_filter(np.arange(len(values)) % modulus == 0 if modulus else None)
        for row, index in held.items():
            if index.isValid():
                assert index.data() == f"v{row}"
        expected = np.arange(len(values)) if not modulus else np.flatnonzero(np.arange(len(values)) % modulus == 0)
        assert sorted(model.order.tolist()) == expected.tolist()
    del tester


def order_of(model: ColumnModel) -> list[int]:
    return [int(row) for row in model.order]


@pytest.mark.parametrize(("descending", "expected"), [(False, [2, 0, 3, 1, 4]), (True, [3, 0, 2, 1, 4])])
def test_that_rows_without_a_value_come_last_either_way(descending: bool, expected: list[int]) -> None:
    model = ColumnModel()
    model.set_columns(COLUMNS)
    model.set_data(data([2.0, float("nan"), 1.0, 3.0, float("nan")]))
    model.sort_by("value", descending=descending)
    assert order_of(model) == expected


def test_that_marks_sort_by_severity_and_ties_keep_their_order() -> None:
    model = ColumnModel()
    model.set_columns(COLUMNS)
    model.set_data(data([0.0] * 5, [1, 4, 0, 4, 2]))
    model.sort_by("band", descending=True)
    assert order_of(model) == [1, 3, 4, 0, 2]


def test_that_names_sort_by_the_keys_given_for_them() -> None:
    model = ColumnModel()
    model.set_columns(COLUMNS)
    given_data = data([1.0, 2.0, 3.0])
    named = TableData(
        cells=given_data.cells,
        severity=given_data.severity,
        is_stale=given_data.is_stale,
        sort_keys={"name": np.array(["c", "a", "b"])},
    )
    model.set_data(named)
    model.sort_by("name", descending=False)
    assert order_of(model) == [1, 2, 0]


def test_that_a_tick_is_one_ranged_change_over_all_rows() -> None:
    model = ColumnModel()
    model.set_columns(COLUMNS)
    model.set_data(data([float(n) for n in range(6_000)]))
    changes: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last, *_: changes.append((first.row(), last.row())))
    model.data_columns.cells["value"][:] = 7.0
    model.refresh()
    assert changes == [(0, 5_999)]
    assert model.index(5, 2).data() == "7.0"


def test_that_arrays_of_the_same_length_replace_the_old_without_a_reset() -> None:
    model = ColumnModel()
    model.set_columns(COLUMNS)
    model.set_data(data([1.0, 2.0]))
    held = QPersistentModelIndex(model.index(1, 2))
    model.set_data(data([5.0, 6.0]))
    assert held.isValid()
    assert held.data() == "6.0"


def test_that_columns_of_different_lengths_are_refused_with_their_lengths() -> None:
    model = ColumnModel()
    model.set_columns(COLUMNS)
    good = data([1.0, 2.0])
    bad = TableData(cells={**good.cells, "value": np.zeros(3)}, severity=good.severity, is_stale=good.is_stale)
    with pytest.raises(ValueError, match=r"severity has 2 rows, but \{'value': 3\}"):
        model.set_data(bad)
    with pytest.raises(ValueError, match="no array for column 'value'"):
        model.set_data(TableData(cells={"band": good.cells["band"], "name": good.cells["name"]},
                                 severity=good.severity, is_stale=good.is_stale))  # fmt: skip


@pytest.fixture
def table(theme: Theme, qtbot: QtBot) -> ColumnTable:
    made = ColumnTable(theme)
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.set_columns(COLUMNS)
    made.set_data(data([float(n) for n in range(200)], [n % 5 for n in range(200)]))
    made.show()
    qtbot.waitExposed(made)
    return made


def test_that_a_click_on_a_header_sorts_and_a_second_turns_round(table: ColumnTable, qtbot: QtBot) -> None:
    header = table.horizontalHeader()
    at = header.viewport().rect().center()
    at.setX(header.sectionViewportPosition(2) + 20)
    with qtbot.waitSignal(table.sort_did_change, check_params_cb=lambda key, down: (key, down) == ("value", True)):
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert table.rows.order[0] == 199
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert table.rows.order[0] == 0


def test_that_the_current_row_stays_current_through_sort_filter_and_resort(table: ColumnTable) -> None:
    table.select_row(17)
    table.sort_by("value", descending=True)
    table.set_filter(np.arange(200) % 2 == 1)
    assert table.current_row() == 17
    table.rows.data_columns.cells["value"][17] = 1e6
    table.resort()
    assert table.current_row() == 17
    assert table.rows.order[0] == 17


def test_that_enter_opens_the_current_row_by_its_index_in_the_data(table: ColumnTable, qtbot: QtBot) -> None:
    table.sort_by("value", descending=True)
    table.select_row(42)
    with qtbot.waitSignal(table.row_was_opened, check_params_cb=lambda row: row == 42):
        qtbot.keyClick(table, Qt.Key.Key_Return)


def test_that_only_rows_on_screen_are_called_visible(table: ColumnTable) -> None:
    table.sort_by("value", descending=True)
    visible = table.visible_rows()
    assert visible[0] == 199
    assert 5 < len(visible) < 15


def test_that_severity_is_painted_as_shape_and_stale_values_are_hollow(table: ColumnTable, theme: Theme) -> None:
    table.sort_by("band", descending=True)
    assert count_of(pixels_of(table), theme.fill(Severity.RED)) > 50
    before = pixels_of(table)
    table.rows.data_columns.is_stale[:] = True
    table.refresh()
    after = pixels_of(table)
    assert (before != after).any()
    assert count_of(after, theme.fill(Severity.RED)) < count_of(before, theme.fill(Severity.RED)) / 2


def test_that_still_texts_are_put_in_order_once_and_anew_for_other_rows() -> None:
    model = ColumnModel()
    model.set_columns(COLUMNS)
    given = replace(data([1.0, 2.0, 3.0]), still=frozenset({"name"}))
    given.cells["name"][:] = ["b", "", "a"]
    model.set_data(given)
    model.sort_by("name", descending=False)
    assert model.order.tolist() == [2, 0, 1]
    given.cells["name"][:] = ["a", "a", "b"]
    model.sort_by("name", descending=True)
    assert model.order.tolist() == [0, 2, 1], "what was said to stand still is not looked at again"
    model.set_data(given)
    assert model.order.tolist() == [2, 0, 1]


def test_that_a_sort_key_of_seconds_orders_a_written_age() -> None:
    model = ColumnModel()
    model.set_columns(COLUMNS)
    model.set_data(replace(data([1.0, 2.0, 3.0]), sort_keys={"name": np.array([100.0, np.nan, 9.0])}))
    model.sort_by("name", descending=False)
    assert model.order.tolist() == [2, 0, 1]
    model.sort_by("name", descending=True)
    assert model.order.tolist() == [0, 2, 1], "a row without an age comes last either way"


def test_that_space_and_ctrl_click_ask_to_mark_a_row(table: ColumnTable, qtbot: QtBot) -> None:
    marked: list[int] = []
    table.row_was_marked.connect(marked.append)
    table.sort_by("")
    table.select_row(3)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    at = table.visualRect(table.rows.index(5, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, at)
    assert marked == [3, 5]
    assert table.current_row() == 5


def test_that_a_marked_row_bears_the_chip_of_its_line(table: ColumnTable, theme: Theme) -> None:
    ink = theme.colour(Colour.TRACE_2)
    before = count_of(pixels_of(table.viewport()), ink)
    table.set_marks({4: LineStyle(colour=Colour.TRACE_2)})
    assert count_of(pixels_of(table.viewport()), ink) > before + 20


def test_that_the_first_eighteen_lines_all_differ_and_neighbours_in_colour_and_dash() -> None:
    styles = [line_style(place) for place in range(18)]
    assert len(set(styles)) == 18
    assert all(a.colour != b.colour for a, b in pairwise(styles))
    assert sum(a.dash == b.dash for a, b in pairwise(styles)) == 0


def test_that_a_gap_of_a_dash_never_swallows_a_spike() -> None:
    low = np.zeros(100)
    high = low.copy()
    high[12] = 5.0
    flat = dashed(Spans(low=low, high=low), Dash.DASHED, 0, 10.0)
    assert np.isnan(flat.low[12])
    kept = dashed(Spans(low=low, high=high), Dash.DASHED, 0, 10.0)
    assert kept.high[12] == 5.0
    assert 30 < np.isnan(kept.low).sum() < 40


def test_that_the_pattern_of_a_dash_moves_with_its_line() -> None:
    spans = Spans(low=np.zeros(60), high=np.zeros(60))
    before, after = (np.isnan(dashed(spans, Dash.DOTTED, first, 1.0).low) for first in (100, 103))
    assert (before[3:] == after[:-3]).all()


def test_that_a_change_in_place_paints_live_columns_only_until_a_row_goes_late(table: ColumnTable) -> None:
    live = replace(data([1.0, 2.0, 3.0]), still=frozenset({"name"}))
    table.set_data(live)
    table.grab()
    name = QRect(table.columnViewportPosition(1) + 1, 1, table.columnWidth(1) - 2, 80)
    live.cells["value"][:] = 9.0
    assert not table.painting.changed().intersects(name)
    assert table.painting.changed().intersects(QRect(table.columnViewportPosition(2) + 1, 1, 5, 5))
    live.is_stale[1] = True
    assert table.painting.changed().contains(name)
    table.grab()
    assert not table.painting.changed().intersects(name)


def test_that_painting_a_part_leaves_the_picture_painting_all_would_make(table: ColumnTable) -> None:
    live = replace(data([float(n) for n in range(200)], [n % 5 for n in range(200)]), still=frozenset({"band", "name"}))
    table.set_data(live)
    table.select_row(2)
    table.grab()
    live.cells["value"][:] += 0.7
    parts = table.viewport().grab()
    painter = QPainter(parts)
    painter.setClipRegion(table.painting.changed())
    painter.fillRect(parts.rect(), table.theme.colour(Colour.PANEL))
    table.painting.paint(painter, table.painting.changed())
    painter.end()
    assert parts.toImage() == table.viewport().grab().toImage()
