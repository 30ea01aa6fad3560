"""Tells a client that it was turned away: ZeroMQ itself stays silent and tries again for ever (CURVE trap 5)."""

from collections.abc import Iterable

import zmq
from zmq.utils.monitor import parse_monitor_message

from chengyun_core.model.failure import Reason

_PATIENCE = 3
"""A daemon that is just ending breaks off a handshake, too; one that breaks off three in a row does not know our key's
partner: another `server.pub` is pinned here than the daemon has."""
_EVENTS = (
    zmq.EVENT_HANDSHAKE_SUCCEEDED
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
    | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
)


class HandshakeWatch:
    """Follows the handshakes of one client socket, in the thread that owns it. `close` before the socket."""

    def __init__(self, socket: zmq.Socket[bytes]) -> None:
        self._socket = socket
        self._monitor = socket.get_monitor_socket(_EVENTS)
        self._broken = 0
        self._refusal: Reason | None = None

    def refusal(self) -> Reason | None:
        """Return why we are turned away, None while we are not (or do not know yet)."""
        while self._monitor.poll(0):
            self._take(parse_monitor_message(self._monitor.recv_multipart())["event"])
        return self._refusal

    def close(self) -> None:
        """Stop watching. The monitor is closed here, not by the collector: its context could not end before."""
        self._socket.disable_monitor()
        self._monitor.close(0)
        self._monitor.close(0)  # still held here, it would keep the context from ending

    def _take(self, event: int) -> None:
        if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
            self._broken, self._refusal = 0, None
        elif event == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
            self._refusal = Reason(code="link.key_refused")
        else:
            self._broken += 1
            if self._broken >= _PATIENCE and self._refusal is None:
                self._refusal = Reason(code="link.handshake_failed")


def first_refusal(watches: Iterable[HandshakeWatch]) -> Reason | None:
    """Return the first reason any of these sockets is turned away for."""
    return next((reason for watch in watches if (reason := watch.refusal()) is not None), None)
