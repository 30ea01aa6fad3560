"""Paints rows and cells of a ladder matrix: each standing by shape, word and ink; lateness never in a legal colour."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, Colour, TypeSize
from chengyun_widgets.ladder_record import CellMark, MatrixCell, MatrixRow
from chengyun_widgets.lettering import text_width, write
from chengyun_widgets.shapes import paint_tick
from chengyun_widgets.theme import Theme

ROW_PX = 44
HEADING_PX = 28
HEADER_PX = 26
MARK_PX = 12
_LINE_PX = 20
_PLATE_PX = 2

_INKS: dict[CellMark, Colour] = {
    CellMark.DONE: Colour.DONE,
    CellMark.FOR_HIM: Colour.DONE,
    CellMark.RUNNING: Colour.TEXT,
    CellMark.LATE: Colour.TROUBLE_TEXT,
}


def ink_of(mark: CellMark) -> Colour:
    """Return the ink of a standing's shape and time."""
    return _INKS.get(mark, Colour.TEXT_SECOND)


def second_ink(*, current: bool) -> Colour:
    """Return the ink of what is second: on the wash of the current row the usual one is too faint."""
    return Colour.FIGURE if current else Colour.TEXT_SECOND


def paint_header(painter: QPainter, theme: Theme, title: QRectF, columns: list[tuple[QRectF, str]]) -> None:
    """Write the names of the columns."""
    font, ink = theme.font(TypeSize.SMALL), theme.colour(Colour.TEXT_SECOND)
    write(painter, title.adjusted(SPACE_PX * 4, 0, -SPACE_PX, 0), columns[0][1], font, ink)
    for rect, text in columns[1:]:
        write(painter, rect.adjusted(SPACE_PX, 0, -SPACE_PX, 0), text, font, ink)


def paint_row(painter: QPainter, theme: Theme, rect: QRectF, row: MatrixRow, *, current: bool, focused: bool) -> None:
    """Paint the ground of a row, its edge, and what says that it is chosen or marked."""
    if current:
        painter.fillRect(rect, theme.colour(Colour.ACCENT_WASH))
        painter.fillRect(QRectF(rect.x(), rect.y(), 3, rect.height()), theme.colour(Colour.ACCENT))
    painter.fillRect(QRectF(rect.x(), rect.bottom() - 1, rect.width(), 1), theme.colour(Colour.LINE))
    if current and focused:
        for y in (rect.y(), rect.bottom() - 2):
            painter.fillRect(QRectF(rect.x(), y, rect.width(), 2), theme.colour(Colour.ACCENT))
    if row.is_marked:
        paint_tick(painter, theme, QRectF(rect.x() + 5, rect.y() + 14, MARK_PX, MARK_PX), Colour.ACCENT)


def paint_title(painter: QPainter, theme: Theme, rect: QRectF, row: MatrixRow, *, current: bool) -> None:
    """Write who it is: name and badge, and a note below; a heading in one line."""
    body = theme.font(TypeSize.BODY, bold=row.is_heading)
    second = theme.colour(second_ink(current=current))
    ink = second if row.is_struck else theme.colour(Colour.TEXT)
    left = rect.adjusted(SPACE_PX * (4 if row.is_heading else 5), 0, -SPACE_PX, 0)
    if row.is_heading:
        taken = write(painter, left, row.title, body, ink)
        note = left.adjusted(taken + SPACE_PX * 3, 0, 0, 0)
        write(painter, note, row.note, theme.font(TypeSize.SMALL), second)
        return
    line = QRectF(left.x(), rect.y() + 3, left.width(), _LINE_PX)
    small = theme.font(TypeSize.SMALL)
    badge_px = text_width(small, row.badge) + SPACE_PX * 3 if row.badge else 0.0
    name = QRectF(line.x(), line.y(), line.width() - badge_px, line.height())
    taken = write(painter, name, row.title, body, ink)
    if row.is_struck:
        painter.fillRect(QRectF(name.x(), name.center().y(), taken, 1), ink)
    if row.badge:
        _paint_badge(
            painter, theme, QRectF(name.x() + taken + SPACE_PX, line.y(), badge_px - SPACE_PX, _LINE_PX), row.badge
        )
    note = QRectF(left.x(), line.bottom(), left.width(), ROW_PX - _LINE_PX - 5)
    write(painter, note, row.note, small, second)


def paint_cell(painter: QPainter, theme: Theme, rect: QRectF, cell: MatrixCell, *, current: bool) -> None:
    """Paint one step: shape, time or clock, word below."""
    inner = rect.adjusted(SPACE_PX, 4, -SPACE_PX, -5)
    if cell.mark is CellMark.LATE:
        # The plate keeps clear of its neighbours' columns, and its words of the plate's own edges.
        inner = rect.adjusted(_PLATE_PX + SPACE_PX, 4, -_PLATE_PX - SPACE_PX, -5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Colour.TROUBLE))
        painter.drawRoundedRect(inner.adjusted(-SPACE_PX, 0, SPACE_PX, 0), RADIUS_PX, RADIUS_PX)
        painter.restore()
    ink = ink_of(cell.mark)
    mark = QRectF(inner.x(), inner.y() + 2, MARK_PX, MARK_PX)
    _paint_mark(painter, theme, mark, cell, ink)
    bold = cell.mark in (CellMark.RUNNING, CellMark.LATE)
    time = QRectF(mark.right() + 3, inner.y() - 2, inner.right() - mark.right() - 3, _LINE_PX)
    shown = ink if cell.mark in (CellMark.LATE, CellMark.RUNNING) else Colour.TEXT
    if cell.mark in (CellMark.AHEAD, CellMark.PASSED, CellMark.STANDING, CellMark.NONE):
        shown = second_ink(current=current)
    write(painter, time, cell.text, theme.font(TypeSize.SMALL, bold=bold), theme.colour(shown))
    word = QRectF(inner.x(), inner.y() + 17, inner.width(), inner.height() - 16)
    second = ink if cell.mark is CellMark.LATE else second_ink(current=current)
    write(painter, word, cell.word, theme.font(TypeSize.SMALL), theme.colour(second))


def _paint_badge(painter: QPainter, theme: Theme, rect: QRectF, text: str) -> None:
    painter.setPen(QPen(theme.colour(Colour.OUTLINE), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(0.5, 2.5, -0.5, -2.5), RADIUS_PX, RADIUS_PX)
    write(painter, rect.adjusted(SPACE_PX, 0, 0, 0), text, theme.font(TypeSize.SMALL), theme.colour(Colour.FIGURE))


def _paint_mark(painter: QPainter, theme: Theme, rect: QRectF, cell: MatrixCell, ink: Colour) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour(ink), 1.8))
    match cell.mark:
        case CellMark.DONE:
            paint_tick(painter, theme, rect, ink)
        case CellMark.FOR_HIM:
            paint_tick(painter, theme, rect.adjusted(0, 3, -3, 0), ink)
            for x in (rect.right() - 4, rect.right() - 1):
                painter.drawLine(QPointF(x, rect.top()), QPointF(x - 1, rect.top() + 4))
        case CellMark.PASSED:
            painter.drawLine(QPointF(rect.left() + 2, rect.center().y()), QPointF(rect.right() - 2, rect.center().y()))
        case CellMark.AHEAD:
            painter.setPen(QPen(theme.colour(Colour.OUTLINE), 1.4))
            painter.drawEllipse(rect.adjusted(1.5, 1.5, -1.5, -1.5))
        case CellMark.RUNNING:
            ring = rect.adjusted(1, 1, -1, -1)
            painter.setPen(QPen(theme.colour(Colour.OUTLINE), 1.8))
            painter.drawEllipse(ring)
            painter.setPen(QPen(theme.colour(ink), 1.8))
            painter.drawArc(ring, 90 * 16, -round(min(1.0, max(0.0, cell.share)) * 360 * 16))
        case CellMark.LATE:
            x = rect.center().x()
            painter.drawLine(QPointF(x, rect.top() + 1), QPointF(x, rect.top() + 7))
            painter.drawPoint(QPointF(x, rect.bottom() - 1.5))
        case CellMark.STANDING:
            for x in (rect.left() + 4, rect.right() - 4):
                painter.drawLine(QPointF(x, rect.top() + 2), QPointF(x, rect.bottom() - 2))
    painter.restore()
