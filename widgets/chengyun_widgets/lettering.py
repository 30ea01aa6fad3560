"""Writes plain text into rectangles: one line, elided when it does not fit, never interpreted as markup."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QStaticText, QTransform

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
# A text taller than its row (Noto CJK has a line of 1.45 em) must not be cut at the top of a glyph.
_FLAGS = Qt.TextFlag.TextSingleLine.value | Qt.TextFlag.TextDontClip.value

_WRAP = LEFT.value | Qt.TextFlag.TextWordWrap.value
_WIDE_PX = 1e6
_SLACK_PX = 4.0
"""Leading above the first line and below the last may leave the rectangle: no glyph is there."""


@lru_cache(maxsize=8192)
def text_width(font: QFont, text: str) -> float:
    """Return the width of one line of `text` in px, measured once per text and font."""
    return QFontMetricsF(font).horizontalAdvance(text)


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
    shaped = _shaped(font, text)
    if shaped is None:
        painter.drawText(rect, align.value | _FLAGS, text)
    else:
        painter.drawStaticText(_top_left(rect, align, width, shaped[1]), shaped[0])
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


@lru_cache(maxsize=2048)
def _shaped(font: QFont, text: str) -> tuple[QStaticText, float] | None:
    """Return a text with its glyphs chosen and placed, and its height: shaping is most of what writing costs.

    None for what such a picture would treat otherwise than a line does: breaks, tabs, and other controls.
    """
    if not text.isprintable():
        return None
    shaped = QStaticText(text)
    shaped.setTextFormat(Qt.TextFormat.PlainText)
    shaped.prepare(QTransform(), font)
    # A letter from another font may be taller than this one: ask for the line, not for the font.
    return shaped, QFontMetricsF(font).boundingRect(QRectF(0, 0, _WIDE_PX, 0), LEFT.value | _FLAGS, text).height()


def _top_left(rect: QRectF, align: Qt.AlignmentFlag, width: float, height: float) -> QPointF:
    """Return where a line of this size begins so that it stands in `rect` as Qt would align it."""
    room = 0.0 if align is LEFT else rect.width() - width
    return QPointF(rect.x() + (room / 2 if align is CENTRE else room), rect.y() + (rect.height() - height) / 2)
