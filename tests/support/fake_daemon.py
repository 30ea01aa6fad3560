"""The common half of both in-test daemons: a thread with a real XPUB and a real ROUTER on the profile's ipc sockets."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Self, TypeVar

import zmq

from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.failure import Refused
from chengyun_core.wire import codec, sockets
from chengyun_core.wire.endpoints import PROTOCOL_VERSION, TOPIC_HEARTBEAT
from chengyun_core.wire.envelope import Heartbeat, Reply, Request

BEAT_NS = 250_000_000
T = TypeVar("T")


class FakeDaemon:
    """Starts, beats, answers, dies and comes back. Calls from the test are carried out in the daemon's thread."""

    daemon = ""

    def __init__(self, publish_at: str, door_at: str, *, queued: int) -> None:
        self._addresses = (publish_at, door_at)
        self._queued = queued
        self._clock = ProfileClock()
        self._calls: deque[tuple[Callable[[], object], Future[object]]] = deque()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._publisher: zmq.Socket[bytes] | None = None
        self.protocol = PROTOCOL_VERSION
        self.epoch = self._clock.utc_ns()
        self.requests: list[str] = []
        """Kinds asked, in order."""
        self.swallow = 0
        """Answers still to be thrown away after the deed is done."""
        self.muted = False
        """No heartbeats while True: the daemon hangs."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Bind and beat, as a process of a new epoch when it ran before."""
        if self._thread is not None:
            raise RuntimeError("it runs already")
        self._stop.clear()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name=f"fake-{self.daemon}")
        self._thread.start()
        ready.wait(5)

    def kill(self) -> None:
        """Close the sockets without a word."""
        if self._thread is not None:
            self._stop.set()
            self._thread.join()
            self._thread = None

    def restart(self) -> None:
        """Die and come back with a newer epoch."""
        self.kill()
        self.epoch += 1
        self.was_restarted()
        self.start()

    def was_restarted(self) -> None:
        """Forget what a process forgets."""

    def call(self, deed: Callable[[], T]) -> T:
        """Do something in the daemon's thread and return its result."""
        future: Future[T] = Future()
        self._calls.append((deed, future))  # type: ignore[arg-type]
        return future.result(timeout=10)

    def send(self, topic: bytes, *parts: bytes) -> None:
        """Publish; only from the daemon's thread."""
        assert self._publisher is not None
        self._publisher.send_multipart([topic, *parts])

    def publish_raw(self, *parts: bytes) -> None:
        """Publish whatever bytes, from the test."""
        self.call(lambda: self.send(parts[0], *parts[1:]))

    def beat(self) -> Heartbeat:
        """Return the heartbeat of now."""
        raise NotImplementedError

    def answer(self, request: Request) -> bytes:
        """Return the body of the answer; raise Refused with the reason."""
        raise NotImplementedError

    def beat_now(self) -> None:
        """Send a heartbeat from the test."""
        self.call(self._send_beat)

    def _send_beat(self) -> None:
        self.send(TOPIC_HEARTBEAT, codec.pack(self.beat()))

    def _run(self, ready: threading.Event) -> None:
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        publisher = self._publisher = sockets.publisher(context, self._addresses[0], queued=self._queued)
        door = sockets.door(context, self._addresses[1], large=True)
        poller = zmq.Poller()
        poller.register(publisher, zmq.POLLIN)
        poller.register(door, zmq.POLLIN)
        ready.set()
        beat_at = 0
        while not self._stop.is_set():
            polled = dict(poller.poll(5))
            while self._calls:
                deed, future = self._calls.popleft()
                try:
                    future.set_result(deed())
                except Exception as fault:  # noqa: BLE001 - handed to the test that called
                    future.set_exception(fault)
            subscribed = publisher in polled and publisher.recv()[:1] == b"\x01"
            if (subscribed or self._clock.monotonic_ns() >= beat_at) and not self.muted:
                self._send_beat()
                beat_at = self._clock.monotonic_ns() + BEAT_NS
            if door in polled:
                self._serve(door)
        self._publisher = None
        context.destroy(linger=0)

    def _serve(self, door: zmq.Socket[bytes]) -> None:
        client, data = door.recv_multipart()
        request = codec.unpack(data, Request)
        self.requests.append(request.kind)
        try:
            reply = Reply(id=request.id, outcome="done", body=self.answer(request))
        except Refused as fault:
            reply = Reply(id=request.id, outcome="refused", code=fault.reason.code, params=fault.reason.params)
        if self.swallow:
            self.swallow -= 1
            return
        door.send_multipart([client, codec.pack(reply)])
