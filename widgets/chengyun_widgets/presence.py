"""The four things any panel can show, and how the three that are not `fresh` look."""

from enum import Enum

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from chengyun_resources.theme.tokens import Colour, TypeSize
from chengyun_widgets.lettering import CENTRE, write
from chengyun_widgets.theme import Theme


class Presence(Enum):
    """What a panel has to show."""

    FRESH = "fresh"
    """Live data."""
    STALE = "stale"
    """Data whose source is late: drawn hollow with its age."""
    EMPTY = "empty"
    """Nothing there, and that is all right."""
    REFUSED = "refused"
    """A rule said no, or the source failed: its sentence is shown instead."""


def paint_notice(painter: QPainter, theme: Theme, rect: QRectF, presence: Presence, text: str) -> None:
    """Write the sentence of an EMPTY or REFUSED panel into the middle of `rect`; REFUSED gets a dashed frame."""
    painter.save()
    colour = theme.colour(Colour.TEXT if presence is Presence.REFUSED else Colour.TEXT_THIRD)
    if presence is Presence.REFUSED:
        painter.setPen(QPen(theme.colour(Colour.OUTLINE), 1.0, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(4.5, 4.5, -4.5, -4.5), 4, 4)
    write(painter, rect.adjusted(12, 0, -12, 0), text, theme.font(TypeSize.BODY), colour, CENTRE)
    painter.restore()
