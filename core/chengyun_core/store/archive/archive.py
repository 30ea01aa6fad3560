"""The archive: batches of samples become parts in one step; windows are answered from parts and what is not yet one."""

import logging
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from chengyun_core.series import blocks
from chengyun_core.series.columns import Bytes, Times, Values
from chengyun_core.series.decimate import decimate_doubted
from chengyun_core.series.doubt import doubt_of, unknown
from chengyun_core.store.archive import encoding, minutes, part_file
from chengyun_core.store.archive.manifest import Entry, Fed, Gap, Manifest, Part, sync_folder
from chengyun_core.store.archive.part_file import Damaged, PartFile, Points
from chengyun_core.store.archive.rows import NS_PER_DAY, Rows

logger = logging.getLogger(__name__)

VITALS, CHANNELS, MINUTES = KINDS = ("vitals", "channels", "minutes")
QUARANTINE = "quarantine"
MERGED_AT = 12
"""So many parts of one rank and day become one of the next rank; a day's window then opens at most about 40 files."""
MERGED_ROWS = 1 << 24
"""A merge is done in memory: 16 M rows are 350 MB and its result is a part of its own."""
RAW_ROWS = 1 << 20
"""A window over at most so many samples is answered from the samples themselves, exactly."""
BLOCKS_PER_PIXEL = 32
"""Beyond that a coarser level is read; its blocks are then at most 1/2 of a pixel wide (16 blocks a pixel less one)."""
OPEN_PARTS = 512
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """A window. time int64[n] ns not falling, value float64[n]; NaN is a gap."""

    time: Times
    value: Values
    doubt: Bytes
    """uint8[n] (series.doubt.Doubt): the greatest in the point's pixel column; of one sample where none were left out.

    Roll-ups keep no quality, and extremes of older builds did not: those say UNKNOWN.
    """
    raw: bool
    """Nothing was left out."""
    oldest_ns: int
    """Source time of the oldest part's day that holds the series' kind; the window's end + 1 when there is none."""
    gaps: tuple[Gap, ...] = ()
    """What is known to be missing in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an examination of one part found; empty: as it was written."""

    part: Part
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Parts of one kind and day that are to become the part `name`."""

    kind: str
    day: int
    parts: tuple[Part, ...]
    rank: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A merge carried out: the new part (None: nothing was whole), what is in it, and what was found damaged."""

    part: Part | None
    whole: tuple[str, ...]
    damaged: tuple[tuple[Part, str], ...]


class Archive:
    """One folder of parts. Exactly one process writes it; any number may read."""

    def __init__(self, folder: Path, *, writes: bool = False) -> None:
        """Open it. The writer makes the folder and clears away what an interrupted step left. Raises OSError."""
        self.folder = folder
        self._open: OrderedDict[str, PartFile] = OrderedDict()
        self._writes = writes
        self._numbers: dict[tuple[str, int], int] = {}
        if writes:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.manifest = Manifest(folder)
        if writes:
            self._clear_away()
            self.manifest.tidy()
        self._sizes = self._by_day()

    def parts(self, kind: str = "", day: int | None = None) -> list[Part]:
        """Return the parts of a kind and day, oldest first."""
        chosen = (part for part in self.manifest.parts.values() if kind in ("", part.kind) and day in (None, part.day))
        return sorted(chosen, key=lambda part: (part.kind, part.day, part.name))

    def commit(
        self, batch: Mapping[str, Rows], *, at_ns: int, fed: Mapping[str, Fed] | None = None, gaps: Sequence[Gap] = ()
    ) -> list[Part]:
        """Make these rows (by kind; minutes are given as samples and rolled up) part of the archive, all or none.

        Raises OSError: nothing counts then, and what was written of it is gone.
        """
        written: list[Part] = []
        try:
            for kind, rows in batch.items():
                for day, its in rows.by_day():
                    written.append(self._written(kind, day, [its], self._free_name(kind, day), rank=0))
            if written or fed or gaps:
                self._note(Entry(added=tuple(written), fed=dict(fed or {}), gaps=tuple(gaps), at_ns=at_ns))
        except OSError:
            for part in written:
                part_file.remove(self.folder / part.name)
            raise
        return written

    def window(self, kind: str, series: int, t0_ns: int, t1_ns: int, pixels: int, *, tail: Rows | None = None) -> Found:
        """Return the window [t0_ns, t1_ns], at most four samples per pixel column; `tail` is not yet in any part.

        Up to RAW_ROWS samples the answer is that of `series.decimate` on all of them. Beyond, it is made from blocks,
        each told by its own first, lowest, highest and last sample: no extreme is lost, and none is shown away from
        its own time. A part found damaged is put aside and told among the gaps; the others still answer.
        """
        parts = [part for part in self._sizes.get(kind, []) if part.end_ns >= t0_ns and part.begin_ns <= t1_ns]
        opened = [found for part in parts if (found := self._opened(part)) is not None]
        level = self._level(opened, series, pixels) if kind != MINUTES else 0
        told = Points.joined([
            *(self._told(part, file, series, t0_ns, t1_ns, level) for part, file in opened),
            _tail(kind, tail, series, t0_ns, t1_ns),
        ])  # fmt: skip
        time, value, doubt = told.time, told.value, told.doubt
        if time.size and not bool((time[1:] >= time[:-1]).all()):
            order = np.argsort(time, kind="stable")
            time, value, doubt = time[order], value[order], doubt[order]
        thin_time, thin_value, thin_doubt = decimate_doubted(time, value, doubt, t0_ns, t1_ns, pixels)
        return Found(
            time=thin_time, value=thin_value, doubt=thin_doubt, raw=level == 0 and thin_time.size == time.size,
            oldest_ns=self._oldest(kind, tail, t1_ns + 1),
            gaps=tuple(gap for gap in self.manifest.gaps if gap.end_ns >= t0_ns and gap.begin_ns <= t1_ns),
        )  # fmt: skip

    def due_merge(self, now_ns: int) -> Merge | None:
        """Return one heap of parts that is to be merged, None when none is."""
        for (kind, day), parts in self._heaps().items():
            finished = (day + 1) * NS_PER_DAY + NS_PER_DAY // 24 < now_ns
            chosen = _due(parts, finished=finished)
            if chosen:
                rank = max(part.rank for part in chosen) + 1
                return Merge(kind=kind, day=day, parts=tuple(chosen), rank=rank, name=self._free_name(kind, day))
        return None

    def carry_out(self, merge: Merge) -> Merged:
        """Write what a merge makes; nothing counts yet. May run in another thread. Raises OSError."""
        heap, whole, damaged = [], [], []
        for part in merge.parts:
            try:
                # All bytes are looked at before they are written under a new checksum: damage must not be blessed.
                if part_file.checksum(self.folder / part.name) != part.sha256:
                    raise Damaged(self.folder / part.name, "archive.checksum")
                file = PartFile(self.folder / part.name)
                heap.append(file.table(0, part.rows) if merge.kind == MINUTES else file.rows(0, part.rows))
            except (Damaged, OSError) as fault:
                damaged.append((part, str(fault)))
            else:
                whole.append(part.name)
        made = self._written(merge.kind, merge.day, heap, merge.name, rank=merge.rank, merged=whole) if heap else None
        return Merged(part=made, whole=tuple(whole), damaged=tuple(damaged))

    def settle(self, merged: Merged, now_ns: int) -> None:
        """Let the merged part count instead of its parts. Raises OSError: the parts go on counting then."""
        for part, reason in merged.damaged:
            self.put_aside(part, reason, now_ns)
        if merged.part is None:
            return
        try:
            self._note(Entry(added=(merged.part,), removed=merged.whole, at_ns=now_ns))
        except OSError:
            part_file.remove(self.folder / merged.part.name)
            raise
        for name in merged.whole:
            self._open.pop(name, None)
            part_file.remove(self.folder / name)

    def merge_once(self, now_ns: int) -> bool:
        """Merge one heap of parts that is due; return whether there was any. Raises OSError."""
        merge = self.due_merge(now_ns)
        if merge is not None:
            self.settle(self.carry_out(merge), now_ns)
        return merge is not None

    def retire(self, now_ns: int, keep_days: Mapping[str, float]) -> list[Part]:
        """Delete whole parts older than their kind is kept (0: for ever); return them. Told in the manifest first."""
        gone = [
            part
            for part in self.manifest.parts.values()
            if keep_days.get(part.kind, 0) > 0 and part.end_ns < now_ns - keep_days[part.kind] * NS_PER_DAY
        ]
        if gone:
            self._drop(gone, "retention", now_ns)
        return gone

    def verify(self) -> Iterator[Verdict]:
        """Compare every part with its checksum; nothing is changed."""
        for part in self.parts():
            file = self.folder / part.name
            try:
                fault = "" if part_file.checksum(file) == part.sha256 else "archive.checksum"
            except OSError as trouble:
                fault = trouble.strerror or "archive.unreadable"
            yield Verdict(part=part, fault=fault)

    def put_aside(self, part: Part, reason: str, at_ns: int = 0) -> None:
        """Move a damaged part out of the way and remember what is missing; the others go on."""
        logger.error("%s is damaged (%s): put aside, %d rows are missing", part.name, reason, part.rows)
        self._open.pop(part.name, None)
        gap = Gap(begin_ns=part.begin_ns, end_ns=part.end_ns, samples=part.rows, why=f"damaged {part.name}")
        if not self._writes:  # A reader only leaves it out; the one writer decides what the archive consists of.
            self.manifest.parts.pop(part.name, None)
            self.manifest.gaps.append(gap)
            self._sizes = self._by_day()
            return
        self._note(Entry(removed=(part.name,), why=f"damaged: {reason}", gaps=(gap,), at_ns=at_ns))
        file = self.folder / part.name
        if file.exists():
            self._move_aside(file, part.name)
        part_file.remove(file)

    def _told(self, part: Part, file: PartFile, series: int, t0_ns: int, t1_ns: int, level: int) -> Points:
        if part.name not in self.manifest.parts:  # found damaged a moment ago
            return Points.none()
        try:
            if part.kind == MINUTES:
                return _minutes(file.table(*file.span(series)), t0_ns, t1_ns)
            return file.points(series, t0_ns, t1_ns, level)
        except Damaged as fault:
            self.put_aside(part, fault.reason)
            return Points.none()

    def _level(self, opened: Sequence[tuple[Part, PartFile]], series: int, pixels: int) -> int:
        rows = sum(self._length(part, file, series) for part, file in opened)
        if rows <= RAW_ROWS:
            return 0
        level, count = 1, rows / blocks.BASE
        while level < blocks.LEVELS and count > BLOCKS_PER_PIXEL * pixels:
            level, count = level + 1, count / blocks.FACTOR
        return level

    def _length(self, part: Part, file: PartFile, series: int) -> int:
        try:
            begin, end = file.span(series)
        except Damaged as fault:
            self.put_aside(part, fault.reason)
            return 0
        return end - begin

    def _opened(self, part: Part) -> tuple[Part, PartFile] | None:
        if part.name in self._open:
            self._open.move_to_end(part.name)
            return part, self._open[part.name]
        try:
            file = PartFile(self.folder / part.name)
        except (Damaged, OSError) as fault:
            self.put_aside(part, str(fault))
            return None
        self._open[part.name] = file
        while len(self._open) > OPEN_PARTS:
            self._open.popitem(last=False)
        return part, file

    def _oldest(self, kind: str, tail: Rows | None, otherwise: int) -> int:
        times = [part.begin_ns for part in self._sizes.get(kind, [])]
        if tail is not None and len(tail):
            times.append(int(tail.time.min()))
        return min(times, default=otherwise)

    def _written(
        self, kind: str, day: int, heap: Sequence[Any], name: str, *, rank: int, merged: Sequence[str] = ()
    ) -> Part:
        """Write one part. `heap`: rows (samples; minutes of rank 0 too) or, merging minutes, their tables."""
        if kind == MINUTES:
            rows = None
            table = minutes.rolled(heap[0]) if isinstance(heap[0], Rows) else minutes.merged(list(heap))
            time = table["time"].cast("int64").to_numpy()
            newest = table["last_time"].cast("int64").to_numpy()
        else:
            rows = Rows.joined(heap).in_order()
            table, time = encoding.table_of(rows), rows.time
            newest = time
        notes = {"kind": kind, "day": str(day), "rank": str(rank), "merged": " ".join(merged)}
        level = encoding.MERGED_ZSTD if rank else encoding.FRESH_ZSTD
        written = part_file.write(self.folder / name, table, rows, level=level, notes=notes)
        return Part(
            name=name, kind=kind, day=day, rows=int(time.size), size=written.size, sha256=written.sha256,
            begin_ns=int(time.min()), end_ns=int(newest.max()), rank=rank,
        )  # fmt: skip

    def _drop(self, parts: Iterable[Part], why: str, now_ns: int) -> None:
        names = tuple(part.name for part in parts)
        self._note(Entry(removed=names, why=why, at_ns=now_ns))
        for name in names:
            self._open.pop(name, None)
            part_file.remove(self.folder / name)
            folder = (self.folder / name).parent
            if folder.exists() and not any(folder.iterdir()):
                folder.rmdir()

    def _note(self, entry: Entry) -> None:
        for folder in {(self.folder / part.name).parent for part in entry.added}:
            sync_folder(folder)
            sync_folder(folder.parent)
        self.manifest.append(entry)
        self._sizes = self._by_day()

    def _by_day(self) -> dict[str, list[Part]]:
        return {kind: self.parts(kind) for kind in KINDS}

    def _heaps(self) -> dict[tuple[str, int], list[Part]]:
        heaps: dict[tuple[str, int], list[Part]] = {}
        for part in self.parts():
            heaps.setdefault((part.kind, part.day), []).append(part)
        return heaps

    def _free_name(self, kind: str, day: int) -> str:
        folder = self.folder / kind / date_of(day)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        taken = [int(file.stem.partition("-")[2]) for file in folder.glob("part-*.parquet")]
        number = max([*taken, self._numbers.get((kind, day), 0)]) + 1
        self._numbers[kind, day] = number
        return f"{kind}/{date_of(day)}/part-{number:06d}.parquet"

    def _clear_away(self) -> None:
        """Delete what no line names: an interrupted step left it, and the feed brings its samples again.

        Behind a line that breaks off it is put aside: killed in the middle of that line it never counted, but should
        the file have been cut short by something else, the samples are still to be had. With a damaged or lost
        list the parts are read instead.
        """
        files = list(self.folder.glob("*/*/*"))
        if self.manifest.is_missing and not files:
            self.manifest.append(Entry())
        is_trusted = not self.manifest.bad_lines and (not self.manifest.is_missing or not files)
        for file in sorted(files, reverse=True):
            name = str(file.relative_to(self.folder).with_suffix(".parquet"))
            if file.suffix == ".tmp":
                file.unlink()
            elif name not in self.manifest.parts and not name.startswith(QUARANTINE):
                if not is_trusted and file.suffix == ".parquet":
                    self._adopt(file, name)
                elif is_trusted and self.manifest.is_torn:
                    self._move_aside(file, str(file.relative_to(self.folder)))
                elif is_trusted:
                    file.unlink(missing_ok=True)

    def _move_aside(self, file: Path, name: str) -> None:
        aside = self.folder / QUARANTINE
        aside.mkdir(mode=0o700, exist_ok=True)
        file.replace(aside / name.replace("/", "_"))

    def _adopt(self, file: Path, name: str) -> None:
        """Take a part in that a damaged line of the list may have named; what was merged into another stays out."""
        try:
            part, merged = _described(file, name)
        except Damaged as fault:
            logger.error("%s is named by no line and cannot be read: %s", file, fault)
            return
        stale = [old for old in merged if old in self.manifest.parts]
        if any(name in _merged_names(self.folder / other) for other in self.manifest.parts):
            return
        self.manifest.append(Entry(added=(part,), removed=tuple(stale), why="list was damaged"))


def date_of(day: int) -> str:
    """Return the date of a day since 1970, ISO 8601."""
    return (_EPOCH + timedelta(days=day)).date().isoformat()


def _due(parts: Sequence[Part], *, finished: bool) -> list[Part]:
    """Return the parts of one kind and day to merge now: one rank's heap, or all of a finished day; none: empty."""
    for rank in sorted({part.rank for part in parts}):
        heap = _that_fit(part for part in parts if part.rank == rank)
        if len(heap) >= MERGED_AT:
            return heap
    rest = _that_fit(parts) if finished else []
    fresh = finished and len(rest) == 1 and rest[0].rank == 0
    return rest if len(rest) > 1 or fresh else []


def _that_fit(parts: Iterable[Part]) -> list[Part]:
    chosen, rows = [], 0
    for part in parts:
        if part.rows < MERGED_ROWS // 2 and rows + part.rows <= MERGED_ROWS:
            chosen.append(part)
            rows += part.rows
    return chosen


def _tail(kind: str, tail: Rows | None, series: int, t0_ns: int, t1_ns: int) -> Points:
    if tail is None:
        return Points.none()
    mine = tail.only((tail.series == np.uint32(series)) & (tail.time >= t0_ns) & (tail.time <= t1_ns)).in_order()
    if kind == MINUTES:
        return _minutes(minutes.rolled(mine), t0_ns, t1_ns)
    return Points(time=mine.time, value=mine.value, doubt=doubt_of(mine.quality), rows=len(mine))


def _minutes(table: Any, t0_ns: int, t1_ns: int) -> Points:
    time, value = minutes.points_of(table)
    inside = (time >= t0_ns) & (time <= t1_ns)
    count = int(np.count_nonzero(inside))
    return Points(time=time[inside], value=value[inside], doubt=unknown(count), rows=count)


def _described(file: Path, name: str) -> tuple[Part, list[str]]:
    """Return what a part's own file says of it. Raises Damaged."""
    opened = PartFile(file)
    notes = opened.notes()
    table = opened.table(0, opened.rows_held())
    time = table["time"].cast("int64").to_numpy()
    part = Part(
        name=name, kind=notes["kind"], day=int(notes["day"]), rows=table.num_rows, size=file.stat().st_size,
        sha256=part_file.checksum(file), begin_ns=int(time.min()), end_ns=int(time.max()), rank=int(notes["rank"]),
    )  # fmt: skip
    return part, notes["merged"].split()


def _merged_names(file: Path) -> list[str]:
    try:
        return PartFile(file).notes()["merged"].split()
    except (Damaged, OSError):
        return []
