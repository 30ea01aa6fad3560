"""The file in memory by which ingest shows its last values to the survey: copied piece by piece, never waited for.

Layout: page 0 is written by ingest (whose values, how far the copying is), page 1 by the survey (that it looks, what
it found), then a 16-byte slot a channel (stamp uint64 = time · 4 + quality, value float64), then one band a vital. A
slot is two words that are copied one after the other: a reader may see the time of one sample with the value of the
sample before it, which the rules of the survey bear.
"""

import hashlib
import mmap
import os
import stat
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chengyun_core.model.failure import Refused
from chengyun_core.wire import addresses

MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of our own in it is checked to be ours)
MAGIC = b"CYV1"
PAGE = 4096
PIECE = 1 << 19
"""Channels copied in one go: 8 MiB, some 2 ms; four times a second, so a round over 22 million takes ten seconds."""
_SHOWN = struct.Struct("<4s4xQQQQQQq")
_FOUND = struct.Struct("<QQQQQQ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Ingest's page."""

    epoch: int
    catalogue: int
    channels: int
    vitals: int
    rounds: int = 0
    """Whole rounds of copying."""
    place: int = 0
    """The channel up to which this round has come."""
    now_ns: int = 0
    """Profile time of the last piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The survey's page: counts of devices, for the heartbeat."""

    turns: int = 0
    """Grows while it looks; standing still means that nobody does."""
    rounds: int = 0
    stuck: int = 0
    drift: int = 0
    flapping: int = 0
    offline: int = 0


def file_of(profile: Path, shard: int) -> Path:
    """Return where a daemon shows its values: in a folder of this user's own, 0700, in memory.

    Raises Refused when the folder is somebody else's, or a link to elsewhere.
    """
    folder = _folder(profile)
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if status.st_uid != os.getuid() or not stat.S_ISDIR(status.st_mode):
        raise Refused("wire.run_folder_foreign", folder=folder)
    folder.chmod(0o700)
    return folder / (f"ingest-{shard}" if shard else "ingest")


def wanted_file(profile: Path) -> Path:
    """Return the file by which a survey says that it wants to be shown values; its folder is made by `file_of`."""
    return _folder(profile) / "wanted"


def leave(file: Path) -> None:
    """Take the folder of a file away when it is the last one's."""
    with suppress(OSError):
        file.parent.rmdir()


def _folder(profile: Path) -> Path:
    digest = hashlib.sha256(bytes(addresses.run_folder(profile))).hexdigest()[:16]
    return MEMORY / f"chengyun-{os.getuid()}-{digest}"


class ShownFile:
    """The mapped file. Raises OSError when there is no room for it, or it cannot be opened."""

    def __init__(self, file: Path, made: Shown | None = None) -> None:
        """Make a file for what is shown (in place of an older one), or open the one that is there."""
        self.file = file
        draft = file.with_name(f".{file.name}.{os.getpid()}") if made else file
        descriptor = os.open(draft, os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT | os.O_TRUNC if made else 0), 0o600)
        try:
            if made:
                # Every page is had now: a page that is not there when it is written to would end ingest (SIGBUS).
                os.posix_fallocate(descriptor, 0, _size(made))
            self._number = os.fstat(descriptor).st_ino
            self._map = mmap.mmap(descriptor, 0)
        finally:
            os.close(descriptor)
        if made:
            self.say_shown(made)
            draft.replace(file)
        head = self.shown()
        if len(self._map) < _size(head):
            raise OSError(0, f"{file} is too short for what it says")
        whole = np.frombuffer(self._map, np.uint64, head.channels * 2, 2 * PAGE)
        self.slots: npt.NDArray[np.uint64] = whole.reshape(-1, 2)
        """uint64[channels, 2]"""
        self.bands: npt.NDArray[np.uint8] = np.frombuffer(
            self._map, np.uint8, head.vitals, 2 * PAGE + 16 * head.channels
        )
        """uint8[vitals]: WarningColour."""

    def shown(self) -> Shown:
        """Return ingest's page. Raises OSError when the file is none of ours."""
        if len(self._map) < 2 * PAGE:
            raise OSError(0, f"{self.file} is too short")
        magic, epoch, catalogue, channels, vitals, rounds, place, now_ns = _SHOWN.unpack_from(self._map)
        if magic != MAGIC:
            raise OSError(0, f"{self.file} is none of ours")
        return Shown(
            epoch=epoch, catalogue=catalogue, channels=channels, vitals=vitals, rounds=rounds, place=place,
            now_ns=now_ns,
        )  # fmt: skip

    def say_shown(self, shown: Shown) -> None:
        """Write ingest's page."""
        _SHOWN.pack_into(
            self._map, 0, MAGIC, shown.epoch, shown.catalogue, shown.channels, shown.vitals, shown.rounds, shown.place,
            shown.now_ns,
        )  # fmt: skip

    def looked(self) -> Looked:
        """Return the survey's page."""
        turns, rounds, stuck, drift, flapping, offline = _FOUND.unpack_from(self._map, PAGE)
        return Looked(turns=turns, rounds=rounds, stuck=stuck, drift=drift, flapping=flapping, offline=offline)

    def say_looked(self, looked: Looked) -> None:
        """Write the survey's page."""
        counts = (looked.turns, looked.rounds, looked.stuck, looked.drift, looked.flapping, looked.offline)
        _FOUND.pack_into(self._map, PAGE, *counts)

    def is_still_there(self) -> bool:
        """Return whether the name still stands for the file that is mapped."""
        try:
            return self.file.stat().st_ino == self._number
        except OSError:
            return False

    def close(self, *, remove: bool = False) -> None:
        """Let the memory go; `remove`: and the file, when it is still ours."""
        there = remove and self.is_still_there()
        gone: Any = None
        self.slots, self.bands = gone, gone  # a map with views on it cannot be closed
        self._map.close()
        if there:
            self.file.unlink(missing_ok=True)
            leave(self.file)


def _size(shown: Shown) -> int:
    return 2 * PAGE + 16 * shown.channels + shown.vitals
