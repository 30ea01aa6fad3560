"""The chart of several lines in an officer's hands: drag, wheel and keys scroll and zoom time; a crosshair for both."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_widgets.multi_painting import MultiPainting
from chengyun_widgets.theme import Theme
from chengyun_widgets.trend_record import MARK_REACH_PX

PAN_SHARE = 0.1
PAGE_SHARE = 0.9
STEP_SHARE = 0.005
_DRAG_PX = 3


class MultiTrend(MultiPainting):
    """Keys: Left/Right and PgUp/PgDn scroll, Home the oldest, End live, +/- zoom, Shift+Left/Right the crosshair,
    Ctrl+Left/Right the crosshair from alarm mark to alarm mark, Enter opens that mark's alarm, else the chart. Mouse:
    drag, wheel (with Shift: scroll), a double click for live, a click pins the crosshair or opens a mark's alarm."""

    was_opened = Signal()
    mark_was_opened = Signal(str)
    window_was_asked = Signal(object, object)
    """t0_ns, t1_ns the officer chose: fetch what is missing."""
    follow_was_asked = Signal()
    oldest_was_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, utc_offset_s: int = 28_800) -> None:
        super().__init__(theme, utc_offset_s, parent)
        self._pressed_x: float | None = None
        self._has_dragged = False
        self._is_pinned = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    @property
    def is_following(self) -> bool:
        """Whether the window moves with the newest sample."""
        return not self.window_shown.is_held

    def shown_window(self) -> tuple[int, int]:
        """Return the window on screen: t0_ns, t1_ns."""
        return self.window_shown.t0_ns, self.window_shown.t1_ns

    def set_window(self, t0_ns: int, t1_ns: int) -> None:
        """Say where the live window is; nothing moves while the officer holds another one."""
        if self.window_shown.follow(t0_ns, t1_ns):
            self.update()

    def hold(self, t0_ns: int, t1_ns: int) -> None:
        """Show a window of the past and hold it."""
        self.window_shown.hold(t0_ns, t1_ns)
        self._announce()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_x, self._has_dragged = event.position().x(), False

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        plot, x = self.layout_now().plot, event.position().x()
        if self._pressed_x is not None and (self._has_dragged or abs(x - self._pressed_x) >= _DRAG_PX):
            self._has_dragged = True
            self.window_shown.pan((self._pressed_x - x) / plot.width())
            self._pressed_x = x
            self._announce()
        elif not self._is_pinned:
            self._point_at(self._time_at(x) if plot.contains(event.position()) else None)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_drag, self._pressed_x = self._has_dragged, None
        if event.button() != Qt.MouseButton.LeftButton or was_drag:
            return
        mark = self._mark_near(event.position())
        if mark:
            self.mark_was_opened.emit(mark)
        elif self.layout_now().plot.contains(event.position()):
            self._is_pinned = not self._is_pinned
            self._point_at(self._time_at(event.position().x()))

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._release()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        if not self._is_pinned:
            self._point_at(None)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        plot, turns = self.layout_now().plot, event.angleDelta().y() / 120.0
        sideways = event.angleDelta().x() / 120.0
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier or sideways:
            self.window_shown.pan(-PAN_SHARE * (turns or sideways))
        else:
            share = min(1.0, max(0.0, (event.position().x() - plot.left()) / plot.width()))
            self.window_shown.zoom(0.8**turns, share)
        self._announce()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._walk(event.key()):
            return
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._walk_marks(event)
        elif not self._steer(event.key()):
            super().keyPressEvent(event)

    def _walk(self, key: int) -> bool:
        """Move the crosshair by key; it begins in the middle."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key))
        if step is None:
            return False
        window = self.window_shown
        now = self.cursor_ns if self.cursor_ns is not None else window.time_at(0.5)
        moved = now + int(step * window.span_ns * STEP_SHARE)
        self._is_pinned = True
        self._point_at(min(max(moved, window.t0_ns), window.t1_ns - 1))
        return True

    def _open(self) -> None:
        """Open the alarm whose mark the crosshair is on, else the chart."""
        marks = self.marks_near(self.cursor_ns) if self.cursor_ns is not None else []
        if marks:
            self.mark_was_opened.emit(marks[0].key)
        else:
            self.was_opened.emit()

    def _walk_marks(self, event: QKeyEvent) -> None:
        """Put the crosshair on the mark before or after it; the window goes there when it is not on screen."""
        if event.key() not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            super().keyPressEvent(event)
            return
        window, is_back = self.window_shown, event.key() == Qt.Key.Key_Left
        at = self.cursor_ns if self.cursor_ns is not None else window.t1_ns if is_back else window.t0_ns
        times = sorted({mark.time_ns for mark in self.record.marks})
        found = [time for time in times if (time < at if is_back else time > at)]
        if found:
            self._is_pinned = True
            self._show_time(found[-1] if is_back else found[0])

    def _show_time(self, time_ns: int) -> None:
        window = self.window_shown
        if not window.t0_ns <= time_ns < window.t1_ns:
            self.hold(time_ns - window.span_ns // 2, time_ns + window.span_ns - window.span_ns // 2)
        self._point_at(time_ns)

    def _steer(self, key: int) -> bool:
        match key:
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                self.window_shown.pan(-PAN_SHARE if key == Qt.Key.Key_Left else PAN_SHARE)
            case Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                self.window_shown.pan(-PAGE_SHARE if key == Qt.Key.Key_PageUp else PAGE_SHARE)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal | Qt.Key.Key_Minus:
                # At the live edge the edge stays: zooming must not lose the newest sample.
                share = 0.5 if self.window_shown.is_held else 1.0
                self.window_shown.zoom(1.25 if key == Qt.Key.Key_Minus else 0.8, share)
            case Qt.Key.Key_Home:
                self.oldest_was_asked.emit()
                return True
            case Qt.Key.Key_End:
                self._release()
                return True
            case _:
                return False
        self._announce()
        return True

    def drop_cursor(self) -> bool:
        """Take the crosshair away; return whether there was one (Esc)."""
        had, self._is_pinned = self._is_pinned, False
        self._point_at(None)
        return had

    def _release(self) -> None:
        self.window_shown.release()
        self.follow_was_asked.emit()
        self.update()

    def _announce(self) -> None:
        self.window_was_asked.emit(self.window_shown.t0_ns, self.window_shown.t1_ns)
        self.update()

    def _time_at(self, x: float) -> int:
        plot = self.layout_now().plot
        return self.window_shown.time_at((x - plot.left()) / plot.width())

    def _point_at(self, time_ns: int | None) -> None:
        if time_ns != self.cursor_ns:
            self.cursor_ns = time_ns
            if time_ns is not None and self.record.lines:
                told = zip(self.record.lines, self._values_told(), strict=True)
                values = (f"{line.number} {line.name} {value} {line.unit}" for line, value in told)
                self.setAccessibleDescription("\n".join((*self.told_at(time_ns), *values)))
            self.update()

    def _mark_near(self, at: QPointF) -> str:
        layout = self.layout_now()
        if abs(at.y() - layout.plot.bottom()) > MARK_REACH_PX:
            return ""
        places = [(abs(x - at.x()), key) for key, x in self.mark_places(layout)]
        distance, key = min(places, default=(float("inf"), ""))
        return key if distance <= MARK_REACH_PX else ""
