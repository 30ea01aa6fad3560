"""A PostgreSQL server of the suite's own: in a folder of its own, on a socket of its own, gone with the last test.

Debian's packages only bring the programs; no system service is started, and no port is open.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import psycopg

from chengyun_core.store.postgres import PostgresDatabase
from chengyun_core.store.upgrade import upgrade
from tests.support.waiting import wait_until

_CONFIGURATION = """
listen_addresses = ''
unix_socket_permissions = 0777
max_connections = 50
fsync = {fsync}
full_page_writes = {fsync}
log_min_messages = fatal
"""


class Server:
    """One server, run by an ordinary user: PostgreSQL refuses to be root's."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self._user = "postgres" if os.getuid() == 0 else None
        if self._user:
            owner = pwd.getpwnam(self._user)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "tests", "-E", "UTF8", "--locale=C", "-N")
        told = _CONFIGURATION.format(fsync="on" if durable else "off")
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(told + f"unix_socket_directories = '{folder}'\n")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [_program("postgres"), "-D", str(self.folder / "data")]
        self._process = subprocess.Popen(
            command, cwd=self.folder, user=self._user, extra_groups=[] if self._user else None,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_until(self._answers, "the server answers")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends its connections, SIGQUIT is as good as a power cut to it."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    def make(self, name: str, template: str = "template0") -> None:
        """Make a database."""
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is connected."""
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    def conninfo(self, name: str) -> str:
        """Return how psycopg connects to a database."""
        return f"host={self.folder} user=tests dbname={name}"

    def url(self, name: str) -> str:
        """Return the address a profile's `keys/database.url` holds."""
        return f"postgresql://tests@/{name}?host={self.folder}"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.conninfo("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        command = [_program(program), *arguments]
        subprocess.run(
            command, cwd=self.folder, user=self._user, extra_groups=[] if self._user else None, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip


@lru_cache
def _program(name: str) -> str:
    """Return a program of the newest PostgreSQL installed; Debian keeps them out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda file: int(file.parts[-3]))
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        raise RuntimeError(f"PostgreSQL's {name} is not installed; ./dev setup installs Debian's package postgresql")
    return path


@contextmanager
def running_server() -> Iterator[Server]:
    """Give a server with a database `newest` at the newest step, to make others from; stop and remove it at the end."""
    # Not below pytest's folder: only its owner may enter that, and a socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="chengyun-pg-") as folder:
        server = Server(Path(folder))
        server.start()
        try:
            server.make("newest")
            database = opened(server, "newest", Path(folder) / "newest.url")
            upgrade(database)
            database.close()
            yield server
        finally:
            server.stop()


def opened(server: Server, name: str, address: Path) -> PostgresDatabase:
    """Open a database of a server by a file with its address, made when missing."""
    if not address.exists():
        address.parent.mkdir(parents=True, exist_ok=True)
        address.touch(mode=0o600)
        address.write_text(server.url(name) + "\n", encoding="utf-8")
    return PostgresDatabase(address)
