"""The search line: a hint of what may be typed, the key that reaches it, arrows for the list below it."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.composing_line import ComposingLine
from chengyun_widgets.lettering import RIGHT, write
from chengyun_widgets.theme import Theme

_HEIGHT_PX = 36
_LONGEST = 200


class SearchField(ComposingLine):
    """A line edit; Enter submits, Esc clears and then leaves, Up and Down are passed on to the results."""

    search_did_change = Signal(str)
    """The text as it is now, without blanks at its ends."""
    was_submitted = Signal(str)
    """Enter was pressed on this text."""
    was_left = Signal()
    """Esc on an empty line."""
    row_was_asked = Signal(int)
    """+1 for Down, -1 for Up."""

    def __init__(self, theme: Theme, hint: str = "", key_hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._key_hint = key_hint
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setMaxLength(_LONGEST)
        self.setFixedHeight(_HEIGHT_PX)
        self.setFont(theme.font(TypeSize.LEAD))
        self.textChanged.connect(lambda text: self.search_did_change.emit(text.strip()))

    def set_theme(self, theme: Theme) -> None:
        """Change to another theme at once."""
        self.theme = theme
        self.update()

    @override
    def key_was_pressed(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.was_submitted.emit(self.text().strip())
            case Qt.Key.Key_Down:
                self.row_was_asked.emit(1)
            case Qt.Key.Key_Up:
                self.row_was_asked.emit(-1)
            case Qt.Key.Key_Escape if self.text():
                self.clear()
            case Qt.Key.Key_Escape:
                self.was_left.emit()
            case _:
                super().key_was_pressed(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._key_hint and not self.text():
            painter = QPainter(self)
            rect = QRectF(self.rect()).adjusted(0, 0, -SPACE_PX * 3, 0)
            third = self.theme.colour(Colour.TEXT_THIRD)
            write(painter, rect, self._key_hint, self.theme.font(TypeSize.SMALL), third, RIGHT)
            painter.end()
