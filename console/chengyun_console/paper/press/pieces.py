"""The pieces a page is set from: headings, heads and rows of tables. Each knows its height; a page takes what fits."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from chengyun_console.paper.printed import PrintedRow, PrintedTable
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import LEFT, RIGHT, text_width, write
from chengyun_widgets.shapes import mark_rect, paint_mark
from chengyun_widgets.theme import Theme

ROW_PX = 20.0
_LINE_PX = 17.0
_PAD_PX = SPACE_PX * 1.5
_MARK_PX = 18.0
_INDENT_PX = 12.0
_FIRM_PX = 96.0
"""A time, a figure, a band: up to this width a column never gives way."""
_MEASURED_ROWS = 300
MOST_LINES = 12
"""Longer cells are cut with an ellipsis; the CSV has them whole."""
_WRAPPED = (
    Qt.AlignmentFlag.AlignLeft.value
    | Qt.AlignmentFlag.AlignTop.value
    | Qt.TextFlag.TextWrapAnywhere.value
    | Qt.TextFlag.TextWordWrap.value
)


class Piece(Protocol):
    """Something with a height in px."""

    @property
    def height(self) -> float:
        """Height on the page."""

    @property
    def keeps_next(self) -> bool:
        """Whether the next piece must stand on the same page."""

    @property
    def repeated(self) -> "Piece | None":
        """What stands first again when a page begins with this piece."""

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Paint it."""


class Heading:
    """The title of a block."""

    height, keeps_next, repeated = 30.0, True, None

    def __init__(self, theme: Theme, text: str) -> None:
        self._theme, self._text = theme, text

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Paint the title."""
        font = self._theme.font(TypeSize.LEAD, bold=True)
        write(painter, rect.adjusted(0, 6, 0, 0), self._text, font, self._theme.colour(Colour.TEXT))


class Notice:
    """A sentence in place of a block that has nothing to show."""

    height, keeps_next, repeated = 40.0, False, None

    def __init__(self, theme: Theme, text: str) -> None:
        self._theme, self._text = theme, text

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Paint the sentence."""
        write(painter, rect, self._text, self._theme.font(TypeSize.BODY), self._theme.colour(Colour.TEXT_SECOND))


class Setting:
    """How a table is set: which columns, how wide. Shared by its pieces."""

    def __init__(self, theme: Theme, table: PrintedTable, width: float) -> None:
        self.theme, self.table = theme, table
        self.places = [at for at, column in enumerate(table.columns) if not column.only_csv]
        self.left = _MARK_PX if table.has_marks else 0.0
        self.font = theme.font(TypeSize.SMALL)
        self.bold = theme.font(TypeSize.SMALL, bold=True)
        self.widths = self._widths(width - self.left)

    def cells(self, rect: QRectF) -> Iterator[tuple[int, QRectF]]:
        """Yield each printed column's place in the row and its rectangle."""
        x = rect.left() + self.left
        for at, width in zip(self.places, self.widths, strict=True):
            yield at, QRectF(x, rect.top(), width - _PAD_PX * 2, rect.height())
            x += width

    def _widths(self, room: float) -> list[float]:
        """Return the columns' widths: what their texts need; long texts give way, and room left over is shared."""
        needed = [self._needed(at) for at in self.places]
        spare = room - sum(needed)
        if spare >= 0:
            weights = [self.table.columns[at].width for at in self.places]
            return [need + spare * weight / (sum(weights) or 1) for need, weight in zip(needed, weights, strict=True)]
        firm = [min(need, _FIRM_PX) for need in needed]
        soft = [need - least for need, least in zip(needed, firm, strict=True)]
        share = max(0.0, room - sum(firm)) / (sum(soft) or 1)
        scale = min(1.0, room / (sum(firm) or 1))
        return [least * scale + more * share for least, more in zip(firm, soft, strict=True)]

    def _needed(self, at: int) -> float:
        rows = islice(self.table.rows, _MEASURED_ROWS)
        texts = (self.table.columns[at].title, *(row.cells[at] for row in rows))
        return max(text_width(self.bold, text) for text in texts) + _PAD_PX * 2 + 1


class TableTop:
    """The head of a table; it stands again on each page."""

    height, keeps_next, repeated = 24.0, True, None

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Paint the titles of the columns."""
        theme = self._setting.theme
        for at, cell in self._setting.cells(rect):
            column = self._setting.table.columns[at]
            ink = theme.colour(Colour.TEXT_SECOND)
            write(painter, cell, column.title, self._setting.bold, ink, RIGHT if column.is_right else LEFT)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.colour(Colour.OUTLINE))


class TableRow:
    """One row, as high as its longest cell."""

    keeps_next = False

    def __init__(self, setting: Setting, top: TableTop, row: PrintedRow) -> None:
        self._setting, self._row = setting, row
        self.repeated: Piece | None = top
        self.height = self._tall()

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Paint the cells."""
        setting, row = self._setting, self._row
        theme = setting.theme
        if row.is_heading:
            painter.fillRect(rect, theme.colour(Colour.RAISED))
        if setting.table.has_marks and (row.severity or row.is_stale):
            square = mark_rect(rect.left() + 2, rect.top() + ROW_PX / 2, 11)
            paint_mark(painter, theme, square, row.severity, stale=row.is_stale)
        for place, (at, cell) in enumerate(setting.cells(rect)):
            self._paint_cell(painter, at, self._indented(cell, place))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 0.5, rect.width(), 0.5), theme.colour(Colour.LINE))

    def _paint_cell(self, painter: QPainter, at: int, cell: QRectF) -> None:
        setting, text = self._setting, self._row.cells[at]
        ink = setting.theme.colour(Colour.TEXT_THIRD if self._row.is_stale else Colour.TEXT)
        right = setting.table.columns[at].is_right
        if text_width(self._font(), text) <= cell.width() and "\n" not in text:
            line = QRectF(cell.left(), cell.top(), cell.width(), ROW_PX)
            write(painter, line, text, self._font(), ink, RIGHT if right else LEFT)
            return
        painter.setFont(self._font())
        painter.setPen(ink)
        painter.drawText(cell.adjusted(0, 2, 0, 0), _WRAPPED, text)

    def _tall(self) -> float:
        setting, font = self._setting, self._font()
        tallest = ROW_PX
        for place, (at, cell) in enumerate(setting.cells(QRectF(0, 0, 100, ROW_PX))):
            text, room = self._row.cells[at], self._indented(cell, place).width()
            if text_width(font, text) > room or "\n" in text:
                tallest = max(tallest, _wrapped_height(font, text, room) + 4)
        return min(tallest, MOST_LINES * _LINE_PX)

    def _indented(self, cell: QRectF, place: int) -> QRectF:
        return cell.adjusted(self._row.depth * _INDENT_PX, 0, 0, 0) if place == 0 else cell

    def _font(self) -> QFont:
        return self._setting.bold if self._row.is_heading else self._setting.font


def table_pieces(theme: Theme, table: PrintedTable, width: float, nothing: str) -> Iterator[Piece]:
    """Yield the pieces of a table; `nothing` is said in place of one without rows."""
    if table.title:
        yield Heading(theme, table.title)
    rows: Sequence[PrintedRow] = tuple(table.rows)
    setting = Setting(theme, replace(table, rows=rows), width)
    if not rows:
        yield Notice(theme, nothing)
        return
    top = TableTop(setting)
    if any(column.title for column in table.columns):
        yield top
    for row in rows:
        yield TableRow(setting, top, row)


def _wrapped_height(font: QFont, text: str, width: float) -> float:
    return QFontMetricsF(font).boundingRect(QRectF(0, 0, max(20.0, width), 10_000), _WRAPPED, text).height()
