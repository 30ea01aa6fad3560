"""Places thousands of cells in titled groups: a strip of large cells for the abnormal, small cells for the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

TITLE_PX = 20
GAP_PX = 12
_STRIP_GAP_PX = 2
_LARGE_SHARE = 0.8
"""A group whose cells are smaller than this share of the largest gets a strip for its abnormal ones."""
LARGEST_PX = 10
"""Cells of a grid that is not zoomed in are no larger: more would say nothing more."""
_GAPLESS_PX = 2
# What a device pixel is: ground between cells, a cell's body, its edge, or the dashes of that edge.
GROUND, BODY, EDGE, DASH = 0, 1, 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A rectangle of equal cells: its corner, the pitch from cell to cell in px, columns, and room for `count`."""

    x: float
    y: float
    pitch_x: int
    pitch_y: int
    columns: int
    count: int

    @property
    def rect(self) -> QRectF:
        """What the cells cover."""
        rows = -(-self.count // self.columns)
        return QRectF(self.x, self.y, self.columns * self.pitch_x, rows * self.pitch_y)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPlace:
    """One group: its title, the strip for abnormal cells (None where all cells are large anyway), the other cells."""

    title: QRectF
    strip: Block | None
    cells: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Strip and cells, in the order of their slots."""
        return (self.cells,) if self.strip is None else (self.strip, self.cells)

    def moved(self, dx: float, dy: float) -> "GroupPlace":
        """Return the same place elsewhere."""
        strip = replace(self.strip, x=self.strip.x + dx, y=self.strip.y + dy) if self.strip else None
        cells = replace(self.cells, x=self.cells.x + dx, y=self.cells.y + dy)
        return GroupPlace(title=self.title.translated(dx, dy), strip=strip, cells=cells)


def lay_out(
    counts: Sequence[int],
    abnormal: Sequence[int],
    width: int,
    height: int,
    group_columns: int,
    largest_px: int = LARGEST_PX,
) -> tuple[GroupPlace, ...]:
    """Return where groups of `counts` cells go, `abnormal` of which want a large cell.

    Every group has the same room and fills it: its cells are as large as fit, `largest_px` down to 3 with a gap, and
    down to 1 without one. Under four fifths of `largest_px` it gets a strip of large cells on top: a row at
    least, so that nothing moves for the first alarm, and half its room at most.
    """
    rows = -(-len(counts) // group_columns) if counts else 0
    room_x = (width - GAP_PX * (group_columns - 1)) / max(1, group_columns)
    room_y = (height - GAP_PX * (rows - 1)) / max(1, rows) - TITLE_PX
    places = []
    for index, (count, grave) in enumerate(zip(counts, abnormal, strict=True)):
        x = (index % group_columns) * (room_x + GAP_PX)
        y = (index // group_columns) * (room_y + TITLE_PX + GAP_PX)
        places.append(_group(QRectF(x, y, room_x, TITLE_PX), room_y, count, grave, largest_px))
    return tuple(places)


def _group(title: QRectF, room_y: float, count: int, abnormal: int, largest_px: int) -> GroupPlace:
    x, y, strip = round(title.x()), round(title.bottom()), None
    pitch = _pitch(count, title.width(), room_y, largest_px)
    if pitch[1] < largest_px * _LARGE_SHARE:
        side = largest_px - 1
        wide = max(1, int(title.width() // side))
        rows = max(1, min(-(-abnormal // wide), int(room_y / 2 // side)))
        strip = Block(x=x, y=y, pitch_x=side, pitch_y=side, columns=wide, count=wide * rows)
        used = rows * side + _STRIP_GAP_PX
        y, pitch = y + used, _pitch(count, title.width(), room_y - used, largest_px)
    columns = max(1, int(title.width() // pitch[0]))
    cells = Block(x=x, y=y, pitch_x=pitch[0], pitch_y=pitch[1], columns=columns, count=count)
    return GroupPlace(title=title, strip=strip, cells=cells)


def _pitch(count: int, room_x: float, room_y: float, largest_px: int) -> tuple[int, int]:
    """Return the largest pitch with which `count` cells fit, (1, 1) when none does."""
    fits = (pitch for pitch in _pitches(largest_px) if count <= int(room_x // pitch[0]) * int(room_y // pitch[1]))
    return next(fits, (1, 1))


def _pitches(largest_px: int) -> Iterator[tuple[int, int]]:
    """Yield from square to square over the oblong between: a thousand cells often just miss the next square."""
    for side in range(largest_px, 1, -1):
        yield side, side
        yield side, side - 1


def centres(blocks: Sequence[Block]) -> NDArray[np.float64]:
    """Return float64[slots, 2]: the middle of every slot, block after block."""
    parts = [np.zeros((0, 2))]
    for block in blocks:
        row, column = np.divmod(np.arange(block.count), block.columns)
        x, y = block.x + (column + 0.5) * block.pitch_x, block.y + (row + 0.5) * block.pitch_y
        parts.append(np.stack((x, y), axis=1))
    return np.concatenate(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellMap:
    """What every device pixel shows: `slot` int32[h, w] (0 is ground, s + 1 is slot s) and `part` uint8[h, w]."""

    slot: NDArray[np.int32]
    part: NDArray[np.uint8]


def cell_map(blocks: Sequence[Block], width: int, height: int, ratio: float) -> CellMap:
    """Return the map of a picture of width x height px on a screen of `ratio`; made once per layout."""
    slot = np.zeros((max(1, round(height * ratio)), max(1, round(width * ratio))), dtype=np.int32)
    part = np.zeros(slot.shape, dtype=np.uint8)
    ys, xs = (np.arange(n) / ratio for n in slot.shape)
    first = 1
    for block in blocks:
        rect = block.rect
        rows = slice(*np.searchsorted(ys, (rect.top(), rect.bottom())))
        columns = slice(*np.searchsorted(xs, (rect.left(), rect.right())))
        y, x = (ys[rows] - block.y)[:, None], (xs[columns] - block.x)[None, :]
        cell = (y // block.pitch_y).astype(np.int32) * block.columns + (x // block.pitch_x).astype(np.int32)
        kind = _part(y % block.pitch_y, x % block.pitch_x, block)
        part[rows, columns] = np.where(cell < block.count, kind, GROUND)
        slot[rows, columns] = np.where((cell < block.count) & (kind != GROUND), first + cell, 0)
        first += block.count
    return CellMap(slot=slot, part=part)


def _part(y: NDArray[np.float64], x: NDArray[np.float64], block: Block) -> NDArray[np.uint8]:
    gap = 0 if min(block.pitch_x, block.pitch_y) <= _GAPLESS_PX else 1
    high, wide = block.pitch_y - gap, block.pitch_x - gap
    is_cell = (y < high) & (x < wide)
    is_edge = is_cell & ((y < 1) | (x < 1) | (y >= high - 1) | (x >= wide - 1))
    # Dashes of two px walk round the cell; one too small for dashes keeps a chequer that is still not filled.
    step = 4 if min(high, wide) > 3 else 2
    is_dash = is_edge & ((np.floor(x) + np.floor(y)) % step < step / 2)
    part = np.where(is_edge, EDGE, np.where(is_cell, BODY, GROUND))
    return np.where(is_dash, DASH, part).astype(np.uint8)
