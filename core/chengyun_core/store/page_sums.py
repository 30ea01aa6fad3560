"""A checksum of every page of the database file, kept beside it: what SQLite and the journal's hashes cannot see.

SQLite notices a page it cannot read as one; a flipped bit in a text or a number reads like any other value, and only
the journal's rows are hashed. Pages are written at a checkpoint and at no other time. After each one, and durably
before the log is begun anew, their sums are written down: so a page that does not lie in the log is as its sum says,
whenever the power goes, or it was changed by somebody else. A page in the log is not looked at: SQLite reads it there.
"""

import logging
import os
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from chengyun_core.store import log_file
from chengyun_core.wire.durable import read_record, sync_folder, write_record

logger = logging.getLogger(__name__)

_UNKNOWN = 0
_AT_ONCE = 256
"""Pages read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """File `<database>.sums`. `sums`: uint32 by page (the first at 0) in the machine's order, 0 for unknown."""

    page_size: int
    sums: bytes
    in_use: bool
    """A database that was in use and not closed has a log; without one, somebody else moved or removed it."""


class PageSums:
    """The sums of one database file. Belongs to whoever checkpoints it."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._log = database.with_name(f"{database.name}-wal")
        self._file = database.with_name(f"{database.name}.sums")
        self._kept = read_record(self._file, Kept)
        self._descriptor = -1

    def damaged(self) -> tuple[int, ...]:
        """Return the numbers (from 1) of pages that are not as they were written; nothing when no sums are known.

        For a database that nobody in this process has open: closing the file would take SQLite's locks away.
        """
        if self._kept is None or not self._database.exists():
            return ()
        with self._database.open("rb") as opened:
            found = list(_sums(opened.fileno(), self._kept.page_size))
        known, in_log = _array(self._kept.sums), log_file.pages(self._log)
        pages = range(1, max(len(known), len(found)) + 1)
        return tuple(page for page in pages if page not in in_log and not _is_right(page, known, found))

    def log_is_ours(self) -> bool:
        """Return whether the log is as we left it. If not, another program may have moved it into the file."""
        return self._kept is None or not self._kept.in_use or (self._log.exists() and self._log.stat().st_size > 0)

    @property
    def page_size(self) -> int:
        """Return the bytes of a page, 0 when no sums are known."""
        return 0 if self._kept is None else self._kept.page_size

    @property
    def count(self) -> int:
        """Return how many pages the file had when it was last looked at."""
        return 0 if self._kept is None else len(_array(self._kept.sums))

    def sum_of(self, page: int) -> int | None:
        """Return the sum a page was last seen with, None when unknown."""
        sums = _array(self._kept.sums if self._kept else b"")
        return sums[page - 1] or None if page <= len(sums) else None

    def take_up(self) -> None:
        """The database was opened: what has no sums yet is taken for true as it lies."""
        # Kept open until SQLite has let go of the file: closing any descriptor of it drops the process's POSIX locks.
        self._descriptor = os.open(self._database, os.O_RDONLY | os.O_CLOEXEC)
        if self._kept is None:
            page_size = _page_size(self._descriptor)
            sums = array("I", _sums(self._descriptor, page_size) if page_size else ()).tobytes()
            self._kept = Kept(page_size=page_size, sums=sums, in_use=True)
        self._keep(in_use=True)

    def did_checkpoint(self) -> None:
        """Look at what was just written. The log must not have been begun anew since."""
        assert self._kept is not None
        pages = log_file.pages(self._log)
        sums = _array(self._kept.sums)
        sums.extend([_UNKNOWN] * (max(pages, default=0) - len(sums)))
        for page, found in _some_sums(self._descriptor, self.page_size, sorted(pages)):
            sums[page - 1] = found
        self._kept = replace(self._kept, sums=sums.tobytes())
        self._keep(in_use=True)

    def put_down(self, *, whole: bool) -> None:
        """The database was closed; `whole`: and its log is empty."""
        try:
            if whole:
                self._keep(in_use=False)
        finally:
            os.close(self._descriptor)

    def forget(self) -> None:
        """Remove the file: old sums beside newer pages would tell of damage that is none."""
        self._file.unlink(missing_ok=True)
        sync_folder(self._file.parent)

    def _keep(self, *, in_use: bool) -> None:
        """Write the sums. A disk that refuses them must not stand in the way of a checkpoint."""
        assert self._kept is not None
        self._kept = replace(self._kept, in_use=in_use)
        try:
            write_record(self._file, self._kept)
        except OSError as fault:
            logger.warning("no page sums at %s: %s; damage goes unseen until they are written", self._file, fault)
            self.forget()


def page_sum(data: bytes) -> int:
    """Return a page's sum; never the value that stands for unknown."""
    return zlib.crc32(data) or 1


def _is_right(page: int, known: "array[int]", found: list[int]) -> bool:
    return page <= min(len(known), len(found)) and known[page - 1] in (_UNKNOWN, found[page - 1])


def _array(data: bytes) -> "array[int]":
    found = array("I")
    found.frombytes(data)
    return found


def _sums(descriptor: int, page_size: int) -> Iterator[int]:
    offset = 0
    while block := os.pread(descriptor, page_size * _AT_ONCE, offset):
        offset += len(block)
        for begin in range(0, len(block), page_size):
            yield page_sum(block[begin : begin + page_size])


def _some_sums(descriptor: int, page_size: int, pages: Iterable[int]) -> Iterator[tuple[int, int]]:
    for page in pages:
        yield page, page_sum(os.pread(descriptor, page_size, (page - 1) * page_size))


def _page_size(descriptor: int) -> int:
    """Return the page size a database file names, 0 when it is no database yet."""
    head = os.pread(descriptor, 18, 0)
    if not head.startswith(b"SQLite format 3\x00"):
        return 0
    size = int.from_bytes(head[16:18], "big")
    return 65_536 if size == 1 else size
