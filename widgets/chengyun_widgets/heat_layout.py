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
"""Cells of a grid that is not zoomed in are no larger while there are thousands: more would say nothing more."""
MARKED_PX = 13
"""Cells of a strip that is not crowded: large enough for the shape of a severity."""
ROOMY_PX = 16
"""Cells at least so high and wide are laid out in rows beside their titles: they are few, and each can say more."""
TITLE_COLUMN_PX = 124
_TALLEST_PX, _WIDEST_PX = 28, 128
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
    least, so that nothing moves for the first alarm, and half its room at most. Where all cells of all groups have room
    for the shape of a severity, they take it.
    """
    rows = -(-len(counts) // group_columns) if counts else 0
    room_x = (width - GAP_PX * (group_columns - 1)) / max(1, group_columns)
    room_y = (height - GAP_PX * (rows - 1)) / max(1, rows) - TITLE_PX
    marked = _marked(largest_px)
    if counts and all(_pitch(count, room_x, room_y, marked) == (marked, marked) for count in counts):
        largest_px = marked
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
        side = _strip_side(count, title.width(), room_y, abnormal, largest_px)
        wide, rows = _strip(title.width(), room_y, abnormal, side)
        strip = Block(x=x, y=y, pitch_x=side, pitch_y=side, columns=wide, count=wide * rows)
        used = rows * side + _STRIP_GAP_PX
        y, pitch = y + used, _pitch(count, title.width(), room_y - used, largest_px)
    columns = max(1, int(title.width() // pitch[0]))
    cells = Block(x=x, y=y, pitch_x=pitch[0], pitch_y=pitch[1], columns=columns, count=count)
    return GroupPlace(title=title, strip=strip, cells=cells)


def _strip_side(count: int, room_x: float, room_y: float, abnormal: int, largest_px: int) -> int:
    """Return the pitch of a strip: with room for shapes where all abnormal cells have it and the rest keep their
    gaps, else as small as told."""
    plain, marked = largest_px - 1, _marked(largest_px)
    pitch = []
    for side in (plain, marked):
        wide, rows = _strip(room_x, room_y, abnormal, side)
        pitch.append(min(_pitch(count, room_x, room_y - rows * side - _STRIP_GAP_PX, largest_px)))
    is_crowded = abnormal > wide * rows or rows * marked > room_y / 2
    return plain if is_crowded or pitch[0] > _GAPLESS_PX >= pitch[1] else marked


def _strip(room_x: float, room_y: float, abnormal: int, side: int) -> tuple[int, int]:
    """Return columns and rows of a strip of cells: for all abnormal ones, but half of the room at most."""
    wide = max(1, int(room_x // side))
    return wide, max(1, min(-(-abnormal // wide), int(room_y / 2 // side)))


def _marked(largest_px: int) -> int:
    """Return the pitch with room for a shape, where the largest cells are so large."""
    return round(MARKED_PX * largest_px / LARGEST_PX)


def in_rows(counts: Sequence[int], width: int, height: int, zoom: float = 1.0) -> tuple[GroupPlace, ...] | None:
    """Return where groups go as rows with their titles at the left; None when cells would not be `ROOMY_PX` high.

    Every group has the whole width: its cells are as large as fit, wider than high, so that a name fits into them.
    """
    column = min(TITLE_COLUMN_PX, width // 4)
    room_x = width - column - GAP_PX
    room_y = (height - GAP_PX / 2 * (len(counts) - 1)) / max(1, len(counts))
    places = []
    for index, count in enumerate(counts):
        found = _roomy(count, room_x, room_y, zoom)
        if found is None:
            return None
        columns, pitch_x, pitch_y = found
        y = round(index * (room_y + GAP_PX / 2))
        cells = Block(x=column + GAP_PX, y=y, pitch_x=pitch_x, pitch_y=pitch_y, columns=columns, count=count)
        places.append(GroupPlace(title=QRectF(0, y, column, min(pitch_y, TITLE_PX)), strip=None, cells=cells))
    return tuple(places)


def _roomy(count: int, room_x: float, room_y: float, zoom: float) -> tuple[int, int, int] | None:
    """Return columns and pitches of the largest cells, None when none is roomy; a line of text is high enough."""
    best: tuple[float, tuple[int, int, int]] | None = None
    for columns in range(1, max(1, count) + 1):
        rows = max(1, -(-count // columns))
        pitch_x = min(int(room_x // columns), round(_WIDEST_PX * zoom))
        pitch_y = min(int(room_y // rows), round(_TALLEST_PX * zoom))
        if pitch_x < ROOMY_PX:
            break
        worth = min(pitch_y, ROOMY_PX * 1.25 * zoom) * pitch_x
        if pitch_y >= ROOMY_PX and (best is None or worth > best[0]):
            best = worth, (columns, pitch_x, pitch_y)
    return None if best is None else best[1]


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
