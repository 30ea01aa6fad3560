"""A list of steps: what stands where is a sign (done, running, ready, waiting), a box to tick, rows to move about."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.fact_painting import FactDelegate, fold_rect
from chengyun_widgets.shapes import MARK_PX, mark_rect
from chengyun_widgets.theme import Theme

_INDENT_PX = SPACE_PX * 4


class Sign(Enum):
    """How a step stands, or whether it is taken. Told by its form alone: severity keeps shapes and colours of its own.

    DONE is a tick, RUNNING a filled triangle, READY a ring, WAITING a dashed ring, SKIPPED a ring struck through;
    TAKEN and LEFT are a box with and without a tick; CROSSED is a box that cannot be ticked.
    """

    NONE = "none"
    DONE = "done"
    RUNNING = "running"
    READY = "ready"
    WAITING = "waiting"
    SKIPPED = "skipped"
    TAKEN = "taken"
    LEFT = "left"
    CROSSED = "crossed"


BOXES = frozenset({Sign.TAKEN, Sign.LEFT, Sign.CROSSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow(FactRow):
    """A row with a sign in place of the severity's shape."""

    sign: Sign = Sign.NONE


class StepList(FactList):
    """Space or a click on the box ticks; Alt+Up, Alt+Down or dragging asks for another place. The owner sets rows."""

    tick_was_asked = Signal(str)
    """Key of the row whose box was clicked, or that was current when Space was pressed."""
    place_was_asked = Signal(str, int)
    """Key of a row, and the place it is to have, from 0."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, movable: bool = False) -> None:
        super().__init__(theme, parent)
        self._steps = StepDelegate(self)
        self._dragged = ""
        self._movable = movable
        self.setItemDelegate(self._steps)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if event.key() == Qt.Key.Key_Space and self.current_key():
            self.tick_was_asked.emit(self.current_key())
        elif by and self._movable and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._ask_place(self.current_key(), self.currentIndex().row() + by)
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        row = self._facts.row_at(index.row())
        self._dragged = row.key if row is not None and self._movable else ""
        is_box = isinstance(row, StepRow) and row.sign in BOXES and event.button() == Qt.MouseButton.LeftButton
        if row is not None and is_box and fold_rect(QRectF(self.visualRect(index)), row).contains(event.position()):
            self.tick_was_asked.emit(row.key)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """While a row is dragged it goes where the pointer is, row by row: what one sees is what there will be."""
        place = self.indexAt(event.position().toPoint()).row()
        if self._dragged and event.buttons() & Qt.MouseButton.LeftButton:
            self._ask_place(self._dragged, place)
        else:
            super().mouseMoveEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = ""
        super().mouseReleaseEvent(event)

    def _ask_place(self, key: str, place: int) -> None:
        if key and 0 <= place < self._facts.rowCount() and place != self._facts.place_of(key):
            self.place_was_asked.emit(key, place)


class StepDelegate(FactDelegate):
    """Paints one row of a StepList; what is no StepRow looks like in any fact list."""

    @override
    def _paint_sign(self, painter: QPainter, rect: QRectF, row: FactRow) -> None:
        if not isinstance(row, StepRow) or row.sign is Sign.NONE:
            super()._paint_sign(painter, rect, row)
            return
        place = mark_rect(rect.x() + SPACE_PX * 3 + row.depth * _INDENT_PX, rect.center().y(), MARK_PX + 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_sign(painter, self._view.theme, place, row.sign)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_sign(painter: QPainter, theme: Theme, place: QRectF, sign: Sign) -> None:
    """Paint a sign into a square."""
    ink = {Sign.DONE: Colour.DONE, Sign.RUNNING: Colour.ACCENT, Sign.TAKEN: Colour.ACCENT}.get(sign, Colour.TEXT_SECOND)
    pen = QPen(theme.colour(ink), 1.6)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    match sign:
        case Sign.DONE:
            _tick(painter, place)
        case Sign.RUNNING:
            painter.setBrush(theme.colour(ink))
            painter.drawPolygon(_points(place, (0.1, 0.0), (0.95, 0.5), (0.1, 1.0)))
        case Sign.READY | Sign.WAITING | Sign.SKIPPED:
            if sign is Sign.WAITING:
                pen.setDashPattern([1.2, 1.6])
                painter.setPen(pen)
            painter.drawEllipse(place)
            if sign is Sign.SKIPPED:
                painter.drawLine(place.topRight() + QPointF(1, -1), place.bottomLeft() + QPointF(-1, 1))
        case Sign.TAKEN | Sign.LEFT | Sign.CROSSED:
            painter.drawRect(place)
            if sign is Sign.TAKEN:
                _tick(painter, place.adjusted(2, 2, -1, -2))
            elif sign is Sign.CROSSED:
                painter.drawLine(place.topLeft(), place.bottomRight())
                painter.drawLine(place.topRight(), place.bottomLeft())


def _tick(painter: QPainter, place: QRectF) -> None:
    painter.drawPolyline(_points(place, (0.0, 0.55), (0.38, 0.95), (1.0, 0.1)))


def _points(place: QRectF, *points: tuple[float, float]) -> QPolygonF:
    corners = [QPointF(place.x() + x * place.width(), place.y() + y * place.height()) for x, y in points]
    return QPolygonF(corners)
