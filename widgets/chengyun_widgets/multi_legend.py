"""Writes what the lines of a chart are: the head of a single one, the legend of several with values at the cursor."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPen

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import LEFT, RIGHT, text_width, write
from chengyun_widgets.line_style import CHIP_PX, paint_chip
from chengyun_widgets.multi_layout import HEAD_PX, Layout
from chengyun_widgets.multi_record import MultiLine, MultiRecord
from chengyun_widgets.shapes import mark_rect, paint_mark
from chengyun_widgets.theme import Theme

_NUMBER_PX = 18
_MARK_PX = 12


def paint_head(painter: QPainter, theme: Theme, line: MultiLine, caption: str, width: float) -> None:
    """Write name, caption, value, unit and age of the only line. A late value is hollow, never taken for a live one."""
    second, lead = theme.colour(Colour.TEXT_SECOND), theme.font(TypeSize.LEAD)
    font, right = theme.font(TypeSize.FIGURE, bold=True), width - SPACE_PX * 3
    if line.unit:
        right -= write(painter, QRectF(0, 5, right, HEAD_PX - 8), line.unit, lead, second, RIGHT) + SPACE_PX
    taken = text_width(font, line.value)
    if line.is_stale:
        _write_hollow(painter, theme, line.value, font, QPointF(right - taken, HEAD_PX - 12))
        right -= taken + SPACE_PX * 2
        aged = QRectF(0, 5, right, HEAD_PX - 8)
        right -= write(painter, aged, line.age, theme.font(TypeSize.SMALL), second, RIGHT) + SPACE_PX * 2
    else:
        ink = theme.ink(line.severity) if line.severity else theme.colour(Colour.TRACE)
        write(painter, QRectF(0, 2, right, HEAD_PX - 6), line.value, font, ink, RIGHT)
        right -= taken + SPACE_PX * 2
    title = QRectF(SPACE_PX * 3, 4, right - SPACE_PX * 3, HEAD_PX - 8)
    x = title.left() + write(painter, title, line.name, lead, theme.colour(Colour.TEXT), LEFT) + SPACE_PX * 4
    room = QRectF(x, 5, title.right() - x, HEAD_PX - 8)
    write(painter, room, caption, theme.font(TypeSize.SMALL), second, LEFT)


def paint_legend(
    painter: QPainter, theme: Theme, record: MultiRecord, at: Layout, values: Sequence[str], notes: Sequence[str]
) -> None:
    """Write a row per line: its piece of line, number, name, value and a note on it: how old, or how good."""
    rows = -(-len(record.lines) // at.legend_columns)
    width = at.legend.width() / at.legend_columns
    for place, (line, value, note) in enumerate(zip(record.lines, values, notes, strict=True)):
        column, row = divmod(place, rows)
        left, top = at.legend.left() + column * width, at.legend.top() + row * at.row_px
        room = QRectF(left, top, width - SPACE_PX * 3, at.row_px)
        _paint_row(painter, theme, line, (value, line.unit if value else "", note), room)


def _paint_row(painter: QPainter, theme: Theme, line: MultiLine, parts: tuple[str, str, str], row: QRectF) -> None:
    font, second = theme.font(TypeSize.SMALL), theme.colour(Colour.TEXT_SECOND)
    paint_chip(painter, theme, QRectF(row.left(), row.top(), CHIP_PX, row.height()), line.style)
    x = row.left() + CHIP_PX + SPACE_PX
    write(painter, QRectF(x, row.top(), _NUMBER_PX, row.height()), line.number, font, second)
    x += _NUMBER_PX
    if line.severity or line.is_stale:
        paint_mark(painter, theme, mark_rect(x, row.center().y(), _MARK_PX), line.severity, stale=line.is_stale)
    x += _MARK_PX + SPACE_PX
    told = " ".join(part for part in parts if part)
    ink = second if line.is_stale or line.is_ghost else theme.ink(line.severity)
    taken = write(painter, QRectF(x, row.top(), row.right() - x, row.height()), told, font, ink, RIGHT)
    room = QRectF(x, row.top(), row.right() - x - taken - SPACE_PX * 2, row.height())
    write(painter, room, line.name, font, theme.colour(Colour.TEXT))


def _write_hollow(painter: QPainter, theme: Theme, text: str, font: QFont, baseline: QPointF) -> None:
    path = QPainterPath()
    path.addText(baseline, font, text)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(path, QPen(theme.colour(Colour.TEXT_SECOND), 1.0))
    painter.restore()
