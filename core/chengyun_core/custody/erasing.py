"""Files that must not be read again: written over, synced, unlinked.

What a flash disk keeps behind its own table is out of reach of any program: docs/custody.md says so.
"""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chengyun_core.wire.durable import sync_folder

_AT_ONCE = 1 << 20


def erase(file: Path) -> None:
    """Write a file over with random bytes, sync it and take its name away. Raises OSError; no name: nothing to do."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    try:
        _write_over(descriptor)
    finally:
        os.close(descriptor)
    file.unlink()
    sync_folder(file.parent)


@contextmanager
def replaced(file: Path) -> Iterator[None]:
    """Write over the bytes of what lies under a name before the block, once the block has given the name to others."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        yield
        return
    try:
        yield
        if os.fstat(descriptor).st_ino != file.stat().st_ino:
            _write_over(descriptor)
    finally:
        os.close(descriptor)


def erase_tree(folder: Path, *, keep: frozenset[str] = frozenset()) -> None:
    """Erase all below a folder but the names in `keep` of its first level; links and sockets lose their names only."""
    for path in sorted(folder.iterdir()):
        if path.name not in keep:
            _erase_any(path)
    sync_folder(folder)


def _erase_any(path: Path) -> None:
    mode = path.lstat().st_mode
    if stat.S_ISDIR(mode):
        erase_tree(path)
        path.rmdir()
    elif stat.S_ISREG(mode):
        path.chmod(0o600)
        erase(path)
    else:
        path.unlink()


def _write_over(descriptor: int) -> None:
    for begin, end in _extents(descriptor):
        place = begin
        while place < end:
            place += os.pwrite(descriptor, secrets.token_bytes(min(_AT_ONCE, end - place)), place)
    os.fsync(descriptor)


def _extents(descriptor: int) -> Iterator[tuple[int, int]]:
    """Yield begin and end of what lies on the disk: a ring of 128 MiB is mostly a hole, and there is nothing in it."""
    size, place = os.fstat(descriptor).st_size, 0
    while place < size:
        try:
            begin = os.lseek(descriptor, place, os.SEEK_DATA)
        except OSError as fault:
            if fault.errno != errno.ENXIO:
                raise
            return
        place = os.lseek(descriptor, begin, os.SEEK_HOLE)
        yield begin, place


def unlink_tree(folder: Path, *, keep: frozenset[str] = frozenset()) -> None:
    """Take away the names of all below a folder but those in `keep`: for what is noise already, or only in memory."""
    for path in sorted(folder.iterdir()):
        if path.name in keep:
            continue
        if stat.S_ISDIR(path.lstat().st_mode):
            path.chmod(0o700)
            unlink_tree(path)
            path.rmdir()
        else:
            path.unlink()
    sync_folder(folder)
