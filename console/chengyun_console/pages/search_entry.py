"""The field that stands on the cockpit for «一键查»: a click or a letter opens the search over every page."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import write, write_run
from chengyun_widgets.painted import Painted, is_activating

ENTRY_PX = 72
_TITLE_PX = 28


class SearchEntry(Painted):
    """Looks like the field it opens; keeps no text of its own."""

    was_entered = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme)
        self._title = desk.say("console.search.title")
        self._key = desk.say("console.search.key")
        self._hint = desk.say("console.search.hint")
        self.setFixedHeight(ENTRY_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setAccessibleName(self._title)

    def set_compact(self, *, compact: bool) -> None:
        """On a low screen only the field is shown."""
        self.setFixedHeight(ENTRY_PX - _TITLE_PX if compact else ENTRY_PX)

    @override
    def paint(self, painter: QPainter) -> None:
        theme = self.theme
        painter.fillRect(QRect(0, 0, self.width(), 1), theme.colour(Colour.LINE))
        head = QRectF(SPACE_PX * 3, 2, self.width() - SPACE_PX * 6, _TITLE_PX)
        body, small = theme.font(TypeSize.BODY), theme.font(TypeSize.SMALL)
        title = (self._title, body, theme.colour(Colour.TEXT))
        key = (self._key, small, theme.colour(Colour.TEXT_THIRD))
        if self.height() == ENTRY_PX:
            write_run(painter, head.x(), head, [title, key], SPACE_PX * 3)
        field = QRectF(SPACE_PX * 3 + 0.5, self.height() - 41.5, self.width() - SPACE_PX * 6 - 1, 32)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour(Colour.OUTLINE))
        painter.setBrush(theme.colour(Colour.SUNKEN))
        painter.drawRoundedRect(field, RADIUS_PX, RADIUS_PX)
        write(painter, field.adjusted(SPACE_PX * 3, 0, 0, 0), self._hint, body, theme.colour(Colour.TEXT_THIRD))

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, ENTRY_PX)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.was_entered.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_activating(event):
            self.was_entered.emit()
        else:
            super().keyPressEvent(event)
