"""Rows of a fact list marked for one deed on many: by Space, by Shift with arrows, by Ctrl and Shift with the mouse."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.theme import load_theme

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def rows(marked: frozenset[str] = frozenset()) -> list[FactRow]:
    heading = FactRow(key="head", severity=Severity.NONE, title="—", is_heading=True)
    made = [FactRow(key=f"r{at}", severity=Severity.NONE, title=f"row {at}", is_marked=f"r{at}" in marked)
            for at in range(4)]  # fmt: skip
    return [*made[:2], heading, *made[2:]]


@pytest.fixture
def marks(qtbot: QtBot) -> tuple[FactList, list[object]]:
    """A markable list of four rows with a heading between them, the first one current; and what it says."""
    view, said = FactList(load_theme("night")), []
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.set_markable(is_markable=True)
    view.set_rows(rows())
    view.show()
    view.select("r0")
    view.row_was_marked.connect(said.append)
    view.range_was_marked.connect(said.append)
    return view, said


def click(view: FactList, key: str, held: Qt.KeyboardModifier) -> None:
    place = [row.key for row in view.rows()].index(key)
    at = view.visualRect(view.model().index(place, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, held, at)


def test_that_space_turns_the_mark_of_the_current_row(marks: tuple[FactList, list[object]]) -> None:
    view, said = marks
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert said == ["r0"]


def test_that_shift_with_arrows_stretches_over_a_heading_and_shrinks_again(
    marks: tuple[FactList, list[object]],
) -> None:
    view, said = marks
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(view, key, SHIFT)
    assert said == [("r0", "r1"), ("r0", "r1", "r2"), ("r0", "r1", "r2", "r3"), ("r0", "r1", "r2")]
    assert view.current_key() == "r2"


def test_that_an_arrow_alone_begins_anew(marks: tuple[FactList, list[object]]) -> None:
    view, said = marks
    QTest.keyClick(view, Qt.Key.Key_Down, SHIFT)
    QTest.keyClick(view, Qt.Key.Key_End)
    QTest.keyClick(view, Qt.Key.Key_Up, SHIFT)
    assert said == [("r0", "r1"), ("r2", "r3")]


def test_that_clicks_with_ctrl_turn_one_mark_and_with_shift_mark_a_range(marks: tuple[FactList, list[object]]) -> None:
    view, said = marks
    click(view, "r3", CTRL)
    click(view, "r1", SHIFT)
    click(view, "r0", Qt.KeyboardModifier.NoModifier)
    assert said == ["r3", ("r1", "r2", "r3")]
    assert view.current_key() == "r0"


def test_that_a_list_that_is_not_markable_marks_nothing(marks: tuple[FactList, list[object]]) -> None:
    view, said = marks
    view.set_markable(is_markable=False)
    QTest.keyClick(view, Qt.Key.Key_Space)
    QTest.keyClick(view, Qt.Key.Key_Down, SHIFT)
    click(view, "r3", CTRL)
    assert said == []


def test_that_a_marked_row_is_seen(marks: tuple[FactList, list[object]]) -> None:
    view, _said = marks
    before = view.viewport().grab().toImage()
    view.set_rows(rows(frozenset({"r3"})))
    assert view.viewport().grab().toImage() != before
