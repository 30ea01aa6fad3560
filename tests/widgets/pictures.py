"""Reads pixels of a widget or a painting, for tests that say what an eye would see."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget


def pixels_of(widget: QWidget) -> NDArray[np.uint32]:
    """Return uint32[h, w] 0xAARRGGBB of a widget as it paints itself now."""
    return _array(widget.grab().toImage().convertToFormat(QImage.Format.Format_ARGB32))


def painted(width: int, height: int, paint: Callable[[QPainter], object]) -> NDArray[np.uint32]:
    """Return what `paint` leaves on a transparent picture."""
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return _array(image)


def count_of(pixels: NDArray[np.uint32], colour: QColor) -> int:
    """Return how many pixels have exactly this colour."""
    return int(np.count_nonzero(pixels == np.uint32(colour.rgba())))


def _array(image: QImage) -> NDArray[np.uint32]:
    flat = np.frombuffer(image.constBits(), dtype=np.uint32)
    return flat.reshape(image.height(), image.bytesPerLine() // 4)[:, : image.width()].copy()
