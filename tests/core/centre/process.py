"""A real centre daemon in a process of its own, with a client that asks it and may kill it."""

import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path
from types import TracebackType
from typing import Self

import zmq

from chengyun_core.launch import profile as profiles
from chengyun_core.model.command import KIND_OF, ImportCatalogue
from chengyun_core.wire import addresses, codec, sockets
from chengyun_core.wire.envelope import Hello, Reply, Request
from tests.support.small_tables import small_tables
from tests.support.waiting import wait_until

SETTINGS = """
[profile]
name = "faults"
[centre]
argon2_time_cost = 1
argon2_memory_kib = 64
reserve_mib = 1
"""
ANSWER_MS = 20_000
PROBE_MS = 40
START_LIMIT_S = 60.0
"""A start takes two seconds; on a machine with everything else running on it, many."""


class CentreProcess:
    """Owns the process and one DEALER; everything is closed at the end."""

    def __init__(self, folder: Path, more: str = "") -> None:
        self.profile = profiles.ensure(folder)
        self.profile.settings_file.write_text(SETTINGS + more, "utf-8")
        self.admin_key = self.profile.key("admin.key")
        self.ingest_key = self.profile.key("ingest.key")
        self.module: tuple[str, ...] = ("chengyun_core.launch",)
        """What runs as the daemon, with its arguments: the product, or one with a rule broken."""
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: zmq.Socket[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        self.kill()
        self._context.term()

    def start(self) -> None:
        """Start the daemon and wait for its hello."""
        command = [sys.executable, "-m", *self.module, "centre", "--profile", str(self.profile.folder)]
        with (self.profile.log_folder / "centre.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ)
        wait_until(self._is_there, "the centre is at its door", limit_s=START_LIMIT_S)
        reply = self.ask("hello", Hello(protocol=1, client="faults"))
        assert reply is not None, self.log()
        assert reply.outcome == "done"

    def _is_there(self) -> bool:
        """Knock anew each time: a socket that found nobody waits up to a second, ever longer, before it looks again."""
        if self._socket is not None:
            self._socket.close()
        self._socket = sockets.caller(self._context, addresses.of_profile(self.profile.folder).centre_door)
        return bool(self._socket.poll(PROBE_MS, zmq.POLLOUT))

    def send(self, kind: str, body: object, session: str = "", request_id: str = "") -> str:
        """Send a request and return its id."""
        assert self._socket is not None
        made = Request(id=request_id or uuid.uuid4().hex, kind=kind, body=codec.pack(body), session=session)
        assert self._socket.poll(ANSWER_MS, zmq.POLLOUT), self.log()
        self._socket.send(codec.pack(made))
        return made.id

    def answer(self, request_id: str, limit_ms: int = ANSWER_MS) -> Reply | None:
        """Return the answer to a request, None when none comes."""
        assert self._socket is not None
        while self._socket.poll(limit_ms):
            reply = codec.unpack(self._socket.recv(), Reply)
            if reply.id == request_id:
                return reply
        return None

    @property
    def pid(self) -> int:
        """Return the daemon's process id."""
        assert self._process is not None
        return self._process.pid

    def next_id(self) -> str:
        """Return the id of the next answer, whichever it is."""
        assert self._socket is not None
        assert self._socket.poll(ANSWER_MS), self.log()
        return codec.unpack(self._socket.recv(), Reply).id

    def ask(self, kind: str, body: object, session: str = "", request_id: str = "") -> Reply | None:
        """Send a request and return its answer."""
        return self.answer(self.send(kind, body, session, request_id))

    def do(self, command: object, session: str, request_id: str = "") -> Reply:
        """Return the answer to a command; there must be one."""
        reply = self.ask(KIND_OF[type(command)], command, session, request_id)
        assert reply is not None, self.log()
        return reply

    def import_city(self, vitals: int, seats: int = 0) -> None:
        """Put a catalogue with so many more vitals and seats in force."""
        tables = small_tables()
        seat = tables["seats"][0]
        tables["seats"] += [{**seat, "code": f"S-{number}"} for number in range(1, seats + 1)]
        first = tables["vitals"][0]
        more = [{**first, "code": f"V{number}", "vital_class": "operation"} for number in range(vitals)]
        tables["vitals"] += more
        reply = self.do(ImportCatalogue(tables=tables, origin={}), self.admin_key)
        assert reply.outcome == "done", reply

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> int:
        """SIGTERM; return the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(20)
        self.kill()
        return code

    def ended(self, limit_s: float) -> int | None:
        """Return the exit code of a daemon that ends by itself, None when it does not within the limit."""
        assert self._process is not None
        try:
            return self._process.wait(limit_s)
        except subprocess.TimeoutExpired:
            return None

    def log(self) -> str:
        """Return the end of the daemon's log."""
        return (self.profile.log_folder / "centre.log").read_text("utf-8", "replace")[-3000:]
