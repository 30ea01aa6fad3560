"""The last catalogue on disk, with its search words, so that a console is usable before any daemon has answered."""

import hashlib
import logging
from pathlib import Path

import msgspec

KEPT = 2
"""Versions kept: the last one, and the one before it in case the newest was cut short by a power loss."""

logger = logging.getLogger(__name__)


class CatalogueCache:
    """Files in the profile's cache folder: `catalogue-<version>.msgpack`, `search-<digest of it>.msgpack`."""

    def __init__(self, profile: Path) -> None:
        self._folder = profile / "cache"

    def newest(self) -> bytes | None:
        """Return the bytes of the catalogue kept last; None when there is none that can be read from the disk."""
        for path in self._files("catalogue-*.msgpack"):
            try:
                return path.read_bytes()
            except OSError as fault:
                logger.warning("the cached catalogue %s cannot be read: %s", path, fault)
        return None

    def keep(self, version: int, data: bytes) -> None:
        """Write a catalogue's bytes under its version, whole or not at all; failing only costs the next start time."""
        self._write(self._folder / f"catalogue-{version}.msgpack", data)
        self._forget("catalogue-*.msgpack")

    def search_keys(self, data: bytes) -> list[tuple[str, ...]] | None:
        """Return the search words kept for a catalogue's bytes; None when there are none that can be read."""
        path = self._keys_path(data)
        try:
            return msgspec.msgpack.decode(path.read_bytes(), type=list[tuple[str, ...]])
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as fault:
            logger.warning("the search words at %s cannot be read and are made again: %s", path, fault)
            return None

    def keep_search_keys(self, data: bytes, keys: list[tuple[str, ...]]) -> None:
        """Write the search words of a catalogue's bytes."""
        self._write(self._keys_path(data), msgspec.msgpack.encode(keys))
        self._forget("search-*.msgpack")

    def _keys_path(self, data: bytes) -> Path:
        return self._folder / f"search-{hashlib.sha256(data).hexdigest()[:16]}.msgpack"

    def _write(self, path: Path, data: bytes) -> None:
        part = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            part.replace(path)
        except OSError as fault:
            logger.warning("%s cannot be written: %s", path, fault)

    def _forget(self, pattern: str) -> None:
        try:
            for old in self._files(pattern)[KEPT:]:
                old.unlink(missing_ok=True)
        except OSError as fault:
            logger.warning("old files %s cannot be removed from %s: %s", pattern, self._folder, fault)

    def _files(self, pattern: str) -> list[Path]:
        """Return the files, the one written last first: versions may start again when a profile is made anew."""
        files = list(self._folder.glob(pattern))
        return sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)
