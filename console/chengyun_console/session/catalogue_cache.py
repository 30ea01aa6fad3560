"""The last catalogue on disk, so that a console is usable before any daemon has answered."""

import logging
from pathlib import Path

KEPT = 2
"""Versions kept: the last one, and the one before it in case the newest was cut short by a power loss."""

logger = logging.getLogger(__name__)


class CatalogueCache:
    """Files `catalogue-<version>.msgpack` in the profile's cache folder."""

    def __init__(self, profile: Path) -> None:
        self._folder = profile / "cache"

    def newest(self) -> bytes | None:
        """Return the bytes of the catalogue kept last; None when there is none that can be read from the disk."""
        for path in self._files():
            try:
                return path.read_bytes()
            except OSError as fault:
                logger.warning("the cached catalogue %s cannot be read: %s", path, fault)
        return None

    def keep(self, version: int, data: bytes) -> None:
        """Write a catalogue's bytes under its version, whole or not at all; failing only costs the next start time."""
        path = self._folder / f"catalogue-{version}.msgpack"
        part = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            part.replace(path)
            for old in self._files()[KEPT:]:
                old.unlink(missing_ok=True)
        except OSError as fault:
            logger.warning("the catalogue cannot be cached at %s: %s", path, fault)

    def _files(self) -> list[Path]:
        """Return the files, the one written last first: versions may start again when a profile is made anew."""
        files = list(self._folder.glob("catalogue-*.msgpack"))
        return sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)
