"""Turns columns of points into Qt's paths in one reading: a point at a time is a hundred times dearer."""

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath

from chengyun_widgets.mapping.clip import Cut
from chengyun_widgets.mapping.view import Floats

# How QDataStream writes a QPainterPath (Qt documentation, «Serializing Qt Data Types»): elements, then where the last
# part began, then the rule of filling (0: odd-even).
_ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
_LINE_TO = 1


def path_of(cut: Cut) -> QPainterPath:
    """Return rings and lines as one path, filled by the odd-even rule; rings are closed."""
    if cut.is_empty:
        return QPainterPath()
    points, starts = _closed(cut)
    elements = np.empty(len(points), _ELEMENT)
    elements["kind"] = _LINE_TO
    elements["kind"][starts[:-1]] = 0
    elements["x"], elements["y"] = points[:, 0], points[:, 1]
    head = np.array([len(points)], ">i4").tobytes()
    tail = np.array([starts[-2], 0], ">i4").tobytes()
    path = QPainterPath()
    stream = QDataStream(QByteArray(head + elements.tobytes() + tail))
    stream >> path
    return path


def _closed(cut: Cut) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return the points and where parts begin, with the first point of each ring once more at its end."""
    if not cut.closed.any():
        return cut.points, cut.starts
    ends = cut.starts[1:][cut.closed]
    points = np.insert(cut.points, ends, cut.points[cut.starts[:-1][cut.closed]], axis=0)
    starts = cut.starts + np.concatenate([[0], np.cumsum(cut.closed)])
    return points, starts.astype(np.int64)
