"""Marks, clusters and words of the map as small pictures, made once: a frame only puts them down."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPixmap

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, Colour, Opacity, Severity, TypeSize
from chengyun_widgets.lettering import LEFT, text_width, write
from chengyun_widgets.mapping.glyphs import paint_glyph
from chengyun_widgets.mapping.layers import Mark
from chengyun_widgets.shapes import mark_path, paint_mark
from chengyun_widgets.theme import Theme

_MOST = 1500
"""More than stands in any one view: about 12 MiB a map."""
MARK_PX = {
    Mark.DEVICE: 8, Mark.RISK_POINT: 12, Mark.EVENT: 16, Mark.FORCE: 13, Mark.CAMERA: 13, Mark.VALVE: 13,
    Mark.SHELTER: 14,
}  # fmt: skip
GRAVE_PX = {
    Mark.DEVICE: 12, Mark.RISK_POINT: 16, Mark.EVENT: 20, Mark.FORCE: 17, Mark.CAMERA: 14, Mark.VALVE: 14,
    Mark.SHELTER: 14,
}  # fmt: skip
EDGE_PX = 2
"""Round a mark on its picture: what stands out of the map is a little wider than its shape."""
PILL_PX = 22
_PILL_MARK_PX = 12
_HALO_PX = 3.0
_EDGE_LINE_PX = 1.5
TEXT_PX = 20
"""Height of a line of words, halo included."""


class Sprites:
    """Pictures by what they show, in one theme at one ratio of pixels; the oldest go when there are too many."""

    def __init__(self, theme: Theme, ratio: float) -> None:
        self.theme, self.ratio = theme, ratio
        self._kept: OrderedDict[Hashable, QPixmap] = OrderedDict()

    def mark(self, mark: Mark, severity: int, *, is_stale: bool) -> QPixmap:
        """Return a point's mark: its severity's shape, or what its kind looks like when nothing is the matter."""
        side = mark_px(mark, severity) + 2 * EDGE_PX
        return self._made(
            (mark, severity, is_stale), side, side,
            lambda painter: self._paint_mark(painter, mark, severity, is_stale),
        )  # fmt: skip

    def pill(self, mark: Mark, severity: int, count: int) -> QPixmap:
        """Return a cluster: worst severity by shape and colour, and how many there are."""
        return self._made(
            ("pill", mark, severity, count), pill_width(self.theme, count), PILL_PX,
            lambda painter: self._paint_pill(painter, mark, severity, count),
        )  # fmt: skip

    def words(self, text: str, size: TypeSize, colour: Colour, *, is_bold: bool) -> QPixmap:
        """Return a text with its halo."""
        width = text_width(self.theme.font(size, bold=is_bold), text) + 2 * _HALO_PX
        return self._made(
            (text, size, colour, is_bold), width, TEXT_PX,
            lambda painter: self._paint_words(painter, text, self.theme.font(size, bold=is_bold), colour),
        )  # fmt: skip

    def _made(self, key: Hashable, width: float, height: float, paint: Callable[[QPainter], None]) -> QPixmap:
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        picture = QPixmap(max(1, round(width * self.ratio)), max(1, round(height * self.ratio)))
        picture.setDevicePixelRatio(self.ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter)
        painter.end()
        self._kept[key] = picture
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return picture

    def _paint_mark(self, painter: QPainter, mark: Mark, severity: int, is_stale: bool) -> None:
        side = mark_px(mark, severity)
        rect = QRectF(EDGE_PX, EDGE_PX, side, side)
        if mark is Mark.FORCE or not severity:
            paint_glyph(painter, self.theme, rect, mark, severity, is_stale=is_stale)
        else:
            self._paint_edge(painter, rect, severity)
            paint_mark(painter, self.theme, rect, severity, stale=is_stale)

    def _paint_edge(self, painter: QPainter, rect: QRectF, severity: int) -> None:
        """Put a little of the ground round a shape: it stands out from lines and tints under it."""
        pen = QPen(self.theme.colour(Colour.MAP_GROUND), 2.0 * _EDGE_LINE_PX)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(mark_path(severity, rect))

    def _paint_pill(self, painter: QPainter, mark: Mark, severity: int, count: int) -> None:
        theme, width = self.theme, pill_width(self.theme, count)
        plate = QColor(theme.colour(Colour.RAISED))
        plate.setAlphaF(theme.tokens.opacities[Opacity.MAP_PLATE])
        painter.setPen(QPen(theme.fill(severity) if severity else theme.colour(Colour.OUTLINE), 1.0))
        painter.setBrush(plate)
        painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, PILL_PX - 1), RADIUS_PX, RADIUS_PX)
        shape = QRectF(SPACE_PX + 1, (PILL_PX - _PILL_MARK_PX) / 2, _PILL_MARK_PX, _PILL_MARK_PX)
        if severity:
            paint_mark(painter, theme, shape, severity)
        else:
            paint_glyph(painter, theme, shape, mark, int(Severity.NONE), is_stale=False)
        left = shape.right() + SPACE_PX
        colour = theme.colour(Colour.TEXT if severity else Colour.TEXT_SECOND)
        font = theme.font(TypeSize.SMALL, bold=bool(severity))
        write(painter, QRectF(left, 0, width - left, PILL_PX), pill_text(count), font, colour, LEFT)

    def _paint_words(self, painter: QPainter, text: str, font: QFont, colour: Colour) -> None:
        path = QPainterPath()
        rect = QRectF(_HALO_PX, 0, text_width(font, text) + 1, TEXT_PX)
        path.addText(self._base_line(font, rect), font, text)
        halo = QColor(self.theme.colour(Colour.MAP_GROUND))
        halo.setAlphaF(self.theme.tokens.opacities[Opacity.MAP_HALO])
        pen = QPen(halo, _HALO_PX)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawPath(path)
        painter.setFont(font)
        painter.setPen(self.theme.colour(colour))
        painter.drawText(self._base_line(font, rect), text)

    def _base_line(self, font: QFont, rect: QRectF) -> QPointF:
        """Return where the letters stand: capitals and Chinese characters in the middle of the line."""
        # By the size of the font, not by its metrics: Noto's ascent leaves a third of a line empty above.
        return QPointF(rect.x(), round(rect.center().y() + font.pixelSize() * 0.36))


def mark_px(mark: Mark, severity: int) -> int:
    """Return how wide a mark is, in px."""
    return (GRAVE_PX if severity else MARK_PX)[mark]


def pill_text(count: int) -> str:
    """Return a cluster's number: all its digits, whatever their number; an officer counts on it."""
    return str(count)


def pill_width(theme: Theme, count: int) -> float:
    """Return how wide a cluster is, in px."""
    figures = text_width(theme.font(TypeSize.SMALL, bold=True), pill_text(count))
    return round(SPACE_PX * 4 + _PILL_MARK_PX + figures)
