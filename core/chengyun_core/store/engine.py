"""Opens the database: a checked SQLite core, its pragmas, one writer that always begins IMMEDIATE, one reader."""

import importlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from chengyun_core.model.failure import Trouble
from chengyun_core.store import log_file
from chengyun_core.store.page_sums import PageSums
from chengyun_core.store.port import Beside

FIXED_SQLITE = (3, 51, 3)
"""First core without the WAL-reset corruption. An older one runs with a single connection and an exclusive lock."""
BUSY_LIMIT_S = 2.0
CHECKPOINT_FRAMES = 1000
"""A log longer than this is moved into the file after the next COMMIT; by us, not by SQLite, for the pages' sums."""
_MOVE_LOG = "PRAGMA wal_checkpoint(PASSIVE)"
_EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
_LOOK_EVERY = 16
"""COMMITs between two looks at the log's length: a look costs 20 µs."""


def sqlite_version() -> tuple[int, ...]:
    """Return the version of the SQLite core the store uses."""
    return tuple(int(part) for part in driver().sqlite_version.split("."))


def driver() -> ModuleType:
    """Return pysqlite3 (it carries a fixed core) or, where it has no wheel, the interpreter's own sqlite3."""
    try:
        return importlib.import_module("pysqlite3")
    except ModuleNotFoundError:
        return importlib.import_module("sqlite3")


class Database:
    """The one writer and the one reader of a database file. Belongs to one thread."""

    lamed_by_reading = frozenset({"store.damaged"})
    """Troubles of reading after which the file is opened anew."""

    def __init__(self, path: Path, *, waiting: Callable[[], None] = lambda: None) -> None:
        self.path = path
        self.single = sqlite_version() < FIXED_SQLITE
        self.waiting = waiting
        """Called while the file is locked by somebody else, or is written to for long, so that heartbeats go on."""
        self.sums = PageSums(path)
        self.ailment: Trouble | None = None
        """Why the log could not be moved into the file although its facts are durable; whoever reads it clears it."""
        self._log = path.with_name(f"{path.name}-wal")
        self._log_may_have = CHECKPOINT_FRAMES
        self._commits = 0
        self._make_private()
        self._engine = _engine(path, exclusive=self.single)
        self._writer = self._connected(self._engine)
        self._reader = self._writer if self.single else self._connected(_engine(path, read_only=True))
        try:
            with _told(path):
                self.sums.take_up()
        except Trouble:
            # Tried again every two seconds while the disk is lame: nothing may stay open of a try that failed.
            self._reader.close()
            self._writer.close()
            with suppress(OSError):
                self.sums.put_down(whole=False)
            raise

    def close(self) -> None:
        """Move the log into the file and close."""
        try:
            whole = self._move_whole_log()
        except (Trouble, OSError):
            # A broken disk must not keep us from closing; what was committed is in the log.
            whole = False
            self._writer.invalidate()
        if self.single and not whole:
            with suppress(OSError):  # a name that comes back after a power cut is the worst of it
                self.sums.forget()
        # SQLite moves what is left when the last connection closes, and the sums would not know: one that may not write
        # leaves it in the log.
        first, last = (self._reader, self._writer) if whole else (self._writer, self._reader)
        first.close()
        last.close()
        with suppress(OSError):
            self.sums.put_down(whole=whole)

    def settle(self) -> None:
        """Move the whole log into the file and sync both; raise Trouble when that cannot be done.

        After a failed fsync the log may hold rows that only memory has: they are written and synced anew here, before
        anybody is told that they are done (RF6).
        """
        if not self._move_whole_log():
            raise Trouble("store.busy", file=self.path, seconds=BUSY_LIMIT_S)

    def check(self) -> None:
        """Look at the file's structure; raise Trouble `store.damaged`."""
        with self.reading() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if found != "ok":
            raise Trouble("store.damaged", file=self.path, reason=found)

    def keep_copy(self, step: str) -> None:
        """Keep a copy beside the file before it goes from a step to the newest."""
        back_up(self.path, self.path.parent / "backup" / f"chengyun-{step}.db")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the writer inside BEGIN IMMEDIATE; commit at the end, roll back on any exception.

        Raises Trouble: `store.busy` (2 s behind a foreign lock), `store.disk_full`, `store.io_error`, `store.damaged`.
        """
        try:
            self._begin()
            yield self._writer
            self._writer.commit()
        except DatabaseError as fault:
            self._undo()
            raise trouble_of(fault, self.path) from fault
        except BaseException:
            self._undo()
            raise
        self._commits += 1
        if self._commits % _LOOK_EVERY == 0:
            self._move_long_log()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one snapshot and cannot write."""
        try:
            if self.single:
                self._begin()
            else:
                self._reader.exec_driver_sql("BEGIN")
            yield self._reader
        except DatabaseError as fault:
            raise trouble_of(fault, self.path) from fault
        finally:
            self._reader.rollback()

    def beside(self) -> Beside | None:
        """Return what gives another thread a connection of its own; None under the exclusive lock of an old core."""
        return None if self.single else partial(_read_beside, self.path)

    def _move_long_log(self) -> None:
        try:
            if log_file.is_longer(self._log, self._log_may_have):
                self._move_log()
        except Trouble as trouble:
            # The COMMIT was durable: its deed is done, whatever becomes of the checkpoint.
            self.ailment = trouble
        except OSError as fault:
            self.ailment = Trouble("store.io_error", file=self.path, reason=fault.strerror or fault)

    def _move_whole_log(self) -> bool:
        """Move the log and empty it; return whether nobody stood in the way."""
        return self._move_log() and self._checkpoint(_EMPTY_LOG)[0] == 0

    def _move_log(self) -> bool:
        """Move the log into the file as far as readers allow; return whether all of it was."""
        _, frames, moved = self._checkpoint(_MOVE_LOG)
        whole = frames == moved
        # Behind a reader (a backup under way) the next try waits for as much again, or every COMMIT would try.
        self._log_may_have = CHECKPOINT_FRAMES if whole else frames + CHECKPOINT_FRAMES
        if whole:
            with _told(self.path):
                self.sums.did_checkpoint()
        return whole

    def _checkpoint(self, statement: str) -> tuple[int, int, int]:
        try:
            busy, frames, moved = self._writer.exec_driver_sql(statement).one()
        except DatabaseError as fault:
            self._undo()
            raise trouble_of(fault, self.path) from fault
        self._writer.rollback()
        return busy, frames, moved

    def _begin(self) -> None:
        deadline = time.monotonic() + BUSY_LIMIT_S
        while True:
            try:
                self._writer.exec_driver_sql("BEGIN IMMEDIATE")
            except OperationalError as fault:
                self._writer.rollback()
                if _code(fault) not in ("SQLITE_BUSY", "SQLITE_LOCKED") or time.monotonic() > deadline:
                    raise
                self.waiting()
            else:
                return

    def _undo(self) -> None:
        try:
            self._writer.rollback()
        except DatabaseError:
            self._writer.invalidate()

    def _connected(self, engine: Engine) -> Connection:
        try:
            return engine.connect()
        except DatabaseError as fault:
            raise trouble_of(fault, self.path) from fault

    def _make_private(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.path.exists():
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))


@contextmanager
def _read_beside(path: Path) -> Iterator[Connection]:
    """Give a connection of its own that sees one snapshot: the log is moved into the file as far as it allows."""
    engine = _engine(path, read_only=True)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()
    except DatabaseError as fault:
        raise trouble_of(fault, path) from fault
    finally:
        engine.dispose()


def back_up(source: Path, target: Path) -> None:
    """Copy a living database file, whole and consistent, to a 0600 file; an older copy of that name is replaced."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    sqlite = driver()
    here, there = sqlite.connect(str(source)), sqlite.connect(str(target))
    try:
        here.backup(there)
        # Media that may be read-only later: a WAL file cannot be opened there (RELIABILITY, traps).
        there.execute("PRAGMA journal_mode=DELETE")
    finally:
        there.close()
        here.close()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Make an error of the disk beside the database the trouble it is: uncaught it would end the daemon (RF6)."""
    try:
        yield
    except OSError as fault:
        raise Trouble("store.io_error", file=path, reason=fault.strerror or str(fault)) from fault


def trouble_of(fault: DatabaseError, path: Path) -> Trouble:
    """Return what a database error means to an officer."""
    code = _code(fault)
    reason = str(fault.orig)
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Trouble("store.busy", file=path, seconds=BUSY_LIMIT_S)
    if code == "SQLITE_FULL":
        return Trouble("store.disk_full", file=path)
    if code.startswith(("SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
        return Trouble("store.io_error", file=path, reason=reason)
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return Trouble("store.damaged", file=path, reason=reason)
    return Trouble("store.fault", file=path, reason=reason, error=code)


def _code(fault: DatabaseError) -> str:
    return str(getattr(fault.orig, "sqlite_errorname", "") or type(fault.orig).__name__)


def _engine(path: Path, *, exclusive: bool = False, read_only: bool = False) -> Engine:
    uri = path.absolute().as_uri()
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=uri, query={"uri": "true", "mode": "ro" if read_only else "rw"}),
        module=driver(),
        poolclass=NullPool,
        # The driver's own BEGIN is deferred; a deferred reader that turns writer fails at once (RELIABILITY rule 5).
        connect_args={"isolation_level": None, "check_same_thread": True},
    )

    @event.listens_for(engine, "connect")
    def prepare(raw: Any, _record: object) -> None:
        cursor = raw.cursor()
        for statement in _pragmas(exclusive=exclusive, read_only=read_only):
            cursor.execute(statement)
        cursor.close()

    return engine


def _pragmas(*, exclusive: bool, read_only: bool) -> tuple[str, ...]:
    if read_only:
        return (*_SHARED, "PRAGMA query_only=ON")
    locking = ("PRAGMA locking_mode=EXCLUSIVE",) if exclusive else ()
    return (*_SHARED, *locking, *_OF_THE_WRITER)


_SHARED = (
    # Waiting longer is ours (Database._begin): SQLite's own wait would stop the heartbeats.
    "PRAGMA busy_timeout=50",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
)
_OF_THE_WRITER = (
    "PRAGMA journal_mode=WAL",
    # FULL: an answer after COMMIT means fsynced (RELIABILITY rule 2).
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA wal_autocheckpoint=0",
)
