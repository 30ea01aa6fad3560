"""PostgreSQL as the centre's database: the same surface as `engine.Database`, one writer held by an advisory lock.

What the server looks after is not done here: checksums of pages, backups (pg_basebackup, pg_dump, archived WAL), the
durability of what was committed. What stays ours: exactly one centre writes, a COMMIT answered is durable, a failure
has a reason an officer can act on, and the centre reads on while the way to the server is broken.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.store.port import Beside
from chengyun_core.wire import secret_file

LOCK = int.from_bytes(b"chengyun", "big")
"""Key of the advisory lock the one centre of a database holds for as long as its connection lives."""
BUSY_LIMIT_S = 2.0
_AGAIN_S = 0.1
_SESSION = (
    # An answer after COMMIT means that the server has it on disk, whatever its configuration says (RELIABILITY rule 2).
    "-c synchronous_commit=on "
    f"-c lock_timeout={round(1000 * BUSY_LIMIT_S)} "
    # A centre that hangs must not keep others from cleaning up behind it for ever.
    "-c idle_in_transaction_session_timeout=60000 "
    # A centre that is gone without a word holds the lock no longer than this.
    "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 "
    "-c client_encoding=UTF8 -c standard_conforming_strings=on"
)
_CONNECT = {
    "options": _SESSION, "connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3,
    # A server that is gone without a word: a write waits no longer than this, and the heartbeats with it.
    "tcp_user_timeout": 5000,
}  # fmt: skip
_HOLDER = text(
    "SELECT a.pid, coalesce(host(a.client_addr), 'local') AS address "
    "FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
    "WHERE l.locktype = 'advisory' AND l.classid = :high AND l.objid = :low AND l.granted"
)


def url_in(file: Path) -> URL:
    """Return the address of the database: the one line of a file only its owner can read.

    Raises Trouble: the file is missing or open to others, or holds no `postgresql://user:password@host/database`.
    """
    told = secret_file.read(file)
    try:
        url = make_url(told)
    except (ArgumentError, NoSuchModuleError) as fault:
        raise Trouble("store.no_address", file=file) from fault
    if url.get_backend_name() != "postgresql" or not url.database:
        raise Trouble("store.no_address", file=file)
    return url.set(drivername="postgresql+psycopg")


class PostgresDatabase:
    """The one writer and the one reader of a database on a server. Belongs to one thread."""

    lamed_by_reading = frozenset({"store.damaged", "store.io_error"})
    """Troubles of reading after which the database is opened anew: the way to the server is broken for writing, too."""

    def __init__(self, path: Path, *, waiting: Callable[[], None] = lambda: None) -> None:
        """Connect as the file `path` says.

        Raises Trouble: `store.io_error`, the server is not reached; `store.held`, another centre has the database;
        `store.no_address`.
        """
        self.path = path
        """File that holds the address: what messages name."""
        self.waiting = waiting
        self.ailment: Trouble | None = None
        self._lost: Trouble | None = None
        """Why the writer may not be used again: SQLAlchemy would connect anew, and without the lock."""
        url = url_in(path)
        self._writer = self._connected(_engine(url))
        try:
            self._take_lock()
            self._reader = self._connected(_engine(url, read_only=True))
        except BaseException:
            _closed(self._writer)
            raise

    def close(self) -> None:
        """Let go of the lock and close."""
        for connection in (self._reader, self._writer):
            _closed(connection)

    def settle(self) -> None:
        """Look whether the server answers; what was committed is on its disk."""
        with self.writing() as connection:
            connection.execute(text("SELECT 1"))

    def check(self) -> None:
        """Look whether the server answers; it verifies its pages itself when it reads them."""
        with self.reading() as connection:
            connection.execute(text("SELECT 1"))

    def keep_copy(self, step: str) -> None:
        """Do nothing: the steps are one transaction, and copies are the server's (docs/postgresql.md)."""

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the writer in a transaction; commit at the end, roll back on any exception.

        Raises Trouble: `store.busy`, `store.disk_full`, `store.io_error` (also: the connection is lost),
        `store.damaged`, `store.fault`.
        """
        if self._lost is not None:
            raise self._lost
        try:
            yield self._writer
            self._writer.commit()
        except DBAPIError as fault:
            self._undo(self._writer)
            trouble = trouble_of(fault, self.path)
            if trouble.reason.code == "store.io_error" or self._writer.invalidated:
                self._lost = trouble
            raise trouble from fault
        except BaseException:
            self._undo(self._writer)
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one snapshot and cannot write."""
        try:
            yield self._reader
        except DBAPIError as fault:
            raise trouble_of(fault, self.path) from fault
        finally:
            self._undo(self._reader)

    def beside(self) -> Beside | None:
        """Return what gives another thread a connection of its own to the same server."""
        return partial(_read_beside, self.path)

    def _take_lock(self) -> None:
        """Become the one centre; the lock of one that was killed is free within moments, which are waited for."""
        deadline = time.monotonic() + BUSY_LIMIT_S
        while not self._locked():
            if time.monotonic() > deadline:
                halves = {"high": LOCK >> 32, "low": LOCK & 0xFFFFFFFF}
                pid, address = self._writer.execute(_HOLDER, halves).first() or ("?", "?")
                raise Trouble("store.held", file=self.path, pid=pid, address=address)
            self.waiting()
            time.sleep(_AGAIN_S)

    def _locked(self) -> bool:
        try:
            held = self._writer.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK}).scalar_one()
            self._writer.commit()
        except DBAPIError as fault:
            raise trouble_of(fault, self.path) from fault
        return bool(held)

    def _connected(self, engine: Engine) -> Connection:
        try:
            return engine.connect()
        except DBAPIError as fault:
            raise trouble_of(fault, self.path) from fault

    def _undo(self, connection: Connection) -> None:
        try:
            connection.rollback()
        except DBAPIError:
            connection.invalidate()


def trouble_of(fault: DBAPIError, path: Path) -> Trouble:
    """Return what an error of the server, or of the way to it, means to an officer.

    Raises Refused `text.control_characters`: a text that was asked for holds NUL, which a file takes and a server does
    not. That is whoever asks, and no trouble of the database: one bad request must not make the centre read-only.
    """
    state = str(getattr(fault.orig, "sqlstate", None) or "")
    if isinstance(fault, DataError) and state in ("", "22021"):
        raise Refused("text.control_characters", field="text") from fault
    # Never the parameters or the address: both may hold what a log must not.
    reason = str(fault.orig).strip().partition("\n")[0]
    if state in ("55P03", "40001", "40P01", "53300"):
        return Trouble("store.busy", file=path, seconds=BUSY_LIMIT_S)
    if state == "53100":
        return Trouble("store.disk_full", file=path)
    if state in ("XX001", "XX002"):
        return Trouble("store.damaged", file=path, reason=reason)
    if not state or fault.connection_invalidated or state[:2] in ("08", "57", "58") or state in ("25006", "25P03"):
        # Lost, shut down, failing disk, or a standby that took over and is read-only yet: opened anew until it is well.
        return Trouble("store.io_error", file=path, reason=reason)
    return Trouble("store.fault", file=path, reason=reason, error=state)


@contextmanager
def _read_beside(path: Path) -> Iterator[Connection]:
    """Give a connection of its own that sees one snapshot."""
    engine = _engine(url_in(path), read_only=True)
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as fault:
        raise trouble_of(fault, path) from fault
    finally:
        engine.dispose()


def _closed(connection: Connection) -> None:
    with suppress(DBAPIError):
        connection.close()
    connection.engine.dispose()


def _engine(url: URL, *, read_only: bool = False) -> Engine:
    name = "chengyun centre, reading" if read_only else "chengyun centre"
    engine = create_engine(
        url, poolclass=NullPool, connect_args={**_CONNECT, "application_name": name}, hide_parameters=True
    )
    if not read_only:
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
