"""History in memory: long rings of pinned vitals, short rings of aggregates; all else is found in the log ring."""

from collections.abc import Iterable

import numpy as np

from chengyun_core.ingest.vitals import VitalTable
from chengyun_core.series.columns import Bytes, Numbers, Places, Times, Values
from chengyun_core.series.doubt import doubt_of
from chengyun_core.series.pyramid import MinMaxPyramid

PINNED_POINTS = 1 << 17
"""A day at a sample every 0.66 s; 2.4 MB a vital."""
AGGREGATE_POINTS = 2048
"""34 minutes at a cell every second, 34 hours at one a minute; 32 kB a vital, in use only as it fills."""


class AggregateRings:
    """One small ring per aggregate, as two matrices; slots not yet used cost no memory."""

    def __init__(self, count: int, points: int = AGGREGATE_POINTS) -> None:
        self._points = points
        self._time = np.zeros((count, points), np.int64)
        self._value = np.zeros((count, points))
        self._doubt = np.zeros((count, points), np.uint8)
        self._taken = np.zeros(count, np.int64)

    def append(self, place: Places, time: Times, value: Values, doubt: Bytes) -> None:
        """Add points, rising in time per place; a place may occur several times. doubt: uint8[n] (Doubt)."""
        if not place.size:
            return
        order = np.argsort(place, kind="stable")
        ordered = place[order]
        begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
        length = np.diff(np.append(begins, ordered.size))
        rank = np.arange(ordered.size) - np.repeat(begins, length)
        stays = rank >= np.repeat(length - self._points, length)
        column = (self._taken[ordered] + rank) % self._points
        row, column, order = ordered[stays], column[stays], order[stays]
        self._time[row, column], self._value[row, column] = time[order], value[order]
        self._doubt[row, column] = doubt[order]
        self._taken[ordered[begins]] += length

    def raw(self, place: int) -> tuple[Times, Values, Bytes]:
        """Return all points of one aggregate in time order, with the doubt of each."""
        taken = int(self._taken[place])
        slots = np.arange(max(0, taken - self._points), taken) % self._points
        return self._time[place, slots], self._value[place, slots], self._doubt[place, slots]


class History:
    """What was computed, by vital. Rings of vitals survive a new catalogue version."""

    def __init__(self, vitals: VitalTable, pinned: Iterable[int]) -> None:
        self.rings = {vital: MinMaxPyramid(PINNED_POINTS) for vital in pinned}
        self._place_of = {item.vital: place for place, item in enumerate(vitals.aggregates)}
        self._aggregates = AggregateRings(len(vitals.aggregates))
        self._vital_at = np.array(list(self._place_of), np.uint32)
        self._followed = _followed(vitals, self.rings)

    def keep_samples(self, channel: Numbers, time: Times, value: Values, quality: Bytes) -> None:
        """Keep the samples (value NaN when BAD) of channels that pinned vitals follow; late ones find their place."""
        for vital, number, factor, offset in self._followed:
            here = np.flatnonzero(channel == np.uint32(number))
            if here.size:
                self.rings[vital].append(time[here], value[here] * factor + offset, doubt_of(quality[here]))

    def keep_cells(self, place: Places, time: Times, value: Values, quality: Bytes) -> None:
        """Keep values of aggregates, by their place in the table of aggregates."""
        doubt = doubt_of(quality)
        self._aggregates.append(place, time, value, doubt)
        for vital, ring in self.rings.items():
            here = place == self._place_of.get(vital, -1)
            if here.any():
                ring.append(time[here], value[here], doubt[here])

    def points(self, vital: int) -> tuple[Times, Values, Bytes] | None:
        """Return everything kept of a vital in time order, with its doubt; None when only the log ring has it."""
        if vital in self.rings:
            always = np.iinfo(np.int64).min, np.iinfo(np.int64).max - 1
            (time, value), doubt = self.rings[vital].raw(*always), self.rings[vital].doubts(*always)
            return time, value, np.zeros(time.size, np.uint8) if doubt is None else doubt
        place = self._place_of.get(vital)
        return None if place is None else self._aggregates.raw(place)

    def take_over(self, older: "History") -> None:
        """Go on with the rings of vitals that were kept before, by vital number."""
        for vital, ring in older.rings.items():
            if vital in self.rings:
                self.rings[vital] = ring
        for vital, place in self._place_of.items():
            points = older.points(vital)
            if points is not None:
                self._aggregates.append(np.full(points[0].size, place, np.intp), *points)


def _followed(vitals: VitalTable, rings: Iterable[int]) -> list[tuple[int, int, float, float]]:
    """Return (vital, channel, factor, offset) of the pinned vitals that follow one channel."""
    wanted = set(rings)
    return [row for layer in vitals.layers for row in layer.rows(wanted)]
