"""A stand for keys: bare CURVE sockets as controls, and a profile over TCP on ports nobody uses."""

import random
import socket as plain
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import zmq
from zmq.utils.monitor import parse_monitor_message

from chengyun_core.wire import addresses, codec, curve
from chengyun_core.wire.curve import Card, Pair
from chengyun_core.wire.envelope import Hello, Request
from chengyun_core.wire.guard import Doorway, Guard
from chengyun_core.wire.roles import Role
from tests.support.waiting import wait_until

PORTS = 10
HANDSHAKES = {
    zmq.EVENT_HANDSHAKE_SUCCEEDED: "succeeded",
    zmq.EVENT_HANDSHAKE_FAILED_AUTH: "auth",
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL: "protocol",
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL: "no detail",
}


def fresh_pair() -> Pair:
    """A key pair nobody knows."""
    return Pair(*zmq.curve_keypair())


def free_ports(count: int = PORTS) -> int:
    """Return the first of so many free ports in a row, below those the system hands out by itself."""
    for _ in range(200):
        first = random.randrange(10_000, 32_000)
        if all(_is_free(first + offset) for offset in range(count)):
            return first
    raise AssertionError("no free ports")


def _is_free(port: int) -> bool:
    with closing(plain.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def over_tcp(folder: Path) -> Path:
    """Make a profile whose daemons listen on TCP with CURVE, this machine's own roles allowed; return its folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _name_host(folder, free_ports())
    curve.make(folder, curve.SERVER)
    for role in Role:
        allow(folder, f"local-{role}", role, curve.make(folder, role))
    return folder


def seat_elsewhere(folder: Path, daemons: Path) -> Pair:
    """Make the profile of a console on another machine, its key not yet allowed; return its pair."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _name_host(folder, addresses.settings_of(daemons).port)
    curve.pin(folder, curve.own_pair(daemons, curve.SERVER).public.decode("ascii"))
    return curve.make(folder, Role.CONSOLE)


def _name_host(folder: Path, port: int) -> None:
    with (folder / "profile.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[wire]\nhost = "127.0.0.1"\nport = {port}\n')


def allow(folder: Path, name: str, role: Role, pair: Pair) -> None:
    """Let a key in."""
    curve.allow(folder, Card(name=name, role=role, key=pair.public.decode("ascii")))


def client(
    context: zmq.Context, kind: int, address: str, server: bytes | None, own: Pair | None, *, connect: bool = True
) -> zmq.Socket:
    """A bare client: with a key, or plain when the server's is None. What is connected to is not waited for."""
    socket = context.socket(kind)
    socket.linger = 0
    socket.reconnect_ivl = 50
    if server is not None and own is not None:
        socket.curve_serverkey, socket.curve_publickey, socket.curve_secretkey = server, own.public, own.secret
    if connect:
        socket.connect(address)
    return socket


def server(context: zmq.Context, kind: int, pair: Pair, address: str = "tcp://127.0.0.1:*") -> tuple[zmq.Socket, str]:
    """A bare CURVE server as the manual shows it: no domain, nothing enforced."""
    socket = context.socket(kind)
    socket.linger = 0
    socket.curve_server, socket.curve_secretkey = True, pair.secret
    socket.bind(address)
    return socket, socket.last_endpoint.decode("ascii")


def handshake(
    context: zmq.Context, address: str, server_key: bytes | None, own: Pair | None, *, most_ms: int = 10_000
) -> str:  # fmt: skip
    """Connect a bare DEALER and return what its monitor says of the first handshake that ended; empty: none did."""
    socket = context.socket(zmq.DEALER)
    socket.linger = 0
    monitor = socket.get_monitor_socket(sum(HANDSHAKES))
    if server_key is not None and own is not None:
        socket.curve_serverkey, socket.curve_publickey, socket.curve_secretkey = server_key, own.public, own.secret
    socket.connect(address)
    try:
        if not monitor.poll(most_ms):
            return ""
        return HANDSHAKES[parse_monitor_message(monitor.recv_multipart())["event"]]
    finally:
        socket.disable_monitor()
        monitor.close(0)
        socket.close()


@dataclass(slots=True)
class Gatehouse:
    """A guarded door and broadcast as a daemon has them, turned by hand."""

    profile: Path
    context: zmq.Context
    guard: Guard
    poller: zmq.Poller

    @property
    def server_key(self) -> bytes:
        """The key clients pin."""
        assert self.guard.lock is not None
        return self.guard.lock.public

    def tend_until(self, condition, what: str) -> None:
        """Let the guard do its turns until something holds."""

        def holds() -> bool:
            self.guard.tend(self.poller)
            return condition()

        wait_until(holds, what)


@contextmanager
def gatehouse(profile: Path) -> Iterator[Gatehouse]:
    """Open a guard as a daemon does; everything is closed afterwards."""
    with ExitStack() as stack:
        context = zmq.Context()
        stack.callback(context.destroy, 0)
        guard = stack.enter_context(closing(Guard(context, profile)))
        yield Gatehouse(profile, context, guard, zmq.Poller())


def door_of(house: Gatehouse) -> Doorway:
    """Bind the centre's door."""
    return house.guard.door(addresses.bound_by_daemons(house.profile).centre_door)


def request(kind: str = "hello") -> bytes:
    """A request of this kind."""
    return codec.pack(Request(id="1", kind=kind, body=codec.pack(Hello(protocol=1, client="t"))))


def awaited(house: Gatehouse, door: Doorway) -> list[bytes]:
    """Return the next message of somebody who may send it."""
    found: list[list[bytes]] = []

    def came() -> bool:
        message = door.received()
        if message is not None:
            found.append(message)
        return bool(found)

    house.tend_until(came, "the request comes")
    return found[0]
