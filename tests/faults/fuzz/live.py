"""The doors of both living daemons under fire over their real sockets: they answer, count, and keep their memory."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import zmq

from chengyun_core.wire import addresses, codec, sockets
from chengyun_core.wire.endpoints import PROTOCOL_VERSION, TOPIC_HEARTBEAT
from chengyun_core.wire.envelope import Heartbeat, Hello, IngestStatus, Reply, Request
from tests.core.centre.process import CentreProcess
from tests.faults.fuzz import mutating, specimens
from tests.support.waiting import wait_until

ANSWER_MS = 30_000
UNREAD = 500
"""Answers left in the socket before they are taken away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """What a daemon is after it was fired at."""

    answers: int
    told: int
    """Messages it counts as garbage, refused or in trouble."""
    bugs: int
    rss_added_mib: float
    runs: bool


@contextmanager
def ingest_process(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the ingest daemon of a profile in a process of its own."""
    command = [sys.executable, "-m", "chengyun_core.launch", "ingest", "--profile", str(folder)]
    with (folder / "ingest-fuzz.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def fire_at_both(folder: Path, messages: int, seed: int) -> tuple[Living, Living]:
    """Start both daemons, fire so many messages at each door, and return what became of the centre and of ingest."""
    with CentreProcess(folder) as centre:
        centre.start()
        centre.import_city(2)
        at = addresses.of_profile(folder)
        seeds = specimens.asked_of_centre("", centre.admin_key, centre.ingest_key)
        with ingest_process(folder) as ingest:
            of_centre = _fired(at.centre_door, seeds, centre.pid, messages, seed)
            of_ingest = _fired(at.ingest_door, specimens.asked_of_ingest(), ingest.pid, messages, seed)
            beat = _heartbeat(at.centre_changes)
            status = codec.unpack(_hello(at.ingest_door, "status").body, IngestStatus)
            runs = _is_alive(centre.pid), ingest.poll() is None
    return (
        Living(
            answers=of_centre[0], rss_added_mib=of_centre[1], runs=runs[0], bugs=beat.counters.get("door.bugs", 0),
            told=sum(beat.counters.get(f"door.{name}", 0) for name in ("garbage", "refused", "trouble")),
        ),
        Living(
            answers=of_ingest[0], rss_added_mib=of_ingest[1], runs=runs[1], bugs=status.counters.get("door.bugs", 0),
            told=sum(status.counters.get(name, 0) for name in ("dropped.strangers", "door.refused")),
        ),
    )  # fmt: skip


def _fired(address: str, seeds: list[bytes], pid: int, messages: int, seed: int) -> tuple[int, float]:
    """Fire from a socket of its own; return the answers that came and what the daemon's peak of memory grew by."""
    dice, answers = random.Random(seed), 0
    _hello(address)
    peak = _peak_mib(pid)
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    gun = sockets.caller(context, address)
    try:
        for number in range(messages):
            parts = [mutating.damaged(dice.choice(seeds), seeds, dice)]
            if dice.random() < 0.05:
                parts = [*parts, *parts] if dice.random() < 0.5 else [b"", *parts]
            assert gun.poll(ANSWER_MS, zmq.POLLOUT)
            gun.send_multipart(parts)
            if number % UNREAD == 0:
                answers += _taken(gun)
        _hello(address)  # a door is served in order: by now everything before it was looked at
        answers += _taken(gun)
    finally:
        context.destroy(linger=0)
    return answers, _peak_mib(pid) - peak


def _taken(gun: zmq.Socket[bytes]) -> int:
    count = 0
    while gun.poll(50):
        gun.recv_multipart()
        count += 1
    return count


def _hello(address: str, kind: str = "hello") -> Reply:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = sockets.caller(context, address)
    try:
        assert socket.poll(ANSWER_MS, zmq.POLLOUT), f"nobody at {address}"
        hello = Hello(protocol=PROTOCOL_VERSION, client="fuzz")
        socket.send(codec.pack(Request(id="hello", kind=kind, body=codec.pack(hello))))
        assert socket.poll(ANSWER_MS), f"no answer at {address}"
        reply = codec.unpack(socket.recv(), Reply)
        assert reply.outcome == "done", reply
        return reply
    finally:
        context.destroy(linger=0)


def _heartbeat(address: str) -> Heartbeat:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    ear = sockets.subscriber(context, address, TOPIC_HEARTBEAT, queued=4)
    try:
        wait_until(lambda: bool(ear.poll(0)), "a heartbeat comes")
        return codec.unpack(ear.recv_multipart()[1], Heartbeat)
    finally:
        context.destroy(linger=0)


def _is_alive(pid: int) -> bool:
    return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text("ascii", "replace")


def _peak_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise AssertionError(f"process {pid} has no memory")
