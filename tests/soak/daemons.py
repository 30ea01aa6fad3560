"""Real daemons as child processes that can be killed, and what talks to them: callers, a listener, a gateway."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import zmq

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.sources import payload_packed
from chengyun_core.launch import profile as profiles
from chengyun_core.launch.profile import Profile
from chengyun_core.model.command import KIND_OF
from chengyun_core.wire import codec, sockets
from chengyun_core.wire.endpoints import TOPIC_CHANGE
from chengyun_core.wire.envelope import Reply, Request
from tests.support.waiting import wait_until

PRODUCT = "chengyun_core.launch"
PROBE_MS = 40
ANSWER_MS = 20_000


class Daemon:
    """One daemon of a profile; `module` is the product's command line, or a mutated one."""

    def __init__(self, name: str, profile: Profile, *, module: Sequence[str] = (PRODUCT,)) -> None:
        self.name = name
        self.log_file = profile.log_folder / f"{name}.log"
        self._command = [sys.executable, "-m", *module, name, "--profile", str(profile.folder)]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Return the process id; the daemon must have been started."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it; nothing is waited for."""
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def is_running(self) -> bool:
        """Return whether it was started and lives."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL, as a crash or the kernel would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self, limit_s: float = 60.0) -> int:
        """SIGTERM; return the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(limit_s)
        self._process = None
        return code

    def log(self) -> str:
        """Return the end of its log."""
        return self.log_file.read_text("utf-8", "replace")[-2000:] if self.log_file.exists() else ""


class _Line:
    """One socket to one address, made anew whenever its daemon is."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket: zmq.Socket[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        self.hang_up()
        self._context.term()

    def hang_up(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close(0)
            self._socket = None


class Caller(_Line):
    """A client of one door. After a kill `reconnect` waits for the successor; nothing queues to it unseen."""

    def reconnect(self, what: str, *, limit_s: float = 60.0) -> None:
        """Wait until somebody is at the other end; a fresh socket each time, for an old one waits ever longer."""

        def is_there() -> bool:
            self.hang_up()
            self._socket = sockets.caller(self._context, self._address)
            return bool(self._socket.poll(PROBE_MS, zmq.POLLOUT))

        wait_until(is_there, f"{what} answers", limit_s=limit_s)

    def send(self, kind: str, body: object, *, session: str = "", request_id: str = "") -> str:
        """Send a request and return its id; with nobody there any more it is lost, as on any network."""
        assert self._socket is not None
        request = Request(id=request_id or uuid.uuid4().hex, kind=kind, body=codec.pack(body), session=session)
        try:
            self._socket.send(codec.pack(request), zmq.DONTWAIT)
        except zmq.Again:
            return request.id
        return request.id

    def answers(self, limit_ms: int = 0) -> list[Reply]:
        """Return what was answered meanwhile, waiting for the first one at most so long; nothing when hung up."""
        found: list[Reply] = []
        while self._socket is not None and self._socket.poll(0 if found else limit_ms):
            found.append(codec.unpack(self._socket.recv(), Reply))
        return found

    def ask(self, kind: str, body: object, *, session: str = "", request_id: str = "") -> Reply:
        """Send a request and return its answer. Raises AssertionError when none comes."""
        sent = self.send(kind, body, session=session, request_id=request_id)
        while answers := self.answers(ANSWER_MS):
            for reply in answers:
                if reply.id == sent:
                    return reply
        raise AssertionError(f"{self._address} does not answer {kind} within {ANSWER_MS / 1000:g} s")

    def do(self, command: object, session: str) -> Reply:
        """Return the answer to a command that must be carried out."""
        reply = self.ask(KIND_OF[type(command)], command, session=session)
        assert reply.outcome == "done", reply
        return reply


class Hints(_Line):
    """Hears that the centre has committed something, as early as anybody can."""

    def listen(self) -> None:
        """Listen to a centre that was just started: at once, not when an old connection tries again."""
        self.hang_up()
        self._socket = sockets.subscriber(self._context, self._address, TOPIC_CHANGE, queued=sockets.FACTS_QUEUED)

    def wait(self, limit_ms: int) -> bool:
        """Forget what was heard until now and wait for the next hint; False: none came."""
        assert self._socket is not None
        while self._socket.poll(0):
            self._socket.recv_multipart()
        return bool(self._socket.poll(limit_ms))


class Gateway:
    """Pushes packed samples over one kept HTTP connection; while ingest is away, posts fail and are told so."""

    def __init__(self, port: int, *, limit_s: float = 20.0) -> None:
        self._port, self._limit_s = port, limit_s
        self._connection: http.client.HTTPConnection | None = None

    def push(self, batch: Batch) -> dict[str, Any] | None:
        """Return the answer (`accepted`, `refused`), None when ingest could not be reached or broke off."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self._limit_s)
        try:
            headers = {"Content-Type": "application/octet-stream"}
            self._connection.request("POST", "/samples", payload_packed.encode(0, batch), headers)
            answer: dict[str, Any] = json.loads(self._connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            self.close()
            return None
        return answer

    def close(self) -> None:
        """Close the connection; the next push opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def free_port() -> int:
    """Return a port nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def made_profile(folder: Path, more: str, *, clock_rate: float = 1.0) -> Profile:
    """Return a new profile whose accounts are cheap to sign on to and whose settings end with `more`.

    With a clock that runs faster than the machine's it is one for drills.
    """
    cheap = f"\n[centre]\nargon2_time_cost = 1\nargon2_memory_kib = 64\nreserve_mib = 1\nclock_rate = {clock_rate}\n"
    return profiles.ensure(folder, realm="live" if clock_rate == 1.0 else "drill", more_settings=cheap + more)
