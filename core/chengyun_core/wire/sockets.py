"""Sockets with the house's options: no linger, bounded queues, bounded messages, no requests queued to a dead peer."""

import zmq

from chengyun_core.wire.endpoints import MAX_IMPORT_BYTES, MAX_MESSAGE_BYTES

FRAMES_QUEUED = 64
"""State frames are absolute: a slow listener loses old ones, sees the gap and asks for a snapshot."""
FACTS_QUEUED = 10_000


def publisher(context: zmq.Context[zmq.Socket[bytes]], address: str, *, queued: int) -> zmq.Socket[bytes]:
    """Return a bound XPUB; subscriptions arrive on it, so that a newcomer gets a heartbeat at once."""
    socket = _made(context, zmq.XPUB)
    socket.setsockopt(zmq.SNDHWM, queued)
    socket.setsockopt(zmq.XPUB_VERBOSE, 1)
    socket.bind(address)
    return socket


def subscriber(context: zmq.Context[zmq.Socket[bytes]], address: str, *topics: bytes, queued: int) -> zmq.Socket[bytes]:
    """Return a connected SUB for these topics."""
    socket = _made(context, zmq.SUB)
    socket.setsockopt(zmq.RCVHWM, queued)
    for topic in topics:
        socket.setsockopt(zmq.SUBSCRIBE, topic)
    socket.setsockopt(zmq.RECONNECT_IVL, 100)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, 1000)
    socket.connect(address)
    return socket


def door(context: zmq.Context[zmq.Socket[bytes]], address: str, *, large: bool = False) -> zmq.Socket[bytes]:
    """Return a bound ROUTER; `large` lets whole catalogues in."""
    socket = _made(context, zmq.ROUTER)
    socket.setsockopt(zmq.MAXMSGSIZE, MAX_IMPORT_BYTES if large else MAX_MESSAGE_BYTES)
    socket.setsockopt(zmq.ROUTER_HANDOVER, 1)
    socket.bind(address)
    return socket


def caller(context: zmq.Context[zmq.Socket[bytes]], address: str) -> zmq.Socket[bytes]:
    """Return a connected DEALER. IMMEDIATE: requests never queue to a dead peer to reach its successor."""
    socket = _made(context, zmq.DEALER)
    socket.setsockopt(zmq.MAXMSGSIZE, MAX_IMPORT_BYTES)
    socket.setsockopt(zmq.IMMEDIATE, 1)
    socket.setsockopt(zmq.RECONNECT_IVL, 100)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, 1000)
    socket.connect(address)
    return socket


def _made(context: zmq.Context[zmq.Socket[bytes]], kind: int) -> zmq.Socket[bytes]:
    socket = context.socket(kind)
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE_BYTES)
    return socket
