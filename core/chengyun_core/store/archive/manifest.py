"""The archive's list of what counts: one checked line per change, appended durably; a line is there or it is not.

A part that no line names does not exist, however whole its file is: killed between files and line, the next start
removes the files and the feed brings their samples again.
"""

import logging
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

logger = logging.getLogger(__name__)

FILE = "manifest.jsonl"
LINES_KEPT = 4096
"""With more dead lines than this the file is written anew at the next opening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of samples with its extremes beside it."""

    name: str
    """Path below the archive, `vitals/2026-11-21/part-000001.parquet`."""
    kind: str
    day: int
    """Days since 1970-01-01 UTC, by source time."""
    rows: int
    size: int
    """Bytes of the Parquet file."""
    sha256: str
    begin_ns: int
    end_ns: int
    """Source times of the oldest and the newest row."""
    rank: int = 0
    """How often its rows were merged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Samples known to be missing: between these source times, for this reason."""

    begin_ns: int
    end_ns: int
    samples: int
    """-1: not known."""
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """Through which record of a feed all samples are in the archive."""

    ring: int
    seq: int
    place: int
    memory: str = ""
    """File beside the list that holds what later records need of earlier ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: what became part of the archive and what left it, in one step."""

    added: tuple[Part, ...] = ()
    removed: tuple[str, ...] = ()
    why: str = ""
    at_ns: int = 0
    fed: dict[str, Fed] = field(default_factory=dict)
    """By the feed's file name."""
    gaps: tuple[Gap, ...] = ()


class Manifest:
    """What the archive consists of now, and the file that says so."""

    def __init__(self, folder: Path) -> None:
        """Read the file; a torn last line is what a power cut leaves and is not counted as damage."""
        self.parts: dict[str, Part] = {}
        self.fed: dict[str, Fed] = {}
        self.gaps: list[Gap] = []
        self.removed: list[tuple[int, str, str]] = []
        """(at_ns, part, why) of everything that left by retention or damage."""
        self.bad_lines = 0
        self.is_missing = not (folder / FILE).exists()
        self.is_torn = False
        """The last line has no end: it never counted, or is just being written by another process."""
        self._file = folder / FILE
        self._lines = 0
        for entry in self._entries():
            self._apply(entry)

    def append(self, entry: Entry) -> None:
        """Make a change count. Raises OSError; nothing changed then but perhaps a torn line, which is cut off again."""
        line = _line(entry)
        descriptor = os.open(self._file, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            try:
                _write_all(descriptor, line)
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, size)
                raise
        finally:
            os.close(descriptor)
        if not size:
            sync_folder(self._file.parent)
        self._apply(entry)

    def tidy(self) -> None:
        """Write the file anew when most of it is history, and cut a torn end off. For the one who writes, at start."""
        if self._lines - len(self.parts) <= LINES_KEPT and not self.bad_lines and not self.is_torn:
            return
        parts = tuple(self.parts.values())
        whole = [Entry(added=parts, fed=self.fed, gaps=tuple(self.gaps))]
        whole += [Entry(removed=(name,), why=why, at_ns=at_ns) for at_ns, name, why in self.removed[-LINES_KEPT:]]
        beside = self._file.with_suffix(".new")
        with beside.open("wb") as opened:
            opened.writelines(_line(entry) for entry in whole)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(self._file)
        sync_folder(self._file.parent)
        self._lines = len(whole)

    def _apply(self, entry: Entry) -> None:
        self._lines += 1
        self.parts.update({part.name: part for part in entry.added})
        for name in entry.removed:
            self.parts.pop(name, None)
            if entry.why:
                self.removed.append((entry.at_ns, name, entry.why))
        self.fed.update(entry.fed)
        self.gaps.extend(entry.gaps)

    def _entries(self) -> Iterator[Entry]:
        try:
            lines = self._file.read_bytes().split(b"\n")
        except FileNotFoundError:
            return
        last = lines.pop()
        self.is_torn = bool(last)
        if last and _entry(last) is not None:
            lines.append(last)
        for number, line in enumerate(lines, start=1):
            entry = _entry(line)
            if entry is not None:
                yield entry
                continue
            self.bad_lines += 1
            logger.error("line %d of %d of %s is damaged and is left out", number, len(lines), self._file)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _line(entry: Entry) -> bytes:
    body = msgspec.json.encode(entry)
    return b"%08x %s\n" % (zlib.crc32(body), body)


def _entry(line: bytes) -> Entry | None:
    crc, _, body = line.partition(b" ")
    if crc != b"%08x" % zlib.crc32(body):
        return None
    try:
        return msgspec.json.decode(body, type=Entry)
    except msgspec.MsgspecError:
        return None


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
