"""Small PNG files without loss that an eye would see, and how like each other two pictures are."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage, qRgb

COLOURS = 256
COMMON = 96
SEEN_PX = 6
"""A colour on fewer pixels is a shade at the edge of something."""
BLOCK_PX = 8
"""Letters of one font differ by a shade at their edges from machine to machine; a block's mean does not."""
NOTICED = 12.0
"""Levels of 255 by which the mean of a block has to differ before it counts."""

Levels = npt.NDArray[np.uint8]


def kept(image: QImage, file: Path) -> None:
    """Write a picture with 256 of its colours; the others, shades at edges of letters, become the nearest.

    Raises:
        OSError: it cannot be written; says where.
    """
    levels = levels_of(image)
    packed = (levels.astype(np.uint32) * np.array([1 << 16, 1 << 8, 1], np.uint32)).sum(2, dtype=np.uint32)
    colours, place, count = np.unique(packed.ravel(), return_inverse=True, return_counts=True)
    chosen = _chosen(colours, count)
    picture = QImage(image.width(), image.height(), QImage.Format.Format_Indexed8)
    picture.setColorTable([qRgb(int(c) >> 16, int(c) >> 8 & 255, int(c) & 255) for c in chosen])
    rows = np.frombuffer(picture.bits(), np.uint8).reshape(image.height(), picture.bytesPerLine())
    rows[:, : image.width()] = _nearest(colours, chosen)[place].reshape(image.height(), image.width())
    if not picture.save(str(file), "PNG", 0):
        raise OSError(f"the picture {file} cannot be written")


def levels_of(image: QImage) -> Levels:
    """Return uint8[h, w, 3] of red, green and blue."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return flat[:, : plain.width() * 3].reshape(plain.height(), plain.width(), 3).copy()


def unlike(one: Levels, other: Levels) -> float:
    """Return which share of the blocks of two pictures differs so that an eye would notice; 1.0 for other sizes."""
    if one.shape != other.shape:
        return 1.0
    difference = np.abs(_means(one) - _means(other)).max(2)
    return float((difference > NOTICED).mean())


def _means(levels: Levels) -> npt.NDArray[np.float64]:
    height, width = (side // BLOCK_PX * BLOCK_PX for side in levels.shape[:2])
    blocks = levels[:height, :width].reshape(height // BLOCK_PX, BLOCK_PX, width // BLOCK_PX, BLOCK_PX, 3)
    return blocks.mean((1, 3))


def _chosen(colours: npt.NDArray[np.uint32], count: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """Return the commonest colours, and then those farthest from all chosen: a small blue dot must stay blue."""
    order = np.argsort(-count)
    chosen = list(order[:COMMON])
    levels, seen = _levels(colours), count >= SEEN_PX
    apart = np.min([((levels - levels[one]) ** 2).sum(1) for one in chosen], axis=0)
    while len(chosen) < min(COLOURS, len(colours)):
        far = int((apart * seen).argmax()) if (apart * seen).any() else int(apart.argmax())
        chosen.append(far)
        apart = np.minimum(apart, ((levels - levels[far]) ** 2).sum(1))
    return colours[np.sort(chosen)]


def _nearest(colours: npt.NDArray[np.uint32], chosen: npt.NDArray[np.uint32]) -> Levels:
    parts = [
        np.stack([(some >> shift) & 255 for shift in (16, 8, 0)], 1).astype(np.int32) for some in (colours, chosen)
    ]
    nearest = np.empty(len(colours), np.uint8)
    for first in range(0, len(colours), 1024):
        apart = ((parts[0][first : first + 1024, None] - parts[1][None]) ** 2).sum(2)
        nearest[first : first + 1024] = apart.argmin(1)
    return nearest


def _levels(packed: npt.NDArray[np.uint32]) -> npt.NDArray[np.int32]:
    return np.stack([(packed >> shift) & 255 for shift in (16, 8, 0)], 1).astype(np.int32)
