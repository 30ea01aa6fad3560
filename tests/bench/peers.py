"""Peers: packed frames of 4 096 samples from one process to another by ZeroMQ, Redis streams, NATS and mosquitto."""

import asyncio
import queue
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import zmq

from chengyun_core.wire import frames
from chengyun_core.wire.frames import FrameHead, FrameKind
from tests.bench.figures import ratios, spread
from tests.bench.peer_senders import SENDERS, TOPIC
from tests.support.broker import HOST, free_port, running_broker
from tests.support.waiting import wait_until

ROWS = 4096
MESSAGES = 1_000
ROUNDS = 5
PATIENCE_S = 60.0

Receive = Callable[[int], int]
"""Takes messages until so many have come or nothing comes any more; returns how many samples arrived."""


def payload() -> bytes:
    """Return one packed frame of 4 096 raw samples, as ingest sends them."""
    rng = np.random.default_rng(2026)
    columns = {
        "channel": rng.integers(0, 22_000_000, ROWS).astype(np.uint32),
        "time": np.arange(ROWS, dtype=np.int64) + 1_784_000_000_000_000_000,
        "value": rng.normal(size=ROWS),
        "quality": np.zeros(ROWS, np.uint8),
    }
    head = FrameHead(
        kind=FrameKind.WATCH, shard=0, epoch=1, seq=1, catalogue=1, count=ROWS, clock_ns=0, sent_ns=0, newest_ns=0
    )
    return frames.encode(head, columns)


def decoded(data: bytes) -> int:
    """Return the samples in a message: every side does the same with what it receives."""
    return len(frames.decode(data).columns["value"])


@contextmanager
def zeromq(folder: Path) -> Iterator[tuple[str, Receive]]:
    """Our own way: PUB to SUB over an ipc socket."""
    address = f"ipc://{folder}/bench"
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = context.socket(zmq.SUB)
    socket.setsockopt(zmq.RCVHWM, 0)
    socket.setsockopt(zmq.SUBSCRIBE, b"")
    socket.bind(address)  # each round has a sender of its own, which finds us

    def receive(messages: int) -> int:
        got = 0
        socket.poll(0)  # lets the socket greet a new sender
        for _ in range(messages):
            if not socket.poll(round(PATIENCE_S * 1e3)):
                break
            got += decoded(socket.recv())
        return got

    try:
        yield address, receive
    finally:
        context.destroy(linger=0)


@contextmanager
def _server(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _listens(port), f"{command[0]} listens", limit_s=20)
        yield
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def redis(folder: Path) -> Iterator[tuple[str, Receive]]:
    """Redis streams: XADD in pipelines, XREAD in bulk; nothing is written to disk."""
    from redis import Redis

    port = free_port()
    command = [
        "redis-server",
        "--port",
        str(port),
        "--bind",
        HOST,
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(folder),
    ]
    with _server(command, port):
        client = Redis(host=HOST, port=port)
        newest = [b"0"]

        def receive(messages: int) -> int:
            got = taken = 0
            while taken < messages:
                answer = client.xread({TOPIC: newest[0]}, count=64, block=round(PATIENCE_S * 1e3))
                if not answer:
                    break
                for key, fields in answer[0][1]:
                    newest[0] = key
                    got, taken = got + decoded(fields[b"f"]), taken + 1
            client.xtrim(TOPIC, maxlen=0)
            return got

        yield f"{HOST}:{port}", receive


@contextmanager
def nats(folder: Path) -> Iterator[tuple[str, Receive]]:
    """NATS core subjects, without its drop of slow readers."""
    import nats as library

    port = free_port()
    config = folder / "nats.conf"
    config.write_text(f'listen: "{HOST}:{port}"\nmax_payload: 1MB\nmax_pending: 512MB\n', "ascii")
    with _server([shutil.which("nats-server") or "nats-server", "-c", str(config)], port):
        loop = asyncio.new_event_loop()
        client = loop.run_until_complete(library.connect(f"nats://{HOST}:{port}"))
        subscription = loop.run_until_complete(client.subscribe(TOPIC, pending_msgs_limit=-1, pending_bytes_limit=-1))
        loop.run_until_complete(client.flush())

        async def read(messages: int) -> int:
            got = 0
            for _ in range(messages):
                got += decoded((await subscription.next_msg(timeout=PATIENCE_S)).data)
            return got

        yield f"{HOST}:{port}", lambda messages: loop.run_until_complete(read(messages))
        loop.run_until_complete(client.close())
        loop.close()


@contextmanager
def mosquitto(folder: Path) -> Iterator[tuple[str, Receive]]:
    """MQTT by mosquitto and paho, QoS 0."""
    import paho.mqtt.client as mqtt

    with running_broker(folder) as port:
        came: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        client.on_message = lambda _client, _data, message: came.put(message.payload)
        client.connect(HOST, port)
        client.subscribe(TOPIC)
        client.loop_start()
        wait_until(client.is_connected, "the listener is connected")

        def receive(messages: int) -> int:
            got = 0
            for _ in range(messages):
                try:
                    got += decoded(came.get(timeout=10.0))
                except queue.Empty:
                    break
            return got

        yield f"{HOST}:{port}", receive
        client.loop_stop()


PEERS = {"ZeroMQ": zeromq, "Redis streams": redis, "NATS": nats, "mosquitto": mosquitto}
NEEDS = {
    "Redis streams": ("redis-server", "redis"),
    "NATS": ("nats-server", "nats"),
    "mosquitto": ("mosquitto", "paho"),
}


def missing(name: str) -> str:
    """Return what a peer lacks on this machine, empty when it can be measured."""
    program, library = NEEDS.get(name, ("", ""))
    lacks = [program] if program and not (shutil.which(program) or Path(f"/usr/sbin/{program}").exists()) else []
    lacks += [f"Python's {library}"] if library and find_spec(library) is None else []
    return ", ".join(lacks)


def measured(name: str, address: str, receive: Receive) -> tuple[float, int]:
    """Return (samples per second, samples lost) of one round."""
    command = [sys.executable, "-m", "tests.bench.peer_senders", name, address, str(MESSAGES)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sender:
        assert sender.stdin is not None
        assert sender.stdout is not None
        while not select.select([sender.stdout], [], [], 0.02)[0]:
            receive(0)
        start = time.perf_counter()
        sender.stdin.write("go\n")
        sender.stdin.flush()
        got = receive(MESSAGES)
        taken = time.perf_counter() - start
        sender.stdin.close()
    return got / taken, MESSAGES * ROWS - got


def versions() -> str:
    """Return what was measured."""
    told = [f"pyzmq {version('pyzmq')}"]
    for program, argument in (("redis-server", "--version"), ("nats-server", "--version"), ("mosquitto", "-h")):
        path = shutil.which(program) or f"/usr/sbin/{program}"
        if Path(path).exists():
            done = subprocess.run([path, argument], capture_output=True, text=True, check=False)
            told.append(f"{program} " + _figure(done.stdout + done.stderr))
    return ", ".join(told)


def _figure(text: str) -> str:
    words = text.replace("v=", "").replace(":", " ").split()
    return next((word.lstrip("v") for word in words if word.lstrip("v")[:1].isdigit()), "?")


def _listens(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def main(rounds: int = ROUNDS) -> int:
    """Print samples a second of every peer and their ratio to ours; return 0 when ours is the fastest."""
    assert set(SENDERS) == set(PEERS)
    rate: dict[str, list[float]] = {}
    lost: dict[str, int] = {}
    print(f"{MESSAGES} messages of {ROWS} packed samples a round, {rounds} rounds, sender and receiver each a process")
    print(f"  {versions()}")
    with ExitStack() as stack:
        sides = {}
        for name, open_peer in PEERS.items():
            lacks = missing(name)
            if lacks:
                print(f"  {name}: not measured, {lacks} is not on this machine")
                continue
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            sides[name] = stack.enter_context(open_peer(folder))
        for turn in range(rounds + 1):
            for name, (address, receive) in sides.items():
                figure, gone = measured(name, address, receive)
                lost[name] = lost.get(name, 0) + gone
                if turn:  # the first round warms up
                    rate.setdefault(name, []).append(figure)
    ours = rate["ZeroMQ"]
    for name, figures in rate.items():
        share = spread(ratios(figures, ours), ".2f")
        print(f"  {name:14s}{spread(figures, '.2f', 1e-6)} M samples/s, {share} of ZeroMQ, lost {lost[name]}")
    fastest = all(statistics.median(figures) <= statistics.median(ours) for figures in rate.values())
    reached = fastest and not lost["ZeroMQ"]
    print(f"  goal (ours moves more than each peer and loses none): {'reached' if reached else 'MISSED'}")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
