"""One connection to a camera: its limits of time and bits, and TLS that believes its CA only."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video import connection
from chengyun_core.video.connection import Connection, pinned_soon
from chengyun_core.video.fence import Fence, Pinned
from chengyun_core.video.gate import Gate
from tests.support.certificates import make_certificates

Answer = Callable[[socket.socket], None]


@contextmanager
def camera(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Answer one connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                plain, _ = listening.accept()
                with plain:
                    if context is None:
                        answer(plain)
                        return
                    with context.wrap_socket(plain, server_side=True) as secured:
                        answer(secured)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def connected(port: int, scheme: str = "rtsp", host: str = "127.0.0.1", **more: object) -> Connection:
    pinned = Pinned(scheme=scheme, host=host, address="127.0.0.1", port=port)
    return Connection(pinned, Gate(), **{"ca_file": "", "most_mbit_s": 40.0, **more})  # type: ignore[arg-type]


def says(data: bytes) -> Answer:
    def answer(plain: socket.socket) -> None:
        plain.sendall(data)
        plain.recv(1)

    return answer


def test_that_bytes_come_as_they_were_sent_and_silence_is_no_end() -> None:
    with camera(says(b"hello")) as port:
        made = connected(port)
        assert made.read(1.0) == b"hello"
        assert made.read(0.05) == b""
        made.send(b"x")
        with pytest.raises(Trouble, match=r"video\.connection_ended"):
            made.read(2.0)
        made.close()


def test_that_a_flood_is_cut_off() -> None:
    with camera(lambda plain: plain.sendall(bytes(8 * 2**20))) as port:
        made = connected(port, most_mbit_s=1.0)
        with pytest.raises(Trouble, match=r"video\.too_many_bits"):
            list(iter(lambda: made.read(1.0), b"never"))
        made.close()


def test_that_a_closed_port_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    begun = time.monotonic()
    with pytest.raises(Trouble, match=r"video\.no_connection"):
        connected(port)
    assert time.monotonic() - begun < 1.0


def test_that_a_camera_s_certificate_must_be_its_own_and_of_the_named_ca(tmp_path: Path) -> None:
    folder = make_certificates(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    ca = str(folder / "ca.pem")
    with camera(says(b"hello"), context) as port:
        made = connected(port, "rtsps", ca_file=ca)
        assert made.read(2.0) == b"hello"
        made.close()
    for host, file in (("127.0.0.1", ""), ("camera.example", ca)):
        with camera(says(b"hello"), context) as port, pytest.raises(Trouble, match=r"video\.no_connection"):
            connected(port, "rtsps", host, ca_file=file)


def test_that_a_slow_name_service_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Event()

    def slow(host: str) -> Sequence[str]:
        asked.wait(5)
        return ["10.66.1.1"]

    monkeypatch.setattr("chengyun_core.video.fence.system_resolver", slow)
    monkeypatch.setattr(connection, "RESOLVE_S", 0.1)
    fence = Fence(networks=("10.66.0.0/16",))
    with pytest.raises(Trouble, match=r"video\.slow_name"):
        pinned_soon(fence, "rtsp://camera.example/")
    asked.set()
    assert pinned_soon(fence, "rtsp://10.66.1.2/").address == "10.66.1.2"
    with pytest.raises(Refused, match=r"video\.fence\.outside"):
        pinned_soon(fence, "rtsp://10.67.1.2/")
