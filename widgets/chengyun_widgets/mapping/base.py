"""The ground of the map as a picture larger than its window: made in slices, moved by drags, stretched by zooms."""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from chengyun_widgets.mapping.view import Screen

MARGIN_PX = 192.0
"""How much is painted beyond each edge of the window: so far a drag shows nothing unpainted."""
_SAME_ZOOM = 1e-6
_MOST_PIXELS = 64_000_000
"""About a wall of 8k with its margins: 256 MB. Beyond, the picture is made coarser."""

Pixels = NDArray[np.uint32]
Work = Callable[[QPainter, Pixels, Screen, float], Iterator[None]]
"""Paints into a picture of a screen at a ratio, a slice at a time; dots may be put on the pixels themselves."""


@dataclass(frozen=True, eq=False)
class Ground:
    """A painted picture: `pixels` uint32[h, w] hold the image's bytes and have to live as long as it does."""

    screen: Screen
    ratio: float
    pixels: Pixels
    image: QImage


class BasePicture:
    """Shows the last whole picture while the next one is made."""

    def __init__(self) -> None:
        self.front: Ground | None = None
        self.back: Ground | None = None
        self.made = 0
        """How many pictures were finished: for benches and tests."""
        self._work: Generator[None, None, None] | None = None
        # The picture before the last: its memory is taken for the next, new pages cost more than painting on them.
        self._spare: Ground | None = None

    @property
    def is_at_work(self) -> bool:
        """Whether a picture is being made."""
        return self._work is not None

    def covers(self, screen: Screen, ratio: float) -> bool:
        """Return whether the picture that is shown is sharp and whole in a window."""
        front = self.front
        return (
            front is not None
            and front.ratio == _ratio_for(screen.grown(MARGIN_PX), ratio)
            and abs(front.screen.view.zoom - screen.view.zoom) < _SAME_ZOOM
            and front.screen.bounds.holds(screen.bounds)
        )

    def begin(self, screen: Screen, ratio: float, colour: QColor, work: Work) -> None:
        """Begin a picture round a window; one that was being made is given up."""
        self.give_up()
        grown = screen.grown(MARGIN_PX)
        self.back = _blank(grown, _ratio_for(grown, ratio), colour, self._spare)
        self._work = _painting(self.back, work)

    def advance(self, budget_s: float) -> bool:
        """Paint for about `budget_s`, one slice at least; returns whether the picture is whole and now shown."""
        until = time.monotonic() + budget_s
        while self._work is not None:
            if next(self._work, self) is self:
                self._spare, self.front, self.back, self._work = self.front, self.back, None, None
                self.made += 1
                return True
            if time.monotonic() >= until:
                return False
        return False

    def give_up(self) -> None:
        """Drop the picture that is being made."""
        if self._work is not None:
            # The painter on it is ended by the generator's own clean-up.
            self._work.close()
            self._spare = self.back
        self._work = self.back = None

    def forget(self) -> None:
        """Drop all pictures: their colours are another theme's."""
        self.give_up()
        self.front = self._spare = None

    def paint(self, painter: QPainter, screen: Screen, colour: QColor) -> None:
        """Put the picture where its part of the world is now; ground where it does not reach."""
        whole = QRectF(0, 0, screen.width, screen.height)
        front = self.front
        if front is None:
            painter.fillRect(whole, colour)
            return
        west, north, east, south = front.screen.bounds
        corner, end = screen.px(west, north), screen.px(east, south)
        if not QRectF(corner, end).contains(whole):
            painter.fillRect(whole, colour)
        if abs(front.screen.view.zoom - screen.view.zoom) < _SAME_ZOOM:
            ratio = front.ratio
            painter.drawImage(
                QPointF(round(corner.x() * ratio) / ratio, round(corner.y() * ratio) / ratio), front.image
            )
        else:
            painter.drawImage(QRectF(corner, end), front.image)


def _painting(ground: Ground, work: Work) -> Generator[None, None, None]:
    painter = QPainter(ground.image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        yield from work(painter, ground.pixels, ground.screen, ground.ratio)
    finally:
        painter.end()


def _blank(screen: Screen, ratio: float, colour: QColor, spare: Ground | None) -> Ground:
    width, height = max(1, round(screen.width * ratio)), max(1, round(screen.height * ratio))
    if spare is not None and spare.pixels.shape == (height, width):
        pixels, image = spare.pixels, spare.image
    else:
        pixels = np.empty((height, width), dtype=np.uint32)
        image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
    pixels.fill(colour.rgb())
    image.setDevicePixelRatio(ratio)
    return Ground(screen, ratio, pixels, image)


def _ratio_for(screen: Screen, ratio: float) -> float:
    """Return the ratio a picture of this size is made at: the window's own, coarser on a wall too large for memory."""
    pixels = screen.width * screen.height * ratio * ratio
    return ratio if pixels <= _MOST_PIXELS else ratio * float(np.sqrt(_MOST_PIXELS / pixels))
