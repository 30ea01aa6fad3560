"""The grid of source time on which aggregates are evaluated: cells of one second, closed by the watermark."""

from dataclasses import dataclass

import numpy as np

from chengyun_core.ingest.aggregates import Aggregates
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import Quality
from chengyun_core.series.columns import Bytes, Numbers, Places, Times, Values

CELL_NS = NS_PER_S
"""A cell holds the samples with T - 1 s < time <= T and is stamped T, so that full hours keep their stamp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Values of aggregates at the ends of closed cells, rising by cell and, within it, by aggregate.

    place intp (of the aggregate), time int64, value float64 (NaN when BAD), quality uint8; n long.
    """

    place: Places
    time: Times
    value: Values
    quality: Bytes


class Grid:
    """Holds the last value of every member and the samples of cells not closed yet."""

    def __init__(self, aggregates: Aggregates) -> None:
        self.aggregates = aggregates
        size = aggregates.channel.size
        self.held: Values = np.full(size, np.nan)
        self.quality: Bytes = np.full(size, Quality.NEVER, np.uint8)
        self.waiting: list[tuple[Places, Times, Values, Bytes]] = []
        self._soonest = np.iinfo(np.int64).max
        self.closed_ns = 0
        self.late = 0
        """Samples that came after their cell was closed; they count for the next one."""

    def offer(self, channel: Numbers, time: Times, value: Values, quality: Bytes) -> None:
        """Take fresh samples of any channels (value NaN when BAD); those of members wait for their cell to close."""
        if not len(self.aggregates) or not channel.size:
            return
        slot = self.aggregates.slots(channel)
        member = np.flatnonzero(slot)
        if not member.size:
            return
        cell = cell_end(time[member])
        late = cell <= self.closed_ns
        if late.any():
            self.late += int(np.count_nonzero(late))
            cell[late] = self.closed_ns + CELL_NS
        self.waiting.append((slot[member].astype(np.intp) - 1, cell, value[member], quality[member]))
        self._soonest = min(self._soonest, int(cell.min()))

    def close_until(self, watermark_ns: int) -> Cells:
        """Close every cell that ends at or before the watermark and compute the aggregates its samples feed."""
        closed = watermark_ns // CELL_NS * CELL_NS
        ready = self._soonest <= closed
        self.closed_ns = max(self.closed_ns, closed)
        return self._computed(self._taken(closed)) if ready else NO_CELLS

    def reopen(self, now_ns: int) -> None:
        """Let the cells that end after this time be open again."""
        self.closed_ns = min(self.closed_ns, now_ns // CELL_NS * CELL_NS)

    def take_over(self, older: "Grid") -> None:
        """Copy what an older grid holds of the same channel numbers."""
        _, mine, theirs = np.intersect1d(
            self.aggregates.channel, older.aggregates.channel, assume_unique=True, return_indices=True
        )
        self.held[mine], self.quality[mine] = older.held[theirs], older.quality[theirs]
        self.closed_ns, self.late = older.closed_ns, older.late
        for place, cell, value, quality in older.waiting:
            self.offer(older.aggregates.channel[place], cell, value, quality)

    def _taken(self, closed_ns: int) -> tuple[Places, Times, Values, Bytes]:
        """Return the waiting samples of closed cells, by cell and in order of arrival."""
        place, cell, value, quality = (np.concatenate(parts) for parts in zip(*self.waiting, strict=True))
        ready = cell <= closed_ns
        rest = ~ready
        self.waiting = [(place[rest], cell[rest], value[rest], quality[rest])] if rest.any() else []
        self._soonest = int(cell[rest].min(initial=np.iinfo(np.int64).max))
        order = np.flatnonzero(ready)[np.argsort(cell[ready], kind="stable")]
        return place[order], cell[order], value[order], quality[order]

    def _computed(self, samples: tuple[Places, Times, Values, Bytes]) -> Cells:
        place, cell, value, quality = samples
        ends = np.append(np.flatnonzero(cell[1:] != cell[:-1]) + 1, cell.size).tolist()
        parts, begin = [], 0
        for end in ends:
            slot = place[begin:end]
            self.held[slot], self.quality[slot] = value[begin:end], quality[begin:end]
            which = self.aggregates.touched(slot)
            parts.append(
                (which, np.full(which.size, cell[begin]), *self.aggregates.computed(which, self.held, self.quality))
            )
            begin = end
        which, time, values, qualities = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Cells(place=which, time=time, value=values, quality=qualities)


def cell_end(time: Times) -> Times:
    """Return the end of the cell each time lies in."""
    return -(-time // CELL_NS) * CELL_NS


NO_CELLS = Cells(
    place=np.empty(0, np.intp), time=np.empty(0, np.int64), value=np.empty(0), quality=np.empty(0, np.uint8)
)
