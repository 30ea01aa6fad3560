"""Activations on disk until the centre has them: numbered, fsynced before they are sent, deleted when confirmed.

Folder `profile/ingest/spool/<shard>`: segments `<first seq>.run`, rows of records `length u32 · crc32 u32 · msgpack`.
Beside it `profile/ingest/state/bands-<shard>`: the fold of all activations so far, written before a segment is
deleted, so that bands survive any restart. This is transport, not a second log: what is confirmed is gone from here.
"""

import logging
import os
import struct
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from chengyun_core.model.activation import Activation, BandNow
from chengyun_core.model.scales import Aspect, WarningColour
from chengyun_core.wire import codec
from chengyun_core.wire.durable import read_record, sync_folder, write_record

logger = logging.getLogger(__name__)

Key = tuple[int, Aspect]
_RECORD = struct.Struct("<II")
LONGEST_RECORD = 4096
SEGMENT_BYTES = 256 * 1024
HELD = 100_000
"""Activations kept in memory while the disk refuses them (full, read-only); beyond it they are not numbered and the
band table tells the centre the truth (named rule `spool_full`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BandTable:
    """The file `state/bands-<shard>`: every band that stands after activation number `as_of_seq`."""

    shard: int
    epoch: int
    as_of_seq: int
    bands: tuple[BandNow, ...] = ()


class Spool:
    """The spool of one shard. Used by the daemon's loop only."""

    def __init__(self, folder: Path, *, shard: int, new_epoch: int, limit_bytes: int) -> None:
        self._runs = folder / "spool" / str(shard)
        self._table_file = folder / "state" / f"bands-{shard}"
        self._limit = limit_bytes
        for made in (self._runs, self._table_file.parent):
            made.mkdir(mode=0o700, parents=True, exist_ok=True)
        table = _known_table(self._table_file, shard, _epoch_of_runs(self._runs) or new_epoch)
        self.shard, self.epoch = shard, table.epoch
        self.trouble = ""
        """Reason code while the disk refuses; empty when all is well. Shown as light `spool`."""
        self.dropped = 0
        self._bands: dict[Key, BandNow] = {_key(band): band for band in table.bands}
        self._waiting: deque[Activation] = deque()
        self._held: deque[Activation] = deque()
        self._segments: deque[_Segment] = deque()
        self._confirmed = 0
        self._next = table.as_of_seq + 1
        self._recover(table.as_of_seq)

    def bands(self) -> tuple[BandNow, ...]:
        """Return every band that stands after all activations so far."""
        return tuple(self._bands.values())

    def adopt_bands(self, bands: Iterable[BandNow]) -> None:
        """Take over the engine's bands after a change of catalogue, which may have ended some without an activation."""
        self._bands = {_key(band): band for band in bands}

    @property
    def next_seq(self) -> int:
        """Number of the next activation."""
        return self._next

    def append(self, activations: Iterable[Activation]) -> None:
        """Number them on, write and fsync; those the disk refuses are held in memory and tried again."""
        for activation in activations:
            self._fold(activation)
            if len(self._held) >= HELD or self._bytes() >= self._limit:
                self.dropped += 1
                self.trouble = "ingest.spool_full"
                continue
            self._held.append(replace(activation, shard=self.shard, epoch=self.epoch, seq=self._next))
            self._next += 1
        self.flush()

    def flush(self) -> None:
        """Write and tidy up what the disk has refused so far."""
        if not self._held:
            if self.trouble:
                self._tidy()
            return
        try:
            self._write(list(self._held))
        except OSError as fault:
            if not self.trouble:
                logger.error("spool %s refuses: %s; activations wait in memory, free the disk", self._runs, fault)
            self.trouble = "ingest.spool_refuses"
        else:
            self._waiting.extend(self._held)
            self._held.clear()
            self._eased()

    def run(self, most: int) -> tuple[Activation, ...]:
        """Return the oldest unconfirmed activations, in order; only those that are on the disk."""
        return tuple(self._waiting[index] for index in range(min(most, len(self._waiting))))

    def confirm(self, seq: int) -> None:
        """Forget everything up to `seq`; a segment is deleted when all of it is confirmed."""
        while self._waiting and self._waiting[0].seq <= seq:
            self._waiting.popleft()
        self._confirmed = max(self._confirmed, seq)
        if self._segments and self._segments[0].last <= seq:
            self._tidy()

    def waiting(self) -> int:
        """Return how many activations the centre has not confirmed."""
        return len(self._waiting) + len(self._held)

    def close(self) -> None:
        """Write the last of it and close the files."""
        self.flush()
        for segment in self._segments:
            segment.close()

    def _fold(self, activation: Activation) -> None:
        if activation.after is WarningColour.NONE:
            self._bands.pop(_key(activation), None)
        else:
            self._bands[_key(activation)] = BandNow(
                vital=activation.vital, band=activation.after, side=activation.side, since_ns=activation.at_ns,
                value=activation.value, limit=activation.limit, aspect=activation.aspect,
            )  # fmt: skip

    def _bytes(self) -> int:
        return sum(segment.size for segment in self._segments)

    def _eased(self) -> None:
        if self.trouble and self._bytes() < self._limit:
            logger.info("spool %s accepts again", self._runs)
            self.trouble = ""

    def _write(self, activations: list[Activation]) -> None:
        if not self._segments or self._segments[-1].size >= SEGMENT_BYTES:
            self._segments.append(_Segment.made(self._runs / f"{activations[0].seq:020d}.run", activations[0].seq))
        self._segments[-1].append(activations)

    def _tidy(self) -> None:
        """Delete the segments that are confirmed; what the disk refuses of it is tried again with the next flush.

        The band table first: a crash between the two leaves confirmed activations, which the centre dedupes. A segment
        is forgotten before its name is: nothing may be written to a file that the next process cannot find.
        """
        done = [segment for segment in self._segments if segment.last <= self._confirmed]
        try:
            if done:
                self._save_table(max(segment.last for segment in self._segments))
            for segment in done:
                self._segments.remove(segment)
                segment.delete()
            sync_folder(self._runs)
        except OSError as fault:
            if not self.trouble:
                logger.error("spool %s cannot delete what is confirmed: %s; tried again", self._runs, fault)
            self.trouble = "ingest.spool_refuses"
        else:
            self._eased()

    def _save_table(self, as_of: int) -> None:
        table = BandTable(shard=self.shard, epoch=self.epoch, as_of_seq=as_of, bands=self.bands())
        write_record(self._table_file, table)

    def _recover(self, folded_through: int) -> None:
        """Read back the segments: those after the table's number are folded in, all are to be confirmed again."""
        paths = sorted(self._runs.glob("*.run"))
        for path in paths:
            segment, activations = _Segment.opened(path, self.epoch, is_last=path == paths[-1])
            for activation in activations:
                if activation.seq > folded_through:
                    self._fold(activation)
                self._waiting.append(activation)
            self._next = max(self._next, segment.last + 1)
            self._segments.append(segment)
        try:
            self._save_table(self._next - 1)
        except OSError as fault:
            logger.error("band table %s cannot be written: %s; free the disk", self._table_file, fault)
            self.trouble = "ingest.spool_refuses"


class _Segment:
    """One file of the spool."""

    def __init__(self, path: Path, descriptor: int, *, size: int, last: int) -> None:
        self.path = path
        self.size = size
        self.last = last
        self._descriptor = descriptor

    @classmethod
    def made(cls, path: Path, first: int) -> "_Segment":
        """Create the file; its name in the folder is made durable too."""
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            sync_folder(path.parent)
        except OSError:
            os.close(descriptor)  # it is tried again four times a second, and descriptors are few
            raise
        return cls(path, descriptor, size=0, last=first - 1)

    @classmethod
    def opened(cls, path: Path, epoch: int, *, is_last: bool) -> tuple["_Segment", list[Activation]]:
        """Read a file of an earlier process; a torn tail (power went in mid-write) is cut off and told."""
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        data = path.read_bytes()
        activations: list[Activation] = []
        good = 0
        for end, activation in _records(data):
            if activation.epoch == epoch:
                activations.append(activation)
            good = end
        if good < len(data):
            if not is_last:
                path.with_suffix(".damaged").write_bytes(data[good:])
            logger.warning(
                "spool %s: %d bytes %s", path, len(data) - good,
                "torn at the end are cut off; they were never sent" if is_last
                else "are damaged and kept as .damaged; the band table reconciles what they held",
            )  # fmt: skip
            os.ftruncate(descriptor, good)
            os.fsync(descriptor)
        last = activations[-1].seq if activations else int(path.stem) - 1
        return cls(path, descriptor, size=good, last=last), activations

    def append(self, activations: list[Activation]) -> None:
        """Write and fsync all of them, or none: a half-written run is cut off before the error is passed on."""
        data = b"".join(map(_encoded, activations))
        try:
            if os.pwrite(self._descriptor, data, self.size) != len(data):
                raise OSError(28, "disk full in mid-write")
            os.fdatasync(self._descriptor)
        except OSError:
            os.ftruncate(self._descriptor, self.size)
            raise
        self.size += len(data)
        self.last = activations[-1].seq

    def delete(self) -> None:
        """Remove the file; its folder is for the caller to sync."""
        self.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file; harmless twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _key(of: Activation | BandNow) -> Key:
    return of.vital, of.aspect


def _encoded(activation: Activation) -> bytes:
    body = codec.pack(activation)
    return _RECORD.pack(len(body), zlib.crc32(body)) + body


def _records(data: bytes) -> Iterator[tuple[int, Activation]]:
    at = 0
    while at + _RECORD.size <= len(data):
        length, checksum = _RECORD.unpack_from(data, at)
        body = data[at + _RECORD.size : at + _RECORD.size + length]
        if length > LONGEST_RECORD or len(body) != length or zlib.crc32(body) != checksum:
            return
        at += _RECORD.size + length
        try:
            yield at, codec.unpack(body, Activation)
        except codec.BadMessage:
            return


def _known_table(file: Path, shard: int, epoch: int) -> BandTable:
    table = read_record(file, BandTable)
    # Without a table (first start, or it is damaged) the epoch is that of the runs, or a new one when there are none:
    # no number is ever used twice.
    return table if table is not None else BandTable(shard=shard, epoch=epoch, as_of_seq=0)


def _epoch_of_runs(folder: Path) -> int | None:
    for path in sorted(folder.glob("*.run")):
        for _end, activation in _records(path.read_bytes()):
            return activation.epoch
    return None
