"""RF26: workers killed, hung, orphaned: the other panes go on, theirs come back, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from chengyun_core.model.failure import Trouble
from chengyun_core.video.fleet import VideoFleet
from chengyun_core.video.port import PaneState
from tests.support import hostile_cameras, video_watch
from tests.support.hostile_cameras import Cameras

pytestmark = [pytest.mark.fault, pytest.mark.slow]

BACK_S = 8.0
GONE_S = 3.0


@pytest.fixture
def cameras() -> Iterator[Cameras]:
    with hostile_cameras.running() as found:
        yield found


@pytest.fixture
def wall(cameras: Cameras) -> Iterator[VideoFleet]:
    """Two panes, one on each of two workers, both live."""
    with video_watch.fleet_of(cameras.place) as fleet:
        for pane in ("one", "two"):
            fleet.watch(pane, video_watch.source(pane), 320, 180, main=True)
            video_watch.watched(fleet, [pane], 10, until=video_watch.is_live(pane))
        yield fleet


def wait_for(holds: Callable[[], bool], seconds: float) -> float:
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < seconds
        time.sleep(0.02)
    return time.monotonic() - begun


def worker_of(wall: VideoFleet, pane: str) -> int:
    place = wall._panes.get(pane)
    assert place is not None
    worker = wall._guardian.places[place.worker].worker
    assert worker is not None
    return worker.pid


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP])
def test_that_a_worker_s_end_is_seen_its_pane_comes_back_and_the_other_goes_on(
    wall: VideoFleet, number: signal.Signals
) -> None:
    hurt, other = worker_of(wall, "one"), worker_of(wall, "two")
    assert hurt != other
    before = wall.look("one").sequence
    os.kill(hurt, number)
    begun = time.monotonic()
    told = video_watch.watched(
        wall, ["one", "two"], BACK_S, until=lambda told: any(s is not PaneState.LIVE for _, s, _ in told["one"].changes)
    )
    assert time.monotonic() - begun < 2.0
    assert wall.look("one").frame is not None  # the last picture stays, to be shown greyed
    rest = video_watch.watched(wall, ["one", "two"], BACK_S, until=video_watch.is_live("one"))
    assert rest["one"].changes[-1][1] is PaneState.LIVE
    assert told["two"].states() | rest["two"].states() == {PaneState.LIVE}
    assert max(told["two"].oldest_ms, rest["two"].oldest_ms) < 1500
    assert wall.look("one").sequence > before
    wait_for(lambda: not psutil.pid_exists(hurt), GONE_S)
    assert worker_of(wall, "two") == other


def test_that_a_clip_under_way_ends_in_words_when_its_worker_does(wall: VideoFleet) -> None:
    asked = wall.clip("one", 1.0, 20.0)
    time.sleep(0.3)
    os.kill(worker_of(wall, "one"), signal.SIGKILL)
    with pytest.raises(Trouble, match=r"video\.worker_lost"):
        asked.result(5)


def _expect_nothing_told(worker: psutil.Process) -> None:
    told = " ".join([*worker.cmdline(), *worker.environ(), *worker.environ().values()])
    assert not any(word in told for word in ("sesame", "duty", "invalid", "cam/"))
    # A program of its own from its first instruction on: nothing of the console's was ever in it.
    assert "chengyun_core.video.worker" in worker.cmdline()
    shared = [line for line in Path(f"/proc/{worker.pid}/maps").read_text().splitlines() if " rw-s " in line]
    # Memory in no file system: it goes with the last of them, whatever ended it.
    assert shared
    assert all("/memfd:chengyun-panes (deleted)" in line for line in shared)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_that_workers_end_with_their_console_and_leave_nothing(cameras: Cameras, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "tests.support.video_console", cameras.place]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as console:
        try:
            assert console.stdout is not None
            workers = [psutil.Process(int(word)) for word in console.stdout.readline().split()]
            assert len(workers) == 2
            for worker in workers:
                _expect_nothing_told(worker)
        finally:
            console.send_signal(number)
    gone, alive = psutil.wait_procs(workers, GONE_S)
    assert alive == []
    assert len(gone) == 2


def test_that_a_fleet_that_stops_ends_its_workers_at_once(cameras: Cameras) -> None:
    with video_watch.fleet_of(cameras.place) as fleet:
        fleet.watch("one", video_watch.source("one"), 320, 180, main=True)
        video_watch.watched(fleet, ["one"], 10, until=video_watch.is_live("one"))
        workers = [psutil.Process(pid) for pid in fleet.worker_pids()]
        begun = time.monotonic()
    assert time.monotonic() - begun < 1.5
    assert not any(worker.is_running() for worker in workers)
    with pytest.raises(Trouble, match=r"video\.left"):
        fleet.grab("nothing").result(0)


def test_that_a_camera_that_comes_back_is_live_again_by_itself(cameras: Cameras, wall: VideoFleet) -> None:
    cameras.go_down()
    down = video_watch.watched(
        wall, ["one"], 5, until=lambda told: any(state is PaneState.DEAD for _, state, _ in told["one"].changes)
    )
    assert PaneState.DEAD in down["one"].states()
    assert wall.look("one").frame is not None
    cameras.server.is_down = False
    back = video_watch.watched(wall, ["one"], 10, until=video_watch.is_live("one"))
    assert back["one"].changes[-1][1] is PaneState.LIVE
