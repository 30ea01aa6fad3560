"""Paints rectangles, polygons, gradients, glows and letters on pictures, uint8[height, width, 3] (RGB)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from chengyun_core.video.demo_cameras import glyphs

Picture = npt.NDArray[np.uint8]
Light = npt.NDArray[np.float32]
Colour = tuple[int, int, int]
Point = tuple[float, float]

WIDTH, HEIGHT = 960, 540
"""Of every scene, pixels; scenes are told in these."""
_FINE = 2
"""Backgrounds are painted so many times larger and then made smaller: their edges come out smooth."""


class Board:
    """A background being painted, in coordinates of the finished picture."""

    def __init__(self, top: Colour, bottom: Colour) -> None:
        shade = np.linspace(0, 1, HEIGHT * _FINE, dtype=np.float32)[:, None, None]
        column = np.asarray(top, np.float32) * (1 - shade) + np.asarray(bottom, np.float32) * shade
        self._fine = np.repeat(column.astype(np.uint8), WIDTH * _FINE, axis=1)

    def rectangle(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """Fill a rectangle."""
        rectangle(self._fine, left * _FINE, top * _FINE, right * _FINE, bottom * _FINE, colour)

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        """Fill a polygon (even-odd)."""
        fine = [(x * _FINE, y * _FINE) for x, y in points]
        left, top, mask = inside(fine, self._fine.shape[1], self._fine.shape[0])
        self._fine[top : top + mask.shape[0], left : left + mask.shape[1]][mask] = colour

    def text(self, said: str, left: float, top: float, scale: float, colour: Colour) -> None:
        """Write a line."""
        stamp(self._fine, glyphs.text(said, round(scale * _FINE)), round(left * _FINE), round(top * _FINE), colour)

    def grain(self, amount: float, seed: int) -> None:
        """Make surfaces look less like paper."""
        random = np.random.default_rng(seed)
        coarse = random.normal(0, amount, (HEIGHT // 2, WIDTH // 2, 1)).astype(np.float32)
        grain = np.repeat(np.repeat(coarse, 2 * _FINE, axis=0), 2 * _FINE, axis=1)
        self._fine = np.clip(self._fine + grain, 0, 255).astype(np.uint8)

    def finished(self) -> Picture:
        """Return the picture, uint8[540, 960, 3]."""
        blocks = self._fine.reshape(HEIGHT, _FINE, WIDTH, _FINE, 3)
        picture: Picture = blocks.mean(axis=(1, 3)).astype(np.uint8)
        return picture


def rectangle(picture: Picture, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
    """Fill a rectangle; what lies outside of the picture is left out."""
    picture[max(0, round(top)) : max(0, round(bottom)), max(0, round(left)) : max(0, round(right))] = colour


def inside(points: Sequence[Point], width: int, height: int) -> tuple[int, int, npt.NDArray[np.bool_]]:
    """Return left, top and mask of a polygon's part within a picture (even-odd rule)."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, right = max(0, int(min(xs))), min(width, int(max(xs)) + 1)
    top, bottom = max(0, int(min(ys))), min(height, int(max(ys)) + 1)
    x = np.arange(left, max(left, right), dtype=np.float32)[None, :] + 0.5
    y = np.arange(top, max(top, bottom), dtype=np.float32)[:, None] + 0.5
    mask = np.zeros((y.shape[0], x.shape[1]), np.bool_)
    for (ax, ay), (bx, by) in zip(points, [*points[1:], points[0]], strict=True):
        if ay != by:
            mask ^= ((ay > y) != (by > y)) & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    return left, top, mask


def stamp(picture: Picture, dots: glyphs.Dots, left: int, top: int, colour: Colour) -> None:
    """Put dots on a picture."""
    part = picture[top : top + dots.shape[0], left : left + dots.shape[1]]
    part[dots[: part.shape[0], : part.shape[1]]] = colour


def glow(radius: int, colour: Colour) -> Light:
    """Return float32[2·radius, 2·radius, 3]: light to be added around a lamp."""
    at = (np.arange(2 * radius, dtype=np.float32) - radius + 0.5) / radius
    falling = np.clip(1 - np.hypot(at[:, None], at[None, :]), 0, 1) ** 2
    light: Light = falling[:, :, None] * np.asarray(colour, np.float32)
    return light


def shine(picture: Picture, light: Light, x: float, y: float) -> None:
    """Add a light around a point."""
    height, width = light.shape[:2]
    left, top = round(x - width / 2), round(y - height / 2)
    begin_x, begin_y = max(0, left), max(0, top)
    end_x, end_y = min(picture.shape[1], left + width), min(picture.shape[0], top + height)
    if begin_x >= end_x or begin_y >= end_y:
        return
    part = picture[begin_y:end_y, begin_x:end_x]
    part[:] = np.minimum(part + light[begin_y - top : end_y - top, begin_x - left : end_x - left], 255)
