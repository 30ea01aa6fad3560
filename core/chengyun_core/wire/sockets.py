"""Sockets with the house's options: no linger, bounded queues, bounded messages, and over TCP never without CURVE."""

import zmq

from chengyun_core.model.failure import Trouble
from chengyun_core.wire import curve
from chengyun_core.wire.addresses import Address
from chengyun_core.wire.curve import Pair
from chengyun_core.wire.endpoints import MAX_IMPORT_BYTES, MAX_MESSAGE_BYTES
from chengyun_core.wire.roles import Role
from chengyun_core.wire.zap import DOMAIN

FRAMES_QUEUED = 64
"""State frames are absolute: a slow listener loses old ones, sees the gap and asks for a snapshot."""
FACTS_QUEUED = 10_000
MAX_SUBSCRIPTION_BYTES = 4096
"""Largest message an XPUB takes: subscriptions are a few bytes."""
ZAP_ENFORCE_DOMAIN = 93
"""Named in libzmq's draft section and honoured by every build: without it a CURVE socket with no answerer behind it
lets every stranger in (RELIABILITY, CURVE trap 1)."""
HANDSHAKE_MS = 10_000
HEARTBEAT_MS = 2000
HEARTBEAT_LIMIT_MS = 10_000
"""Over a network a peer whose cable was pulled is noticed and its socket freed."""
SUBSCRIPTION = b"\x01"
LOCAL = ("ipc://", "inproc://")


def publisher(
    context: zmq.Context[zmq.Socket[bytes]], address: str, *, queued: int, lock: Pair | None = None
) -> zmq.Socket[bytes]:
    """Return a bound XPUB; subscriptions arrive on it, so that a newcomer gets a heartbeat at once.

    With `lock`, the daemons' pair, it is MANUAL: its owner admits each subscription. Raises Trouble as `door` does.
    """
    socket = _made(context, zmq.XPUB)
    socket.setsockopt(zmq.SNDHWM, queued)
    socket.setsockopt(zmq.MAXMSGSIZE, MAX_SUBSCRIPTION_BYTES)
    socket.setsockopt(zmq.XPUB_MANUAL if lock else zmq.XPUB_VERBOSE, 1)
    return _bound(socket, address, lock)


def subscriber(
    context: zmq.Context[zmq.Socket[bytes]],
    address: str,
    *topics: bytes,
    queued: int,
    role: Role = Role.CONSOLE,
    connect: bool = True,
) -> zmq.Socket[bytes]:
    """Return a connected SUB for these topics. `connect` and the errors raised are as of `caller`."""
    socket = _made(context, zmq.SUB)
    socket.setsockopt(zmq.RCVHWM, queued)
    for topic in topics:
        socket.setsockopt(zmq.SUBSCRIBE, topic)
    return _readied(socket, address, role, connect=connect)


def door(
    context: zmq.Context[zmq.Socket[bytes]], address: str, *, large: bool = False, lock: Pair | None = None
) -> zmq.Socket[bytes]:
    """Return a bound ROUTER; `large` lets whole catalogues in.

    Raises Trouble for an address that can be reached from outside when no `lock` is given, or that cannot be bound.
    """
    socket = _made(context, zmq.ROUTER)
    socket.setsockopt(zmq.MAXMSGSIZE, MAX_IMPORT_BYTES if large else MAX_MESSAGE_BYTES)
    socket.setsockopt(zmq.ROUTER_HANDOVER, 1)
    return _bound(socket, address, lock)


def caller(
    context: zmq.Context[zmq.Socket[bytes]], address: str, *, role: Role = Role.CONSOLE, connect: bool = True
) -> zmq.Socket[bytes]:
    """Return a connected DEALER. IMMEDIATE: requests never queue to a dead peer to reach its successor.

    Without `connect` it is left to a `HandshakeWatch`, which listens before it connects. Raises Trouble for a TCP
    address whose profile lacks this machine's key for the role, or the daemons' public one.
    """
    socket = _made(context, zmq.DEALER)
    socket.setsockopt(zmq.MAXMSGSIZE, MAX_IMPORT_BYTES)
    socket.setsockopt(zmq.IMMEDIATE, 1)
    return _readied(socket, address, role, connect=connect)


def connect_to(socket: zmq.Socket[bytes], address: str) -> None:
    """Connect a socket that was made without. Raises Trouble `wire.not_connected` for an address that is none."""
    try:
        socket.connect(address)
    except zmq.ZMQError as fault:
        raise Trouble("wire.not_connected", address=address, reason=fault.strerror) from fault


def _made(context: zmq.Context[zmq.Socket[bytes]], kind: int) -> zmq.Socket[bytes]:
    socket = context.socket(kind)
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE_BYTES)
    return socket


def _bound(socket: zmq.Socket[bytes], address: str, lock: Pair | None) -> zmq.Socket[bytes]:
    try:
        if lock is not None:
            _lock(socket, lock)
        elif not address.startswith(LOCAL):
            raise Trouble("wire.open_address", address=address)
        socket.bind(address)
    except zmq.ZMQError as fault:
        socket.close(0)
        raise Trouble("wire.not_bound", address=address, reason=fault.strerror) from fault
    except Trouble:
        socket.close(0)
        raise
    return socket


def _readied(socket: zmq.Socket[bytes], address: str, role: Role, *, connect: bool) -> zmq.Socket[bytes]:
    socket.setsockopt(zmq.RECONNECT_IVL, 100)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, 1000)
    try:
        if not address.startswith(LOCAL):
            _sign(socket, address, role)
        if connect:
            connect_to(socket, address)
    except Trouble:
        socket.close(0)
        raise
    return socket


def _lock(socket: zmq.Socket[bytes], pair: Pair) -> None:
    """Make a server socket that lets nobody in whom the answerer did not know, and nobody when there is none."""
    socket.setsockopt(zmq.CURVE_SERVER, 1)
    socket.setsockopt(zmq.CURVE_SECRETKEY, pair.secret)
    socket.setsockopt(zmq.ZAP_DOMAIN, DOMAIN)
    socket.setsockopt(ZAP_ENFORCE_DOMAIN, 1)
    socket.setsockopt(zmq.IPV6, 1)
    _heed_network(socket)


def _sign(socket: zmq.Socket[bytes], address: str, role: Role) -> None:
    if not isinstance(address, Address):
        raise Trouble("wire.open_address", address=address)
    pair = curve.client_pair(address.profile, role)
    socket.setsockopt(zmq.CURVE_SERVERKEY, curve.pinned_server(address.profile))
    socket.setsockopt(zmq.CURVE_PUBLICKEY, pair.public)
    socket.setsockopt(zmq.CURVE_SECRETKEY, pair.secret)
    socket.setsockopt(zmq.IPV6, 1)
    _heed_network(socket)


def _heed_network(socket: zmq.Socket[bytes]) -> None:
    socket.setsockopt(zmq.HANDSHAKE_IVL, HANDSHAKE_MS)
    socket.setsockopt(zmq.HEARTBEAT_IVL, HEARTBEAT_MS)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, HEARTBEAT_LIMIT_MS)
