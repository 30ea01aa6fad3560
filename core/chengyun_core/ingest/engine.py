"""The engine: batches in, changed vitals and steps of their bands out. No sockets, no files, no clock of its own."""

from collections.abc import Iterable, Mapping

import numpy as np

from chengyun_core.ingest.aggregates import Aggregates
from chengyun_core.ingest.archive_feed import ArchiveFeed, NoArchive
from chengyun_core.ingest.arrivals import sort_out
from chengyun_core.ingest.batch import Batch, Limits, screened
from chengyun_core.ingest.grid import Cells, Grid
from chengyun_core.ingest.history import History
from chengyun_core.ingest.last_values import LastValues
from chengyun_core.ingest.log_ring import LogRing
from chengyun_core.ingest.ordering import stable_order
from chengyun_core.ingest.preview import preview
from chengyun_core.ingest.quality_score import Members, QualityCounts, QualityKept, VitalCounts
from chengyun_core.ingest.rules import Rules
from chengyun_core.ingest.standing import Standing
from chengyun_core.ingest.state import VitalState
from chengyun_core.ingest.steps import NO_STEPS, Outcome, StepPart, Steps, joined
from chengyun_core.ingest.tables import Tables
from chengyun_core.ingest.thresholds import Readings, Thresholds
from chengyun_core.model.activation import BandNow
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import Quality, WarningColour
from chengyun_core.series.columns import Bytes, Numbers, Times, Values
from chengyun_core.series.decimate import decimate_doubted
from chengyun_core.series.doubt import doubt_of

NOTHING = Outcome(changed=np.empty(0, np.uint32), steps=NO_STEPS)


class Engine:
    """All samples of one shard, in order of arrival. Used by one thread.

    Everything follows source time: `take` never looks at the clock but to refuse impossible times, and only
    `close_until` lets time pass for aggregates and missing data. The result does not depend on how samples are cut into
    batches or how fast they are played, as long as the watermark keeps its promise.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        shard: int = 0,
        ring_capacity: int = 1 << 22,
        limits: Limits | None = None,
        tables: Tables | None = None,
        archive: ArchiveFeed | None = None,
    ) -> None:
        """Start empty. `tables` replaces those made from the catalogue: 22 million vitals are no dataclasses."""
        self.shard = shard
        self._archive = archive or NoArchive()
        self.counters: dict[str, int] = {"samples": 0, "evaluated": 0, "late": 0, "duplicate": 0, "bad": 0}
        self.log = LogRing(ring_capacity)
        self._limits = limits or Limits()
        self._now_ns = 0
        self._unsettled = False
        self._catalogue = catalogue
        self._quality = QualityCounts.of_catalogue(catalogue if tables is None else Catalogue())
        self._work_with(tables or Tables.of(catalogue, catalogue.set_in_force()))

    def _work_with(self, tables: Tables) -> None:
        self._tables = tables
        self.last = LastValues(tables.channels.size)
        self.state = VitalState(tables.vitals.size)
        self._thresholds = Thresholds(tables.rules, tables.rule_of, self.state)
        self._grid = Grid(Aggregates(tables.vitals.aggregates))
        self._history = History(tables.vitals, tables.pinned)
        self._standing = Standing()
        self._archive.layers(tables.vitals.layers)

    def take(self, batch: Batch, *, now_ns: int, own_clock: bool = False) -> Outcome:
        """Evaluate a batch in order of arrival. now_ns: profile clock, by which times too old or ahead are refused.

        own_clock: now_ns is the clock of a replay or backfill: what it brings is not counted for the data quality.
        """
        batch = self._admitted(batch, now_ns)
        if not len(batch):
            return NOTHING
        batch, value = self._weighed(batch)
        self.log.append(batch)
        self._archive.samples(batch)
        self._history.keep_samples(batch.channel, batch.time, value, batch.quality)
        arrivals = sort_out(batch.channel, batch.time, self.last.times(batch.channel))
        self._count(samples=len(batch), late=arrivals.late, duplicate=arrivals.duplicate)
        previous = arrivals.previous
        if not own_clock:
            late_ns = now_ns - round(self._limits.late_s * NS_PER_S)
            self._quality.count(batch, previous, arrivals.fresh, now_ns=now_ns, late_before_ns=late_ns)
        if arrivals.fresh is not None:
            batch, value, previous = batch.only(arrivals.fresh), value[arrivals.fresh], previous[arrivals.fresh]
        self.last.put(batch.channel, batch.time, value, batch.quality)
        self._grid.offer(batch.channel, batch.time, value, batch.quality)
        return self._followed(batch, value, previous, unique=arrivals.unique)

    def close_until(self, watermark_ns: int) -> Outcome:
        """Let source time pass: close the grid, find missing data.

        The caller promises that all samples up to the watermark have been taken. In live use it is the profile clock
        less the lateness allowed; in a replay sorted by time the newest time less 1 ns, and at the end the newest time.
        """
        self._now_ns = max(self._now_ns, watermark_ns)
        cells = self._grid.close_until(watermark_ns)
        self.counters["late.grid"] = self._grid.late
        vital, parts = self._aggregated(cells)
        parts += self._thresholds.silence(watermark_ns)
        if self._unsettled:
            self._unsettled = False
            parts += self._thresholds.reconsider(watermark_ns)
        steps = self._stepped(parts)
        changed = np.concatenate((vital, *(part.vital for part in parts)))
        return Outcome(changed=np.unique(changed) if changed.size else changed, steps=steps)

    def clock_was_set(self, now_ns: int) -> None:
        """Take over a profile time that somebody set, earlier perhaps: what comes then is neither late nor too late.

        Without this a daemon that closed its grid at the machine's time, before it heard of a drill's, would hold every
        sample of the drill for late and compute no aggregate until the machine's time is reached again.
        """
        self._now_ns = now_ns
        self._grid.reopen(now_ns)

    def bands(self) -> list[BandNow]:
        """Return every band that stands: a vital may be in one by its level and in one by its missing readings."""
        return self._standing.bands(self._thresholds, self.state.time)

    def restore(self, bands: Iterable[BandNow]) -> None:
        """Take over the bands of an earlier process; their values come with the next samples."""
        known = [band for band in bands if band.vital < len(self.state)]
        self._thresholds.restore(known)
        self._standing.restore(known)
        self._unsettled = True

    def adopt(self, catalogue: Catalogue, set_in_force: str) -> None:
        """Work with another catalogue version or set; values, bands and timers are kept by vital and channel number.

        The values of now are judged by the new rules at the next `close_until`.
        """
        tables = Tables.of(catalogue, set_in_force)
        last, state, thresholds, grid = self.last, self.state, self._thresholds, self._grid
        history, standing = self._history, self._standing
        self._catalogue = catalogue
        quality, self._quality = self._quality, QualityCounts.of_catalogue(catalogue)
        self._quality.take_over(quality)
        self._work_with(tables)
        self.last.take_over(last)
        self.state.take_over(state)
        self.state.forget(tables.retired)
        self._thresholds.take_over(thresholds)
        self._grid.take_over(grid)
        self._history.take_over(history)
        self._standing = standing
        self._unsettled = True

    def window(self, vital: int, from_ns: int, to_ns: int, pixels: int) -> tuple[Times, Values, Bytes, bool, int]:
        """Return (time, value, doubt, raw, oldest_ns) of a vital between two source times, at most four points a pixel.

        NaN is a gap; doubt: of the point's pixel column (series.doubt.Doubt); `raw`: nothing was left out; oldest_ns:
        oldest time held, to_ns + 1 when nothing is held.
        """
        time, value, doubt = self._points(vital)
        oldest_ns = int(time[0]) if time.size else to_ns + 1
        begin, end = (int(place) for place in np.searchsorted(time, (from_ns, to_ns + 1)))
        thin_time, thin_value, thin_doubt = decimate_doubted(time, value, doubt, from_ns, to_ns, pixels)
        return thin_time, thin_value, thin_doubt, thin_time.size == end - begin, oldest_ns

    def preview(self, threshold_set: str, sets: Mapping[str, str] | None = None) -> list[tuple[int, WarningColour]]:
        """Return (vital, colour) of every vital that would be in a band now if this set were in force.

        sets: sets of scopes in 急时 as they would be; None: as they are.
        """
        rules, rule_of = Rules.of(self._catalogue, threshold_set, sets)
        return preview(rules, rule_of, self.state)

    def quality(self, vitals: Iterable[int]) -> VitalCounts:
        """Return what the last 24 hours brought of these vitals' channels: samples expected, come, late and bad."""
        return self._quality.of(Members.of(self._tables.vitals, np.fromiter(vitals, np.uint32)), self._now_ns)

    def quality_kept(self, now_ns: int) -> QualityKept | None:
        """Return the quality counts for the next run of the daemon."""
        return self._quality.kept(now_ns)

    def restore_quality(self, kept: QualityKept, now_ns: int) -> None:
        """Go on from the quality counts of an earlier run. now_ns: profile clock."""
        self._quality.restore(kept, now_ns)

    def raw_of(self, vitals: Iterable[int]) -> Numbers:
        """Return the channels these vitals are computed from, each once, rising; unknown vitals have none."""
        parts = [self._tables.vitals.channels_of(vital) for vital in vitals]
        return np.unique(np.concatenate([np.empty(0, np.uint32), *parts]))

    def alarming_channels(self, *, vitals: int, members: int) -> Numbers:
        """Return the channels of the vitals in a band, each once, rising: of the first `vitals` such vitals, leaving
        out those computed from more than `members` channels."""
        parts = [self._tables.vitals.channels_of(band.vital) for band in self.bands()[:vitals]]
        few = [part for part in parts if part.size <= members]
        return np.unique(np.concatenate([np.empty(0, np.uint32), *few]))

    def last_times(self, begin: int = 0, end: int | None = None) -> Times:
        """Return int64 of the channels begin … end: source time of the newest sample, 0 where there is none."""
        return self.last.all_times(begin, end)

    def _admitted(self, batch: Batch, now_ns: int) -> Batch:
        batch.check_shape()
        self._now_ns = max(self._now_ns, now_ns)
        oldest_ns, newest_ns = self._limits.window(now_ns)
        batch = screened(batch, oldest_ns, newest_ns, drops=self.counters)
        unknown = self._tables.channels.unknown(batch.channel)
        if unknown is None:
            return batch
        self._count(**{"dropped.unknown_channel": int(np.count_nonzero(unknown))})
        return batch.only(~unknown)

    def _weighed(self, batch: Batch) -> tuple[Batch, Values]:
        """Return the batch with the quality our checks give it, and its values with NaN for what is BAD."""
        bad = ~np.isfinite(batch.value)
        bad |= batch.quality >= Quality.BAD
        outside = self._tables.channels.outside(batch.channel, batch.value)
        if outside is not None:
            bad |= outside
        count = int(np.count_nonzero(bad))
        if not count:
            return batch, batch.value
        self._count(bad=count)
        quality = np.where(bad, np.uint8(Quality.BAD), batch.quality)
        weighed = Batch(channel=batch.channel, time=batch.time, value=batch.value, quality=quality)
        return weighed, np.where(bad, np.nan, batch.value)

    def _followed(self, batch: Batch, value: Values, previous: Times, *, unique: bool) -> Outcome:
        """Evaluate fresh samples for the vitals that follow one channel."""
        changed: list[Numbers] = []
        parts: list[StepPart] = []
        for layer in self._tables.vitals.layers:
            chosen = layer.chosen(batch.channel)
            mine, values, before = batch, value, previous
            if chosen is not None:
                mine, values, before = batch.only(chosen), value[chosen], previous[chosen]
            vital, values = layer.vitals(mine.channel), layer.values(mine.channel, values)
            quality = mine.quality if layer.plain else np.where(np.isnan(values), np.uint8(Quality.BAD), mine.quality)
            parts += self._read(vital, mine.time, values, quality, before, unique=unique)
            changed.append(vital)
        return Outcome(changed=_each_once(changed, unique=unique), steps=self._stepped(parts))

    def _aggregated(self, cells: Cells) -> tuple[Numbers, list[StepPart]]:
        """Evaluate closed cells for the aggregates."""
        vital = self._grid.aggregates.vital[cells.place]
        if not vital.size:
            return vital, []
        self._history.keep_cells(cells.place, cells.time, cells.value, cells.quality)
        self._archive.cells(vital, cells.time, cells.value, cells.quality)
        unique = bool(cells.time[0] == cells.time[-1])
        previous = self.state.time[vital]
        if not unique:
            order = stable_order(vital)
            same = np.flatnonzero(vital[order][1:] == vital[order][:-1])
            previous[order[same + 1]] = cells.time[order[same]]
        return vital, self._read(vital, cells.time, cells.value, cells.quality, previous, unique=unique)

    def _read(
        self, vital: Numbers, time: Times, value: Values, quality: Bytes, previous: Times, *, unique: bool
    ) -> list[StepPart]:
        readings = Readings(vital=vital, time=time, value=value, previous=previous, unique=unique)
        parts = self._thresholds.read(readings)
        self.state.put(vital, time, value, quality)
        self.counters["evaluated"] += int(vital.size)
        return parts

    def _stepped(self, parts: list[StepPart]) -> Steps:
        late_before_ns = self._now_ns - round(self._limits.late_s * NS_PER_S)
        steps = joined(parts, late_before_ns=late_before_ns)
        self._standing.note(steps)
        return steps

    def _points(self, vital: int) -> tuple[Times, Values, Bytes]:
        kept = self._history.points(vital)
        if kept is not None:
            return kept
        channel = self._tables.vitals.channels_of(vital)
        if not channel.size:
            return np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint8)
        time, value, quality = self.log.of_channel(int(channel[0]))
        value = np.where(quality >= Quality.BAD, np.nan, value)
        layer = next(layer for layer in self._tables.vitals.layers if layer.channel_of(vital) is not None)
        return time, layer.values(np.full(time.size, channel[0], np.uint32), value), doubt_of(quality)

    def _count(self, **counts: int) -> None:
        for cause, count in counts.items():
            self.counters[cause] = self.counters.get(cause, 0) + count


def _each_once(vitals: list[Numbers], *, unique: bool) -> Numbers:
    if len(vitals) == 1 and unique:
        return vitals[0]
    return np.unique(np.concatenate([np.empty(0, np.uint32), *vitals]))
