"""One connection to a camera: to the judged address, by TCP or TLS, with a limit on each wait and on what comes."""

import queue
import socket
import ssl
import threading
import time

from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video.fence import Fence, Pinned
from chengyun_core.video.gate import Gate

CONNECT_S = 1.8
"""A camera that does not answer for so long is dead; it is said within 2 s (RF26)."""
RESOLVE_S = 1.5
READ_BYTES = 256 * 1024
RATE_OVER_S = 2.0


class Connection:
    """Reads and writes bytes; every failure is a Trouble."""

    def __init__(self, pinned: Pinned, gate: Gate, *, ca_file: str, most_mbit_s: float) -> None:
        """Connect. Raises Trouble."""
        self._most_bytes = most_mbit_s * 1e6 / 8 * RATE_OVER_S
        self._counted, self._counted_since = 0, time.monotonic()
        try:
            with gate.opened(pinned):
                self._socket: socket.socket = socket.create_connection((pinned.address, pinned.port), CONNECT_S)
            if pinned.scheme == "rtsps":
                self._socket = _secured(self._socket, pinned, ca_file)
        except OSError as fault:
            raise Trouble("video.no_connection", reason=_said(fault)) from fault

    def read(self, limit_s: float) -> bytes:
        """Return what came, or nothing when nothing did within the limit. Raises Trouble at its end."""
        try:
            self._socket.settimeout(limit_s)
            data = self._socket.recv(READ_BYTES)
        except TimeoutError:
            return b""
        except OSError as fault:
            raise Trouble("video.connection_lost", reason=_said(fault)) from fault
        if not data:
            raise Trouble("video.connection_ended")
        self._count(len(data))
        return data

    def send(self, data: bytes) -> None:
        """Send a request. Raises Trouble."""
        try:
            self._socket.settimeout(CONNECT_S)
            self._socket.sendall(data)
        except OSError as fault:
            raise Trouble("video.connection_lost", reason=_said(fault)) from fault

    def close(self) -> None:
        """End it."""
        self._socket.close()

    def _count(self, size: int) -> None:
        now = time.monotonic()
        if now - self._counted_since > RATE_OVER_S:
            self._counted, self._counted_since = 0, now
        self._counted += size
        if self._counted > self._most_bytes:
            raise Trouble("video.too_many_bits", most=round(self._most_bytes * 8 / RATE_OVER_S / 1e6))


def pinned_soon(fence: Fence, url: str) -> Pinned:
    """Return what `Fence.pin` does, but give a name service only so long. Raises Refused, Trouble."""
    told: queue.SimpleQueue[Pinned | Refused | Trouble] = queue.SimpleQueue()

    def ask() -> None:
        try:
            told.put(fence.pin(url))
        except (Refused, Trouble) as failure:
            told.put(failure)

    # The system's resolver cannot be hurried or called off: whoever waits for it goes on without.
    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = told.get(timeout=RESOLVE_S)
    except queue.Empty:
        raise Trouble("video.slow_name") from None
    if isinstance(answer, Pinned):
        return answer
    raise answer


def _secured(plain: socket.socket, pinned: Pinned, ca_file: str) -> socket.socket:
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
        return context.wrap_socket(plain, server_hostname=pinned.host.strip("[]"))
    except OSError:
        plain.close()
        raise


def _said(fault: OSError) -> str:
    return fault.strerror or type(fault).__name__
