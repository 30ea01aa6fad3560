"""The base of widgets that paint themselves: theme, focus ring, counted paints, keys that act like a click."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, Colour
from chengyun_widgets.theme import Theme

_ACTIVATING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Painted(QWidget):
    """Subclasses implement `paint`. `paint_count` counts real paints, for benchmarks and tests."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.paint_count = 0
        self.dirty_rect = QRectF()

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

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self.paint_count += 1
        self.dirty_rect = QRectF(event.rect())
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
