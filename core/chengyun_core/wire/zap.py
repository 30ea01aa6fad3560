"""Answers ZeroMQ's question whether a key may connect (RFC 27, ZAP), in a thread of its own that is watched."""

import logging
import threading
import time
from pathlib import Path

import zmq
from zmq.utils import z85

from chengyun_core.wire import curve
from chengyun_core.wire.curve import Allowed, Card

logger = logging.getLogger(__name__)

ENDPOINT = "inproc://zeromq.zap.01"
"""Fixed by RFC 27; one per ZeroMQ context, which is one per daemon."""
DOMAIN = b"chengyun"
LOOK_MS = 200
"""How often the key folder is looked at; a revocation is known within this time."""
SILENT_S = 15.0
"""A thread that did not turn for so long hangs. Nobody is let in meanwhile, for every socket enforces its domain."""
_FRAMES = 8
"""Of a request about CURVE: peer, delimiter, version, id, domain, address, identity, mechanism; then credentials."""
_KEY_BYTES = 32


class Answerer:
    """Knows who is allowed, in memory, and answers for all sockets of one context. `close` ends its thread."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], profile: Path) -> None:
        self._profile = profile
        self._seen = _signature(profile)
        self._allowed = curve.allowed(profile)
        self._socket = context.socket(zmq.ROUTER)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.bind(ENDPOINT)
        self._stopping = threading.Event()
        self._turned = time.monotonic()
        self.removals = 0
        """Rises whenever a key that was allowed no longer is, or is something else: live sessions are to be cut."""
        self.admitted = 0
        self.refused = 0
        self._thread = threading.Thread(target=self._run, name="zap", daemon=True)
        _tell(self._allowed)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Return whether keys are being judged; when not, the daemon must not go on."""
        return self._thread.is_alive() and time.monotonic() - self._turned < SILENT_S

    @property
    def allowed(self) -> Allowed:
        """Return who is allowed now."""
        return self._allowed

    def card(self, key: bytes) -> Card | None:
        """Return whose key (Z85) this is, None when nobody's (any more)."""
        return self._allowed.cards.get(key)

    def close(self) -> None:
        """End the thread; from then on nobody is let in."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._turned = time.monotonic()
                if self._socket.poll(LOOK_MS):
                    self._answer(self._socket.recv_multipart())
                self._look()
        except Exception:
            # Not survived on purpose: the daemon sees that we are gone, unbinds its sockets and is started anew.
            logger.exception("the thread that judges keys ended by a fault of ours; nobody is let in")
        finally:
            self._socket.close(0)

    def _answer(self, request: list[bytes]) -> None:
        """Answer one question. An exception in the judgement is a no: it must never end the thread (trap 2)."""
        try:
            card = self._judged(request)
        except Exception:
            logger.exception("a key could not be judged and is refused")
            card = None
        if len(request) < 4:  # no request id: nobody who could be answered
            return
        self.admitted, self.refused = self.admitted + (card is not None), self.refused + (card is None)
        told = (b"200", b"OK", card.key.encode("ascii")) if card else (b"400", b"no such key", b"")
        self._socket.send_multipart([request[0], b"", b"1.0", request[3], *told, b""])

    def _judged(self, request: list[bytes]) -> Card | None:
        _peer, _empty, version, _number, domain, address, _identity, mechanism = request[:_FRAMES]
        credentials = request[_FRAMES:]
        if (version, domain, mechanism) != (b"1.0", DOMAIN, b"CURVE") or [len(c) for c in credentials] != [_KEY_BYTES]:
            logger.warning("a connection from %r without a CURVE key of ours is refused", address[:64])
            return None
        key = z85.encode(credentials[0])
        card = self.card(key)
        if card is None:
            logger.warning("the unknown key %s from %r is refused", key.decode("ascii"), address[:64])
        return card

    def _look(self) -> None:
        """Read the key folder again when anything in it changed."""
        seen = _signature(self._profile)
        if seen == self._seen:
            return
        before, self._seen = self._allowed, seen
        self._allowed = curve.allowed(self._profile)
        _tell(self._allowed)
        if any(self._allowed.cards.get(key) != card for key, card in before.cards.items()):
            self.removals += 1


def _signature(profile: Path) -> tuple[object, ...]:
    """Return what changes when any allowed key does; an unreadable folder is a state of its own."""
    folder = curve.folder_of(profile)
    try:
        watched = (folder, folder / "allowed", *sorted((folder / "allowed").glob("*.pub")))
        return tuple((str(p), s.st_ino, s.st_ctime_ns) for p in watched for s in (p.stat(),))
    except OSError as fault:
        return (fault.errno,)


def _tell(allowed: Allowed) -> None:
    for fault in allowed.faults:
        logger.error("a key is not used: %s %s", fault.code, fault.params)
