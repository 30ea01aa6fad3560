"""A small line without axes: shape of the recent past beside a figure."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF


def paint_sparkline(painter: QPainter, rect: QRectF, values: NDArray[np.float64], colour: QColor) -> None:
    """Paint float64[n] (oldest first, NaN breaks the line) into `rect` with a dot at the newest value."""
    finite = np.isfinite(values)
    if finite.sum() < 2:
        return
    low, high = float(values[finite].min()), float(values[finite].max())
    # A calm series stays flat: noise of less than 2 % of its level is not blown up to full height.
    span = max(high - low, abs(high) * 0.02, 1e-9)
    middle = (high + low) / 2
    y = rect.center().y() - (values - middle) / span * rect.height()
    x = np.linspace(rect.left(), rect.right() - 3, len(values))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.2))
    for start, stop in _runs(finite):
        points = [QPointF(px, py) for px, py in zip(x[start:stop].tolist(), y[start:stop].tolist(), strict=True)]
        painter.drawPolyline(QPolygonF(points))
    if finite[-1]:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(float(x[-1]), float(y[-1])), 2.2, 2.2)
    painter.restore()


def _runs(finite: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], finite, [False]))))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]
