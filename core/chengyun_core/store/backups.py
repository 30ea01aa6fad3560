"""Rolling backups of the database: copied while it works, verified before they count, sealed, the oldest given up.

Folder `centre/backup`: `rolling-<last journal number>.db`, beside each its seal with size, SHA-256 and journal head.
"""

import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from chengyun_core.model.failure import Trouble
from chengyun_core.store import chain
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.engine import driver, trouble_of
from chengyun_core.store.journal import Head
from chengyun_core.store.page_sums import page_sum
from chengyun_core.store.tables import JOURNAL
from chengyun_core.wire.durable import read_record, sync_folder, write_record

logger = logging.getLogger(__name__)

_NAME = "rolling-{number:012d}.db"
_MAKING = "making.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What a backup held when it was verified."""

    number: int
    """Last journal row in it."""
    hash: bytes
    at_ns: int
    """Profile time of that row; 0 when the journal is empty."""
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup on disk."""

    path: Path
    seal: Seal


class Backups:
    """The backups of one database. `make` runs in a worker's thread; the rest at start, before there is one."""

    def __init__(self, folder: Path, public: bytes, kept: int) -> None:
        self._folder = folder
        self._public = public
        self._kept = kept
        self._verified = Head(number=0, hash=journal_rows.FIRST_HASH)
        newest = self._newest()
        if newest is not None:
            self._verified = Head(number=newest.number, hash=newest.hash)

    def any(self) -> bool:
        """Return whether there is a sealed backup, good or not."""
        return self._newest() is not None

    def make(self, source: Path) -> Backup:
        """Copy, verify, seal, and give up the oldest.

        The first verifies the whole journal, later ones what came since and that the verified end is still there.

        Raises:
            Trouble: `store.backup_failed` when it cannot be written; `store.backup_not_whole` when what was copied, and
                so the database itself, is damaged. Older backups stay.
        """
        making = self._folder / _MAKING
        try:
            self._expect_room(source)
            _copy(source, making)
            seal = self._sealed(making)
            target = self._folder / _NAME.format(number=seal.number)
            write_record(_seal_file(target), seal)
            making.replace(target)
            sync_folder(self._folder)
        except OSError as fault:
            raise Trouble("store.backup_failed", folder=self._folder, reason=fault.strerror or fault) from fault
        finally:
            making.unlink(missing_ok=True)
        self._verified = Head(number=seal.number, hash=seal.hash)
        self._give_up_oldest()
        return Backup(path=target, seal=seal)

    def begin_anew(self) -> None:
        """Verify the whole journal with the next one: rows that backups have seen are gone."""
        self._verified = Head(number=0, hash=journal_rows.FIRST_HASH)

    def good(self) -> Iterator[Backup]:
        """Yield the backups whose bytes are those that were sealed, the newest first."""
        for path in sorted(self._folder.glob("rolling-*.db"), reverse=True):
            seal = read_record(_seal_file(path), Seal)
            if seal is not None and path.stat().st_size == seal.size and _sha256(path) == seal.sha256:
                yield Backup(path=path, seal=seal)
            else:
                logger.error("backup %s is not what was sealed and is passed over", path)

    def _newest(self) -> Seal | None:
        files = sorted(self._folder.glob("rolling-*.seal"), reverse=True)
        return next((seal for file in files if (seal := read_record(file, Seal)) is not None), None)

    def _expect_room(self, source: Path) -> None:
        """A backup must never take the room that facts need: as much as it takes itself stays free."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        free, wanted = shutil.disk_usage(self._folder).free, 2 * source.stat().st_size
        if free < wanted:
            reason = f"{free >> 20} MiB < {wanted >> 20} MiB"
            raise Trouble("store.backup_failed", folder=self._folder, reason=reason)

    def _sealed(self, copy: Path) -> Seal:
        descriptor = os.open(copy, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        head, at_ns = self._verify(copy)
        size, digest = copy.stat().st_size, _sha256(copy)
        return Seal(number=head.number, hash=head.hash, at_ns=at_ns, size=size, sha256=digest)

    def _verify(self, copy: Path) -> tuple[Head, int]:
        engine = create_engine("sqlite+pysqlite://", module=driver(), creator=lambda: _opened(copy), poolclass=NullPool)
        try:
            with engine.connect() as connection:
                return self._verified_end(connection)
        except DatabaseError as fault:
            raise trouble_of(fault, copy) from fault
        finally:
            engine.dispose()

    def _verified_end(self, connection: Connection) -> tuple[Head, int]:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        head, first = journal_rows.head(connection), self._verified.number + 1
        verdict = chain.verify(connection, self._public, first, head.number, signatures=chain.LAST_ONLY)
        fault = verdict.fault if found == "ok" else found
        if fault or not self._holds_what_was_verified(connection):
            raise Trouble("store.backup_not_whole", reason=fault or "journal.not_what_was_held", number=verdict.number)
        at_ns = connection.execute(select(JOURNAL.c.at_ns).where(JOURNAL.c.number == head.number)).scalar()
        return head, at_ns or 0

    def _holds_what_was_verified(self, connection: Connection) -> bool:
        if self._verified.number == 0:
            return True
        statement = select(JOURNAL.c.hash).where(JOURNAL.c.number == self._verified.number)
        return connection.execute(statement).scalar() == self._verified.hash

    def _give_up_oldest(self) -> None:
        for path in sorted(self._folder.glob("rolling-*.db"), reverse=True)[self._kept :]:
            path.unlink(missing_ok=True)
            _seal_file(path).unlink(missing_ok=True)


def page_of(backup: Backup, page: int, page_size: int, wanted_sum: int) -> bytes | None:
    """Return a page as a backup holds it, None when it is not the wanted one (it changed since)."""
    with backup.path.open("rb") as opened:
        opened.seek((page - 1) * page_size)
        data = opened.read(page_size)
    return data if len(data) == page_size and page_sum(data) == wanted_sum else None


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    sqlite = driver()
    try:
        # Read-only: a connection that closes last would move the log into the file behind the sums' back.
        here, there = sqlite.connect(f"file:{_quoted(source)}?mode=ro", uri=True), sqlite.connect(str(target))
        try:
            here.backup(there)
            # A backup may have to be read from media that cannot be written: no WAL there (RELIABILITY, traps).
            there.execute("PRAGMA journal_mode=DELETE")
        finally:
            there.close()
            here.close()
    except sqlite.Error as fault:
        raise Trouble("store.backup_failed", folder=target.parent, reason=fault) from fault


def _opened(path: Path) -> object:
    return driver().connect(f"file:{_quoted(path)}?mode=ro&immutable=1", uri=True)


def _quoted(path: Path) -> str:
    return path.absolute().as_uri().removeprefix("file:")


def _seal_file(path: Path) -> Path:
    return path.with_suffix(".seal")


def _sha256(path: Path) -> bytes:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()
