"""The line of time: labels never over each other, the weightier kept, and every mark reached by keys and mouse."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.theme import load_theme
from chengyun_widgets.time_strip import StripMark, TimeStrip, written

MINUTE = 60 * 10**9


def _mark(at: int, label: str = "14:02 水位超警戒", weight: int = 0) -> StripMark:
    return StripMark(key=str(at), at_ns=at * MINUTE, label=label, tip=f"{label} {at}", weight=weight)


@pytest.fixture
def strip(qtbot: QtBot) -> TimeStrip:
    made = TimeStrip(load_theme("night"))
    qtbot.addWidget(made)
    made.resize(1200, 92)
    made.show_marks([_mark(at) for at in (0, 9, 18, 19, 20, 22, 25, 29)], 31 * MINUTE, "现在")
    made.show()
    return made


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(10, 300), st.integers(0, 3)), max_size=40), st.integers(1, 2))
def test_that_no_label_lies_over_another_and_none_leaves_the_room(
    made: list[tuple[float, float, int]], lanes: int
) -> None:
    made = sorted(made)
    marks = [_mark(at, weight=weight) for at, (_x, _width, weight) in enumerate(made)]
    found = written(marks, [x for x, _, _ in made], [width for _, width, _ in made], (0.0, 1000.0), lanes)
    for one, other in combinations(found, 2):
        assert one.lane != other.lane or one.left + one.width <= other.left or other.left + other.width <= one.left
    assert all(one.left >= 0.0 and one.left + one.width <= 1000.0 + 1e-6 for one in found)
    assert all(-lanes <= one.lane < lanes for one in found)


def test_that_the_weightiest_keep_their_labels_where_room_is_short() -> None:
    marks = [_mark(at, weight=int(at == 5)) for at in range(10)]
    found = written(marks, [100.0 + at for at in range(10)], [120.0] * 10, (0.0, 400.0), 1)
    assert "5" in {one.mark.key for one in found}
    assert len(found) == 2


def test_that_the_chosen_one_is_always_written(strip: TimeStrip) -> None:
    strip.show_marks([_mark(at, label="一" * 30) for at in range(40)], 40 * MINUTE, "现在")
    hidden = {mark.key for mark in strip._marks} - {one.mark.key for one in strip.labels()}
    assert hidden
    strip.choose(min(hidden, key=int))
    shown = {one.mark.key: one.mark.colour for one in strip.labels()}
    assert shown[strip.chosen] is Colour.ACCENT


def test_that_arrows_walk_through_all_and_enter_opens(strip: TimeStrip) -> None:
    chosen: list[str] = []
    opened: list[str] = []
    strip.mark_was_chosen.connect(chosen.append)
    strip.mark_was_opened.connect(opened.append)
    QTest.keyClick(strip, Qt.Key.Key_Home)
    for _ in range(9):
        QTest.keyClick(strip, Qt.Key.Key_Right)
    assert chosen == ["0", "9", "18", "19", "20", "22", "25", "29"]
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert opened == ["29"]
    QTest.keyClick(strip, Qt.Key.Key_Left)
    assert strip.chosen == "25"


def test_that_a_click_on_a_label_chooses_it_and_a_double_click_opens(strip: TimeStrip) -> None:
    opened: list[str] = []
    strip.mark_was_opened.connect(opened.append)
    one = next(label for label in strip.labels() if label.lane == 0)
    at = QPoint(round(one.left + one.width / 2), round(strip._axis_y()) - 14)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=at)
    assert strip.chosen == one.mark.key
    QTest.mouseDClick(strip, Qt.MouseButton.LeftButton, pos=at)
    assert opened == [one.mark.key]


def test_that_the_same_marks_paint_nothing_and_a_second_moves_nothing(strip: TimeStrip, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: strip.paint_count > 0)
    before = strip.paint_count
    strip.show_marks([_mark(at) for at in (0, 9, 18, 19, 20, 22, 25, 29)], 31 * MINUTE + 10**9, "现在")
    QTest.qWait(50)
    assert strip.paint_count == before


def test_that_all_is_told_to_who_cannot_see_it(strip: TimeStrip) -> None:
    assert strip.accessibleDescription().count("\n") == 7
    strip.show_marks([], 0, "", "尚无记录")
    assert strip.accessibleDescription() == "尚无记录"
    assert strip.grab().width() == 1200
