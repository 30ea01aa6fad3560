"""What the heat grid says besides colour: shapes in cells, names in wide ones, counts beside a group's title."""

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter

from chengyun_resources.theme.tokens import SPACE_PX, Colour, Severity, TypeSize
from chengyun_widgets.lettering import elided, text_width, write
from chengyun_widgets.shapes import mark_path, mark_rect, paint_mark
from chengyun_widgets.theme import Theme

NAMED_PX = 40
"""From this width on a cell has room for a name: two characters say more than none."""
MOST_NAMED = 300
_MARK_PX = 9
_SMALL_CELL_PX = 16


def paint_shape(painter: QPainter, theme: Theme, cell: QRectF, severity: int) -> None:
    """Put a severity's shape into the middle of its cell: colour is never alone where there is room."""
    side = min(cell.width(), cell.height())
    # In a small cell the shape takes more of it, or it would be a dot.
    side *= 0.6 if side < _SMALL_CELL_PX else 0.42
    corner = QPointF(cell.center().x() - side / 2, cell.center().y() - side / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_legible(theme, theme.fill(Severity(severity))))
    painter.drawPath(mark_path(severity, QRectF(corner, QSizeF(side, side))))
    painter.restore()


def paint_name(painter: QPainter, theme: Theme, cell: QRectF, name: str, severity: int, *, is_dim: bool) -> None:
    """Write a vital's name into its cell, behind the shape of its severity. Dim: not what is searched for."""
    filled = theme.fill(Severity(severity)) if severity and not is_dim else None
    ink = theme.colour(Colour.FIGURE) if filled is None else _legible(theme, filled)
    font, room = theme.font(TypeSize.SMALL), cell.adjusted(SPACE_PX, 0, -SPACE_PX / 2, 0)
    if severity:
        paint_mark(painter, theme, mark_rect(room.x(), cell.center().y(), _MARK_PX), severity, colour=ink)
        room.setLeft(room.x() + _MARK_PX + SPACE_PX / 2)
    # Shortened here: the whole name, with the value, is in the tip every cell has.
    write(painter, room, elided(font, name, room.width()), font, ink)


def _legible(theme: Theme, ground: QColor) -> QColor:
    """Return the ink that stands out most from a severity's colour: white on the yellow of day would not be read."""
    inks = theme.colour(Colour.ON_SEVERITY), theme.colour(Colour.TEXT)
    return max(inks, key=lambda ink: _contrast(ink.rgb(), ground.rgb()))


@lru_cache(maxsize=64)
def _contrast(one: int, other: int) -> float:
    """Return the contrast of two colours 0xAARRGGBB, 1 … 21 (WCAG 2.1); asked for every cell, worked out once."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(rgb: int) -> float:
    shares = ((rgb >> shift & 0xFF) / 255 for shift in (16, 8, 0))
    parts = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def paint_counts(painter: QPainter, theme: Theme, room: QRectF, counts: Sequence[int]) -> None:
    """Write how many of a group are in each severity, the gravest first, as many as fit: `counts` by severity."""
    font, x = theme.font(TypeSize.SMALL), room.x() + SPACE_PX * 2
    for severity in range(len(counts) - 1, 0, -1):
        text = str(counts[severity])
        if not counts[severity] or x + _MARK_PX + SPACE_PX + text_width(font, text) > room.right():
            continue
        paint_mark(painter, theme, mark_rect(x, room.center().y(), _MARK_PX), severity)
        x += _MARK_PX + SPACE_PX
        x += write(painter, QRectF(x, room.y(), room.right() - x, room.height()), text, font,
                   theme.colour(Colour.TEXT_SECOND)) + SPACE_PX * 2  # fmt: skip
