"""Sorts what a feed brings: readings of vitals, channels kept raw, channels rolled up by the minute, gaps."""

import io
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.feed_ring import Record, RecordKind
from chengyun_core.ingest.vitals import Layer, StraightLayer
from chengyun_core.model.scales import Quality
from chengyun_core.series.columns import Bools, Numbers
from chengyun_core.store.archive.archive import CHANNELS, MINUTES, VITALS
from chengyun_core.store.archive.manifest import Gap
from chengyun_core.store.archive.rows import Rows

Sorted = dict[str, list[Rows]]


class Sorter:
    """Knows what earlier records of one feed said: which vitals follow which channels, which channels are kept raw."""

    def __init__(self, memory: bytes = b"") -> None:
        """Begin with what an earlier process remembered. Raises ValueError when it cannot be read."""
        self._layers: tuple[Layer | StraightLayer, ...] = ()
        self._pieces: list[tuple[int, tuple[npt.NDArray[np.generic], ...]]] = []
        self._asked = np.empty(0, np.uint32)
        self._always = np.empty(0, np.uint32)
        self._raw: Bools = np.zeros(0, np.bool_)
        self._followed: Bools = np.zeros(0, np.bool_)
        self.is_changed = False
        """Whether there is something to remember that `memory` gave not yet."""
        if memory:
            self._recall(memory)

    def keep_raw_always(self, channels: Numbers) -> None:
        """Keep these raw besides those the feed names."""
        self._always = channels
        self._mark_raw()

    def take(self, record: Record, into: Sorted) -> Gap | None:
        """Put the rows of a record where they belong; return a gap it tells of."""
        match record.kind:
            case RecordKind.SAMPLES:
                self._samples(_rows(record), into)
            case RecordKind.CELLS:
                into[VITALS].append(_rows(record))
            case RecordKind.LAYER:
                self._piece(record)
            case RecordKind.STRAIGHT:
                self._install((StraightLayer(record.extra),))
            case RecordKind.RAW:
                self._asked, self.is_changed = record.columns[0].copy(), True
                self._mark_raw()
            case RecordKind.GAP:
                return Gap(begin_ns=record.begin_ns, end_ns=record.end_ns, samples=record.extra, why="feed_full")
            case RecordKind.SKIP:
                return None
        return None

    def memory(self) -> bytes:
        """Return what a later process needs to read the records that follow."""
        kept: dict[str, npt.NDArray[np.generic]] = {"raw": self._asked}
        for number, layer in enumerate(self._layers):
            if isinstance(layer, StraightLayer):
                kept["straight"] = np.array(layer.size)
            else:
                names = ("channel", "vital", "factor", "offset")
                columns: tuple[npt.NDArray[np.generic], ...] = layer.columns()
                kept.update({f"{name}{number}": column for name, column in zip(names, columns, strict=True)})
        told = io.BytesIO()
        np.savez(told, **kept)  # type: ignore[arg-type]
        self.is_changed = False
        return told.getvalue()

    def _samples(self, rows: Rows, into: Sorted) -> None:
        bad = ~np.isfinite(rows.value) | (rows.quality >= Quality.BAD)
        value = np.where(bad, np.nan, rows.value) if bad.any() else rows.value
        for layer in self._layers:
            chosen = layer.chosen(rows.series)
            channel, time, quality = rows.series, rows.time, rows.quality
            mine = value
            if chosen is not None:
                channel, time, quality, mine = channel[chosen], time[chosen], quality[chosen], value[chosen]
            if channel.size:
                mine = layer.values(channel, mine)
                quality = np.where(np.isnan(mine), np.uint8(Quality.BAD), quality)
                into[VITALS].append(Rows(series=layer.vitals(channel), time=time, value=mine, quality=quality))
        raw = self._marked(self._raw, rows.series)
        if raw is not None:
            into[CHANNELS].append(rows.only(raw))
        told = self._marked(self._followed, rows.series)
        rest: Bools | None = None
        for marked in (raw, told):
            if marked is not None:
                rest = ~marked if rest is None else rest & ~marked
        if rest is None:
            into[MINUTES].append(rows)
        elif rest.any():
            into[MINUTES].append(rows.only(rest))

    @staticmethod
    def _marked(marks: Bools, channel: Numbers) -> Bools | None:
        """Return which of these channels are marked, None when none is."""
        if not marks.size:
            return None
        marked: Bools = marks[np.minimum(channel, np.uint32(marks.size - 1))]
        return marked if marked.any() else None

    def _mark_raw(self) -> None:
        self._raw = _marks(np.union1d(self._asked, self._always))

    def _piece(self, record: Record) -> None:
        self._pieces.append((record.extra & 0xFFFFFFFF, record.columns))
        if record.extra >> 32 == 0:
            pieces, self._pieces = self._pieces, []
            self._install(_layers(pieces))

    def _install(self, layers: Iterable[Layer | StraightLayer]) -> None:
        self._layers, self.is_changed = tuple(layers), True
        self._mark_followed()

    def _mark_followed(self) -> None:
        """A channel that a vital follows unchanged is kept raw by that vital: a roll-up would tell nothing more."""
        plain = [layer.columns()[0] for layer in self._layers if layer.plain]
        self._followed = _marks(np.concatenate([np.empty(0, np.uint32), *plain]))

    def _recall(self, memory: bytes) -> None:
        with np.load(io.BytesIO(memory)) as kept:
            found = {name: kept[name] for name in kept.files}
        self._asked = found["raw"]
        names = ("channel", "vital", "factor", "offset")
        if "straight" in found:
            self._layers = (StraightLayer(int(found["straight"])),)
        else:
            numbers = range(sum(name.startswith("channel") for name in found))
            self._layers = _layers([(number, tuple(found[f"{name}{number}"] for name in names)) for number in numbers])
        self._mark_raw()
        self._mark_followed()


def _marks(channel: Numbers) -> Bools:
    """Return bool by channel number, one entry more than the greatest: it is False and stands for all beyond."""
    marks = np.zeros(int(channel.max()) + 2 if channel.size else 0, np.bool_)
    marks[channel] = True
    return marks


def _rows(record: Record) -> Rows:
    series, time, value, quality = record.columns
    return Rows(series=series, time=time, value=value, quality=quality)


def _layers(pieces: list[tuple[int, tuple[npt.NDArray[np.generic], ...]]]) -> tuple[Layer, ...]:
    layers = []
    for number in sorted({number for number, _ in pieces}):
        mine = [columns for other, columns in pieces if other == number]
        channel, vital, factor, offset = (np.concatenate([columns[k] for columns in mine]) for k in range(4))
        if channel.size:
            layers.append(
                Layer(
                    channel.astype(np.uint32), vital.astype(np.uint32), factor=factor.astype(np.float64),
                    offset=offset.astype(np.float64),
                )
            )  # fmt: skip
    return tuple(layers)
