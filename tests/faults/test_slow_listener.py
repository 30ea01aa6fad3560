"""RF18: a console that stands still costs the daemon a bounded queue, the others nothing, and knows it is behind."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from chengyun_console.session.session import Session
from chengyun_core.wire.sockets import FRAMES_QUEUED
from tests.bench.figures import resident_mb
from tests.support.fake_centre import PASSWORD, FakeCentre
from tests.support.fake_ingest import FakeIngest
from tests.support.small_city import small_city
from tests.support.waiting import wait_until

VITALS = 6_000
FRAME_MB = VITALS * 23 / 2**20
SLACK_MB = 60.0
"""What the rest of the process may grow by meanwhile: the queue itself is 8 MB."""


class Stopped:
    """A console in a process of its own and what it told."""

    def __init__(self, profile: Path) -> None:
        command = [sys.executable, "-m", "tests.faults.stopped_console", str(profile)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.told: list[tuple[str, float, int]] = []
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.told.append(tuple(json.loads(line)))

    def send(self, number: int) -> None:
        self._process.send_signal(number)

    def shows(self, total: float) -> bool:
        return bool(self.told) and self.told[-1][:2] == ("link.live", total)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reading.join()
        assert self._process.stdout is not None
        self._process.stdout.close()


@contextmanager
def stopped(profile: Path) -> Iterator[Stopped]:
    console = Stopped(profile)
    try:
        yield console
    finally:
        console.end()


def flood(ingest: FakeIngest, seconds: float) -> tuple[int, float]:
    """Publish every vital again and again for so long; return how many frames that were and the last values' sum."""
    every, frames, until = np.arange(VITALS, dtype=np.uint32), 0, ingest._clock.monotonic_ns() + seconds * 1e9
    while ingest._clock.monotonic_ns() < until or frames <= 4 * FRAMES_QUEUED:
        frames += 1
        ingest.put_many(every, np.full(VITALS, float(frames)))
    return frames, float(frames * VITALS)


def stop_and_wake(ingest: FakeIngest, console: Stopped, *, seconds: float) -> tuple[float, float]:
    """Stop the console while frames flow; return the daemon's growth in MB and the sum of the true values at the end.

    The soak runs this with the 60 s of RF18.
    """
    before = resident_mb()
    console.send(signal.SIGSTOP)
    frames, total = flood(ingest, seconds)
    grown = resident_mb() - before
    console.send(signal.SIGCONT)
    assert frames * FRAME_MB > 3 * FRAMES_QUEUED * FRAME_MB
    return grown, total


@pytest.mark.fault
@pytest.mark.slow
def test_that_a_stopped_console_costs_a_bounded_queue_and_says_that_it_lags(
    tmp_path: Path, qtbot: QtBot, request: pytest.FixtureRequest
) -> None:
    city = small_city(VITALS, period_s=600.0)
    with FakeIngest(tmp_path, city) as ingest, FakeCentre(tmp_path, city), stopped(tmp_path) as slow:
        good = Session(tmp_path)
        good.start()
        request.addfinalizer(good.stop)
        good.sign_on("officer", PASSWORD, "A-02")
        qtbot.waitUntil(lambda: good.state.count == VITALS, timeout=20_000)
        ingest.put_many(np.arange(VITALS, dtype=np.uint32), np.ones(VITALS))
        qtbot.waitUntil(lambda: good.state.value.sum() == VITALS, timeout=20_000)
        wait_until(lambda: slow.shows(float(VITALS)), "the slow console is live", limit_s=30.0)
        before = len(slow.told)
        grown, total = stop_and_wake(ingest, slow, seconds=3.5)
        assert grown < FRAMES_QUEUED * FRAME_MB + SLACK_MB
        qtbot.waitUntil(lambda: good.state.value.sum() == total, timeout=20_000)
        assert good.links().ingest.reason.code == "link.live"
        wait_until(lambda: slow.shows(total), "the slow console has caught up", limit_s=30.0)
        behind = [(code, lag) for code, _total, lag in slow.told[before:] if code != "link.live"]
        assert behind, "a console that stood still never claims to be live before it has caught up"
        # An old heartbeat that still found room in the queue tells how far behind; with none, the sleep itself does.
        assert {code for code, _lag in behind} <= {"link.lagging", "link.lost", "link.refreshing"}
        assert all(lag >= 2 for code, lag in behind if code == "link.lagging")
