"""Files kept by their content: named by SHA-256, 0600, uploaded in parts, never unpacked and never run (RS6)."""

import hashlib
import os
import re
from codecs import getincrementaldecoder
from pathlib import Path

from chengyun_core.model.event import LARGEST_ATTACHMENT
from chengyun_core.model.failure import Refused, Trouble

LARGEST = LARGEST_ATTACHMENT
LARGEST_PART = 512 * 2**10
INCOMING_MOST = 512 * 2**20
"""Bytes of uploads under way; the one touched longest ago gives way."""
HEAD = 4096
"""Bytes of a content that its media type is found in."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_CHUNK = 2**20


class AttachmentStore:
    """A folder of contents. `part` is called by the door, `seal` by a worker; both on files of their own digest."""

    def __init__(self, folder: Path, *, largest: int = LARGEST, incoming: str = "incoming") -> None:
        """`largest`: bytes of one content. Two stores of one folder need two places for what is `incoming`."""
        self._folder, self._largest = folder, largest
        self._incoming = folder / incoming
        self._incoming_most = max(INCOMING_MOST, largest)

    def held(self, digest: str, size: int) -> int:
        """Return how many bytes of a content are here: `size` when it is complete.

        Raises:
            Refused: `attachment.bad_digest`, `attachment.too_large`.
        """
        self._check(digest, size)
        if self.path(digest).exists():
            return size
        arriving = self._arriving(digest)
        return arriving.stat().st_size if arriving.exists() else 0

    def part(self, digest: str, size: int, offset: int, data: bytes) -> int:
        """Take the bytes at an offset; return how many are held then. What is held already may come again.

        Raises:
            Refused: `attachment.gap` with what is held, `attachment.beyond_size`, `attachment.part_size`.
            Trouble: `store.file_write`, the disk refused.
        """
        held = self.held(digest, size)
        if not 0 < len(data) <= LARGEST_PART:
            raise Refused("attachment.part_size", size=len(data), most=LARGEST_PART)
        if offset < 0 or offset + len(data) > size:
            raise Refused("attachment.beyond_size", offset=offset, length=len(data), size=size)
        if offset > held:
            raise Refused("attachment.gap", offset=offset, held=held)
        if offset + len(data) <= held:
            return held
        try:
            self._make_room(digest, len(data))
            _write_at(self._arriving(digest), offset, data)
        except OSError as fault:
            raise Trouble("store.file_write", file=digest, reason=str(fault)) from fault
        return offset + len(data)

    def seal(self, digest: str, size: int) -> str:
        """Give a complete upload its place, durable, and return its media type; nothing to do for a known content.

        Raises:
            Refused: `attachment.incomplete`, `attachment.other_content` (what came is not what its digest says).
            Trouble: `store.file_write`.
        """
        self._check(digest, size)
        final = self.path(digest)
        if not final.exists():
            self._sealed(digest, size, final)
        if final.stat().st_size != size:
            raise Refused("attachment.other_content", digest=digest)
        with final.open("rb") as file:
            return media_of(file.read(HEAD))

    def read(self, digest: str, offset: int, length: int) -> bytes:
        """Return bytes of a content; raise Refused `attachment.gone` when it is not here."""
        self._check(digest, 0)
        try:
            with self.path(digest).open("rb") as file:
                file.seek(max(0, offset))
                return file.read(max(0, min(length, LARGEST_PART)))
        except FileNotFoundError as fault:
            raise Refused("attachment.gone", digest=digest) from fault

    def path(self, digest: str) -> Path:
        """Return where a content lies."""
        return self._folder / digest[:2] / digest

    def _sealed(self, digest: str, size: int, final: Path) -> None:
        arriving = self._arriving(digest)
        held = arriving.stat().st_size if arriving.exists() else 0
        if held != size:
            raise Refused("attachment.incomplete", digest=digest, held=held, size=size)
        if _digest_of(arriving) != digest:
            arriving.unlink()
            raise Refused("attachment.other_content", digest=digest)
        try:
            final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            arriving.replace(final)
            for folder in (final.parent, self._folder):
                _sync_folder(folder)
        except OSError as fault:
            raise Trouble("store.file_write", file=digest, reason=str(fault)) from fault

    def _check(self, digest: str, size: int) -> None:
        if not _DIGEST.fullmatch(digest):
            raise Refused("attachment.bad_digest", digest=digest[:64])
        if not 0 <= size <= self._largest:
            raise Refused("attachment.too_large", size=size, most=self._largest)

    def _arriving(self, digest: str) -> Path:
        return self._incoming / digest

    def _make_room(self, digest: str, more: int) -> None:
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = sorted(
            (entry.stat().st_mtime_ns, entry.stat().st_size, entry.path) for entry in os.scandir(self._incoming)
        )
        total = more + sum(size for _, size, _ in found)
        for _, size, path in found:
            if total <= self._incoming_most:
                return
            if Path(path).name != digest:
                Path(path).unlink(missing_ok=True)
                total -= size


def media_of(head: bytes) -> str:
    """Return the media type found in a content's first bytes; its name is asked nothing (polyglots, RS6)."""
    for offset, mark, media in _MARKS:
        if head[offset : offset + len(mark)] == mark:
            return media
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12], _UNKNOWN)
    try:
        # A letter may be cut in two where the head ends.
        text = getincrementaldecoder("utf-8")().decode(head, len(head) < HEAD)
    except UnicodeDecodeError:
        return _UNKNOWN
    # Markup is text to us: shown as letters, never rendered.
    return "text/plain" if head and "\x00" not in text else _UNKNOWN


_UNKNOWN = "application/octet-stream"
_MARKS = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"), (0, b"\xff\xd8\xff", "image/jpeg"), (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"), (0, b"BM", "image/bmp"), (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"), (0, b"PK\x05\x06", "application/zip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"), (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\x1f\x8b", "application/gzip"), (4, b"ftypqt", "video/quicktime"), (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypheic", "image/heic"), (4, b"ftyp", "video/mp4"), (0, b"\x1aE\xdf\xa3", "video/x-matroska"),
    (0, b"OggS", "audio/ogg"), (0, b"ID3", "audio/mpeg"), (0, b"\xff\xfb", "audio/mpeg"), (0, b"fLaC", "audio/flac"),
    (0, b"\x7fELF", "application/x-executable"), (0, b"MZ", "application/x-executable"),
)  # fmt: skip


def _write_at(path: Path, offset: int, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        written = 0
        while written < len(data):
            written += os.pwrite(descriptor, data[written:], offset + written)
    finally:
        os.close(descriptor)


def _digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
        os.fsync(file.fileno())
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
