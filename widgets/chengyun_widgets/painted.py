"""The base of widgets that paint themselves: theme, focus ring, counted paints, keys that act like a click."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, Colour
from chengyun_widgets.plain_tip import plain_tip
from chengyun_widgets.theme import Theme

_MOST_CUT = 256
_ACTIVATING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Painted(QWidget):
    """Subclasses implement `paint`. `paint_count` counts real paints, for benchmarks and tests."""

    magnification = 1.0
    """How much larger it is shown than it is laid out (a wall): pictures it keeps are made as fine as that."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.paint_count = 0
        self.dirty_rect = QRectF()
        self._cut: dict[tuple[int, int], tuple[QRectF, str]] = {}

    @override
    def devicePixelRatioF(self) -> float:
        return super().devicePixelRatioF() * self.magnification

    def set_theme(self, theme: Theme) -> None:
        """Change to another theme at once."""
        self.theme = theme
        self.theme_did_change()
        self.update()

    def theme_did_change(self) -> None:
        """Drop whatever was cached in the old colours. Subclasses with caches override this."""

    def paint(self, painter: QPainter) -> None:
        """Paint the widget; the painter is begun and ended by the caller. `dirty_rect` is what has to be painted."""
        raise NotImplementedError

    def focus_rect(self) -> QRectF:
        """Return where the focus ring goes: the whole widget, or the part of it the arrow keys have reached."""
        return QRectF(self.rect())

    def text_was_cut(self, rect: QRectF, text: str) -> None:
        """Take note of a text that got an ellipsis: the mouse resting on it shows the whole. Told by `lettering`."""
        if len(self._cut) >= _MOST_CUT:
            self._cut.clear()
        self._cut[round(rect.x()), round(rect.y())] = rect, text

    def cut_text_at(self, at: QPointF) -> str:
        """Return the whole of the text that was cut at a point, nothing when none was."""
        return next((text for rect, text in self._cut.values() if rect.contains(at)), "")

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip and not self.toolTip():
            text = self.cut_text_at(QPointF(event.pos()))
            if text:
                QToolTip.showText(event.globalPos(), plain_tip(text), self)
                return True
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self.paint_count += 1
        self.dirty_rect = QRectF(event.rect())
        if event.rect() == self.rect():
            self._cut.clear()
        painter = QPainter(self)
        try:
            self.paint(painter)
            if self.hasFocus():
                paint_focus_ring(painter, self.theme, self.focus_rect())
        finally:
            painter.end()


def paint_focus_ring(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    """Paint the teal ring that shows where the keyboard is, inside `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour(Colour.ACCENT), 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS_PX, RADIUS_PX)
    painter.restore()


def is_activating(event: QKeyEvent) -> bool:
    """Return whether a key press means the same as a click (Enter, Space)."""
    return event.key() in _ACTIVATING_KEYS and not event.isAutoRepeat()
