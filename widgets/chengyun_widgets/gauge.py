"""A small horizontal meter with its marks and its words: how full, and from where on it is too much."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import text_width, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.plain_tip import plain_tip
from chengyun_widgets.theme import Theme

_BAR_PX = 60
_BAR_HIGH_PX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeRecord:
    """`share` is 0..1 of the bar, `marks` are places on it; `is_over`: loud, without borrowing a legal colour."""

    text: str
    share: float
    marks: tuple[float, ...] = ()
    is_over: bool = False
    tip: str = ""


class Gauge(Painted):
    """A function of its record."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.record = GaugeRecord(text="", share=0.0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def show_record(self, record: GaugeRecord) -> None:
        """Show a record; the same one costs nothing."""
        if record == self.record:
            return
        self.record = record
        self.setAccessibleName(record.text)
        self.setToolTip(plain_tip(record.tip))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        font = self.theme.font(TypeSize.SMALL, bold=self.record.is_over)
        return QSize(round(text_width(font, self.record.text) + _BAR_PX + SPACE_PX * 4), 20)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paint(self, painter: QPainter) -> None:
        theme, record = self.theme, self.record
        rect = QRectF(self.rect())
        if record.is_over:
            painter.fillRect(rect.adjusted(0, 2, 0, -2), theme.colour(Colour.TROUBLE))
        ink = theme.colour(Colour.TROUBLE_TEXT if record.is_over else Colour.TEXT_SECOND)
        font = theme.font(TypeSize.SMALL, bold=record.is_over)
        taken = write(painter, rect.adjusted(SPACE_PX, 0, 0, 0), record.text, font, ink)
        bar = QRectF(SPACE_PX * 3 + taken, rect.center().y() - _BAR_HIGH_PX / 2, _BAR_PX, _BAR_HIGH_PX)
        painter.fillRect(bar, theme.colour(Colour.OUTLINE if record.is_over else Colour.CELL))
        painter.fillRect(QRectF(bar.x(), bar.y(), bar.width() * min(1.0, max(0.0, record.share)), bar.height()), ink)
        over = theme.colour(Colour.TROUBLE if record.is_over else Colour.TEXT_THIRD)
        for mark in record.marks:
            painter.fillRect(QRectF(bar.x() + bar.width() * mark, bar.y() - 2, 1, bar.height() + 4), over)
