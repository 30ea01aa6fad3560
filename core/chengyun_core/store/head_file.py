"""The journal's end, noted outside the database: shows at the next start that rows which were answered are gone.

SQLite drops everything in its log behind the first frame that does not add up, without a word: a flipped bit there
takes acknowledged rows away and leaves a database that looks whole. The note is written after each COMMIT and not
synced, so after a power cut it may be behind the database, which says nothing; it is never ahead of what was durable.
"""

import logging
import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from chengyun_core.wire.durable import write_bytes

logger = logging.getLogger(__name__)

_NOTE = struct.Struct("<4sQq32s")
_MAGIC = b"CYH1"
_SLOT = 512
"""Two notes are kept in turn, a sector apart: one that is torn leaves the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """The last row that was answered for."""

    number: int
    at_ns: int
    """Profile time of the row."""
    hash: bytes


class HeadFile:
    """The note of one journal. Used by the daemon's loop only; closed by the process's end or `close`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1
        self._slot = 0
        self._failing = False

    def last(self) -> Noted | None:
        """Return the newest note that is whole, None when there is none."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        notes = [note for begin in (0, _SLOT) if (note := _note_of(data[begin : begin + _SLOT])) is not None]
        return max(notes, key=lambda note: note.number, default=None)

    def note(self, noted: Noted) -> None:
        """Write a note. A disk that refuses it costs only the note."""
        self._slot = _SLOT - self._slot
        try:
            if self._descriptor < 0:
                self._descriptor = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600)
            os.pwrite(self._descriptor, _bytes_of(noted), self._slot)
        except OSError as fault:
            if not self._failing:
                logger.warning("the journal's end cannot be noted in %s: %s", self._path, fault)
            self._failing = True
        else:
            self._failing = False

    def begin_anew(self, noted: Noted) -> None:
        """Forget what was noted, durably: a gap was told once, and the journal goes on from this row."""
        self.close()
        try:
            write_bytes(self._path, _bytes_of(noted))
        except OSError as fault:
            logger.warning("the journal's end cannot be noted in %s: %s", self._path, fault)
            self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file; the next note opens it again."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor, self._slot = -1, 0


def _bytes_of(noted: Noted) -> bytes:
    body = _NOTE.pack(_MAGIC, noted.number, noted.at_ns, noted.hash)
    return body + zlib.crc32(body).to_bytes(4, "little")


def _note_of(data: bytes) -> Noted | None:
    body, checksum = data[: _NOTE.size], data[_NOTE.size : _NOTE.size + 4]
    if len(body) < _NOTE.size or zlib.crc32(body).to_bytes(4, "little") != checksum:
        return None
    magic, number, at_ns, digest = _NOTE.unpack(body)
    return Noted(number=number, at_ns=at_ns, hash=digest) if magic == _MAGIC else None
