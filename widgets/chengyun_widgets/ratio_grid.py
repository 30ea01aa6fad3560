"""Ratios side by side, each with what it is made of: a name, a share, numerator over denominator."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QResizeEvent
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import text_width, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme

_CELL_PX = 88
_ROW_PX = 42
_TITLE_PX = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioCell:
    """One ratio in words: `share` is empty where there is nothing to divide by. `is_new`: it is another one since."""

    name: str
    share: str
    made_of: str
    is_new: bool = False


class RatioGrid(Painted):
    """A function of title and cells; as high as its rows."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title, self.note = "", ""
        self.cells: tuple[RatioCell, ...] = ()
        self.setMinimumWidth(_CELL_PX * 2)

    def show_ratios(self, title: str, note: str, cells: tuple[RatioCell, ...]) -> None:
        """Show these; equal ones cost nothing."""
        if (title, note, cells) == (self.title, self.note, self.cells):
            return
        self.title, self.note, self.cells = title, note, cells
        self.setAccessibleName(title)
        self.setAccessibleDescription(
            "\n".join((note, *(f"{cell.name} {cell.share} {cell.made_of}" for cell in cells))).strip()
        )
        self._fit()
        self.update()

    def columns(self) -> int:
        """Return how many cells stand beside each other at this width."""
        return max(1, min(4, (self.width() - SPACE_PX * 6) // _CELL_PX))

    @override
    def sizeHint(self) -> QSize:
        return QSize(_CELL_PX * 4, self._height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def paint(self, painter: QPainter) -> None:
        theme = self.theme
        painter.fillRect(QRectF(0, 0, self.width(), 1), theme.colour(Colour.LINE))
        head = QRectF(SPACE_PX * 3, SPACE_PX, self.width() - SPACE_PX * 6, _TITLE_PX)
        bold = theme.font(TypeSize.BODY, bold=True)
        taken = write(painter, head, self.title, bold, theme.colour(Colour.TEXT))
        rest = head.adjusted(taken + SPACE_PX * 3, 0, 0, 0)
        write(painter, rest, self.note, theme.font(TypeSize.SMALL), theme.colour(Colour.TEXT_SECOND))
        count = self.columns()
        wide = (self.width() - SPACE_PX * 6) / count
        for at, cell in enumerate(self.cells):
            x, y = SPACE_PX * 3 + at % count * wide, SPACE_PX + _TITLE_PX + at // count * _ROW_PX
            self._paint_cell(painter, QRectF(x, y, wide, _ROW_PX), cell)

    def _paint_cell(self, painter: QPainter, rect: QRectF, cell: RatioCell) -> None:
        theme = self.theme
        if cell.is_new:
            painter.fillRect(rect.adjusted(-SPACE_PX, 1, -SPACE_PX, -1), theme.colour(Colour.ACCENT_WASH))
        small, figure = theme.font(TypeSize.SMALL), theme.font(TypeSize.LEAD, bold=True)
        second = theme.colour(Colour.FIGURE if cell.is_new else Colour.TEXT_SECOND)
        name = QRectF(rect.x(), rect.y() + 2, rect.width() - SPACE_PX * 2, 18)
        write(painter, name, cell.name, small, second)
        below = QRectF(rect.x(), rect.y() + 19, rect.width() - SPACE_PX * 2, 20)
        taken = write(painter, below, cell.share, figure, theme.colour(Colour.TEXT))
        if below.width() - taken >= text_width(small, cell.made_of) + SPACE_PX:
            write(painter, below.adjusted(taken + SPACE_PX, 0, 0, 0), cell.made_of, small, second)

    def _height(self) -> int:
        rows = -(-len(self.cells) // self.columns())
        return SPACE_PX * 3 + _TITLE_PX + rows * _ROW_PX

    def _fit(self) -> None:
        self.setFixedHeight(self._height())
