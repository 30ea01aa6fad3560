"""Tells a client that it was turned away: ZeroMQ itself stays silent and tries again for ever (CURVE trap 5)."""

import time
from contextlib import suppress

import zmq
from zmq.utils.monitor import parse_monitor_message

from chengyun_core.model.failure import Reason, Trouble
from chengyun_core.wire import sockets

AGAIN_S = 1.0
"""How soon a client that was turned away tries again."""
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
    """Connects one client socket and follows its handshakes, in the thread that owns it. `close` before the socket.

    It listens before it connects: of a refusal in between it would never hear, and stay out for ever.

    A libzmq client that was told `400` gives its connection up for good, although it says so to nobody: a key allowed a
    minute later would stay out until somebody restarts the program. So it is connected anew here.
    """

    def __init__(self, socket: zmq.Socket[bytes], address: str) -> None:
        self._socket = socket
        self._address = address
        self._monitor = socket.get_monitor_socket(_EVENTS)
        self._broken = 0
        self._refusal: Reason | None = None
        self._again_at: float | None = None
        try:
            sockets.connect_to(socket, address)
        except Trouble:
            self.close()
            raise

    def refusal(self) -> Reason | None:
        """Return why we are turned away, None while we are not (or do not know yet); to be asked every second or so."""
        while self._monitor.poll(0):
            self._take(parse_monitor_message(self._monitor.recv_multipart())["event"])
        if self._again_at is not None and time.monotonic() >= self._again_at:
            self._again_at = None
            self._connect_anew()
        return self._refusal

    def close(self) -> None:
        """Stop watching. The monitor is closed here, not by the collector: its context could not end before."""
        self._socket.disable_monitor()
        self._monitor.close(0)

    def _take(self, event: int) -> None:
        if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
            self._broken, self._refusal, self._again_at = 0, None, None
        elif event == zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL:
            self._broken += 1
            if self._broken >= _PATIENCE and self._refusal is None:
                self._refusal = Reason(code="link.handshake_failed")
        else:
            is_auth = event == zmq.EVENT_HANDSHAKE_FAILED_AUTH
            self._refusal = Reason(code="link.key_refused" if is_auth else "link.handshake_failed")
        if event != zmq.EVENT_HANDSHAKE_SUCCEEDED:
            self._again_at = time.monotonic() + AGAIN_S

    def _connect_anew(self) -> None:
        with suppress(zmq.ZMQError):  # the connection may be gone already, which is why we are here
            self._socket.disconnect(self._address)
        self._socket.connect(self._address)


class Handshakes:
    """The watches over all sockets that lead to one daemon."""

    def __init__(self, *ways: tuple[zmq.Socket[bytes], str]) -> None:
        self._watches: list[HandshakeWatch] = []
        try:
            for socket, address in ways:
                self._watches.append(HandshakeWatch(socket, address))
        except Trouble:
            self.close()
            raise

    def refusal(self) -> Reason | None:
        """Return the first reason any of the sockets is turned away for; every one is looked after."""
        return next((reason for reason in [watch.refusal() for watch in self._watches] if reason is not None), None)

    def close(self) -> None:
        """Stop watching; before the sockets are closed."""
        for watch in self._watches:
            watch.close()
