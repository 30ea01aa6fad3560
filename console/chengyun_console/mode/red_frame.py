"""The red frame around the whole window while 急时 holds at this seat; the word stands in the top bar's badge."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.theme import Theme

FRAME_PX = 3


class RedFrame(QWidget):
    """Occupies its own border only: what lies inside is neither covered nor painted anew because of it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        parent.installEventFilter(self)
        self._fit(parent.rect())
        self.hide()

    def show_emergency(self, *, is_emergency: bool) -> None:
        """Stand or go."""
        if is_emergency == self.isHidden():
            self.setVisible(is_emergency)
            self.raise_()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self._fit(watched.rect())
        if event.type() in (QEvent.Type.ChildAdded, QEvent.Type.Show) and self.isVisible():
            self.raise_()
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour(Colour.MODE_EMERGENCY))
        painter.end()

    def _fit(self, whole: QRect) -> None:
        self.setGeometry(whole)
        inside = whole.adjusted(FRAME_PX, FRAME_PX, -FRAME_PX, -FRAME_PX)
        self.setMask(QRegion(whole).subtracted(QRegion(inside)))
