"""A line of time with a handle: what a page shows is of now (the right end) or of the time the handle stands at."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SEVERITY_FILL, SPACE_PX, Colour, Severity, TypeSize
from chengyun_widgets.lettering import CENTRE, LEFT, text_width, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme

HEIGHT_PX = 52
_EDGE_PX = SPACE_PX * 6.0
_LINE_Y, _TEXT_Y, _MARK_PX = 22.0, 32.0, 8.0
_HANDLE_PX = 7.0
_SNAP_PX = 8.0
_STEPS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageDown: -10, Qt.Key.Key_PageUp: 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SliderRecord:
    """What the line shows; times in ns. `at_ns` None: now. Before `held_ns` nothing is known: the line is dashed.

    `ticks` are (time, text); `marks` are (time, severity) of what happened.
    """

    begin_ns: int = 0
    end_ns: int = 1
    at_ns: int | None = None
    held_ns: int = 0
    step_ns: int = 60_000_000_000
    text: str = ""
    ticks: tuple[tuple[int, str], ...] = ()
    marks: tuple[tuple[int, int], ...] = ()


class TimeSlider(Painted):
    """Left and Right move by a step, PgUp and PgDn by ten, Home to the beginning, End to now; or click and drag."""

    time_was_chosen = Signal(object)
    """Time in ns, or None for now."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.record = SliderRecord()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(HEIGHT_PX)

    def show_record(self, record: SliderRecord) -> None:
        """Show a record; an equal one costs nothing."""
        if record != self.record:
            self.record = record
            self.setAccessibleDescription(record.text)
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(600, HEIGHT_PX)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        record, key = self.record, Qt.Key(event.key())
        if key == Qt.Key.Key_End:
            self.time_was_chosen.emit(None)
        elif key == Qt.Key.Key_Home:
            self.time_was_chosen.emit(max(record.begin_ns, record.held_ns))
        elif key in _STEPS:
            here = record.end_ns if record.at_ns is None else record.at_ns
            self._choose(here + _STEPS[key] * record.step_ns)
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose_at(event.position().x())

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose_at(event.position().x())

    @override
    def paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_line(painter)
        self._paint_marks(painter)
        self._paint_ticks(painter)
        self._paint_handle(painter)

    def _choose(self, at_ns: int) -> None:
        """Ask for a time; one at or after the end is now."""
        at = max(self.record.begin_ns, at_ns)
        self.time_was_chosen.emit(None if at >= self.record.end_ns else at)

    def _choose_at(self, x: float) -> None:
        left, right = self._ends()
        if x >= right - _SNAP_PX:
            self.time_was_chosen.emit(None)
            return
        record = self.record
        share = min(1.0, max(0.0, (x - left) / max(1.0, right - left)))
        exact = record.begin_ns + int(share * (record.end_ns - record.begin_ns))
        self._choose(exact // record.step_ns * record.step_ns)

    def _ends(self) -> tuple[float, float]:
        return _EDGE_PX, max(_EDGE_PX + 1.0, self.width() - _EDGE_PX)

    def _x(self, at_ns: int) -> float:
        left, right = self._ends()
        record = self.record
        share = (at_ns - record.begin_ns) / max(1, record.end_ns - record.begin_ns)
        return left + min(1.0, max(0.0, share)) * (right - left)

    def _paint_line(self, painter: QPainter) -> None:
        left, right = self._ends()
        held = self._x(self.record.held_ns)
        ink = self.theme.colour(Colour.OUTLINE)
        if held > left:
            painter.setPen(QPen(ink, 1.0, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(left, _LINE_Y), QPointF(held, _LINE_Y))
        painter.setPen(QPen(ink, 2.0))
        painter.drawLine(QPointF(held, _LINE_Y), QPointF(right, _LINE_Y))

    def _paint_marks(self, painter: QPainter) -> None:
        for at_ns, severity in self.record.marks:
            x = self._x(at_ns)
            painter.setPen(QPen(self.theme.colour(SEVERITY_FILL[Severity(severity)]), 2.0))
            painter.drawLine(QPointF(x, _LINE_Y - _MARK_PX), QPointF(x, _LINE_Y - 2.0))

    def _paint_ticks(self, painter: QPainter) -> None:
        font, ink = self.theme.font(TypeSize.SMALL), self.theme.colour(Colour.TEXT_THIRD)
        free = 0.0
        for at_ns, text in self.record.ticks:
            x, width = self._x(at_ns), text_width(font, text)
            if x - width / 2 < free or x + width / 2 > self.width():
                continue
            painter.setPen(QPen(ink, 1.0))
            painter.drawLine(QPointF(x, _LINE_Y + 2.0), QPointF(x, _LINE_Y + 6.0))
            write(painter, QRectF(x - width / 2 - 1, _TEXT_Y, width + 2, 16.0), text, font, ink, CENTRE)
            free = x + width / 2 + SPACE_PX * 2

    def _paint_handle(self, painter: QPainter) -> None:
        record, theme = self.record, self.theme
        x = self._x(record.end_ns if record.at_ns is None else record.at_ns)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Colour.ACCENT))
        down, side = QPointF(x, _LINE_Y + 1.0), _HANDLE_PX
        painter.drawPolygon(QPolygonF([down, down + QPointF(-side, -side * 1.6), down + QPointF(side, -side * 1.6)]))
        font = theme.font(TypeSize.SMALL, bold=record.at_ns is not None)
        width = text_width(font, record.text)
        left = min(max(0.0, x - width - side * 2), self.width() - width) if x > width + side * 3 else x + side * 2
        ink = theme.colour(Colour.ACCENT if record.at_ns is not None else Colour.TEXT_SECOND)
        write(painter, QRectF(left, -1.0, width + 2, 16.0), record.text, font, ink, LEFT)
