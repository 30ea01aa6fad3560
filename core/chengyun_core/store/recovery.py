"""A damaged database at start: healed from backups where they have every damaged page, else the last good backup.

What was damaged is kept in `centre/damaged/<n>`; nothing is thrown away, and every step can be repeated after a crash.
"""

import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from chengyun_core.model.failure import Trouble
from chengyun_core.store.backups import Backup, Backups, page_of
from chengyun_core.store.page_sums import PageSums
from chengyun_core.wire.durable import sync_folder

logger = logging.getLogger(__name__)

_COMPANIONS = ("", "-wal", "-shm", ".sums")


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was found and done at start."""

    healed: tuple[int, ...] = ()
    """Pages that were damaged and are again as they were written."""
    damaged: tuple[int, ...] = ()
    """Pages that are not as they were written and could not be healed: some value in them is not to be trusted."""
    restored: Backup | None = None
    """The backup the database was put back from."""
    kept_in: Path | None = None
    """Where the damaged files were kept."""


def heal(database: Path, sums: PageSums, backups: Backups) -> Findings:
    """Make the file again what we wrote last, when backups still have every page that is not; else touch nothing.

    All or nothing: pages of different times side by side would be damage that no check finds. Nor is anything healed
    when another program may have moved the log into the file: those pages are newer than ours. Nobody may have it open.
    """
    wrong = sums.damaged()
    if not wrong:
        return Findings()
    logger.critical("%d pages of %s are not as they were written: %s", len(wrong), database, wrong[:20])
    kept_in = keep_damaged(database)
    pages = _pages_of(wrong, sums, backups) if sums.log_is_ours() else None
    if pages is None:
        logger.critical("they cannot be healed; a copy of the file is in %s", kept_in)
        return Findings(damaged=wrong, kept_in=kept_in)
    _put_pages(database, pages, sums)
    logger.warning("they were put back from backups; the damaged file is in %s", kept_in)
    return Findings(healed=wrong, kept_in=kept_in)


def restore(database: Path, backups: Backups) -> Findings:
    """Put the last good backup in the place of a damaged database.

    Raises Trouble `store.no_backup` when there is none; nothing is touched then.
    """
    backup = next(backups.good(), None)
    if backup is None:
        raise Trouble("store.no_backup", file=database)
    kept_in = keep_damaged(database, names_only=True)
    beside = database.with_name(f"{database.name}.restored")
    _copied(backup.path, beside)
    # The log of the damaged file first: beside the restored one it would be taken for its own.
    for name in _COMPANIONS[1:]:
        database.with_name(f"{database.name}{name}").unlink(missing_ok=True)
    sync_folder(database.parent)
    beside.replace(database)
    sync_folder(database.parent)
    logger.critical("%s was damaged and put back from %s; the damaged files are in %s", database, backup.path, kept_in)
    return Findings(restored=backup, kept_in=kept_in)


def can_restore(backups: Backups) -> bool:
    """Return whether there is a good backup."""
    return next(backups.good(), None) is not None


def keep_damaged(database: Path, *, names_only: bool = False) -> Path:
    """Copy the database's files into a folder of their own and return it; what finds no room there is told.

    `names_only`: second names instead of copies, for files that are not changed in place; no disk is too full for it.
    """
    target = _next_folder(database)
    for name in _COMPANIONS:
        path = database.with_name(f"{database.name}{name}")
        try:
            if path.exists():
                (target / path.name).hardlink_to(path) if names_only else _copied(path, target / path.name)
        except OSError as fault:
            logger.error("the damaged %s could not be kept in %s: %s", path, target, fault)
            (target / path.name).unlink(missing_ok=True)
    sync_folder(target)
    return target


def _pages_of(wrong: tuple[int, ...], sums: PageSums, backups: Backups) -> dict[int, bytes] | None:
    """Return the wrong pages as they were written, None when one is in no backup. Pages too many are left out."""
    good, found = list(backups.good()), {}
    for page in (page for page in wrong if page <= sums.count):
        wanted = sums.sum_of(page)
        data = None if wanted is None else _first_page(good, page, sums.page_size, wanted)
        if data is None:
            return None
        found[page] = data
    return found


def _first_page(good: list[Backup], page: int, page_size: int, wanted: int) -> bytes | None:
    return next(filter(None, (page_of(backup, page, page_size, wanted) for backup in good)), None)


def _put_pages(database: Path, pages: dict[int, bytes], sums: PageSums) -> None:
    descriptor = os.open(database, os.O_RDWR)
    try:
        for page, data in pages.items():
            os.pwrite(descriptor, data, (page - 1) * sums.page_size)
        os.ftruncate(descriptor, sums.count * sums.page_size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _next_folder(database: Path) -> Path:
    folder = database.parent / "damaged"
    folder.mkdir(mode=0o700, exist_ok=True)
    number = 1 + max((int(path.name) for path in folder.iterdir() if path.name.isdigit()), default=0)
    target = folder / str(number)
    target.mkdir(mode=0o700)
    sync_folder(folder)
    sync_folder(database.parent)
    return target


def _copied(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with source.open("rb") as here, os.fdopen(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as there:
        shutil.copyfileobj(here, there)
        there.flush()
        os.fsync(there.fileno())
