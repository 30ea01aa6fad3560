"""Where a sealed profile lies and where it is open: in memory, under a name made of its own, under a lock."""

import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from chengyun_core.custody import envelope, term, tree
from chengyun_core.model.failure import Refused, Trouble

MEMORY = Path("/dev/shm")  # noqa: S108  (what lies there is checked to be ours; see open_folder)
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})
_SAFE_SWAP = ("CRYPT-",)


def seal_of(profile: Path) -> Path:
    """Return the folder of a profile's seal."""
    return profile / tree.SEAL


def is_sealed(profile: Path) -> bool:
    """Return whether the profile is a sealed one, or was one until its key was destroyed."""
    folder = seal_of(profile)
    return (folder / envelope.NAME).exists() or term.end_of(folder) is not None


def open_folder(profile: Path) -> Path:
    """Return where the profile lies while it is open, whether it is or not.

    Raises Trouble when this machine has no memory with a name, Refused when somebody else laid something there.
    """
    if not any(_kind_of(line) == (str(MEMORY), True) for line in _lines(Path("/proc/mounts"))):
        raise Trouble("custody.no_memory", folder=MEMORY)
    digest = hashlib.sha256(bytes(profile.resolve())).hexdigest()[:16]
    folder = MEMORY / f"chengyun-{os.getuid()}-{digest}"
    if os.path.lexists(folder):
        status = folder.lstat()
        if status.st_uid != os.getuid() or not stat.S_ISDIR(status.st_mode) or status.st_mode & 0o077:
            raise Refused("custody.foreign_folder", folder=folder)
    return folder


def is_open(profile: Path) -> bool:
    """Return whether somebody has the profile open and holds its key."""
    folder = open_folder(profile)
    if not folder.exists():
        return False
    try:
        Lock(profile).release()
    except Refused:
        return True
    return False


def expect_room(wanted: int) -> None:
    """Raise Trouble when memory has not room for so many bytes and half as many again."""
    status = os.statvfs(MEMORY)
    free = min(status.f_bavail * status.f_frsize, _available_memory())
    if free < wanted * 3 // 2:
        raise Trouble("custody.memory_low", needed_mib=(wanted * 3 // 2 >> 20) + 1, free_mib=free >> 20)


def swap_in_clear() -> tuple[str, ...]:
    """Return the devices and files to which memory may be swapped unsealed: neither in memory nor encrypted."""
    devices = [line.split()[0] for line in _lines(Path("/proc/swaps"))[1:]]
    return tuple(device for device in devices if not _is_safe_swap(Path(device)))


class Lock:
    """Held by who has a sealed profile open. Raises Refused `custody.is_open` when somebody else is."""

    def __init__(self, profile: Path) -> None:
        folder = self._folder = open_folder(profile)
        file = folder.with_name(f"{folder.name}.lock")
        self._descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            os.close(self._descriptor)
            raise Refused("custody.is_open", folder=folder) from fault

    def expect_seal(self, number: str, *, is_open: bool) -> None:
        """Raise Refused when what lies open was laid out of another seal that lay in the same place."""
        told = os.pread(self._descriptor, 64, 0).decode("ascii", "replace")
        if is_open and told != number:
            raise Refused("custody.other_left_open", folder=self._folder)

    def write_seal(self, number: str) -> None:
        """Note of which seal the open profile is."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, number.encode("ascii"), 0)

    def release(self) -> None:
        """Let others open it. The file stays: a lock on a name that is taken away locks nothing."""
        os.close(self._descriptor)


def _is_safe_swap(device: Path) -> bool:
    real = device.resolve()
    if real.name.startswith("zram"):
        return True
    uuid = Path("/sys/block") / real.name / "dm" / "uuid"
    return uuid.exists() and uuid.read_text("ascii").startswith(_SAFE_SWAP)


def _kind_of(mount: str) -> tuple[str, bool]:
    parts = mount.split()
    return (parts[1], parts[2] in _IN_MEMORY) if len(parts) > 2 else ("", False)


def _available_memory() -> int:
    told: Iterator[str] = (line for line in _lines(Path("/proc/meminfo")) if line.startswith("MemAvailable:"))
    return int(next(told, "MemAvailable: 0 kB").split()[1]) << 10


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
