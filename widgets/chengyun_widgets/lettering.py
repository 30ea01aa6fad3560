"""Writes plain text into rectangles: one line, elided when it does not fit, never interpreted as markup."""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
# A text taller than its row (Noto CJK has a line of 1.45 em) must not be cut at the top of a glyph.
_FLAGS = Qt.TextFlag.TextSingleLine.value | Qt.TextFlag.TextDontClip.value

_WRAP = LEFT.value | Qt.TextFlag.TextWordWrap.value
_SLACK_PX = 4.0
"""Leading above the first line and below the last may leave the rectangle: no glyph is there."""


def text_width(font: QFont, text: str) -> float:
    """Return the width of one line of `text` in px, measured once per text and font."""
    return _width(font.toString(), text)


def elided(font: QFont, text: str, width: float) -> str:
    """Return `text`, shortened with an ellipsis at its end when it is wider than `width` px."""
    if text_width(font, text) <= width:
        return text
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, width))


def write(
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont,
    colour: QColor,
    align: Qt.AlignmentFlag = LEFT,
) -> float:
    """Write one line of `text` into `rect`; returns the width it took in px."""
    if not text or rect.width() <= 0:
        return 0.0
    width = text_width(font, text)
    if width > rect.width():
        _tell_cut(painter, rect, text)
        text = elided(font, text, rect.width())
        width = min(text_width(font, text), rect.width())
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(rect, align.value | _FLAGS, text)
    return width


def write_lines(painter: QPainter, rect: QRectF, text: str, font: QFont, colour: QColor) -> None:
    """Write `text` into as many lines as `rect` has room for; what is cut is told like `write` tells it."""
    high = QFontMetricsF(font).boundingRect(rect, _WRAP, text).height()
    if high > rect.height() + _SLACK_PX:
        _tell_cut(painter, rect, text)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(rect, _WRAP, text)


def write_run(
    painter: QPainter, x: float, rect: QRectF, pieces: list[tuple[str, QFont, QColor]], gap: float = 0.0
) -> float:
    """Write pieces one after another from `x`, cut off at the right edge of `rect`; returns the x after the last."""
    for text, font, colour in pieces:
        room = rect.right() - x
        if room <= 0:
            return x
        if text:
            x += write(painter, QRectF(x, rect.y(), room, rect.height()), text, font, colour) + gap
    return x


def _tell_cut(painter: QPainter, rect: QRectF, text: str) -> None:
    """Let a widget that can show it (see Painted) know the whole of a text it has no room for."""
    told = getattr(painter.device(), "text_was_cut", None)
    if told is not None:
        told(painter.transform().mapRect(rect), text)


@lru_cache(maxsize=8192)
def _width(font_text: str, text: str) -> float:
    font = QFont()
    font.fromString(font_text)
    return QFontMetricsF(font).horizontalAdvance(text)
