"""Limits over time on paper: only those that were in force in the window printed."""

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from chengyun_console.paper.press.drawings import ChartPiece
from chengyun_console.paper.printed import PrintedSteps
from chengyun_widgets.theme import load_theme
from tests.console.paper.jobs import chart


def picture(*steps: tuple[int, float]) -> QImage:
    """Return a chart printed with one limit's steps."""
    made = replace(chart(), steps=(PrintedSteps(severity=4, steps=steps),), bands=())
    image = QImage(600, 300, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    ChartPiece(load_theme("day"), made, 300, 0).paint(painter, QRectF(0, 0, 600, 300))
    painter.end()
    return image


def test_that_a_limit_of_before_the_window_leaves_no_figure_in_it(qtbot: QtBot) -> None:
    before, nan = chart().t0_ns - 1, float("nan")
    assert picture((0, 185.0), (before, nan)) == picture((0, nan))
    assert picture((0, 185.0)) != picture((0, nan))
