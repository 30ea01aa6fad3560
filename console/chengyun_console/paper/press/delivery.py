"""Brings finished files to their place: written beside it first, checked, recorded, and never over another file."""

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from chengyun_console.paper.job import PrintOrder
from chengyun_console.paper.press.ledger import Made, record, record_failure
from chengyun_core.model.failure import Trouble

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CODES = {
    errno.EACCES: "paper.not_writable",
    errno.EPERM: "paper.not_writable",
    errno.EROFS: "paper.not_writable",
    errno.ENOENT: "paper.no_folder",
    errno.ENOTDIR: "paper.no_folder",
    errno.EEXIST: "paper.exists",
    errno.EISDIR: "paper.exists",
    errno.ENAMETOOLONG: "paper.name_too_long",
    **dict.fromkeys(_FULL, "paper.disk_full"),
}
CHUNK = 1 << 20


def deliver(order: PrintOrder, targets: tuple[Path, ...], make: Callable[[tuple[Path, ...]], int]) -> tuple[Made, ...]:
    """Have `make` write files beside the targets (it returns their pages), record them, and give them their names.

    Raises:
        Trouble: a target exists or cannot be written, the disk is full, or nothing could be recorded. What was begun
            is taken away again; no file that was there before is touched.
    """
    _make_own(order)
    _check(targets)
    parts = tuple(target.with_name(f".{target.name[:180]}.{os.getpid()}.part") for target in targets)
    try:
        pages = make(parts)
        made = tuple(_made(part, target) for part, target in zip(parts, targets, strict=True))
        record(order, made, pages)
        _name(order, parts, targets)
    except OSError as fault:
        raise trouble(fault, targets[0]) from fault
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
    return made


def trouble(fault: OSError, target: Path) -> Trouble:
    """Return what to tell the officer of a fault of the disk."""
    code = _CODES.get(fault.errno or 0, "paper.write_failed")
    return Trouble(code, file=target, folder=target.parent, fault=fault.strerror or str(fault))


def _make_own(order: PrintOrder) -> None:
    folder = Path(order.own_folder)
    if Path(order.target).parent == folder:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as fault:
            raise trouble(fault, Path(order.target)) from fault


def _check(targets: tuple[Path, ...]) -> None:
    """Refuse early what cannot end well: an hour of printing is not thrown away for a name."""
    for target in targets:
        try:
            if os.path.lexists(target):
                raise Trouble("paper.exists", file=target, folder=target.parent, fault="")
            if not target.parent.is_dir():
                raise Trouble("paper.no_folder", file=target, folder=target.parent, fault="")
        except (OSError, ValueError) as fault:
            raise Trouble("paper.write_failed", file=target, folder=target.parent, fault=fault) from fault


def _made(part: Path, target: Path) -> Made:
    digest = hashlib.sha256()
    with part.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
        os.fsync(file.fileno())
    return Made(path=str(target), size=part.stat().st_size, sha256=digest.hexdigest())


def _name(order: PrintOrder, parts: tuple[Path, ...], targets: tuple[Path, ...]) -> None:
    """Give the files their names; when one cannot have it, none keeps it."""
    named: list[Path] = []
    try:
        for part, target in zip(parts, targets, strict=True):
            _link(part, target)
            named.append(target)
    except OSError as fault:
        for target in named:
            target.unlink(missing_ok=True)
        record_failure(order, _CODES.get(fault.errno or 0, "paper.write_failed"))
        raise


def _link(part: Path, target: Path) -> None:
    """Name a file; a link, unlike a rename, fails when somebody took the name meanwhile."""
    try:
        os.link(part, target)
    except OSError as fault:
        if fault.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
            raise
        # A memory stick's file system knows no links; there a rename has to do.
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from fault
        part.rename(target)
