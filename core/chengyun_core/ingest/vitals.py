"""The vitals of a catalogue as columns: which follow one channel sample by sample, and which are aggregates."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from chengyun_core.ingest.channels import ChannelTable
from chengyun_core.model import formula
from chengyun_core.model.catalogue import Vital
from chengyun_core.series.columns import Bools, Numbers, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """A vital evaluated on the grid: a function over channels."""

    vital: int
    function: str
    argument: float
    channels: tuple[range, ...]


class Layer:
    """A map from channel to at most one vital that follows it: `last` or `scale`."""

    def __init__(self, channel: Numbers, vital: Numbers, *, factor: Values, offset: Values) -> None:
        """Take parallel columns, one entry per vital; no channel occurs twice."""
        order = np.argsort(channel, kind="stable")
        self.channel, self.vital = channel[order], vital[order]
        factor, offset = factor[order], offset[order]
        self._first = int(self.channel[0])
        span = int(self.channel[-1]) - self._first + 1
        dense = span == self.channel.size and bool((np.diff(self.vital.astype(np.int64)) == 1).all())
        self._shift = int(self.vital[0]) - self._first if dense else None
        self._last = int(self.channel[-1])
        self.plain = bool((factor == 1.0).all() and (offset == 0.0).all())
        self._place = None if dense else _places(self.channel - self.channel[0], span)
        self._factor, self._offset = factor, offset

    def chosen(self, channel: Numbers) -> Bools | None:
        """Return which channels have a vital here, None when all have."""
        inside: Bools = (channel >= self._first) & (channel <= self._last)
        if self._place is not None:
            inside[inside] = self._place[channel[inside] - np.uint32(self._first)] != 0
        return None if inside.all() else inside

    def vitals(self, channel: Numbers) -> Numbers:
        """Return the vital of each of these channels, all of which must have one here."""
        if self._shift is not None:
            return channel if self._shift == 0 else (channel.astype(np.int64) + self._shift).astype(np.uint32)
        vital: Numbers = self.vital[self._places_of(channel)]
        return vital

    def values(self, channel: Numbers, value: Values) -> Values:
        """Return the vitals' values: `value * factor + offset` in float64; NaN where that runs over."""
        if self.plain:
            return value
        place = self._places_of(channel)
        with np.errstate(over="ignore"):
            scaled: Values = value * self._factor[place] + self._offset[place]
        scaled[np.isinf(scaled)] = np.nan
        return scaled

    def channel_of(self, vital: int) -> int | None:
        """Return the channel a vital follows here, None when it follows none."""
        place = np.flatnonzero(self.vital == np.uint32(vital))
        return int(self.channel[place[0]]) if place.size else None

    def columns(self) -> tuple[Numbers, Numbers, Values, Values]:
        """Return the parallel columns channel, vital, factor, offset it is made of."""
        return self.channel, self.vital, self._factor, self._offset

    def rows(self, wanted: Collection[int]) -> list[tuple[int, int, float, float]]:
        """Return (vital, channel, factor, offset) of the vitals in `wanted` that follow a channel here."""
        places = np.flatnonzero(np.isin(self.vital, np.array(sorted(wanted), np.uint32))).tolist()
        return [
            (int(self.vital[k]), int(self.channel[k]), float(self._factor[k]), float(self._offset[k])) for k in places
        ]

    def _places_of(self, channel: Numbers) -> Numbers:
        shifted = channel - np.uint32(self._first)
        return shifted if self._place is None else self._place[shifted] - np.uint32(1)


def _places(shifted: Numbers, span: int) -> Numbers:
    """Return uint32[span]: 1 + place of each channel, 0 where there is none (untouched pages cost no memory)."""
    column = np.zeros(span, np.uint32)
    column[shifted] = np.arange(1, shifted.size + 1, dtype=np.uint32)
    return column


class StraightLayer:
    """The layer in which vital k follows channel k by `last`, for k below `size`: millions of them need no columns."""

    plain = True

    def __init__(self, size: int) -> None:
        self.size = size

    def chosen(self, channel: Numbers) -> Bools | None:
        """Return which channels have a vital here, None when all have."""
        if int(channel.max(initial=0)) < self.size:
            return None
        return np.asarray(channel < self.size)

    def vitals(self, channel: Numbers) -> Numbers:
        """Return the vital of each of these channels."""
        return channel

    def values(self, channel: Numbers, value: Values) -> Values:
        """Return the vitals' values."""
        del channel
        return value

    def channel_of(self, vital: int) -> int | None:
        """Return the channel a vital follows here."""
        return vital if vital < self.size else None

    def columns(self) -> tuple[Numbers, Numbers, Values, Values]:
        """Return the parallel columns channel, vital, factor, offset: made for the call."""
        every = np.arange(self.size, dtype=np.uint32)
        return every, every, np.ones(self.size), np.zeros(self.size)

    def rows(self, wanted: Collection[int]) -> list[tuple[int, int, float, float]]:
        """Return (vital, channel, factor, offset) of the vitals in `wanted`."""
        return [(vital, vital, 1.0, 0.0) for vital in sorted(wanted) if vital < self.size]


class VitalTable:
    """The formulas of all vitals, resolved to channel numbers."""

    def __init__(
        self, *, size: int, layers: tuple[Layer | StraightLayer, ...], aggregates: tuple[Aggregate, ...]
    ) -> None:
        self.size = size
        self.layers = layers
        self.aggregates = aggregates
        self._members = {item.vital: item.channels for item in aggregates}

    @classmethod
    def of(cls, vitals: Sequence[Vital], channels: ChannelTable) -> "VitalTable":
        """Resolve the formulas of all vitals not retired; raise Refused("formula.…") for one that cannot be."""
        rows: list[tuple[int, int, float, float]] = []
        aggregates = []
        for vital in vitals:
            if vital.retired:
                continue
            parsed = formula.parse(vital.formula)
            numbers = tuple(channels.numbers(text, vital=vital.code) for text in parsed.channels)
            if parsed.by_sample:
                factor, offset = parsed.arguments or (1.0, 0.0)
                rows.append((numbers[0][0], vital.number, factor, offset))
            else:
                argument = parsed.arguments[0] if parsed.arguments else 0.0
                aggregates.append(
                    Aggregate(vital=vital.number, function=parsed.function, argument=argument, channels=numbers)
                )
        return cls(size=len(vitals), layers=_layers(rows), aggregates=tuple(aggregates))

    def channels_of(self, vital: int) -> Numbers:
        """Return the numbers of all channels a vital is computed from, rising."""
        for layer in self.layers:
            channel = layer.channel_of(vital)
            if channel is not None:
                return np.array([channel], np.uint32)
        ranges = self._members.get(vital, ())
        numbers = [np.arange(part.start, part.stop, dtype=np.uint32) for part in ranges]
        return np.unique(np.concatenate([np.empty(0, np.uint32), *numbers]))


def _layers(rows: list[tuple[int, int, float, float]]) -> tuple[Layer, ...]:
    """Spread vitals over layers so that no layer has a channel twice; nearly always there is one."""
    heaps: list[list[tuple[int, int, float, float]]] = []
    depth: dict[int, int] = {}
    for row in rows:
        level = depth.get(row[0], 0)
        depth[row[0]] = level + 1
        if level == len(heaps):
            heaps.append([])
        heaps[level].append(row)
    layers = []
    for heap in heaps:
        channel, vital, factor, offset = zip(*heap, strict=True)
        layers.append(
            Layer(
                np.array(channel, np.uint32), np.array(vital, np.uint32),
                factor=np.array(factor, np.float64), offset=np.array(offset, np.float64),
            )
        )  # fmt: skip
    return tuple(layers)
