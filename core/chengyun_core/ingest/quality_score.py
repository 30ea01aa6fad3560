"""Counts of what each channel sent in the last 24 hours, late and bad ones apart; and what of it each vital has."""

import zlib
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.vitals import VitalTable
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import Quality
from chengyun_core.series.columns import Bools, Numbers, Places, Times, Values

HOURS = 24
HOUR_NS = 3600 * NS_PER_S
LONGEST_PAUSE_NS = 600 * NS_PER_S
"""A daemon that was away for longer begins to count anew."""
MOST_CHANNELS = 1 << 17
"""Above it nothing is counted: 22 million meters are judged by their aggregates, not one by one."""

_CAME, _LATE, _BAD = range(3)
_ONE = np.uint32(1)
"""Of the counters' own type: with a Python 1 numpy takes a way thirty times as long."""
_Summed = TypeVar("_Summed", np.int64, np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VitalCounts:
    """Parallel columns, one row per vital asked for."""

    vital: Numbers
    """uint32[n]."""
    expected: Values
    """float64[n]: samples its channels should have sent between from_ns and until_ns; 0 where nothing is counted."""
    present: Values
    """float64[n]: how many of these came; no channel counts for more than it should have sent."""
    received: Times
    """int64[n]: samples that came at all, repetitions left out."""
    late: Times
    bad: Times
    from_ns: int
    until_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityKept:
    """The counts as they lie on disk between two runs of the daemon."""

    channels: int
    newest_hour: int
    since_ns: int
    until_ns: int
    """Profile time at which they were kept."""
    slots: bytes
    """zlib of uint32[3, 24, channels], little-endian."""


class QualityCounts:
    """A ring of 24 hours of counters by channel number. Hours are hours of source time, so a late sample counts where
    it belongs. One scatter of a batch costs some nanoseconds a sample; nothing is allocated per sample."""

    def __init__(self, period_s: Values) -> None:
        """Start empty. period_s: float64 by channel number, expected seconds between samples; empty: count nothing."""
        self._period_s = period_s
        self._size = period_s.size
        # Untouched pages cost no memory.
        self.slots = np.zeros((3, HOURS, self._size), np.uint32)
        self.newest_hour = 0
        """Newest hour (since the epoch) that has a slot."""
        self.since_ns = 0
        """Profile time at which counting began; 0: not yet."""

    @classmethod
    def of_catalogue(cls, catalogue: Catalogue) -> "QualityCounts":
        """Return empty counts for the channels of a catalogue, none when they are too many."""
        size = max((row.number + row.count for row in catalogue.channels), default=0)
        period_s = np.ones(size if size <= MOST_CHANNELS else 0)
        for row in catalogue.channels if period_s.size else ():
            period_s[row.number : row.number + row.count] = row.period_s
        return cls(period_s)

    def count(
        self, batch: Batch, previous: Times, fresh: Bools | None, *, now_ns: int, late_before_ns: int
    ) -> None:  # fmt: skip
        """Count an admitted batch whose qualities are weighed. Live samples only: a replay or a backfill, which has a
        clock of its own, says nothing of how a sensor delivers now.

        previous: int64[n] ns, time of the newest sample of the channel before each; fresh: bool[n] later than that,
        None: all are. A sample is late when it comes behind a newer one of its channel, or is older than late_before_ns
        on arrival.
        """
        if not self._size or not len(batch):
            return
        lowest, highest = int(batch.time.min()), int(batch.time.max())
        self.since_ns = self.since_ns or now_ns
        self._advance(max(now_ns, highest))
        late = None if fresh is None else batch.time < previous
        if lowest < late_before_ns:
            tardy = batch.time < late_before_ns
            late = tardy if late is None else late | tardy
        counted = None if fresh is None else fresh | (batch.time < previous)
        if lowest < self._window_from():
            inside = batch.time >= self._window_from()
            counted = inside if counted is None else counted & inside
        bad = batch.quality >= Quality.BAD
        place = self._places(batch, lowest, highest)
        self._add(_CAME, place, counted)
        if late is not None:
            self._add(_LATE, place, late if counted is None else late & counted)
        if bad.any():
            self._add(_BAD, place, bad if counted is None else bad & counted)

    def of(self, members: "Members", now_ns: int) -> VitalCounts:
        """Return what was counted of these vitals' channels up to now (profile ns)."""
        came = late = bad = np.zeros(members.channel.size, np.int64)
        expected = np.zeros(members.channel.size)
        if self._size and self.since_ns:
            self._advance(now_ns)
            came, late, bad = self.slots[:, :, members.channel].sum(axis=1, dtype=np.int64)
            window_s = max(0, now_ns - self._window_from()) / NS_PER_S
            # One sample of each channel is always still on its way.
            expected = np.maximum(0.0, window_s / self._period_s[members.channel] - 1.0)
        return VitalCounts(
            vital=members.vital, expected=members.summed(expected), present=members.summed(np.minimum(came, expected)),
            received=members.summed(came), late=members.summed(late), bad=members.summed(bad),
            from_ns=self._window_from(), until_ns=now_ns,
        )  # fmt: skip

    def take_over(self, older: "QualityCounts") -> None:
        """Keep the counts of an older version of the same channel numbers."""
        size = min(self._size, older.slots.shape[2])
        self.slots[:, :, :size] = older.slots[:, :, :size]
        self.newest_hour, self.since_ns = older.newest_hour, older.since_ns

    def kept(self, now_ns: int) -> QualityKept | None:
        """Return the counts for the next run of the daemon, None when nothing was counted."""
        if not self._size or not self.since_ns:
            return None
        slots = zlib.compress(self.slots.astype("<u4").tobytes(), 1)
        return QualityKept(
            channels=self._size, newest_hour=self.newest_hour, since_ns=self.since_ns, until_ns=now_ns, slots=slots
        )

    def restore(self, kept: QualityKept, now_ns: int) -> None:
        """Go on from an earlier run, unless it ended too long ago: a pause of ours would be held against the sensors.

        What does not fit together is let go: the counts are a convenience.
        """
        slots = np.frombuffer(zlib.decompress(kept.slots), "<u4")
        if not 0 <= now_ns - kept.until_ns <= LONGEST_PAUSE_NS or slots.size != 3 * HOURS * kept.channels:
            return
        size = min(self._size, kept.channels)
        self.slots[:, :, :size] = slots.reshape(3, HOURS, kept.channels)[:, :, :size]
        self.newest_hour, self.since_ns = kept.newest_hour, kept.since_ns

    def _places(self, batch: Batch, lowest: int, highest: int) -> Places:
        """Return where in a table of hours by channels each sample counts."""
        channel = batch.channel.astype(np.intp)
        if lowest // HOUR_NS == highest // HOUR_NS:
            return channel + lowest // HOUR_NS % HOURS * self._size
        return channel + batch.time // HOUR_NS % HOURS * self._size

    def _add(self, what: int, place: Places, which: Bools | None) -> None:
        np.add.at(self.slots[what].reshape(-1), place if which is None else place[which], _ONE)

    def _advance(self, now_ns: int) -> None:
        """Give the hour of now a slot, and the hours passed over none of what their slots held a day ago."""
        hour = now_ns // HOUR_NS
        for passed in range(max(self.newest_hour + 1, hour - HOURS + 1), hour + 1):
            self.slots[:, passed % HOURS] = 0
        self.newest_hour = max(self.newest_hour, hour)

    def _window_from(self) -> int:
        return max(self.since_ns, (self.newest_hour - HOURS + 1) * HOUR_NS)


class Members:
    """Which channels each of some vitals is computed from, as one flat column."""

    def __init__(self, vital: Numbers, channel: Numbers, begins: npt.NDArray[np.intp]) -> None:
        """Take the vitals, their channels one vital after the other, and where each vital begins (and the end)."""
        self.vital = vital
        self.channel = channel
        self._begins = begins

    @classmethod
    def of(cls, vitals: VitalTable, wanted: Numbers) -> "Members":
        """Return the members of these vitals; a retired one has none."""
        follows = {row[0]: row[1] for layer in vitals.layers for row in layer.rows(set(wanted.tolist()))}
        parts = [
            np.array([follows[vital]], np.uint32) if vital in follows else vitals.channels_of(vital)
            for vital in wanted.tolist()
        ]
        channel = np.concatenate([np.empty(0, np.uint32), *parts])
        begins = np.cumsum([0, *(part.size for part in parts)])
        return cls(wanted, channel, begins)

    def summed(self, column: npt.NDArray[_Summed]) -> npt.NDArray[_Summed]:
        """Return per vital the sum over its channels; 0 for a vital without any."""
        running = np.concatenate((np.zeros(1, column.dtype), np.cumsum(column, dtype=column.dtype)))
        totals: npt.NDArray[_Summed] = running[self._begins[1:]] - running[self._begins[:-1]]
        return totals
