"""The house's socket options, seen by what they do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from chengyun_core.wire import sockets
from chengyun_core.wire.endpoints import MAX_MESSAGE_BYTES

pytestmark = pytest.mark.wire
SOON_MS = 5000
NEVER_MS = 150


class Wires:
    """Makes sockets and keeps them until the test is over."""

    def __init__(self) -> None:
        self._context = zmq.Context()
        self._made: list[zmq.Socket] = []

    def __getattr__(self, kind: str):
        def make(*arguments, **options) -> zmq.Socket:
            self._made.append(getattr(sockets, kind)(self._context, *arguments, **options))
            return self._made[-1]

        return make

    def close(self) -> None:
        for socket in self._made:
            socket.close(0)
        self._context.term()


@pytest.fixture
def wires() -> Iterator[Wires]:
    made = Wires()
    yield made
    made.close()


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"ipc://{tmp_path}/s"


def test_that_every_subscription_reaches_the_publisher_to_greet_a_newcomer(wires: Wires, address: str) -> None:
    publisher = wires.publisher(address, queued=8)
    for _ in range(2):
        listener = wires.subscriber(address, b"H/", queued=8)
        assert publisher.poll(SOON_MS)
        assert publisher.recv() == b"\x01H/"
        publisher.send_multipart([b"H/", b"beat"])
        assert listener.poll(SOON_MS)
        assert listener.recv_multipart() == [b"H/", b"beat"]


def test_that_a_listener_that_does_not_read_costs_the_publisher_a_bounded_queue(wires: Wires, address: str) -> None:
    publisher = wires.publisher(address, queued=4)
    listener = wires.subscriber(address, b"S/", queued=4)
    assert publisher.poll(SOON_MS)
    publisher.recv()
    payload = bytes(1 << 20)
    for _ in range(200):
        publisher.send_multipart([b"S/", payload], zmq.DONTWAIT)
    got = 0
    while listener.poll(NEVER_MS):
        listener.recv_multipart()
        got += 1
    assert 0 < got < 100


def test_that_a_request_is_not_queued_to_nobody(wires: Wires, address: str) -> None:
    caller = wires.caller(address)
    with pytest.raises(zmq.Again):
        caller.send(b"too early", zmq.DONTWAIT)
    door = wires.door(address)
    assert caller.poll(SOON_MS, zmq.POLLOUT)
    caller.send(b"now", zmq.DONTWAIT)
    assert door.poll(SOON_MS)
    assert door.recv_multipart()[1] == b"now"


def test_that_a_request_to_a_daemon_that_died_does_not_reach_its_successor(wires: Wires, address: str) -> None:
    caller, door = wires.caller(address), wires.door(address)
    assert caller.poll(SOON_MS, zmq.POLLOUT)
    door.close(0)
    while caller.poll(0, zmq.POLLOUT):  # until the kernel has told; pytest's time-out bounds it
        caller.poll(10)
    with pytest.raises(zmq.Again):
        caller.send(b"to the dead", zmq.DONTWAIT)
    successor = wires.door(address)
    assert caller.poll(SOON_MS, zmq.POLLOUT)
    caller.send(b"to the living", zmq.DONTWAIT)
    assert successor.poll(SOON_MS)
    assert successor.recv_multipart()[1] == b"to the living"


def test_that_a_message_beyond_the_limit_ends_the_connection_and_is_never_delivered(wires: Wires, address: str) -> None:
    door = wires.door(address)
    caller = wires.caller(address)
    assert caller.poll(SOON_MS, zmq.POLLOUT)
    caller.send(bytes(MAX_MESSAGE_BYTES + 1), zmq.DONTWAIT)
    assert not door.poll(NEVER_MS)
    assert caller.poll(SOON_MS, zmq.POLLOUT)
    caller.send(b"small", zmq.DONTWAIT)
    assert door.poll(SOON_MS)
    assert door.recv_multipart()[1] == b"small"


def test_that_no_socket_lingers(wires: Wires, address: str) -> None:
    made = (
        wires.publisher(address + "p", queued=1),
        wires.subscriber(address + "p", b"", queued=1),
        wires.door(address + "d"),
        wires.caller(address + "d"),
    )
    assert {socket.getsockopt(zmq.LINGER) for socket in made} == {0}
