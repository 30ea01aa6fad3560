"""The card beside what the mouse or the keyboard points at: name, facts, and the line of its vital's last half hour."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from typing_extensions import override

from chengyun_console.maps.item_words import ItemTold, texts_of
from chengyun_resources.theme.tokens import RADIUS_PX, SEVERITY_TEXT, SPACE_PX, Colour, Severity, TypeSize
from chengyun_widgets.lettering import RIGHT, text_width, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.shapes import mark_rect, paint_mark
from chengyun_widgets.sparkline import paint_sparkline
from chengyun_widgets.theme import Theme

WIDTH_PX = 320
_LINE_PX, _HEAD_PX, _SPARK_PX, _LABEL_PX = 20, 30, 44, 64
NO_VALUES = np.zeros(0)


class HoverCard(Painted):
    """A function of what is told and of the values; it takes no mouse and no keyboard."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.told: ItemTold | None = None
        self._values: npt.NDArray[np.float64] = NO_VALUES
        self._way = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_item(self, told: ItemTold, values: npt.NDArray[np.float64], way: str) -> None:
        """Show an item; `values` float64[n], oldest first; `way`: what Enter does, in words."""
        if told == self.told and np.array_equal(values, self._values, equal_nan=True) and way == self._way:
            return
        self.told, self._values, self._way = told, values, way
        self.setAccessibleName(told.title)
        self.setAccessibleDescription("\n".join(texts_of(told)))
        self.setFixedSize(self.sizeHint())
        self.update()

    @override
    def sizeHint(self) -> QSize:
        if self.told is None:
            return QSize(WIDTH_PX, _HEAD_PX)
        rows = len(self.told.lines) + bool(self._way)
        spark = _SPARK_PX if self._values.size else 0
        return QSize(WIDTH_PX, _HEAD_PX + rows * _LINE_PX + spark + SPACE_PX * 2)

    @override
    def paint(self, painter: QPainter) -> None:
        told, theme = self.told, self.theme
        if told is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(Colour.OUTLINE), 1.0))
        painter.setBrush(theme.colour(Colour.RAISED))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
        inside = QRectF(self.rect()).adjusted(SPACE_PX * 3, 0, -SPACE_PX * 3, 0)
        self._paint_head(painter, told, inside)
        top = float(_HEAD_PX)
        for label, text in told.lines:
            row = QRectF(inside.left(), top, inside.width(), _LINE_PX)
            small = theme.font(TypeSize.SMALL)
            write(painter, row, label, small, theme.colour(Colour.TEXT_SECOND))
            room = row.adjusted(max(_LABEL_PX, text_width(small, label) + SPACE_PX * 2), 0, 0, 0)
            write(painter, room, text, theme.font(TypeSize.BODY), theme.colour(Colour.TEXT))
            top += _LINE_PX
        if self._values.size:
            ink = Colour.TRACE if told.severity is Severity.NONE else SEVERITY_TEXT[told.severity]
            paint_sparkline(
                painter, QRectF(inside.left(), top + 4, inside.width(), _SPARK_PX - 8), self._values, theme.colour(ink)
            )
            top += _SPARK_PX
        if self._way:
            row = QRectF(inside.left(), top, inside.width(), _LINE_PX)
            write(painter, row, self._way, theme.font(TypeSize.SMALL), theme.colour(Colour.TEXT_THIRD))

    def _paint_head(self, painter: QPainter, told: ItemTold, inside: QRectF) -> None:
        theme = self.theme
        row = QRectF(inside.left(), 0, inside.width(), _HEAD_PX)
        if told.severity is not Severity.NONE:
            paint_mark(painter, theme, mark_rect(row.left(), row.center().y()), told.severity)
            row.adjust(SPACE_PX * 5, 0, 0, 0)
        small = theme.font(TypeSize.SMALL)
        ink = theme.colour(SEVERITY_TEXT[told.severity] if told.severity else Colour.TEXT_SECOND)
        width = write(painter, row, told.kind, small, ink, RIGHT)
        title = row.adjusted(0, 0, -width - SPACE_PX * 2, 0)
        write(painter, title, told.title, theme.font(TypeSize.LEAD, bold=True), theme.colour(Colour.TEXT))
