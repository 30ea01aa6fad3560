"""Where devices stand, prepared once: quad cells of every zoom, sorted, each device knowing its own."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chengyun_core.geo.projection import to_world
from chengyun_core.series.columns import Numbers, Places, Values

FINEST = 17
"""Zoom of the finest cells that are kept: 265 m wide in Chongqing. Nearer views look at the devices themselves."""
SCALE = 2.0**32
"""Places are held as uint32 fractions of the world, 9 mm at the equator."""
IN_CELL = 32 - FINEST
"""Bits of a fraction below the finest cell."""
KEY_BITS = 64
PIECE = 1 << 20
"""Devices handled at a time where a whole column more would only be thrown away."""
Keys = npt.NDArray[np.uint64]
Fractions = npt.NDArray[np.uint32]
Shorts = npt.NDArray[np.uint16]


def fractions(longitude: Values, latitude: Values) -> tuple[Fractions, Fractions]:
    """Return (x, y) uint32[n] of places in degrees, float64[n]."""
    x, y = to_world(longitude, latitude)
    most = SCALE - 1
    return np.clip(x * SCALE, 0, most).astype(np.uint32), np.clip(y * SCALE, 0, most).astype(np.uint32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The cells of one zoom in which anything stands, row by row from the north-west."""

    zoom: int
    keys: Keys
    """uint64[cells] rising: row · 2^zoom + column."""
    parent: Numbers
    """uint32[cells]: place of the cell that holds it in the next coarser level; empty at zoom 0."""

    def inside(self, column: int, row: int, width: int, height: int) -> tuple[Places, Places, Places]:
        """Return (place, y, x) of the cells in a rectangle of cells, y and x counted from its corner: int64[n] each."""
        # Beyond the east of the world the next row begins.
        width = max(0, min(width, (1 << self.zoom) - column))
        rows = np.arange(row, row + height, dtype=np.uint64) << np.uint64(self.zoom)
        begin = np.searchsorted(self.keys, rows + np.uint64(column))
        counts = np.searchsorted(self.keys, rows + np.uint64(column + width)) - begin
        place = spread(begin, counts)
        y = np.repeat(np.arange(height), counts)
        x = (self.keys[place] & np.uint64((1 << self.zoom) - 1)).astype(np.int64) - column
        return place, y, x


class Ground:
    """All levels over devices at known places. About 16 bytes a device and 4 + 8 a cell; immutable.

    Raises ValueError for columns of different length. Made in one sort: some seconds for 22 million, beside everything.
    """

    def __init__(self, x: Fractions, y: Fractions, slots: Numbers, size: int) -> None:
        """Take places uint32[n] of `slots` uint32[n] (each once) out of `size` slots."""
        if not x.shape == y.shape == slots.shape:
            raise ValueError(f"columns of {x.size}, {y.size} and {slots.size} places")
        self.size = size
        order, keys = _sorted(x, y)
        first = np.ones(keys.size, np.bool_)
        np.not_equal(keys[1:], keys[:-1], out=first[1:])
        self.start: Places = np.append(np.flatnonzero(first), keys.size)
        """int64[cells + 1]: the devices of finest cell i are `slots[start[i]:start[i + 1]]`."""
        cells = np.cumsum(first, dtype=np.uint32)
        cells -= np.uint32(1)
        self.slots: Numbers = slots[order]
        """uint32[n], by finest cell."""
        self.cell_of: Numbers = np.full(size, self.nowhere, np.uint32)
        """uint32[size], by slot: its finest cell, `nowhere` where its place is not known."""
        self.cell_of[self.slots] = cells
        del cells
        self.levels = _levels(keys[first])
        del keys, first
        self.inside_x, self.inside_y = _inside_cell(x, order), _inside_cell(y, order)
        """uint16[n] each, by position: where in its finest cell a device stands, in 2^-15 of the cell."""

    nowhere = 2**32 - 1

    @property
    def placed(self) -> int:
        """Return how many devices stand anywhere."""
        return int(self.slots.size)

    @property
    def finest(self) -> Level:
        """Return the finest level that is kept."""
        return self.levels[FINEST]

    def positions(self, cells: Places) -> Places:
        """Return int64[n]: positions (in `slots`) of all devices in these finest cells."""
        return spread(self.start[cells], self.start[cells + 1] - self.start[cells])

    def fractions_of(self, positions: Places) -> tuple[Fractions, Fractions]:
        """Return (x, y) uint32[n] of devices by position."""
        key = self.finest.keys[self.cell_of[self.slots[positions]]]
        column, row = key & np.uint64((1 << FINEST) - 1), key >> np.uint64(FINEST)
        shift = np.uint64(IN_CELL)
        x = (column << shift).astype(np.uint32) | self.inside_x[positions]
        return x, (row << shift).astype(np.uint32) | self.inside_y[positions]

    def size_bytes(self) -> int:
        """Return the memory of all columns."""
        columns = (self.start, self.slots, self.cell_of, self.inside_x, self.inside_y)
        return sum(one.nbytes for one in columns) + sum(one.keys.nbytes + one.parent.nbytes for one in self.levels)


def spread(begin: Places, counts: Places) -> Places:
    """Return int64: begin[0], begin[0] + 1, … (counts[0] of them), then begin[1], …"""
    total = int(counts.sum())
    if not total:
        return np.empty(0, np.int64)
    before = np.cumsum(counts) - counts
    places: Places = np.arange(total) + np.repeat(begin - before, counts)
    return places


def _inside_cell(place: Fractions, order: Numbers) -> Shorts:
    """Return what of a place lies below its finest cell, uint16[n], in this order."""
    found: Shorts = np.empty(order.size, np.uint16)
    for begin in range(0, order.size, PIECE):
        part = slice(begin, begin + PIECE)
        found[part] = place[order[part]] & np.uint32((1 << IN_CELL) - 1)
    return found


def _sorted(x: Fractions, y: Fractions) -> tuple[Numbers, Keys]:
    """Return the order of devices by finest cell, and their keys in that order.

    Key and number share one uint64 where they fit: sorting those is several times as fast as sorting an index.
    """
    bits = max(1, x.size.bit_length())
    keys: Keys = (y >> np.uint32(IN_CELL)).astype(np.uint64)
    keys <<= np.uint64(FINEST)
    keys |= x >> np.uint32(IN_CELL)
    if 2 * FINEST + bits > KEY_BITS:
        given: Numbers = np.argsort(keys, kind="stable").astype(np.uint32)
        return given, keys[given]
    keys <<= np.uint64(bits)
    for begin in range(0, keys.size, PIECE):
        keys[begin : begin + PIECE] |= np.arange(begin, min(begin + PIECE, keys.size), dtype=np.uint64)
    keys.sort()
    numbers: Numbers = np.empty(keys.size, np.uint32)
    np.bitwise_and(keys, np.uint64((1 << bits) - 1), out=numbers, casting="unsafe")
    keys >>= np.uint64(bits)
    return numbers, keys


def _levels(finest: Keys) -> tuple[Level, ...]:
    """Return the levels from zoom 0 to the finest."""
    made, keys = [], finest
    for zoom in range(FINEST, 0, -1):
        column, row = keys & np.uint64((1 << zoom) - 1), keys >> np.uint64(zoom)
        above = ((row >> np.uint64(1)) << np.uint64(zoom - 1)) | (column >> np.uint64(1))
        parents, inverse = np.unique(above, return_inverse=True)
        made.append(Level(zoom=zoom, keys=keys, parent=inverse.astype(np.uint32)))
        keys = parents
    made.append(Level(zoom=0, keys=keys, parent=np.empty(0, np.uint32)))
    return tuple(reversed(made))
