"""The matrix of a ladder: keys and marks, what is painted again when only clocks move, and shapes told apart."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Colour
from chengyun_widgets import ladder_painting
from chengyun_widgets.ladder_matrix import LadderMatrix
from chengyun_widgets.ladder_record import CellMark, MatrixCell, MatrixRecord, MatrixRow
from chengyun_widgets.theme import load_theme

COLUMNS = ("sent", "signed", "on site")


def row(key: str, *cells: MatrixCell) -> MatrixRow:
    return MatrixRow(key=key, title=f"unit {key}", cells=cells or (MatrixCell(),) * 3)


def record(count: int) -> MatrixRecord:
    rows = [MatrixRow(key="head", title="an order", is_heading=True), *(row(str(at)) for at in range(count))]
    return MatrixRecord(who="who", columns=COLUMNS, rows=tuple(rows))


@pytest.fixture
def matrix(qtbot: QtBot) -> LadderMatrix:
    """Three rows under a heading, shown."""
    made = LadderMatrix(load_theme("night"))
    qtbot.addWidget(made)
    made.resize(700, 260)
    made.show_record(record(3))
    made.show()
    qtbot.waitExposed(made)
    return made


def test_that_arrows_go_from_row_to_row_and_leave_headings_out(matrix: LadderMatrix) -> None:
    matrix.setFocus()
    opened, marked = QSignalSpy(matrix.row_was_opened), QSignalSpy(matrix.row_was_marked)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(matrix.rows, key)
    assert matrix.current_key() == "2"
    QTest.keyClick(matrix.rows, Qt.Key.Key_Home)
    QTest.keyClick(matrix.rows, Qt.Key.Key_Return)
    QTest.keyClick(matrix.rows, Qt.Key.Key_Space)
    assert (opened.at(0), marked.at(0)) == (["0"], ["0"])


def test_that_the_current_row_stays_with_its_key_and_leaves_with_it(matrix: LadderMatrix) -> None:
    matrix.select("1")
    matrix.show_record(replace(record(3), rows=record(3).rows[2:]))
    assert matrix.current_key() == "1"
    gone = QSignalSpy(matrix.current_did_change)
    matrix.show_record(record(1))
    assert matrix.current_key() == ""
    assert gone.at(0) == [""]


def test_that_rows_which_come_after_the_keyboard_have_a_first_one_to_act_on(matrix: LadderMatrix) -> None:
    matrix.show_record(record(0))
    matrix.setFocus()
    assert matrix.current_key() == ""
    matrix.show_record(record(2))
    assert matrix.current_key() == "0"


def test_that_letters_and_digits_are_left_to_the_page(matrix: LadderMatrix) -> None:
    matrix.select("1")
    told = QSignalSpy(matrix.row_was_opened)
    for key in (Qt.Key.Key_2, Qt.Key.Key_U):
        QTest.keyClick(matrix.rows, key)
    assert (matrix.current_key(), told.count()) == ("1", 0)


def test_that_only_the_rows_whose_clock_moved_are_painted_again(matrix: LadderMatrix, qtbot: QtBot) -> None:
    painted: list[float] = []
    matrix.rows.paint = lambda _painter: painted.append(matrix.rows.dirty_rect.height())  # type: ignore[method-assign]
    moved = record(3)
    late = row("1", MatrixCell(), MatrixCell(mark=CellMark.LATE, text="00:07"), MatrixCell())
    matrix.show_record(replace(moved, rows=(*moved.rows[:2], late, moved.rows[3])))
    qtbot.waitUntil(lambda: bool(painted))
    assert max(painted) <= ladder_painting.ROW_PX + 2


def test_that_a_thousand_rows_are_scrolled_to_not_squeezed(matrix: LadderMatrix) -> None:
    matrix.show_record(record(1000))
    matrix.select("999")
    visible = matrix.rows.visibleRegion().boundingRect()
    assert visible.bottom() >= matrix.rows.tops[-1] - 2


def drawn(mark: CellMark) -> bytes:
    """Return the alpha of a cell's shape alone: what is left when no colour can be told."""
    theme = load_theme("night")
    image = QImage(90, 44, QImage.Format.Format_ARGB32)
    image.fill(theme.colour(Colour.PANEL))
    painter = QPainter(image)
    ladder_painting.paint_cell(painter, theme, QRectF(0, 0, 90, 44), MatrixCell(mark=mark, share=0.4), current=False)
    painter.end()
    return bytes(image.convertToFormat(QImage.Format.Format_Mono).constBits())


def test_that_every_standing_has_a_shape_of_its_own() -> None:
    """Colour is never alone: even in black and white no two standings look alike."""
    assert len({drawn(mark) for mark in CellMark}) == len(CellMark)
