"""How lines that share a plot are told apart: number, colour and dash together, never colour alone."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from chengyun_resources.theme.tokens import TRACES, Colour
from chengyun_widgets.theme import Theme
from chengyun_widgets.trace import Spans

CHIP_PX = 22
_FLAT_PX = 4.0
"""A dash may only leave out columns the line crosses less than this high: a spike is never in a gap of a dash."""


class Dash(IntEnum):
    """Patterns that stay apart at one and a half pixels."""

    SOLID = 0
    DASHED = 1
    DOTTED = 2


_ON_OFF = {Dash.DASHED: (9, 5), Dash.DOTTED: (2, 4)}
_QT = {Dash.SOLID: Qt.PenStyle.SolidLine, Dash.DASHED: Qt.PenStyle.DashLine, Dash.DOTTED: Qt.PenStyle.DotLine}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStyle:
    """One line's look."""

    colour: Colour
    dash: Dash = Dash.SOLID


MOST_STYLES = len(TRACES) * len(Dash)


def line_style(place: int) -> LineStyle:
    """Return the style of the line at a place of the legend; the first `MOST_STYLES` all differ, neighbours in both."""
    turn, at = divmod(place % MOST_STYLES, len(TRACES))
    return LineStyle(colour=TRACES[at], dash=Dash((at + turn) % len(Dash)))


def dashed(spans: Spans, dash: Dash, first_px: int, px_per_value: float) -> Spans:
    """Return the spans with the gaps of a dash left out; steep columns stay, whatever the pattern says.

    `first_px`: the number of the picture's first column counted from a fixed time, so that the pattern moves with the
    line and not across it.
    """
    if dash is Dash.SOLID:
        return spans
    on, off = _ON_OFF[dash]
    place = (np.arange(len(spans.low)) + first_px) % (on + off)
    left_out: NDArray[np.bool_] = (place >= on) & ~((spans.high - spans.low) * px_per_value >= _FLAT_PX)
    return Spans(low=np.where(left_out, np.nan, spans.low), high=np.where(left_out, np.nan, spans.high))


def paint_chip(painter: QPainter, theme: Theme, rect: QRectF, style: LineStyle) -> None:
    """Paint a short piece of the line in the middle of `rect`: the key of a legend, or beside a table's row."""
    painter.setPen(QPen(theme.colour(style.colour), 2.5, _QT[style.dash], Qt.PenCapStyle.FlatCap))
    y = round(rect.center().y()) + 0.5
    painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
