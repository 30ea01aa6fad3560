"""The real historian behind a feed: windows of everything taken, and kill -9 of either side at any moment."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import numpy as np
import pytest
import zmq

from chengyun_core.ingest.alone import EXIT_REFUSED
from chengyun_core.ingest.archive_feed import RingFeed
from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.historian import daemon as historian
from chengyun_core.ingest.historian.settings import HistorianSettings
from chengyun_core.ingest.vitals import StraightLayer
from chengyun_core.store.archive.archive import VITALS, Archive
from chengyun_core.wire import addresses, codec, sockets
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import (
    AskHistory,
    AskWindow,
    Hello,
    History,
    HistoryStatus,
    Reply,
    Request,
    Welcome,
    Window,
)
from tests.support.waiting import wait_until

pytestmark = pytest.mark.wire

SECOND = 1_000_000_000
START = 20_000 * 86_400 * SECOND
TURN = 10**9
FEEDER = """
import sys, numpy as np
from pathlib import Path
from chengyun_core.ingest.archive_feed import RingFeed
from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.vitals import StraightLayer
file, turn, start, size = Path(sys.argv[1]), *(int(word) for word in sys.argv[2:])
feed = RingFeed(file, capacity=1 << 26, ring=turn + 1)
feed.layers((StraightLayer(1),))
for first in range(0, size, 100):
    n = turn * size + np.arange(first, first + 100)
    feed.samples(Batch.of(np.zeros(100), start + n * 1000, n))
    print(first + 100, feed.dropped, flush=True)
"""


@pytest.fixture
def profile(tmp_path):
    folder = tmp_path / "p"
    (folder / "ingest").mkdir(parents=True)
    (folder / "profile.toml").write_text("[historian]\nflush_s = 0.2\nturn_ms = 10\nleast_free_mib = 0\n")
    return folder


class Client:
    """What a console does at the historian's door."""

    def __init__(self, profile):
        self._context = zmq.Context()
        self._door = sockets.caller(self._context, addresses.of_profile(profile).history_door)
        self._asked = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._context.destroy(linger=0)

    def ask(self, kind, body):
        self._asked += 1
        wait_until(lambda: bool(self._door.poll(0, zmq.POLLOUT)), "the door is there", limit_s=60)
        self._door.send(codec.pack(Request(id=str(self._asked), kind=kind, body=codec.pack(body))))
        assert self._door.poll(20_000), f"no answer to {kind}"
        return codec.unpack(self._door.recv(), Reply)


@contextmanager
def in_thread(profile):
    stop, code = threading.Event(), []
    settings = HistorianSettings(flush_s=0.2, turn_ms=10, least_free_mib=0)
    thread = threading.Thread(
        target=lambda: code.append(historian.run(profile, settings, "live", stop)), name="historian"
    )
    thread.start()
    try:
        yield code
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive(), "the historian does not end"


def a_process(profile):
    command = [sys.executable, "-m", "chengyun_core.launch", "historian", "--profile", str(profile)]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def test_that_windows_show_every_sample_taken_whether_in_a_part_or_not(profile):
    feed = RingFeed(profile / "ingest" / "archive-0.ring", capacity=1 << 22, ring=1)
    feed.layers((StraightLayer(4),))
    with in_thread(profile) as code, Client(profile) as client:
        for first in range(0, 2000, 100):
            n = np.arange(first, first + 100)
            feed.samples(Batch.of(n % 4, START + n * SECOND, n))
            ask = AskWindow(vital=1, from_ns=START, to_ns=START + 3000 * SECOND, pixels=4000)
            window = codec.unpack(client.ask("window", ask).body, Window)
            assert np.frombuffer(window.value, "<f8").tolist() == list(range(1, first + 100, 4))
            assert window.raw
        ask = AskHistory(kind="vitals", series=3, from_ns=START, to_ns=START + 9 * SECOND, pixels=100)
        history = codec.unpack(client.ask("history", ask).body, History)
        assert np.frombuffer(history.value, "<f8").tolist() == [3.0, 7.0]
        hello = Hello(protocol=PROTOCOL_VERSION, client="test")
        assert codec.unpack(client.ask("hello", hello).body, Welcome).daemon == "historian"
        status = codec.unpack(client.ask("status", hello).body, HistoryStatus)
        assert status.light == "ok"
        unknown = AskHistory(kind="?", series=0, from_ns=0, to_ns=1, pixels=1)
        assert client.ask("history", unknown).code == "archive.unknown_kind"
        assert client.ask("window", AskWindow(vital=-1, from_ns=0, to_ns=1, pixels=1)).code == "archive.unknown_series"
        assert client.ask("window", AskWindow(vital=1, from_ns=1, to_ns=0, pixels=1)).code == "ingest.window"
        assert client.ask("rubbish", hello).code == "ingest.unknown_ask"
    assert code == [0]
    assert _rows(profile) == 2000
    feed.close()


def test_that_a_second_historian_of_a_profile_is_refused(profile, caplog):
    with in_thread(profile), Client(profile) as client:
        client.ask("hello", Hello(protocol=PROTOCOL_VERSION, client="test"))
        assert historian.run(profile, HistorianSettings(), "live", threading.Event()) == EXIT_REFUSED


@pytest.mark.fault
@pytest.mark.timeout(180)
def test_that_kill_9_of_feeder_and_historian_at_any_moment_loses_and_doubles_nothing(profile):
    rng, told = np.random.default_rng(9), []
    reader = a_process(profile)
    try:
        for turn in range(6):
            with a_feeder(profile, turn) as feeder:
                lines = [feeder.stdout.readline() for _ in range(int(rng.integers(1, 300)))]
                if turn % 2:
                    os.kill(reader.pid, signal.SIGKILL)
                    reader.communicate()
                    reader = a_process(profile)
                    lines += [feeder.stdout.readline() for _ in range(int(rng.integers(1, 300)))]
                os.kill(feeder.pid, signal.SIGKILL)
                lines += [line for line in feeder.stdout.read().split(b"\n") if line.count(b" ") == 1]
            fed, dropped = (int(word) for word in lines[-1].split())
            assert dropped == 0
            told.append(fed)
        wait_until(lambda: _rows(profile) >= sum(told), "all is in the archive", limit_s=60)
        reader.send_signal(signal.SIGTERM)
        assert reader.wait(30) == 0
    finally:
        reader.kill()
        reader.communicate()
    values = np.concatenate([_values(profile, part.name) for part in Archive(profile / "archive").parts(VITALS)])
    for turn, fed in enumerate(told):
        mine = np.sort(values[(values >= turn * TURN) & (values < (turn + 1) * TURN)]) - turn * TURN
        # Killed between feeding a batch and telling of it, it has fed one more.
        assert mine.size in (fed, fed + 100)
        assert mine.tolist() == list(range(mine.size))


@contextmanager
def a_feeder(profile, turn):
    command = [
        sys.executable,
        "-c",
        FEEDER,
        str(profile / "ingest" / "archive-0.ring"),
        str(turn),
        str(START),
        str(TURN),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as feeder:
        yield feeder


def _rows(profile):
    return sum(part.rows for part in Archive(profile / "archive").parts(VITALS))


def _values(profile, name):
    from chengyun_core.store.archive.part_file import PartFile

    file = PartFile(profile / "archive" / name)
    return file.rows(0, file.rows_held()).value
