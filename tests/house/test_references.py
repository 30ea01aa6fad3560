"""PYSIDE-3474: PySide6 6.12 loses a reference to None on every virtual call and aborts Python 3.11 within seconds.

On Python 3.12 and later None and True are immortal, their counts stand still, and these tests hold by themselves.
"""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

CALLS = 2000
TOLERANCE = CALLS // 10
"""Caches fill and other objects come and go; the fault loses one or two references per call."""


class Bell(QObject):
    """Rings with nothing and with a truth value."""

    rang = Signal()
    was_right = Signal(bool)


class Listener(QObject):
    """Counts what it hears; its slots return None, as most do."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0

    @Slot()
    def hear(self) -> None:
        self.heard += 1

    @Slot(bool)
    def hear_truth(self, truth: bool) -> None:
        self.heard += truth


class Canvas(QWidget):
    """Counts its paint events."""

    painted = 0

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted += 1


class Empty(QAbstractTableModel):
    """A table whose cells are all None."""

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 4

    @override
    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 1

    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> None:
        return None


class Spot(QGraphicsItem):
    """Counts how often the scene has it painted."""

    painted = 0

    @override
    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, 8, 8)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        self.painted += 1


def lost(thing: object, act: Callable[[], object]) -> int:
    """Return how many references to `thing` are gone after CALLS times `act`."""
    act()  # the first call fills caches
    before = sys.getrefcount(thing)
    for _ in range(CALLS):
        act()
    return before - sys.getrefcount(thing)


@pytest.mark.parametrize("thing", [None, True])
def test_that_signals_lose_no_reference(qapp: QApplication, thing: object) -> None:
    bell, listener = Bell(), Listener()
    bell.rang.connect(listener.hear)
    bell.was_right.connect(listener.hear_truth)

    def ring() -> None:
        bell.rang.emit()
        bell.was_right.emit(True)

    assert abs(lost(thing, ring)) < TOLERANCE
    assert listener.heard == 2 * (CALLS + 1)


@pytest.mark.parametrize("thing", [None, True])
def test_that_paint_events_lose_no_reference(qtbot: QtBot, thing: object) -> None:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(8, 8)
    with qtbot.waitExposed(canvas):
        canvas.show()
    assert abs(lost(thing, canvas.repaint)) < TOLERANCE
    assert canvas.painted >= CALLS


@pytest.mark.parametrize("thing", [None, True])
def test_that_a_model_asked_through_a_proxy_loses_no_reference(qapp: QApplication, thing: object) -> None:
    model, proxy = Empty(), QSortFilterProxyModel()
    proxy.setSourceModel(model)
    cell = proxy.index(0, 0)
    assert abs(lost(thing, lambda: proxy.data(cell))) < TOLERANCE


@pytest.mark.parametrize("thing", [None, True])
def test_that_graphics_items_lose_no_reference(qapp: QApplication, thing: object) -> None:
    scene, spot = QGraphicsScene(0, 0, 8, 8), Spot()
    scene.addItem(spot)
    image = QImage(8, 8, QImage.Format.Format_RGB32)

    def render() -> None:
        painter = QPainter(image)
        scene.render(painter)
        painter.end()

    assert abs(lost(thing, render)) < TOLERANCE
    assert spot.painted >= CALLS
