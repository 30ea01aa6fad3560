"""Whether an outline is on a picture of the map: looked for where a view that just holds it has it."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from chengyun_core.geo.projection import to_world
from chengyun_widgets.mapping.canvas_view import SPLIT_ZOOM
from chengyun_widgets.mapping.view import Bounds, Screen, fitting
from tests.support.seeing import Eyes

Ring = tuple[tuple[float, float], ...]
Rect = tuple[int, int, int, int]
"""x, y, width and height in pixels of the screen."""
_PER_EDGE, _NEAR_PX, _REDDER = 20, 3, 100
_STILL = 4
"""Pictures in a row that are alike."""
_BLINKS = 0.002
"""Share of a map that may be another all the time: a message that goes, the time in the watermark."""


def settled(eyes: Eyes, picture: Path, canvas: Rect) -> None:
    """Take pictures of the screen until the map stays as it is: its ground is painted a slice at a time."""
    taken: list[npt.NDArray[np.uint8]] = []

    def is_still() -> bool:
        eyes.look_again()
        eyes.picture(picture)
        taken.append(_part(_levels(picture), canvas))
        last = taken[-_STILL:]
        return len(last) == _STILL and all(np.mean(last[0] != one) < _BLINKS for one in last[1:])

    eyes.wait_for("a map that is painted whole", is_still)


def red_share(picture: Path, canvas: Rect, fitted: Ring, outline: Ring) -> float:
    """Return on which share of an outline a red line is drawn.

    `canvas`: where the map is in the picture; `fitted`: what its view just holds. Rings in degrees.
    """
    _left, _top, width, height = canvas
    x, y = to_world(*np.array(fitted).T)
    view = fitting(Bounds(x.min(), y.min(), x.max(), y.max()), width, height, SPLIT_ZOOM)
    screen = Screen(view, width, height)
    levels = _part(_levels(picture), canvas).astype(np.int16)
    red = levels[..., 0] - levels[..., 1:].max(2) > _REDDER
    inside = [(px, py) for px, py in screen.px_of(_along(outline)) if 0 <= px < width and 0 <= py < height]
    return sum(_is_near(red, round(px), round(py)) for px, py in inside) / max(1, len(inside))


def _along(ring: Ring) -> npt.NDArray[np.float64]:
    """Return places on the edges of a ring, in world coordinates: float64[n, 2]."""
    corners = np.stack(to_world(*np.array(ring).T), axis=1)
    share = np.arange(_PER_EDGE)[:, None, None] / _PER_EDGE
    return (corners[:-1] * (1 - share) + corners[1:] * share).reshape(-1, 2)


def _part(levels: npt.NDArray[np.uint8], rect: Rect) -> npt.NDArray[np.uint8]:
    left, top, width, height = rect
    return levels[top : top + height, left : left + width]


def _levels(picture: Path) -> npt.NDArray[np.uint8]:
    image = QImage(str(picture)).convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def _is_near(red: npt.NDArray[np.bool_], x: int, y: int) -> bool:
    near = red[max(0, y - _NEAR_PX) : y + _NEAR_PX + 1, max(0, x - _NEAR_PX) : x + _NEAR_PX + 1]
    return bool(near.any())
