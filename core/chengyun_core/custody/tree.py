"""A profile's files as they lie: what belongs into a seal, what is only of this moment, and copies of one instant."""

import logging
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from chengyun_core.model.failure import Refused

logger = logging.getLogger(__name__)

SEAL = "seal"
"""Folder of the seal itself, in the profile's folder."""
OPENED = ".opened"
"""File in an open profile that says of which seal it is: what has none was not laid out by a keeper."""
MOMENTARY = frozenset({OPENED, f"{OPENED}.new", "run", SEAL})
"""Of this moment only: the mark above, sockets and process ids, the seal."""
_SHARED_MEMORY = "-shm"
"""SQLite's index of its log: made anew by whoever opens the database first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """One file or folder, by its path below the profile."""

    path: str
    mode: int
    size: int
    mtime_ns: int
    is_folder: bool


def lying(root: Path, *, strict: bool = False) -> tuple[Lying, ...]:
    """Return all that belongs into a seal, folders before what is in them; sockets never do.

    `strict`: raises Refused `custody.not_a_file` for links, pipes and devices, since what they lead to would lie
    outside, in clear. Otherwise they are left out and told in the log: one link keeps no profile from being sealed.
    """
    return tuple(_below(root, root, strict=strict))


def copied(root: Path, wanted: tuple[Lying, ...], into: Path) -> tuple[Lying, ...]:
    """Copy files into a folder; return those that were still there, with the size of the copy."""
    there = []
    for one in wanted:
        target = into / one.path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            shutil.copyfile(root / one.path, target)
        except FileNotFoundError:
            continue  # a draft that was sent meanwhile
        there.append(replace(one, size=target.stat().st_size))
    return tuple(there)


def _below(root: Path, folder: Path, *, strict: bool) -> Iterator[Lying]:
    for path in sorted(folder.iterdir()):
        if folder == root and path.name in MOMENTARY:
            continue
        try:
            status = path.lstat()
        except FileNotFoundError:
            continue
        name = path.relative_to(root).as_posix()
        is_folder = stat.S_ISDIR(status.st_mode)
        if stat.S_ISSOCK(status.st_mode) or path.name.endswith(_SHARED_MEMORY):
            continue
        if not is_folder and not stat.S_ISREG(status.st_mode):
            if strict:
                raise Refused("custody.not_a_file", file=path)
            logger.error("%s is no file and is not sealed", path)
            continue
        size = 0 if is_folder else status.st_size
        mode = stat.S_IMODE(status.st_mode)
        yield Lying(path=name, mode=mode, size=size, mtime_ns=status.st_mtime_ns, is_folder=is_folder)
        if is_folder:
            yield from _below(root, path, strict=strict)
