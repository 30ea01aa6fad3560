"""Paints the hatching that says that values came and are doubtful, the same on every chart."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter

from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.theme import Theme

LEAST_PX = 3.0
"""One suspect sample in a year is less than a pixel wide, and is to be seen."""


def paint_suspect(painter: QPainter, theme: Theme, plot: QRectF, spans: Iterable[tuple[float, float]]) -> None:
    """Hatch the spans (left, right) in px, rising; what touches is painted as one, however many there are."""
    brush = QBrush(theme.colour(Colour.TEXT_THIRD), Qt.BrushStyle.FDiagPattern)
    for left, right in _joined(spans, plot):
        painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), brush)


def _joined(spans: Iterable[tuple[float, float]], plot: QRectF) -> Iterator[tuple[float, float]]:
    begin, end = plot.left(), plot.left()
    for since, until in spans:
        if until < plot.left() or since > plot.right():
            continue
        left = max(since, plot.left())
        right = min(max(until, left + LEAST_PX), plot.right())
        if left > end:
            if end > begin:
                yield begin, end
            begin = left
        end = max(end, right)
    if end > begin:
        yield begin, end
