"""RF26 and Y8: panes that grow and shrink beside a real server paint no frame without a picture, count by count."""

import io
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import av
import pytest
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chengyun_console.desk import Desk
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_console.video.desk import VideoDesk
from chengyun_console.video.panes import VideoPanes
from chengyun_core.model.camera import Camera, StreamGrant, StreamQuality
from chengyun_core.model.clock import NS_PER_S, ProfileClock
from chengyun_core.video.fence import DEMO_HOST, Fence
from chengyun_core.video.fleet import VideoFleet
from chengyun_core.video.port import SPARE, Clip
from chengyun_core.video.settings import VideoSettings
from chengyun_core.wire.camera_asks import AskStream
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme
from chengyun_widgets.video.pane import VideoPane
from chengyun_widgets.video.record import PaneTone
from tests.console.still_session import S, StillSession
from tests.support.small_city import small_city

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(480)]
SERVER = Path(__file__).parents[1] / "support" / "gst_cameras.py"
CODES = tuple(f"CAM-{at:02d}" for at in range(16))
LAME = "CAM-LAME"
"""Has its small stream only."""
STAYING = 4
"""Panes that are there all along, of sixteen as of four."""
LIMIT_S = 120.0
"""A stream that brings nothing for ten seconds, as on a machine that is kept busy, is tried again after thirty."""
MAIN, SUB = StreamQuality.MAIN, StreamQuality.SUB
MOVING = "videotestsrc is-live=true pattern=ball ! video/x-raw,width={},height={},framerate={}/1 ! "
CODED = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 bitrate=400 ! rtph264pay name=pay0 pt=96"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server of sixteen cameras with two streams each."""
    sizes = {"": (640, 360, 10), "/sub": (320, 180, 5)}
    mounts = [f"cam/{code}{path}={MOVING.format(*size)}{CODED}" for code in CODES for path, size in sizes.items()]
    mounts.append(f"cam/{LAME}/sub={MOVING.format(*sizes['/sub'])}{CODED}")
    command = ["/usr/bin/python3", "-W", "ignore", str(SERVER), *mounts]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin is not None
    assert server.stdout is not None
    yield int(server.stdout.readline())
    server.stdin.close()
    server.wait(10)
    server.stdout.close()


@dataclass
class Frames:
    """What was painted: panes that had a picture once, and the frames they were painted without one."""

    lit: set[int] = field(default_factory=set)
    dark: Counter[int] = field(default_factory=Counter)
    painted: Counter[int] = field(default_factory=Counter)
    _has_image: bool = False

    def count(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Count the frames of every pane from now on."""
        paint_picture, paint_image = VideoPane._paint_picture, VideoPane._paint_image

        def picture(pane: VideoPane, painter: QPainter) -> None:
            self._has_image = False
            paint_picture(pane, painter)
            self._take(id(pane))

        def image(pane: VideoPane, *told: object) -> None:
            self._has_image = True
            paint_image(pane, *told)  # type: ignore[arg-type]

        monkeypatch.setattr(VideoPane, "_paint_picture", picture)
        monkeypatch.setattr(VideoPane, "_paint_image", image)

    def _take(self, pane: int) -> None:
        if self._has_image:
            self.lit.add(pane)
            self.painted[pane] += 1
        elif pane in self.lit:
            self.dark[pane] += 1


@dataclass
class Wall:
    """Panes over real streams, and what was seen of them beat by beat."""

    panes: VideoPanes
    session: StillSession
    fleet: VideoFleet
    port: int
    frames: Frames
    changes: dict[int, list[StreamQuality]] = field(default_factory=dict)
    most_sessions: int = 0
    most_of_one: int = 0

    @property
    def video(self) -> VideoDesk:
        return self.panes._video

    def run(self, until: Callable[[], bool], seconds: float = LIMIT_S) -> None:
        """Let the window live until something holds; fails when it does not."""
        ends = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < ends, (self.changes, self.most_sessions)
            QApplication.processEvents()
            self._give_leave()
            self._look()
            time.sleep(0.005)

    def shows(self, quality: StreamQuality, count: int) -> Callable[[], bool]:
        """Return whether the first panes all show one of the streams."""

        def holds() -> bool:
            told = [self.video.standing(f"wall.{at}") for at in range(count)]
            return all(one.quality is quality and one.look and one.look.frame is not None for one in told)

        return holds

    def dark(self) -> list[int]:
        """Return how many frames each of the staying panes was painted without a picture, once it had had one."""
        return [self.frames.dark[id(pane)] for pane in self.panes.grid.panes[:STAYING]]

    def _look(self) -> None:
        for at in range(STAYING):
            quality = self.video.standing(f"wall.{at}").quality
            seen = self.changes.setdefault(at, [])
            if quality is not None and seen[-1:] != [quality]:
                seen.append(quality)
        self.most_sessions = max(self.most_sessions, sessions(self.port))
        held = Counter(pane.source.code for pane in self.fleet._panes)
        self.most_of_one = max(self.most_of_one, *held.values(), 0)

    def _give_leave(self) -> None:
        for slot, (kind, ask, _answer) in list(self.session.sent.asks.items()):
            if kind == "camera.stream" and isinstance(ask, AskStream):
                path = "" if ask.quality is MAIN else "/sub"
                self.session.answer_ask(slot, StreamGrant(
                    camera=ask.camera, quality=ask.quality, address=f"rtsp://{DEMO_HOST}/cam/{ask.camera}{path}",
                    until=self.session.clock.utc_ns() + 60 * S,
                ))  # fmt: skip


def sessions(port: int) -> int:
    """Return how many connections to the server there are (/proc/net/tcp: state 01 is ESTABLISHED)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    return sum(row[3] == "01" and int(row[2].rpartition(":")[2], 16) == port for row in rows)


@pytest.fixture
def wall(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Wall]:  # fmt: skip
    """Sixteen panes, each with its small stream's picture."""
    frames = Frames()
    frames.count(monkeypatch)
    session = StillSession()
    session.clock = ProfileClock()  # type: ignore[assignment]
    desk = Desk(cast("Session", session), tmp_path, load_theme("night"), Texts("zh_CN"), Preferences())
    settings = VideoSettings(demo_server=f"127.0.0.1:{port}")
    fleet = VideoFleet(Fence.of(settings), settings, ProfileClock())
    desk.video.make_fleet = lambda _desk, _demo: fleet
    session.hear()
    rows = tuple(Camera(code=code, name=code, centre="500103") for code in (*CODES, LAME))
    session.show_city(replace(small_city(2), cameras=rows))
    session.enter()
    panes = VideoPanes(desk, desk.video.of(desk), "wall", 16)
    qtbot.addWidget(panes)
    panes.resize(1400, 800)
    panes.show()
    qtbot.waitExposed(panes)
    panes.show_cameras(CODES)
    made = Wall(panes, session, fleet, port, frames)
    made.run(made.shows(SUB, 16))
    made.run(lambda: len(frames.lit) == 16)
    yield made
    desk.video.stop()


def test_that_no_frame_is_dark_from_sixteen_to_four_to_one_and_back(wall: Wall) -> None:
    for count, quality in ((4, MAIN), (16, SUB), (4, MAIN)):
        wall.panes.show_count(count)
        wall.run(wall.shows(quality, STAYING))
    assert [wall.changes[at] for at in range(STAYING)] == [[SUB, MAIN, SUB, MAIN]] * STAYING, "never to and fro"
    wall.run(lambda: sessions(wall.port) == STAYING)

    assert wall.dark() == [0] * STAYING
    assert wall.most_of_one == 2
    assert wall.most_sessions <= len(CODES) + SPARE
    assert min(wall.frames.painted[id(pane)] for pane in wall.panes.grid.panes[:STAYING]) > 10


def test_that_no_frame_is_dark_when_one_pane_is_made_large_and_small_again(wall: Wall) -> None:
    wall.panes.grid.show_large(large=True)
    wall.run(wall.shows(MAIN, 1))
    wall.panes.step_back()
    wall.run(wall.shows(SUB, 1))
    assert wall.changes[0] == [SUB, MAIN, SUB]
    assert wall.dark()[0] == 0
    assert wall.most_of_one == 2


def test_that_a_camera_without_a_main_stream_goes_on_with_the_small_one_and_says_so(wall: Wall) -> None:
    wall.panes.put(LAME)
    pane = wall.panes.grid.panes[0]
    wall.run(lambda: wall.shows(SUB, 1)() and pane.record.title == LAME and pane.record.tone is PaneTone.LIVE)
    wall.frames.dark.clear()
    wall.panes.show_count(4)
    wall.run(lambda: pane.record.foot.endswith("主码流未通"))
    painted = wall.frames.painted[id(pane)]
    wall.run(lambda: wall.frames.painted[id(pane)] > painted + 5)
    assert wall.video.standing("wall.0").quality is SUB
    assert wall.dark() == [0] * STAYING


def test_that_a_camera_without_a_main_stream_is_seen_though_its_pane_begins_large(wall: Wall) -> None:
    wall.panes.show_count(4)
    wall.panes.put(LAME)
    pane = wall.panes.grid.panes[0]
    wall.run(lambda: pane.record.title == LAME and pane.record.tone is PaneTone.LIVE)
    assert wall.video.standing("wall.0").quality is SUB
    wall.run(lambda: pane.record.foot.endswith("主码流未通"))


def test_that_a_clip_is_whole_over_the_change(wall: Wall) -> None:
    told: list[Clip] = []
    asked = wall.session.clock.utc_ns()
    wall.video.clip("wall.0", 1.0, 6.0, told.append)  # type: ignore[arg-type]
    wall.panes.show_count(4)
    wall.run(wall.shows(MAIN, STAYING))
    wall.run(lambda: bool(told))
    (clip,) = told
    assert isinstance(clip, Clip)
    assert (clip.width, clip.height) == (320, 180), "of the stream that was seen at the key"
    assert clip.begin_utc_ns <= asked
    assert clip.end_utc_ns >= asked + 4 * NS_PER_S, "a machine that is kept busy may be late by two seconds"
    with av.open(io.BytesIO(clip.video), "r") as file:
        assert len(list(file.decode(video=0))) == clip.pictures
    wall.run(lambda: [pane.name for pane in wall.fleet._panes if pane.name == f"{CODES[0]}/sub"] == [])
    assert wall.dark() == [0] * STAYING
