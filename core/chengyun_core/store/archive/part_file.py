"""One part on disk: a Parquet file of ordered rows and, beside it, where each series lies and its extremes."""

import hashlib
import os
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from chengyun_core.series import blocks
from chengyun_core.series.columns import Bytes, Numbers, Times, Values
from chengyun_core.series.doubt import doubt_of, unknown
from chengyun_core.store.archive import encoding
from chengyun_core.store.archive.rows import Rows, runs_of

_MAGIC = b"CYB2"
_WITHOUT_DOUBT = b"CYB1"
"""Extremes written before they told a doubt: still read, their blocks' doubt is not known (decision 0185)."""
_HEAD = struct.Struct("<4sIQQQ")
_SECTION = struct.Struct("<QI")
LEAST_RUN = 16
"""With fewer rows a series than this the index tells the long series only."""


class Damaged(Exception):  # noqa: N818 - reads as what it is
    """A file of the archive does not hold what was written into it; says which and how it was noticed."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file, self.reason = file, reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What came of writing a part."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """Of one series: time int64[n] ns, value float64[n], doubt uint8[n] (series.doubt.Doubt), and of how many rows."""

    time: Times
    value: Values
    doubt: Bytes
    rows: int

    @classmethod
    def none(cls) -> "Points":
        """Return no points."""
        return cls(time=np.empty(0, np.int64), value=np.empty(0), doubt=np.empty(0, np.uint8), rows=0)

    @classmethod
    def joined(cls, parts: Sequence["Points"]) -> "Points":
        """Return all points, one part after the other; there is at least one part."""
        return cls(
            time=np.concatenate([part.time for part in parts]), value=np.concatenate([part.value for part in parts]),
            doubt=np.concatenate([part.doubt for part in parts]), rows=sum(part.rows for part in parts),
        )  # fmt: skip


def write(file: Path, table: Any, rows: Rows | None, *, level: int, notes: dict[str, str]) -> Written:
    """Write table and extremes (of `rows`, None: no extremes) durably under their final names. Raises OSError.

    Both are written beside and renamed; the folder's names are made durable by the caller, once for all parts.
    """
    extremes = _extremes(table["series"].to_numpy() if rows is None else rows.series, rows)
    written = _write_parquet(file, table, level=level, notes=notes)
    try:
        _durable(blocks_file(file), extremes)
    except OSError:
        file.unlink(missing_ok=True)
        raise
    return written


def blocks_file(file: Path) -> Path:
    """Return the name of the extremes beside a part."""
    return file.with_suffix(".blocks")


def remove(file: Path) -> None:
    """Delete a part's files."""
    file.unlink(missing_ok=True)
    blocks_file(file).unlink(missing_ok=True)


def checksum(file: Path) -> str:
    """Return the SHA-256 of a file, hex."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


class PartFile:
    """A part opened for reading; every page read is checked against its checksum."""

    def __init__(self, file: Path) -> None:
        """Open the extremes, made anew from the rows when they are missing or damaged. Raises Damaged."""
        self._file = file
        self._parquet: Any = None
        try:
            self._blocks = _Blocks(blocks_file(file))
        except (OSError, Damaged):
            self._rebuild()
            self._blocks = _Blocks(blocks_file(file))

    def span(self, series: int) -> tuple[int, int]:
        """Return where the rows of a series begin and end; equal when it has none here. Raises Damaged."""
        found = self._blocks.span(series)
        if found is None:
            found = self._searched(series)
        return found

    def table(self, begin: int, end: int) -> Any:
        """Return rows begin:end as a pyarrow table. Raises Damaged."""
        try:
            parquet = self._opened()
            first, last = begin // encoding.ROW_GROUP, max(begin, end - 1) // encoding.ROW_GROUP
            groups = list(range(first, min(last + 1, parquet.num_row_groups)))
            table = parquet.read_row_groups(groups, use_threads=False)
        except (OSError, pa.ArrowException) as fault:
            raise Damaged(self._file, str(fault)) from fault
        return table.slice(begin - first * encoding.ROW_GROUP, end - begin)

    def rows(self, begin: int, end: int) -> Rows:
        """Return rows begin:end. Raises Damaged."""
        return encoding.rows_of(self.table(begin, end))

    def points(self, series: int, t0_ns: int, t1_ns: int, level: int) -> Points:
        """Return the points of a series between two times: samples, or four of each block of a level.

        Level 0 are the samples themselves. What a block holds outside the window is left out by reading the samples
        of the first and the last block, so that nothing from outside is shown inside. Raises Damaged.
        """
        begin, end = self.span(series)
        while level and not self._blocks.count(series, level):
            level -= 1
        if begin == end or not level:
            return self._samples(begin, end, t0_ns, t1_ns)
        told, doubt = self._blocks.of(series, level), self._blocks.doubt_of(series, level)
        size = blocks.BASE * blocks.FACTOR ** (level - 1)
        whole = (told["first_time"] >= t0_ns) & (told["last_time"] <= t1_ns)
        touched = (told["first_time"] <= t1_ns) & (told["last_time"] >= t0_ns)
        time, value = blocks.points_of(told[whole])
        count = int(np.minimum(end - begin - np.flatnonzero(whole) * size, size).sum())
        parts = [Points(time=time, value=value, doubt=np.repeat(doubt[whole], 4), rows=count)]
        for place in np.flatnonzero(touched & ~whole).tolist():
            at = begin + place * size
            parts.append(self._samples(at, min(at + size, end), t0_ns, t1_ns))
        return Points.joined(parts)

    def notes(self) -> dict[str, str]:
        """Return what the file says of itself. Raises Damaged."""
        try:
            found = self._opened().schema_arrow.metadata or {}
        except (OSError, pa.ArrowException) as fault:
            raise Damaged(self._file, str(fault)) from fault
        told = {key.decode(): text.decode() for key, text in found.items()}
        notes = {name: told.get(f"chengyun.{name}") for name in ("kind", "day", "rank", "merged")}
        missing = [name for name, text in notes.items() if text is None]
        if missing:
            raise Damaged(self._file, f"it does not say its {', '.join(missing)}")
        return {name: str(text) for name, text in notes.items()}

    def rows_held(self) -> int:
        """Return how many rows the file holds. Raises Damaged."""
        try:
            return int(self._opened().metadata.num_rows)
        except (OSError, pa.ArrowException) as fault:
            raise Damaged(self._file, str(fault)) from fault

    def _samples(self, begin: int, end: int, t0_ns: int, t1_ns: int) -> Points:
        if begin == end:
            return Points.none()
        rows = self.rows(begin, end)
        first, last = (int(place) for place in np.searchsorted(rows.time, (t0_ns, t1_ns + 1)))
        doubt = doubt_of(rows.quality[first:last])
        return Points(time=rows.time[first:last], value=rows.value[first:last], doubt=doubt, rows=last - first)

    def _opened(self) -> Any:
        if self._parquet is None:
            self._parquet = pq.ParquetFile(self._file, page_checksum_verification=True, memory_map=True)
        return self._parquet

    def _rebuild(self) -> None:
        try:
            table = self._opened().read(use_threads=False)
        except (OSError, pa.ArrowException) as fault:
            raise Damaged(self._file, str(fault)) from fault
        rows = encoding.rows_of(table) if "value" in table.column_names else None
        _durable(blocks_file(self._file), _extremes(table["series"].to_numpy(), rows))

    def _searched(self, series: int) -> tuple[int, int]:
        """Find a series by the statistics of the row groups and the ordered column in those that may hold it."""
        try:
            parquet = self._opened()
            begin = end = 0
            for group in range(parquet.num_row_groups):
                limits = parquet.metadata.row_group(group).column(0).statistics
                if limits.min <= series <= limits.max:
                    column = parquet.read_row_group(group, columns=["series"], use_threads=False)["series"].to_numpy()
                    first, last = np.searchsorted(column, np.array([series, series + 1], np.uint64))
                    at = group * encoding.ROW_GROUP
                    begin, end = (at + int(first), at + int(last)) if begin == end else (begin, at + int(last))
        except (OSError, pa.ArrowException) as fault:
            raise Damaged(self._file, str(fault)) from fault
        return begin, end


class _Blocks:
    """The file of extremes, mapped: sections are checked the first time they are looked at."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._data = np.memmap(file, np.uint8, "r")
        if self._data.size < _HEAD.size or self._data[:4].tobytes() not in (_MAGIC, _WITHOUT_DOUBT):
            raise Damaged(file, "not a file of extremes")
        self._tells_doubt = self._data[:4].tobytes() == _MAGIC
        self._sections = self._section_table()
        self._levels: dict[int, blocks.Level] = {}
        self._number: Numbers = self._section(0, "<u4")
        self._begin, self._end = self._section(1, "<i8"), self._section(2, "<i8")
        if not self._begin.size == self._end.size == self._number.size:
            raise Damaged(file, "the index of series does not fit")

    def span(self, series: int) -> tuple[int, int] | None:
        """Return where a series lies; None when it is not told here."""
        place = self._place(series)
        if place is None:
            return (0, 0) if self._is_whole else None
        return int(self._begin[place]), int(self._end[place])

    def count(self, series: int, level: int) -> int:
        return int(self.of(series, level).size)

    def of(self, series: int, level: int) -> blocks.Blocks:
        held = self._level(series, level)
        return np.empty(0, blocks.DTYPE) if held is None else held[0].blocks[held[1]]

    def doubt_of(self, series: int, level: int) -> Bytes:
        """Return the doubt of the blocks of a series, uint8[blocks]."""
        held = self._level(series, level)
        return np.empty(0, np.uint8) if held is None else held[0].doubt[held[1]]

    def _level(self, series: int, level: int) -> tuple[blocks.Level, slice] | None:
        place = self._place(series)
        if place is None or level > self._level_count:
            return None
        if level not in self._levels:
            begin, found = self._section(2 * level + 1, "<i8"), self._section(2 * level + 2, blocks.DTYPE)
            doubt = self._section(2 + 2 * self._level_count + level, "u1") if self._tells_doubt else unknown(found.size)
            # An empty column says that nothing is in doubt, which is the rule.
            doubt = doubt if doubt.size or not found.size else np.zeros(found.size, np.uint8)
            self._levels[level] = blocks.Level(begin=begin, blocks=found, doubt=doubt)
        held = self._levels[level]
        return held, slice(int(held.begin[place]), int(held.begin[place + 1]))

    def _place(self, series: int) -> int | None:
        place = int(np.searchsorted(self._number, np.uint32(series)))
        return place if place < self._number.size and int(self._number[place]) == series else None

    def _section_table(self) -> list[tuple[int, int, int]]:
        _magic, count, whole, _, _ = _HEAD.unpack(self._data[: _HEAD.size].tobytes())
        self._is_whole = bool(whole)
        at = _HEAD.size + count * _SECTION.size
        self._level_count, rest = divmod(count - 3, 3 if self._tells_doubt else 2)
        if not 0 <= self._level_count <= blocks.LEVELS or rest or at > self._data.size:
            raise Damaged(self._file, "the table of sections is damaged")
        found = []
        for place in range(count):
            raw = self._data[_HEAD.size + place * _SECTION.size :][: _SECTION.size].tobytes()
            size, crc = _SECTION.unpack(raw)
            found.append((at, size, crc))
            at += size
        if at != self._data.size:
            raise Damaged(self._file, f"{self._data.size} bytes where {at} belong")
        return found

    def _section(self, number: int, dtype: Any) -> Any:
        at, size, crc = self._sections[number]
        data = self._data[at : at + size]
        if zlib.crc32(data.tobytes()) != crc:
            raise Damaged(self._file, f"section {number} does not match its checksum")
        return data.view(dtype)


def _extremes(series: Numbers, rows: Rows | None) -> list[bytes]:
    """Return the file of extremes of an ordered column of series, in pieces.

    Where series are short only the long ones are indexed: the statistics of the Parquet file find the others, and an
    index would be larger than what it tells of.
    """
    number, begin, end = runs_of(series)
    is_whole = series.size >= LEAST_RUN * number.size
    if not is_whole:
        long = end - begin >= blocks.LEAST
        number, begin, end = number[long], begin[long], end[long]
    sections = [number.astype("<u4").tobytes(), begin.astype("<i8").tobytes(), end.astype("<i8").tobytes()]
    if rows is not None and bool((end - begin >= blocks.LEAST).any()):
        levels = blocks.levels_of(begin, end, rows.time, rows.value, doubt_of(rows.quality))
        for level in levels:
            sections += [level.begin.astype("<i8").tobytes(), level.blocks.tobytes()]
        sections += [level.doubt.tobytes() if level.doubt.any() else b"" for level in levels]
    head = _HEAD.pack(_MAGIC, len(sections), is_whole, series.size, 0)
    return [head, *(_SECTION.pack(len(data), zlib.crc32(data)) for data in sections), *sections]


def _write_parquet(file: Path, table: Any, *, level: int, notes: dict[str, str]) -> Written:
    beside = file.with_name(f"{file.name}.tmp")
    try:
        encoding.write(table, beside, level=level, notes=notes)
        descriptor = os.open(beside, os.O_RDWR | os.O_CLOEXEC)
        try:
            os.fchmod(descriptor, 0o600)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        written = Written(size=beside.stat().st_size, sha256=checksum(beside))
        beside.replace(file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    return written


def _durable(file: Path, parts: list[bytes]) -> None:
    beside = file.with_name(f"{file.name}.tmp")
    try:
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as opened:
            opened.writelines(parts)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
