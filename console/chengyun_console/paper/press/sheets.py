"""The sheet of paper: its size in px, what stands on every page, and the mark of who printed it beneath all."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from chengyun_console.paper.printed import PrintHead
from chengyun_resources.texts import Texts
from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, Colour, Opacity, TypeSize
from chengyun_widgets.lettering import RIGHT, text_width, write
from chengyun_widgets.theme import Theme

DOTS_PER_INCH = 96
"""Pages are laid out in the px of the screen's tokens: 13 px are 9.75 points on paper."""
_A4 = (1123.0, 794.0)
_EDGE = 38.0
_HEAD = 58.0
_FOOT = 24.0
_FRAME = 10.0
_ANGLE_DEG = -16.0
_ROW_PX = 150.0
_GAP_PX = 140.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One size of paper."""

    width: float
    height: float

    @property
    def body(self) -> QRectF:
        """Return where the blocks go."""
        height = self.height - 2 * _EDGE - _HEAD - _FOOT
        return QRectF(_EDGE, _EDGE + _HEAD, self.width - 2 * _EDGE, height)


def a4(*, landscape: bool) -> Paper:
    """Return A4."""
    long, short = _A4
    return Paper(width=long if landscape else short, height=short if landscape else long)


class Letterhead:
    """Paints head, foot, watermark and the frame of a drill."""

    def __init__(self, theme: Theme, texts: Texts, head: PrintHead) -> None:
        self._theme, self._texts, self._head = theme, texts, head

    def paint(self, painter: QPainter, paper: Paper, page: int, pages: int) -> None:
        """Paint what stands on every page, below the blocks."""
        # The day theme's sunken fields are white, as paper is.
        painter.fillRect(QRectF(0, 0, paper.width, paper.height), self._theme.colour(Colour.SUNKEN))
        self._paint_watermark(painter, paper)
        if self._head.is_drill:
            self._paint_drill_frame(painter, paper)
        self._paint_head(painter, paper)
        self._paint_foot(painter, paper, page, pages)

    def _paint_head(self, painter: QPainter, paper: Paper) -> None:
        theme, head = self._theme, self._head
        rect = QRectF(_EDGE, _EDGE, paper.width - 2 * _EDGE, 26)
        taken = self._paint_mode(painter, rect)
        title = rect.adjusted(0, 0, -taken - SPACE_PX * 4, 0)
        title_px = write(painter, title, head.title, theme.font(TypeSize.TITLE, bold=True), theme.colour(Colour.TEXT))
        room = title.adjusted(title_px + SPACE_PX * 4, 0, 0, 0)
        write(painter, room, head.centre, theme.font(TypeSize.LEAD), theme.colour(Colour.TEXT_SECOND), RIGHT)
        second = QRectF(_EDGE, _EDGE + 26, rect.width(), 22)
        told = self._texts.say("paper.as_of", time=head.as_of)
        small, ink = theme.font(TypeSize.SMALL), theme.colour(Colour.TEXT_SECOND)
        taken = write(painter, second, told, small, ink, RIGHT)
        said = "    ".join(part for part in (head.span, head.filter) if part)
        write(painter, second.adjusted(0, 0, -taken - SPACE_PX * 4, 0), said, small, ink)
        painter.fillRect(QRectF(_EDGE, _EDGE + _HEAD - 8, rect.width(), 1), theme.colour(Colour.OUTLINE))

    def _paint_mode(self, painter: QPainter, rect: QRectF) -> float:
        """Paint the mode in a frame; in a drill filled, so that a copy in grey still shows it."""
        theme, head = self._theme, self._head
        font = theme.font(TypeSize.LEAD, bold=True)
        width = text_width(font, head.mode) + SPACE_PX * 6
        box = QRectF(rect.right() - width, rect.top(), width, rect.height())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(Colour.MODE_DRILL if head.is_drill else Colour.OUTLINE), 1.0))
        painter.setBrush(theme.colour(Colour.MODE_DRILL) if head.is_drill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, RADIUS_PX, RADIUS_PX)
        painter.restore()
        ink = theme.colour(Colour.MODE_DRILL_TEXT if head.is_drill else Colour.TEXT)
        write(painter, box.adjusted(SPACE_PX * 3, 0, 0, 0), head.mode, font, ink)
        return width

    def _paint_foot(self, painter: QPainter, paper: Paper, page: int, pages: int) -> None:
        theme, head, say = self._theme, self._head, self._texts.say
        foot = QRectF(_EDGE, paper.height - _EDGE - _FOOT, paper.width - 2 * _EDGE, _FOOT)
        painter.fillRect(QRectF(foot.left(), foot.top(), foot.width(), 1), theme.colour(Colour.LINE))
        font, ink = theme.font(TypeSize.SMALL), theme.colour(Colour.TEXT_SECOND)
        who = say("paper.foot", account=head.account, seat=head.seat, time=head.as_of, number=head.journal_head)
        number = say("paper.page", page=page, pages=pages)
        taken = write(painter, foot, number, font, ink, RIGHT)
        write(painter, foot.adjusted(0, 0, -taken - SPACE_PX * 4, 0), who, font, ink)

    def _paint_watermark(self, painter: QPainter, paper: Paper) -> None:
        theme, text = self._theme, self._head.watermark
        font, ink = theme.font(TypeSize.FIGURE), theme.colour(Colour.TEXT, Opacity.WATERMARK)
        reach = text_width(font, text) + _GAP_PX
        diagonal = math.hypot(paper.width, paper.height)
        painter.save()
        painter.setClipRect(QRectF(0, 0, paper.width, paper.height))
        painter.translate(paper.width / 2, paper.height / 2)
        painter.rotate(_ANGLE_DEG)
        painter.setFont(font)
        painter.setPen(ink)
        for row in range(-math.ceil(diagonal / 2 / _ROW_PX), math.ceil(diagonal / 2 / _ROW_PX) + 1):
            x = -diagonal / 2 - (row % 2) * reach / 2
            while x < diagonal / 2:
                painter.drawText(QPointF(x, row * _ROW_PX), text)
                x += reach
        painter.restore()

    def _paint_drill_frame(self, painter: QPainter, paper: Paper) -> None:
        theme = self._theme
        painter.save()
        pen = QPen(QBrush(theme.colour(Colour.MODE_DRILL), Qt.BrushStyle.BDiagPattern), _FRAME)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = _FRAME / 2 + 6
        whole = QRectF(inset, inset, paper.width - 2 * inset, paper.height - 2 * inset)
        painter.drawRect(whole)
        painter.setPen(QPen(theme.colour(Colour.MODE_DRILL), 1.0))
        painter.drawRect(whole.adjusted(-_FRAME / 2, -_FRAME / 2, _FRAME / 2, _FRAME / 2))
        painter.drawRect(whole.adjusted(_FRAME / 2, _FRAME / 2, -_FRAME / 2, -_FRAME / 2))
        painter.restore()
