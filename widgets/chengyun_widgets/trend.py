"""A trend of one or several series: bands, limits, an antialiased line, marks, crosshair, and zoom when interactive."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_widgets.theme import Theme
from chengyun_widgets.trend_painting import TrendPainting
from chengyun_widgets.trend_record import MARK_REACH_PX

_SIDEWAYS = (Qt.Key.Key_Left, Qt.Key.Key_Right)


class TrendView(TrendPainting):
    """Give it a record, then `set_window` each frame. It asks its sources for pixels only, only when it is painted.

    Interactive: the wheel zooms at the cursor, dragging pans, +/- and Left/Right do the same, Home or a double click
    follows the newest sample again. Enter or a click (not interactive) opens. Ctrl+Left/Right put the crosshair on an
    alarm's mark: Enter, or a click on a mark, opens that alarm instead.
    """

    was_opened = Signal()
    mark_was_opened = Signal(str)
    window_was_asked = Signal(object, object)
    """t0_ns, t1_ns the officer chose: fetch what is missing."""
    follow_was_asked = Signal()
    time_is_hovered = Signal(object)
    """ns under the cursor, or None once it has left."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        interactive: bool = False,
        has_axes: bool = False,
        utc_offset_s: int = 28_800,
    ) -> None:
        super().__init__(theme, parent, interactive=interactive, has_axes=has_axes, utc_offset_s=utc_offset_s)
        self._dragged_from: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        plot, at = self._plot(), event.position()
        if self._interactive and self._dragged_from is not None:
            self._window.pan((self._dragged_from - at.x()) / plot.width())
            self._dragged_from = at.x()
            self._announce_window()
        self._point_at(at.x() if plot.contains(at) else None)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged_from = event.position().x()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        if event.button() != Qt.MouseButton.LeftButton:
            return
        mark = self._mark_near(event.position())
        if mark:
            self.mark_was_opened.emit(mark)
        elif not self._interactive:
            self.was_opened.emit()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._interactive:
            self._release()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self._interactive:
            event.ignore()
            return
        plot = self._plot()
        share = min(1.0, max(0.0, (event.position().x() - plot.left()) / plot.width()))
        self._window.zoom(0.8 ** (event.angleDelta().y() / 120.0), share)
        self._announce_window()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() in _SIDEWAYS:
            self._walk_marks(is_back=event.key() == Qt.Key.Key_Left)
        elif not (self._interactive and self._steer(event.key())):
            super().keyPressEvent(event)

    def _open(self) -> None:
        """Open the alarm whose mark the crosshair is on, else the chart."""
        marks = self.marks_near(self._cursor_x) if self._cursor_x is not None else []
        if marks:
            self.mark_was_opened.emit(marks[0].key)
        else:
            self.was_opened.emit()

    def _walk_marks(self, *, is_back: bool) -> None:
        """Put the crosshair on the mark on screen before or after it."""
        if self._frame is None:
            return
        at = self._cursor_x if self._cursor_x is not None else float("inf") if is_back else float("-inf")
        places = sorted({x for _, x in self._mark_places(self._frame) if (x < at - 0.5 if is_back else x > at + 0.5)})
        if places:
            self._point_at(places[-1] if is_back else places[0])

    def _steer(self, key: int) -> bool:
        match key:
            case Qt.Key.Key_Left:
                self._window.pan(-0.1)
            case Qt.Key.Key_Right:
                self._window.pan(0.1)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._window.zoom(0.8, 0.5)
            case Qt.Key.Key_Minus:
                self._window.zoom(1.25, 0.5)
            case Qt.Key.Key_Home:
                self._release()
                return True
            case _:
                return False
        self._announce_window()
        return True

    def _release(self) -> None:
        self._window.release()
        self.follow_was_asked.emit()
        self.update()

    def _announce_window(self) -> None:
        self.window_was_asked.emit(self._window.t0_ns, self._window.t1_ns)
        self.update()

    def _point_at(self, x: float | None) -> None:
        if x == self._cursor_x:
            return
        self._cursor_x = x
        plot = self._plot()
        self.time_is_hovered.emit(None if x is None else self._window.time_at((x - plot.left()) / plot.width()))
        self.update()

    def _mark_near(self, at: QPointF) -> str:
        if self._frame is None or abs(at.y() - self._frame.plot.bottom()) > MARK_REACH_PX:
            return ""
        places = [(abs(x - at.x()), key) for key, x in self._mark_places(self._frame)]
        distance, key = min(places, default=(float("inf"), ""))
        return key if distance <= MARK_REACH_PX else ""
