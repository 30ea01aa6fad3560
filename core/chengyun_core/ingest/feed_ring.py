"""The ring file between ingest and its historian: what ingest wrote survives the end of either process (decision 0065).

Layout: page 0 is written by ingest (who made the ring, where the next record goes, what could not be written), page 1
by the historian (what is safely in the archive, its light), then records one after the other, wrapping at the end.
Both pages are small, are written in one call, and carry no pointer that the other side trusts without looking at the
record there: a record has its number, its length and a sum over its columns.
"""

import os
import struct
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MAGIC = b"CYR2"
PAGE = 4096
_MADE = struct.Struct("<4s4xQQQ")
_STATE = struct.Struct("<QQQQqq")
_STATE_AT = 64
_READ = struct.Struct("<QQQ64s")
_RECORD = struct.Struct("<4sB3xIIQQQqq")
_SUMS = 1 << 64


class RecordKind(IntEnum):
    """What a record's columns are."""

    SKIP = 0
    """Nothing: the rest of the file is too short for the next record."""
    SAMPLES = 1
    """channel uint32, time int64, value float64, quality uint8: samples as they were taken."""
    CELLS = 2
    """vital uint32, time int64, value float64, quality uint8: values of aggregates."""
    LAYER = 3
    """channel uint32, vital uint32, factor float64, offset float64: vitals that follow a channel, of layer
    `extra % 2**32`; `extra // 2**32` pieces follow before the table is whole and counts."""
    STRAIGHT = 4
    """No columns: vital k follows channel k for k below `extra`."""
    RAW = 5
    """channel uint32: channels to be kept raw from here on (watched or alarming)."""
    GAP = 6
    """No columns: `extra` samples between two source times found no room."""


COLUMNS: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.SKIP: (),
    RecordKind.SAMPLES: ("<u4", "<i8", "<f8", "u1"),
    RecordKind.CELLS: ("<u4", "<i8", "<f8", "u1"),
    RecordKind.LAYER: ("<u4", "<u4", "<f8", "<f8"),
    RecordKind.STRAIGHT: (),
    RecordKind.RAW: ("<u4",),
    RecordKind.GAP: (),
}
Column = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record. `after` is the place behind it."""

    kind: RecordKind
    seq: int
    after: int
    extra: int
    begin_ns: int
    end_ns: int
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterState:
    """What ingest says: places count bytes ever written; `lost` samples wait to be told as a gap."""

    place: int = 0
    seq: int = 1
    dropped: int = 0
    lost: int = 0
    lost_from_ns: int = 0
    lost_to_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderState:
    """What the historian says: everything before `place` (record numbers up to `seq`) is safe; its light."""

    place: int = 0
    seq: int = 0
    turns: int = 0
    light: str = ""


class RingFile:
    """The file and its two pages. Raises OSError when it cannot be opened."""

    def __init__(self, file: Path, *, capacity: int = 0, ring: int = 0) -> None:
        """Open the ring; with a capacity make it when there is none of that size (`ring` is then its number)."""
        flags = os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if capacity else 0)
        self.descriptor = os.open(file, flags, 0o600)
        try:
            made = self.made()
            if made is None or (capacity and made[1] != capacity and not self._is_unread()):
                made = self._make(capacity, ring)
        except OSError:
            os.close(self.descriptor)
            raise
        self.ring, self.capacity = made

    def renumber_after_boot(self, ring: int) -> None:
        """Give a ring of an earlier run of the machine another number, keeping what is in it. For the writer.

        A power cut may have left its pages older than what the archive says it has of them: record numbers then come
        a second time, and must not be taken for those that are safe already.
        """
        boot = boot_number()
        if _MADE.unpack(os.pread(self.descriptor, _MADE.size, 0))[3] != boot:
            _pwrite(self.descriptor, [_MADE.pack(MAGIC, ring, self.capacity, boot)], 0)
            self.ring = ring

    def close(self) -> None:
        """Close the file."""
        os.close(self.descriptor)

    def writer(self) -> WriterState:
        """Return ingest's page."""
        values = _STATE.unpack(os.pread(self.descriptor, _STATE.size, _STATE_AT))
        place, seq, dropped, lost, begin, end = values
        return WriterState(place=place, seq=seq, dropped=dropped, lost=lost, lost_from_ns=begin, lost_to_ns=end)

    def reader(self) -> ReaderState:
        """Return the historian's page."""
        place, seq, turns, light = _READ.unpack(os.pread(self.descriptor, _READ.size, PAGE))
        return ReaderState(place=place, seq=seq, turns=turns, light=light.rstrip(b"\0").decode("ascii", "replace"))

    def say_written(self, state: WriterState) -> None:
        """Write ingest's page."""
        data = _STATE.pack(state.place, state.seq, state.dropped, state.lost, state.lost_from_ns, state.lost_to_ns)
        _pwrite(self.descriptor, [data], _STATE_AT)

    def say_read(self, state: ReaderState) -> None:
        """Write the historian's page."""
        data = _READ.pack(state.place, state.seq, state.turns, state.light.encode("ascii", "replace")[:64])
        _pwrite(self.descriptor, [data], PAGE)

    def at(self, place: int) -> int:
        """Return where in the file a place lies."""
        return 2 * PAGE + place % self.capacity

    def made(self) -> tuple[int, int] | None:
        """Return the ring's number and capacity, None when the file is none yet."""
        data = os.pread(self.descriptor, _MADE.size, 0)
        if len(data) < _MADE.size:
            return None
        magic, ring, capacity, _boot = _MADE.unpack(data)
        return (ring, capacity) if magic == MAGIC and capacity else None

    def _is_unread(self) -> bool:
        """Whether something waits for the historian: a ring of another size is kept until it was read."""
        return self.writer().place > self.reader().place

    def _make(self, capacity: int, ring: int) -> tuple[int, int]:
        if not capacity:
            raise OSError(0, "the ring is not made yet")
        os.ftruncate(self.descriptor, 0)
        # A file with holes: room is taken from the disk only as samples wait for a historian.
        os.ftruncate(self.descriptor, 2 * PAGE + capacity)
        self.say_written(WriterState())
        _pwrite(self.descriptor, [_MADE.pack(MAGIC, ring, capacity, boot_number())], 0)
        return ring, capacity


def boot_number() -> int:
    """Return a number of this run of the machine."""
    return int(uuid.UUID(Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip())) & (2**64 - 1)


class RingWriter:
    """Ingest's end. Never waits: without room (or disk) samples are counted and their times remembered."""

    def __init__(self, file: Path, *, capacity: int, ring: int) -> None:
        """Open or make the ring; what an earlier process left unread stays. Raises OSError."""
        self._file = RingFile(file, capacity=capacity, ring=ring)
        self._file.renumber_after_boot(ring)
        self.state = self._file.writer()
        self._read = self._file.reader()
        self.trouble = ""

    def close(self) -> None:
        """Close the file; what is unread stays in it."""
        self._file.close()

    def reader(self) -> ReaderState:
        """Return what the historian said last."""
        self._read = self._file.reader()
        return self._read

    def write(
        self, kind: RecordKind, columns: Sequence[Column], *, extra: int = 0, times: Column | None = None
    ) -> bool:
        """Add a record; return False when there was no room. `times`: source times told should it be lost."""
        if self.state.lost and not self._tell_gap():
            return self.lose(times)
        try:
            written = self._add(kind, columns, extra, (0, 0))
        except OSError as fault:
            self.trouble = fault.strerror or str(fault)
            written = False
        else:
            self.trouble = ""
        return written or self.lose(times)

    def _tell_gap(self) -> bool:
        state = self.state
        # Not into the last free bytes: else a ring that is full all the time fills up with gaps of one batch each.
        if not self._has_room(self._file.capacity // 8):
            return False
        try:
            if not self._add(RecordKind.GAP, (), state.lost, (state.lost_from_ns, state.lost_to_ns), lost=False):
                return False
        except OSError as fault:
            self.trouble = fault.strerror or str(fault)
            return False
        return True

    def lose(self, times: Column | None) -> bool:
        """Count samples of these source times as lost; return False."""
        if times is None or not times.size:
            return False
        state, begin, end = self.state, int(times.min()), int(times.max())
        if state.lost:
            begin, end = min(begin, state.lost_from_ns), max(end, state.lost_to_ns)
        self.state = WriterState(
            place=state.place, seq=state.seq, dropped=state.dropped + times.size, lost=state.lost + times.size,
            lost_from_ns=begin, lost_to_ns=end,
        )  # fmt: skip
        try:
            self._file.say_written(self.state)
        except OSError as fault:
            self.trouble = fault.strerror or str(fault)
        return False

    def _add(
        self, kind: RecordKind, columns: Sequence[Column], extra: int, span: tuple[int, int], *, lost: bool = True
    ) -> bool:
        count = int(columns[0].size) if columns else 0
        parts = [np.ascontiguousarray(column, dtype) for column, dtype in zip(columns, COLUMNS[kind], strict=True)]
        length = _RECORD.size + _padded(sum(part.nbytes for part in parts))
        place = self.state.place
        skipped = self._file.capacity - place % self._file.capacity
        jumps = skipped < length
        if not self._has_room(length + (skipped if jumps else 0)):
            return False
        seq = self.state.seq
        if jumps:
            if skipped >= _RECORD.size:
                self._put(place, RecordKind.SKIP, 0, seq, 0, (0, 0), [])
            place, seq = place + skipped, seq + 1
        self._put(place, kind, count, seq, extra, span, parts)
        state = self.state
        self.state = WriterState(
            place=place + length, seq=seq + 1, dropped=state.dropped, lost=state.lost if lost else 0,
            lost_from_ns=state.lost_from_ns, lost_to_ns=state.lost_to_ns,
        )  # fmt: skip
        self._file.say_written(self.state)
        return True

    def _put(
        self, place: int, kind: RecordKind, count: int, seq: int, extra: int, span: tuple[int, int], parts: list[Column]
    ) -> None:
        head = _RECORD.pack(MAGIC, kind, count, 0, seq, extra, _sum(parts), *span)
        _pwrite(
            self._file.descriptor,
            [head, *(part.view(np.uint8) for part in parts if part.size)],
            self._file.at(place),
        )

    def _has_room(self, length: int) -> bool:
        """Whether a record fits without touching what is not yet safe; asks the other page only when it might not."""
        if self.state.place + length - self._read.place <= self._file.capacity:
            return True
        return self.state.place + length - self.reader().place <= self._file.capacity


class RingReader:
    """The historian's end: reads ahead of what it has made safe."""

    def __init__(self, file: Path) -> None:
        """Open an existing ring. Raises OSError."""
        self._file = RingFile(file)
        self.file = file
        self.ring, self.capacity = self._file.ring, self._file.capacity
        safe = self._file.reader()
        self.place, self.seq, self.turns = safe.place, safe.seq, safe.turns
        self.missing = 0
        """Records that were announced but are not what they should be: lost in a power cut."""

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def go_on_after(self, place: int, seq: int) -> None:
        """Start behind a record that is known to be safe."""
        if seq > self.seq:
            self.place, self.seq = place, seq

    def waiting(self) -> int:
        """Return the bytes not read yet."""
        return self._file.writer().place - self.place

    def records(self) -> Iterator[Record]:
        """Yield what was written and not yet read."""
        written = self._file.writer()
        while self.seq + 1 < written.seq:
            record = self._next()
            if record is None:
                self.missing += written.seq - 1 - self.seq
                self.place, self.seq = written.place, written.seq - 1
                return
            self.place, self.seq = record.after, record.seq
            yield record

    def say_safe(self, place: int, seq: int, light: str) -> None:
        """Let ingest write over everything before this place. Raises OSError."""
        self.turns += 1
        self._file.say_read(ReaderState(place=place, seq=seq, turns=self.turns, light=light))

    def is_still_there(self) -> bool:
        """Return whether the name still stands for the file that is open, and for the same ring."""
        try:
            same = self.file.stat().st_ino == os.fstat(self._file.descriptor).st_ino
        except OSError:
            return False
        made = self._file.made()
        return same and made is not None and made[0] == self.ring

    def _next(self) -> Record | None:
        capacity = self._file.capacity
        left = capacity - self.place % capacity
        if left < _RECORD.size:
            return self._skip(left)
        head = os.pread(self._file.descriptor, _RECORD.size, self._file.at(self.place))
        magic, kind, count, _, seq, extra, total, begin_ns, end_ns = _RECORD.unpack(head)
        if magic != MAGIC or seq != self.seq + 1 or kind not in RecordKind._value2member_map_:
            return None
        if kind == RecordKind.SKIP:
            return self._skip(left)
        dtypes = [np.dtype(dtype) for dtype in COLUMNS[RecordKind(kind)]]
        size = count * sum(dtype.itemsize for dtype in dtypes)
        if _RECORD.size + size > left:
            return None
        data = os.pread(self._file.descriptor, size, self._file.at(self.place) + _RECORD.size)
        columns, at = [], 0
        for dtype in dtypes:
            columns.append(np.frombuffer(data, dtype, count, at))
            at += count * dtype.itemsize
        if _sum(columns) != total:
            return None
        after = self.place + _RECORD.size + _padded(size)
        return Record(
            kind=RecordKind(kind), seq=seq, after=after, extra=extra, begin_ns=begin_ns, end_ns=end_ns,
            columns=tuple(columns),
        )  # fmt: skip

    def _skip(self, left: int) -> Record:
        return Record(
            kind=RecordKind.SKIP, seq=self.seq + 1, after=self.place + left, extra=0, begin_ns=0, end_ns=0, columns=()
        )


def _sum(columns: Sequence[Column]) -> int:
    """Return a sum over all columns' bits: a page that a power cut left old shows."""
    total = 0
    for column in columns:
        whole = column.view(f"u{column.dtype.itemsize}")
        total += int(whole.sum(dtype=np.uint64)) + column.size
    return total % _SUMS


def _padded(size: int) -> int:
    return -(-size // 8) * 8


def _pwrite(descriptor: int, parts: Sequence[Any], at: int) -> None:
    wanted = sum(memoryview(part).nbytes for part in parts)
    written = os.pwritev(descriptor, parts, at)
    if written != wanted:
        raise OSError(28, f"{written} of {wanted} bytes were written")
