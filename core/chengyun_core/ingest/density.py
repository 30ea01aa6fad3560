"""How many devices stand in each cell of the map and how: counts of every zoom, changed as devices change."""

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.ground import FINEST, IN_CELL, Ground
from chengyun_core.model.device import DeviceState
from chengyun_core.series.columns import Bytes, Numbers, Places

STATES = len(DeviceState)
NEAREST = 26
"""Zoom of the smallest cells: half a metre."""
NEAR_MOST = 1 << 19
"""Devices looked at one by one for a view: more of them are told by the finest cells that are kept."""
SPARSE = 1 << 15
"""Levels of so many cells are changed where devices changed; coarser ones are summed up from the next finer one."""
STEP = 1 << 13
"""Changes handled at a time: what they touch of every column stays in the nearest cache (decision 0417)."""
STATE_BITS = (STATES - 1).bit_length()
MANY = 16
"""When more than a sixteenth of all devices changed, counting anew is quicker than adding."""
PIECE = 1 << 20
"""Devices counted at a time: what that needs stays small."""
WHAT: dict[str, tuple[DeviceState, ...]] = {
    "alarming": (DeviceState.BLUE, DeviceState.YELLOW, DeviceState.ORANGE, DeviceState.RED),
    "all": tuple(DeviceState),
    "never": (DeviceState.NEVER,),
    "online": tuple(state for state in DeviceState if state not in {DeviceState.NEVER, DeviceState.SILENT}),
    "silent": (DeviceState.SILENT,),
}
"""What may be asked for: the states that are counted."""
Counts = npt.NDArray[np.uint32]
Signed = npt.NDArray[np.int64]
Moves = npt.NDArray[np.int64]
"""By device: finest cell, state it left, state it entered, in this order from the highest bit."""


class Density:
    """Counts by state in every cell of a ground. One byte a slot and 28 a cell of each level, touched when made."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.state: Bytes = np.zeros(ground.size, np.uint8)
        """uint8 by slot: DeviceState."""
        self.state.fill(DeviceState.NEVER)
        self._counts = [np.zeros((level.keys.size, STATES), np.uint32) for level in ground.levels]
        # By cell, then by state: what a device leaves and what it enters lie in one cache line.
        self._recount()
        self.version = 1
        """Grows with every change."""

    def take(self, state: Bytes) -> int:
        """Take over the states of all slots, uint8[size]; return how many changed."""
        changed = np.flatnonzero(self.state != state)
        self.change(changed.astype(np.uint32), state[changed])
        return int(changed.size)

    def change(self, slots: Numbers, state: Bytes) -> None:
        """Let slots uint32[n], each once, be in these states uint8[n]: counts of every level follow."""
        if not slots.size:
            return
        moves = self._enter(slots, state)
        if not moves.size:
            return
        self.version += 1
        if slots.size > self.ground.size // MANY:
            self._recount()
        else:
            self._add(moves)

    def view(self, zoom: int, column: int, row: int, width: int, height: int, what: str) -> tuple[Counts, Bytes]:
        """Return counts uint32[height, width] and the greatest state uint8[height, width] of a rectangle of cells."""
        counts = np.zeros((height, width), np.uint32)
        worst = np.zeros((height, width), np.uint8)
        if zoom > FINEST:
            self._look_near(zoom, (column, row), what, counts, worst)
            return counts, worst
        place, y, x = self.ground.levels[zoom].inside(column, row, width, height)
        flat = y * width + x
        counts.reshape(-1)[flat], worst.reshape(-1)[flat] = _told(self._counts[zoom][place], what)
        return counts, worst

    def is_affordable(self, zoom: int, column: int, row: int, width: int, height: int) -> bool:
        """Return whether a view has no more than NEAR_MOST devices to look at one by one; counted cells always are."""
        if zoom <= FINEST:
            return True
        deeper = zoom - FINEST
        left, top = column >> deeper, row >> deeper
        wide, high = ((column + width - 1) >> deeper) - left + 1, ((row + height - 1) >> deeper) - top + 1
        cells, _, _ = self.ground.finest.inside(left, top, wide, high)
        start = self.ground.start
        return int((start[cells + 1] - start[cells]).sum()) <= NEAR_MOST

    def devices(self, zoom: int, column: int, row: int, width: int, height: int) -> Places:
        """Return int64[n]: positions in `ground.slots` of the devices in a rectangle of cells at least as fine as kept.

        Those of the finest kept cells that touch it; who asks for less looks at their places.
        """
        shift = zoom - FINEST
        left, top = column >> shift, row >> shift
        right, bottom = (column + width - 1) >> shift, (row + height - 1) >> shift
        cells, _, _ = self.ground.finest.inside(left, top, right - left + 1, bottom - top + 1)
        return self.ground.positions(cells)

    def size_bytes(self) -> int:
        """Return the memory of ground, states and counts."""
        return self.ground.size_bytes() + self.state.nbytes + sum(counts.nbytes for counts in self._counts)

    def _enter(self, slots: Numbers, state: Bytes) -> Moves:
        """Write the new states; return those of devices that stand somewhere and were in another."""
        moves: Moves = np.empty(slots.size, np.int64)
        end = 0
        for begin in range(0, slots.size, STEP):
            at, after = slots[begin : begin + STEP].astype(np.int64), state[begin : begin + STEP]
            before, cells = self.state.take(at), self.ground.cell_of.take(at)
            self.state[at] = after
            moved = (before != after) & (cells != self.ground.nowhere)
            some = ((cells.astype(np.int64) << STATE_BITS | before) << STATE_BITS | after)[moved]
            moves[end : end + some.size] = some
            end += some.size
        return moves[:end]

    def _add(self, moves: Moves) -> None:
        """Add what moved to every level, from the finest up, in the order of the cells."""
        moves.sort()
        levels, mask = self.ground.levels, (1 << STATE_BITS) - 1
        fine = [zoom for zoom in range(FINEST, 0, -1) if levels[zoom].keys.size >= SPARSE]
        coarse = FINEST - len(fine)
        change: Signed = np.zeros((levels[coarse].keys.size, STATES), np.int64)
        for begin in range(0, moves.size, STEP):
            some = moves[begin : begin + STEP]
            at, before, after = some >> 2 * STATE_BITS, some >> STATE_BITS & mask, some & mask
            for zoom in fine:
                _shift(self._counts[zoom], at, before, after)
                at = levels[zoom].parent.take(at).astype(np.int64)
            _shift(change, at, before, after)
        self._add_whole(coarse, change)

    def _recount(self) -> None:
        """Count everything anew, device by device."""
        finest = self._counts[FINEST]
        finest[:] = 0
        for begin in range(0, self.ground.placed, PIECE):
            slots = self.ground.slots[begin : begin + PIECE]
            at = self.ground.cell_of[slots].astype(np.int64) * STATES + self.state[slots]
            if at.size:
                low = int(at[0]) // STATES * STATES  # devices lie by cell, so a piece touches few of them
                counted = np.bincount(at - low)
                finest.reshape(-1)[low : low + counted.size] += counted.astype(np.uint32)
        for zoom in range(FINEST, 0, -1):
            parent, above = self.ground.levels[zoom].parent, self._counts[zoom - 1]
            for state in range(STATES):
                above[:, state] = np.bincount(parent, self._counts[zoom][:, state], above.shape[0])

    def _add_whole(self, zoom: int, change: Signed) -> None:
        """Add what a coarse level gained, and the same to all above it."""
        level = self.ground.levels[zoom]
        self._counts[zoom] += change.astype(np.uint32)  # a loss wraps round, and so comes out right
        if zoom:
            above = np.zeros((self.ground.levels[zoom - 1].keys.size, STATES), np.int64)
            for state in range(STATES):
                above[:, state] = np.bincount(level.parent, change[:, state], above.shape[0])
            self._add_whole(zoom - 1, above)

    def _look_near(self, zoom: int, corner: tuple[int, int], what: str, counts: Counts, worst: Bytes) -> None:
        """Count device by device: those of a row of finest cells lie side by side, so each row is a few slices."""
        ground, deeper = self.ground, zoom - FINEST
        (height, width), (column, row) = counts.shape, corner
        columns = np.array([column >> deeper, ((column + width - 1) >> deeper) + 1], np.uint64)
        for high in range(row >> deeper, ((row + height - 1) >> deeper) + 1):
            first, last = np.searchsorted(ground.finest.keys, columns + np.uint64(high << FINEST)).tolist()
            tile = self._tile(first, last, deeper, column, width)
            if tile is None:
                continue
            top = (high << deeper) - row
            here = slice(max(0, top), min(height, top + (1 << deeper)))
            part = slice(here.start - top, here.stop - top)
            counts[here], worst[here] = (one.reshape(-1, width)[part] for one in _told(tile, what))

    def _tile(self, first: int, last: int, deeper: int, column: int, width: int) -> Signed | None:
        """Return counts by state int64[2^deeper · width, STATES] of finest cells first … last, which lie in one row."""
        ground = self.ground
        begin, end = int(ground.start[first]), int(ground.start[last])
        if begin == end:
            return None
        cells = (ground.finest.keys[first:last] & np.uint64((1 << FINEST) - 1)).astype(np.int64)
        shift = np.uint16(IN_CELL - deeper)
        x = np.repeat((cells << deeper) - column, np.diff(ground.start[first : last + 1]))
        x += ground.inside_x[begin:end] >> shift
        flat = (ground.inside_y[begin:end] >> shift).astype(np.int64) * width + x
        flat *= STATES
        flat += self.state[ground.slots[begin:end]]
        inside = (x >= 0) & (x < width)
        size = (width << deeper) * STATES
        return np.bincount(flat if inside.all() else flat[inside], minlength=size).reshape(-1, STATES)


def _shift(counts: npt.NDArray[np.integer], at: Places, before: Places, after: Places) -> None:
    """Move one device of each cell `at` from one state to another in counts [cells, STATES]; a loss wraps round."""
    flat, first, one = counts.reshape(-1), at * STATES, counts.dtype.type(1)
    np.subtract.at(flat, first + before, one)
    np.add.at(flat, first + after, one)


def _told(counts: npt.NDArray[np.integer], what: str) -> tuple[Counts, Bytes]:
    """Return of counts by state [n, STATES]: how many are counted uint32[n], and their greatest state uint8[n]."""
    states = np.array(WHAT[what], np.uint8)
    found = counts if len(states) == STATES else counts[:, states]
    # The states asked for rise, so the last one that is there is the greatest.
    last = len(states) - 1 - (found[:, ::-1] > 0).argmax(axis=1)
    total: Counts = found.sum(axis=1, dtype=np.uint32)
    return total, np.where(total > 0, states[last], np.uint8(0))
