"""Paints the rows of a column table in sight, straight from the columns: no index is made and no role is asked for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen, QRegion

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.column_model import Column, ColumnKind
from chengyun_widgets.lettering import LEFT, RIGHT, text_width, write
from chengyun_widgets.line_style import CHIP_PX, paint_chip
from chengyun_widgets.shapes import mark_rect, paint_mark

if TYPE_CHECKING:
    from chengyun_widgets.column_table import ColumnTable

MARK_ROOM_PX = 12 + SPACE_PX * 2
_MARK_PX = 12
_PAD_PX = SPACE_PX * 2


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a column stands in the viewport, px."""

    column: Column
    x: int
    width: int


class ColumnPainting:
    """A view that paints itself: Qt's own asks model and delegate a dozen times for each cell of each frame."""

    def __init__(self, view: "ColumnTable") -> None:
        self._view = view
        self._stale: NDArray[np.bool_] = np.zeros(0, np.bool_)
        """Which of the rows in sight were written as late ones."""

    def changed(self) -> QRegion:
        """Return what values that changed in place can have changed: the live columns, or all when a row went late."""
        view, whole = self._view, self._view.viewport().rect()
        data = view.rows.data_columns
        if not np.array_equal(self._stale, data.is_stale[view.visible_rows()]):
            return QRegion(whole)
        live = (place for place in self._places(QRegion(whole)) if place.column.key not in data.still)
        region = QRegion()
        for place in live:
            region += QRect(place.x, 0, place.width, whole.height())
        return region

    def paint(self, painter: QPainter, region: QRegion) -> None:
        """Paint the rows within a region, in the viewport's coordinates."""
        view, places, dirty = self._view, self._places(region), region.boundingRect()
        self._stale = view.rows.data_columns.is_stale[view.visible_rows()]
        first, last = view.rowAt(dirty.top()), view.rowAt(dirty.bottom())
        if first < 0 or not places:
            return
        left, end = view.columnViewportPosition(0), len(view.rows.columns) - 1
        right = view.columnViewportPosition(end) + view.columnWidth(end)
        chosen = next((index.row() for index in view.selectionModel().selectedRows()), -1)
        # One more above: the line under a row lies on the first pixel of the next.
        for place in range(max(0, first - 1), (len(view.rows.order) if last < 0 else last + 1)):
            row, y, high = int(view.rows.order[place]), view.rowViewportPosition(place), view.rowHeight(place)
            self._paint_ground(painter, QRectF(left, y, right - left, high), is_chosen=place == chosen)
            self._paint_chip(painter, places[0], y, high, row)
            for at in places:
                self._write(painter, QRectF(at.x + _PAD_PX, y, at.width - 2 * _PAD_PX, high), row, at.column)

    def _places(self, region: QRegion) -> list[_Place]:
        """Return the columns that a region touches."""
        view, height = self._view, self._view.viewport().height()
        places = [
            _Place(column, view.columnViewportPosition(at), view.columnWidth(at))
            for at, column in enumerate(view.rows.columns)
        ]
        return [place for place in places if region.intersects(QRect(place.x, 0, place.width, height))]

    def _paint_ground(self, painter: QPainter, rect: QRectF, *, is_chosen: bool) -> None:
        theme = self._view.theme
        if is_chosen:
            painter.fillRect(rect, theme.colour(Colour.ACCENT_WASH))
            painter.fillRect(QRectF(rect.x(), rect.y(), 3, rect.height()), theme.colour(Colour.ACCENT))
        painter.fillRect(QRectF(rect.x(), rect.bottom(), rect.width(), 1), theme.colour(Colour.LINE))
        if is_chosen and self._view.hasFocus():
            # Where the keyboard is: two lines along the whole row, for a ring around one cell would mean that cell.
            for y in (rect.y(), rect.bottom() - 1):
                painter.fillRect(QRectF(rect.x(), y, rect.width(), 2), theme.colour(Colour.ACCENT))

    def _paint_chip(self, painter: QPainter, at: _Place, y: float, high: float, row: int) -> None:
        mark = self._view.marks.get(row)
        if mark is not None and at.column is self._view.rows.columns[0]:
            chip = QRectF(at.x + at.width - CHIP_PX - SPACE_PX, y, CHIP_PX, high)
            paint_chip(painter, self._view.theme, chip, mark)

    def _write(self, painter: QPainter, rect: QRectF, row: int, column: Column) -> None:
        theme, data = self._view.theme, self._view.rows.data_columns
        severity, is_stale = int(data.severity[row]), bool(data.is_stale[row])
        text, font = self._view.rows.text(row, column), theme.font(TypeSize.BODY)
        ink = theme.colour(Colour.TEXT_THIRD if is_stale else Colour.TEXT)
        match column.kind:
            case ColumnKind.MARK:
                if severity or is_stale:
                    place = mark_rect(rect.x(), rect.center().y(), _MARK_PX)
                    paint_mark(painter, theme, place, severity, stale=is_stale)
                rect = rect.adjusted(MARK_ROOM_PX, 0, 0, 0)
                ink = theme.colour(Colour.TEXT_THIRD) if is_stale else theme.ink(severity)
            case ColumnKind.NUMBER if is_stale:
                self._write_stale(painter, rect, text, data.ages(row))
                return
            case ColumnKind.NUMBER:
                ink = theme.ink(severity) if severity else ink
        write(painter, rect, text, font, ink, RIGHT if column.is_right else LEFT)

    def _write_stale(self, painter: QPainter, rect: QRectF, text: str, age: str) -> None:
        """Write a late figure hollow, its age to its left."""
        theme = self._view.theme
        font, second = theme.font(TypeSize.TITLE, bold=True), theme.colour(Colour.TEXT_SECOND)
        width = text_width(font, text)
        path = QPainterPath()
        path.addText(QPointF(rect.right() - width, rect.center().y() + 6), font, text)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.strokePath(path, QPen(second, 0.8))
        painter.restore()
        write(painter, rect.adjusted(0, 0, -width - SPACE_PX * 2, 0), age, theme.font(TypeSize.SMALL), second, RIGHT)
