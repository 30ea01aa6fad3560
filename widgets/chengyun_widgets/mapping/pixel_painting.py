"""Puts what is counted in thousands straight into pixels: dots of devices, cells of density, tiles of a base map."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.mapping.layers import DensityPicture, PointLayer, TileLayer
from chengyun_widgets.mapping.view import Screen
from chengyun_widgets.theme import Theme

DOT_PX = 3.0
_LEVELS = 24
_FAINTEST, _STRONGEST = 0.08, 0.30
_MOST_INK = 0.09
"""Mean alpha of a whole density at the most."""
_SOLID_PX = 8.0
"""Abnormal cells up to this side have their whole colour."""
_TILE_PARENTS = 5
_TILES_A_SLICE = 6


def quiet_points(layer: PointLayer) -> NDArray[np.bool_]:
    """Return which points of a layer are plain dots, bool[n]."""
    if not layer.is_quiet:
        return np.zeros(len(layer.x), dtype=np.bool_)
    is_normal: NDArray[np.bool_] = layer.severity == int(Severity.NONE)
    return is_normal


def stamp_dots(pixels: NDArray[np.uint32], theme: Theme, layer: PointLayer, screen: Screen, ratio: float) -> None:
    """Put a small square of the dots' grey on pixels uint32[h, w] for every normal point of a quiet layer."""
    bounds = screen.bounds
    here = quiet_points(layer) & (layer.x >= bounds.west) & (layer.x < bounds.east)
    here &= (layer.y >= bounds.north) & (layer.y < bounds.south)
    scale, size = screen.view.scale * ratio, max(1, round(DOT_PX * ratio))
    column = np.rint((layer.x[here] - bounds.west) * scale - size / 2).astype(np.int64)
    row = np.rint((layer.y[here] - bounds.north) * scale - size / 2).astype(np.int64)
    ink = np.uint32(theme.colour(Colour.MAP_DEVICE).rgb())
    height, width = pixels.shape
    for down in range(size):
        rows = np.clip(row + down, 0, height - 1)
        for right in range(size):
            columns = np.clip(column + right, 0, width - 1)
            is_corner = size > 2 and down in (0, size - 1) and right in (0, size - 1)
            pixels[rows, columns] = _mixed(pixels[rows, columns], ink) if is_corner else ink


def _mixed(under: NDArray[np.uint32], ink: np.uint32) -> NDArray[np.uint32]:
    """Return colours half way to the ink: a dot's corners are soft."""
    half = np.uint32(0x7F7F7F)
    mixed: NDArray[np.uint32] = ((under >> np.uint32(1)) & half) + ((ink >> np.uint32(1)) & half) | np.uint32(
        0xFF000000
    )
    return mixed


@dataclass(frozen=True, slots=True)
class DensityImages:
    """The greys of a density, and over them the colours of its abnormal cells; both as wide and high as its cells."""

    quiet: QImage
    grave: QImage


def density_images(theme: Theme, picture: DensityPicture) -> DensityImages:
    """Return the pictures of a density: clear where nothing is, greyer for more, the gravest one's colour where any is.

    Shades grow with the logarithm of the count: one device is seen, and a thousand are not a blot. Where every cell
    holds some, all shades are fainter: what devices stand on is still to be seen.
    """
    # float32 and a table of few shades: numpy does both in the processor's vectors, and the window waits for them.
    depth = np.log(picture.counts.astype(np.float32) + np.float32(1))
    most = max(float(np.log(2.0)), float(depth.max(initial=0.0)))
    level = np.minimum(np.ceil(depth * np.float32((_LEVELS - 1) / most)), _LEVELS - 1).astype(np.uint8)
    level += picture.counts > 0
    alpha = np.concatenate([[0.0], np.linspace(_FAINTEST, _STRONGEST, _LEVELS)])
    mean = float(alpha @ np.bincount(level.reshape(-1), minlength=_LEVELS + 1)) / level.size
    shades = _premultiplied(theme, alpha * min(1.0, _MOST_INK / max(_MOST_INK, mean)))
    inks = np.array([0, *(theme.fill(severity).rgba() for severity in list(Severity)[1:])], dtype=np.uint32)
    worst = np.minimum(picture.worst, len(inks) - 1)
    level[worst > 0] = 0
    return DensityImages(_image(shades[level]), _image(inks[worst]))


def shade(theme: Theme, share: float) -> QColor:
    """Return the grey of a share 0..1 of the densest cell, for legends."""
    ink = QColor(theme.colour(Colour.MAP_DENSE))
    ink.setAlphaF(_FAINTEST + (_STRONGEST - _FAINTEST) * share)
    return ink


def paint_density(painter: QPainter, images: DensityImages, picture: DensityPicture, screen: Screen) -> None:
    """Paint a density's images where they belong, its cells as squares.

    An abnormal cell that is larger than a mark is fainter: it claims ground on which next to nothing is abnormal.
    """
    corner, end = (
        screen.px(picture.bounds.west, picture.bounds.north),
        screen.px(picture.bounds.east, picture.bounds.south),
    )
    painter.drawImage(QRectF(corner, end), images.quiet)
    cell_px = (end.x() - corner.x()) / picture.counts.shape[1]
    painter.setOpacity(min(1.0, _SOLID_PX / max(_SOLID_PX, cell_px)))
    painter.drawImage(QRectF(corner, end), images.grave)
    painter.setOpacity(1.0)


def paint_tiles(painter: QPainter, layer: TileLayer, screen: Screen) -> Iterator[None]:
    """Paint the tiles in view; one that is not there is replaced by a part of the next coarser one that is."""
    zoom = max(layer.least_tile_zoom, min(layer.most_tile_zoom, round(screen.view.zoom)))
    count, bounds = 1 << zoom, screen.bounds
    west, east = (min(count - 1, max(0, int(x * count))) for x in (bounds.west, bounds.east))
    north, south = (min(count - 1, max(0, int(y * count))) for y in (bounds.north, bounds.south))
    cells = [(x, y) for y in range(north, south + 1) for x in range(west, east + 1)]
    for number, (x, y) in enumerate(cells):
        painter.setOpacity(layer.opacity)
        _paint_tile(painter, layer, (zoom, x, y), screen)
        painter.setOpacity(1.0)
        if number % _TILES_A_SLICE == 0:
            yield


def _paint_tile(painter: QPainter, layer: TileLayer, cell: tuple[int, int, int], screen: Screen) -> None:
    zoom, x, y = cell
    count = 1 << zoom
    target = QRectF(screen.px(x / count, y / count), screen.px((x + 1) / count, (y + 1) / count))
    for up in range(min(_TILE_PARENTS, zoom - layer.least_tile_zoom + 1)):
        image = layer.source.tile(zoom - up, x >> up, y >> up)
        if image is not None and not image.isNull():
            side = image.width() / (1 << up)
            part = QRectF((x - (x >> up << up)) * side, (y - (y >> up << up)) * side, side, side)
            painter.drawImage(target, image, part)
            return


def _premultiplied(theme: Theme, alpha: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Return the ink of densities with an alpha 0..1 each as premultiplied ARGB, uint32 of the same shape."""
    ink = theme.colour(Colour.MAP_DENSE)
    pixels = np.round(alpha * 255).astype(np.uint32) << np.uint32(24)
    for part, shift in ((ink.red(), 16), (ink.green(), 8), (ink.blue(), 0)):
        pixels |= np.round(alpha * part).astype(np.uint32) << np.uint32(shift)
    return pixels


def _image(pixels: NDArray[np.uint32]) -> QImage:
    height, width = pixels.shape
    data = np.ascontiguousarray(pixels, dtype=np.uint32)
    # Copied: the array ends with this call.
    return QImage(data.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied).copy()
