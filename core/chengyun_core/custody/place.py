"""Where a sealed profile lies and where it is open: in memory, under a name made of its own, under a lock."""

import fcntl
import hashlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from chengyun_core.custody import envelope, erasing, term, tree
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import durable

MEMORY = Path("/dev/shm")  # noqa: S108  (what lies there is checked to be ours; see open_folder)
STAGE, PART = ".stage", ".part"
"""After the folder's name: what is copied to be sealed, and what is being laid out."""
_TRIES, _PAUSE_S = 10, 0.02
"""Who only looks whether it is open (`is_open`) holds the lock for a moment; who opens it waits that long."""
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
        if status.st_uid != os.getuid() or not stat.S_ISDIR(status.st_mode):
            raise Refused("custody.foreign_folder", folder=folder)
    return folder


def opened_of(folder: Path) -> str:
    """Return the number of the seal an open profile is of; empty when no keeper has laid it out."""
    return _marked(folder)[0]


def until_of(folder: Path) -> int | None:
    """Return when the seal of an open profile expires, ns UTC; None for a folder that is of no seal."""
    until = _marked(folder)[1]
    return int(until) if until.isdigit() else None


def keeper_of(folder: Path) -> int | None:
    """Return the process that keeps an open profile; None for a folder that is of no seal."""
    keeper = _marked(folder)[2]
    return int(keeper) if keeper.isdigit() else None


def mark(folder: Path, number: str, until_ns: int) -> None:
    """Say in a folder of which seal it is, how long that lasts, and that this process keeps it. Raises OSError."""
    durable.write_bytes(folder / tree.OPENED, f"{number} {until_ns} {os.getpid()}".encode("ascii"))


def sweep(folder: Path) -> None:
    """Take away what lies beside or in the place of an open profile and is none: for who holds the lock.

    Copies that somebody killed was sealing, a laying out that was cut off, and what a console wrote after the end.
    """
    for name in (STAGE, PART):
        take_away(folder.with_name(f"{folder.name}{name}"))
    if not opened_of(folder):
        take_away(folder)


def take_away(folder: Path) -> None:
    """Take a folder in memory away with all that is in it; none there: nothing to do."""
    if folder.exists():
        erasing.unlink_tree(folder)
        folder.rmdir()


def is_open(profile: Path) -> bool:
    """Return whether somebody has the profile open and holds its key."""
    if not opened_of(open_folder(profile)):
        return False
    try:
        Lock(profile, tries=1).release()
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

    def __init__(self, profile: Path, *, tries: int = _TRIES) -> None:
        folder = open_folder(profile)
        file = folder.with_name(f"{folder.name}.lock")
        self._descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        while not self._is_taken():
            tries -= 1
            if tries <= 0:
                os.close(self._descriptor)
                raise Refused("custody.is_open", folder=folder)
            time.sleep(_PAUSE_S)

    def _is_taken(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Let others open it. The file stays: a lock on a name that is taken away locks nothing."""
        os.close(self._descriptor)


def _marked(folder: Path) -> tuple[str, str, str]:
    """Return number, end and keeper as they are noted; empty where nothing is."""
    try:
        number, until, keeper, *_ = [*(folder / tree.OPENED).read_text("ascii").split(" "), "", "", ""]
    except (OSError, UnicodeDecodeError):
        return "", "", ""
    return number, until, keeper


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
