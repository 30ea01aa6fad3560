"""From feeds to the archive: reads the rings, holds what is not yet a part, commits, and lets ingest write over it."""

import errno
import fnmatch
import logging
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from chengyun_core.ingest.catalogue_cache import CatalogueCache
from chengyun_core.ingest.feed_ring import RecordKind, RingReader
from chengyun_core.ingest.historian.settings import HistorianSettings
from chengyun_core.ingest.historian.sorter import Sorted, Sorter
from chengyun_core.series.columns import Numbers
from chengyun_core.store.archive.archive import CHANNELS, KINDS, MINUTES, VITALS, Archive, Found
from chengyun_core.store.archive.manifest import Fed, Gap
from chengyun_core.store.archive.rows import Rows
from chengyun_core.wire.durable import write_bytes

logger = logging.getLogger(__name__)

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
MEMORY = "feed-{name}-{seq}.npz"
ENOUGH_OF_A_RING = 3
"""A third of a ring waiting makes a part at once, whatever the time: the rest is room for the while it is written."""
FreeBytes = Callable[[Path], int]


class _Feed:
    """One ring with what was understood of it."""

    def __init__(self, reader: RingReader, fed: Fed | None, memory: bytes) -> None:
        self.reader = reader
        self.name = reader.file.name
        self.sorter = Sorter(memory)
        self.memory = fed.memory if fed is not None else ""
        if fed is not None and fed.ring == reader.ring:
            reader.go_on_after(fed.place, fed.seq)
        self.safe_place, self.safe_seq = reader.place, reader.seq

    def unsafe(self) -> int:
        """Return the bytes read but not safe."""
        return self.reader.place - self.safe_place


class Keeper:
    """Owns the archive and the feeds. Used by one thread; only merges are written in another."""

    def __init__(self, profile: Path, settings: HistorianSettings, *, free_bytes: FreeBytes | None = None) -> None:
        """Open the archive. Raises OSError."""
        self.archive = Archive(profile / settings.folder, writes=True)
        self._profile = profile
        self._settings = settings
        self._free_bytes = free_bytes or (lambda folder: shutil.disk_usage(folder).free)
        self._feeds: dict[Path, _Feed] = {}
        self._heaps: Sorted = {kind: [] for kind in KINDS}
        self._gaps: list[Gap] = []
        self._looked_up = 0
        self._raw_channels = np.empty(0, np.uint32)
        self.light = ""
        """Empty or the reason code why the archive stands still."""
        self.counters: dict[str, int] = {"rows": 0, "parts": 0, "commits": 0, "gaps": 0}
        self.newest_ns = max((part.end_ns for part in self.archive.parts()), default=0)
        """Newest source time seen: what is old is judged by it, so that a replay is not deleted by today's date."""

    def close(self) -> None:
        """Make what was read a part, and close."""
        self.commit()
        for feed in self._feeds.values():
            feed.reader.close()

    def read(self) -> int:
        """Read what the feeds have; return how many records there were. While it stands still nothing is read."""
        if self.light:
            return 0
        self._find_feeds()
        self.look_up_raw()
        return sum(self._read(feed) for feed in self._feeds.values())

    def wants_commit(self) -> bool:
        """Return whether so much waits that a part should be made before its time."""
        return any(feed.unsafe() * ENOUGH_OF_A_RING > feed.reader.capacity for feed in self._feeds.values())

    def commit(self) -> bool:
        """Make what was read part of the archive; return whether all is safe. Without room everything waits."""
        if not self._has_room():
            return self._stand_still("archive.disk_low")
        batch = {kind: Rows.joined(heap) for kind, heap in self._heaps.items() if heap}
        try:
            fed = {feed.name: self._fed(feed) for feed in self._feeds.values() if feed.reader.seq != feed.safe_seq}
            written = self.archive.commit(batch, at_ns=self.newest_ns, fed=fed, gaps=self._gaps)
        except OSError as fault:
            logger.error("the archive cannot be written: %s; its samples wait in the feed", fault)
            return self._stand_still("archive.disk_full" if fault.errno in FULL else "archive.not_written")
        self._count(rows=sum(part.rows for part in written), parts=len(written), commits=1, gaps=len(self._gaps))
        self._heaps, self._gaps = {kind: [] for kind in KINDS}, []
        self._go_on()
        for feed in self._feeds.values():
            self._release(feed)
        return True

    def window(self, kind: str, series: int, t0_ns: int, t1_ns: int, pixels: int) -> Found:
        """Return a window of everything taken until now: parts, what waits to be one, and what the feeds just got."""
        self.read()
        heap = [part for part in self._heaps[kind] if _touches(part, t0_ns, t1_ns)]
        tail = Rows.joined([part.only(part.series == np.uint32(series)) for part in heap]) if heap else None
        found = self.archive.window(kind, series, t0_ns, t1_ns, pixels, tail=tail)
        waiting = tuple(gap for gap in self._gaps if gap.end_ns >= t0_ns and gap.begin_ns <= t1_ns)
        return replace(found, gaps=found.gaps + waiting)

    def retire(self) -> None:
        """Delete what is older than it is kept."""
        keep = {
            VITALS: self._settings.keep_vitals_days, CHANNELS: self._settings.keep_channels_days,
            MINUTES: self._settings.keep_minutes_days,
        }  # fmt: skip
        try:
            gone = self.archive.retire(self.newest_ns, keep)
        except OSError as fault:
            logger.error("old parts cannot be deleted: %s", fault)
            return
        if gone:
            rows = sum(part.rows for part in gone)
            self._count(retired_parts=len(gone), retired_rows=rows)
            logger.info("%d parts with %d rows were older than they are kept and were deleted", len(gone), rows)

    def _find_feeds(self) -> None:
        for file in sorted(self._profile.glob("ingest*/archive-*.ring")):
            feed = self._feeds.get(file)
            if feed is not None and not feed.reader.is_still_there():
                if not self.commit():  # what was read of it is made safe first, or the next reader brings it again
                    return
                feed.reader.close()
                del self._feeds[file]
                feed = None
            if feed is None:
                self._open(file)

    def _open(self, file: Path) -> None:
        try:
            reader = RingReader(file)
        except OSError as fault:
            logger.info("feed %s is not there yet: %s", file, fault)
            return
        fed = self.archive.manifest.fed.get(file.name)
        try:
            # What followed which channel holds for a ring with another number too: a new one tells it anew at once.
            memory = (self.archive.folder / fed.memory).read_bytes() if fed is not None and fed.memory else b""
            self._feeds[file] = _Feed(reader, fed, memory)
        except (OSError, ValueError, KeyError) as fault:
            logger.error(
                "what was known of feed %s is lost (%s): its vitals go on with ingest's next start", file, fault
            )
            self._feeds[file] = _Feed(reader, replace(fed, memory="") if fed else None, b"")
        self._feeds[file].sorter.keep_raw_always(self._raw_channels)

    def _read(self, feed: _Feed) -> int:
        count = 0
        for record in feed.reader.records():
            gap = feed.sorter.take(record, self._heaps)
            if gap is not None:
                self._gaps.append(gap)
            if record.kind in (RecordKind.SAMPLES, RecordKind.CELLS) and record.columns[1].size:
                self.newest_ns = max(self.newest_ns, int(record.columns[1].max()))
            count += 1
        if feed.reader.missing:
            logger.error("%d records of feed %s are damaged: a power cut left them", feed.reader.missing, feed.name)
            self._gaps.append(Gap(begin_ns=self.newest_ns, end_ns=self.newest_ns, samples=-1, why="feed_damaged"))
            feed.reader.missing = 0
        return count

    def look_up_raw(self) -> None:
        """Find the numbers of the channels that the settings keep raw, when ingest has cached another catalogue."""
        file = self._profile / "cache" / "ingest-catalogue"
        stamp = file.stat().st_mtime_ns if self._settings.raw_channels and file.exists() else 0
        if stamp == self._looked_up:
            return
        self._looked_up = stamp
        self._raw_channels = _matching(self._profile, self._settings.raw_channels)
        for feed in self._feeds.values():
            feed.sorter.keep_raw_always(self._raw_channels)

    def _fed(self, feed: _Feed) -> Fed:
        memory = feed.memory
        if feed.sorter.is_changed:
            memory = MEMORY.format(name=feed.name, seq=feed.reader.seq)
            write_bytes(self.archive.folder / memory, feed.sorter.memory())
            feed.sorter.is_changed = True  # until the line that names it is written
        return Fed(ring=feed.reader.ring, seq=feed.reader.seq, place=feed.reader.place, memory=memory)

    def _release(self, feed: _Feed) -> None:
        fed = self.archive.manifest.fed.get(feed.name)
        if fed is not None and fed.seq == feed.reader.seq:
            feed.sorter.is_changed = False
            if fed.memory != feed.memory and feed.memory:
                (self.archive.folder / feed.memory).unlink(missing_ok=True)
            feed.memory = fed.memory
        feed.safe_place, feed.safe_seq = feed.reader.place, feed.reader.seq
        self._say_safe(feed)

    def _say_safe(self, feed: _Feed) -> None:
        try:
            feed.reader.say_safe(feed.safe_place, feed.safe_seq, self.light)
        except OSError as fault:
            logger.error("feed %s cannot be told what is safe: %s", feed.name, fault)

    def sign_of_life(self) -> None:
        """Let ingest see that somebody reads, and the light."""
        for feed in self._feeds.values():
            self._say_safe(feed)

    def _has_room(self) -> bool:
        try:
            return self._free_bytes(self.archive.folder) >= self._settings.least_free_mib * 2**20
        except OSError as fault:
            logger.error("the room of %s is not known: %s", self.archive.folder, fault)
            return True

    def _stand_still(self, light: str) -> bool:
        if self.light != light:
            logger.error("the archive stands still (%s): its samples wait in the feed", light)
        self.light = light
        self.sign_of_life()
        return False

    def _go_on(self) -> None:
        if self.light:
            logger.warning("the archive goes on after %s", self.light)
        self.light = ""

    def _count(self, **counts: int) -> None:
        for name, count in counts.items():
            self.counters[name] = self.counters.get(name, 0) + count


def _touches(rows: Rows, t0_ns: int, t1_ns: int) -> bool:
    return bool(len(rows)) and int(rows.time.min()) <= t1_ns and int(rows.time.max()) >= t0_ns


def _matching(profile: Path, patterns: Iterable[str]) -> Numbers:
    """Return the numbers of all channels whose `DEVICE.quantity` matches one of the patterns."""
    catalogue = CatalogueCache(profile).load()
    if catalogue is None:
        return np.empty(0, np.uint32)
    found = [
        np.arange(row.number, row.number + row.count, dtype=np.uint32)
        for row in catalogue.channels
        if any(fnmatch.fnmatchcase(f"{row.device}.{row.quantity}", pattern) for pattern in patterns)
    ]
    return np.unique(np.concatenate([np.empty(0, np.uint32), *found]))
