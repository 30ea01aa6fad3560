"""A drop-down box in the house's colours: flat, no gradient, a teal ring when it has the keyboard."""

from string import Template

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QComboBox
from typing_extensions import override

from chengyun_resources.theme.tokens import Colour, TypeSize
from chengyun_widgets.theme import Theme

_SHEET = Template(
    "QComboBox { background: $sunken; color: $text; border: 1px solid $outline; border-radius: 4px;"
    " padding: 0 8px; min-height: 28px; min-width: 120px; }"
    "QComboBox:focus { border: 2px solid $accent; padding: 0 7px; min-height: 26px; }"
    "QComboBox::drop-down { border: none; width: 24px; }"
    "QComboBox QAbstractItemView { background: $raised; color: $text; border: 1px solid $outline;"
    " selection-background-color: $accent_wash; selection-color: $text; outline: none; }"
    "QComboBox QAbstractItemView::item { min-height: 28px; }"
)


class ChoiceBox(QComboBox):
    """Filled by its owner with `addItem(text, key)`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setStyleSheet(_SHEET.substitute({str(token): theme.colour(token).name() for token in Colour}))
        self.setFont(theme.font(TypeSize.BODY))
        self._theme = theme

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        x, y = self.width() - 18.0, self.height() / 2.0
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour(Colour.TEXT_SECOND), 1.4))
        painter.drawPolyline(QPolygonF([QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)]))
        painter.end()
