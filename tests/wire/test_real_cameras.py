"""Y1–Y3, Y8 against a real RTSP server: GStreamer's, with the codecs and the refusals of real cameras."""

import io
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from chengyun_core.model.clock import ProfileClock
from chengyun_core.video.fence import DEMO_HOST
from chengyun_core.video.fleet import VideoFleet
from chengyun_core.video.port import PaneState, StreamSource
from tests.support import video_watch
from tests.support.video_watch import Said

pytestmark = [pytest.mark.wire, pytest.mark.slow]

SERVER = Path(__file__).parents[1] / "support" / "gst_cameras.py"
FIRST_FRAME_S = 1.5
CLIP = "filesrc location={} ! qtdemux ! h264parse ! rtph264pay name=pay0 pt=96"


def serving(*mounts: str) -> "subprocess.Popen[bytes]":
    command = ["/usr/bin/python3", "-W", "ignore", str(SERVER), *mounts]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def place_of(server: "subprocess.Popen[bytes]") -> str:
    assert server.stdout is not None
    return f"127.0.0.1:{int(server.stdout.readline())}"


def ended(server: "subprocess.Popen[bytes]") -> None:
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.close()
    server.wait(10)
    server.stdout.close()


@pytest.fixture(scope="module")
def place() -> Iterator[str]:
    server = serving()
    yield place_of(server)
    ended(server)


@pytest.fixture
def fleet(place: str) -> Iterator[VideoFleet]:
    with video_watch.fleet_of(place) as made:
        # As on the desk, where the workers stand ready long before somebody asks for a camera.
        wait_until(lambda: len(made.worker_pids()) == 2)
        yield made


def wait_until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < seconds
        time.sleep(0.02)


def source(mount: str, **more: str) -> StreamSource:
    return StreamSource(code=mount, address=f"rtsp://{DEMO_HOST}/{mount}", **more)


def opened(fleet: VideoFleet, mount: str, seconds: float = 8.0) -> Said:
    fleet.watch(mount, source(mount), 480, 270, main=True)
    return video_watch.watched(fleet, [mount], seconds, until=video_watch.is_live(mount))[mount]


@pytest.mark.parametrize(("mount", "codec"), [("live", "h264"), ("hevc", "hevc")])
def test_that_a_camera_is_seen_soon_and_says_what_it_is(fleet: VideoFleet, mount: str, codec: str) -> None:
    opened(fleet, mount)  # GStreamer's encoder itself needs time at its first client
    fleet.leave(mount)
    again = opened(fleet, mount)
    assert again.first(PaneState.LIVE) <= FIRST_FRAME_S
    # The server sends its first report of its clock when it likes, within some seconds (RFC 3550, 6.2).
    watch = video_watch.watched(fleet, [mount], 12, until=lambda _: fleet.look(mount).latency_ms is not None)[mount]
    assert watch.states() == {PaneState.LIVE}
    told = fleet.look(mount)
    assert (told.state, told.codec, told.width, told.height) == (PaneState.LIVE, codec, 640, 360)
    assert told.fps > 8
    assert told.latency_ms is not None
    assert 0 <= told.latency_ms < 1500
    assert told.frame is not None
    assert (told.frame_width, told.frame_height) == (480, 270)


def test_that_the_picture_is_the_camera_s(fleet: VideoFleet) -> None:
    opened(fleet, "live")
    look = fleet.look("live")
    assert look.frame is not None
    rows = np.frombuffer(look.frame, np.uint8).reshape(look.frame_height, look.stride)
    pixels = rows[:, : look.frame_width * 4].reshape(look.frame_height, look.frame_width, 4).copy()
    del rows
    assert fleet.is_whole("live", look.sequence)
    # GStreamer's pattern is a white ball on black: little white, much black, nothing else.
    assert 50 < int((pixels[:, :, :3].min(axis=2) > 200).sum()) < 8000
    assert (pixels[:, :, :3].max(axis=2) < 40).mean() > 0.9


@pytest.mark.parametrize(
    ("mount", "state", "reason"),
    [
        ("still", PaneState.FROZEN, "video.frozen"),
        ("black", PaneState.BLACK, "video.black"),
        ("jpeg", PaneState.UNSUPPORTED, "video.no_video"),
        ("nowhere", PaneState.DEAD, "video.status"),
    ],
)
def test_that_what_is_not_to_be_seen_is_said(fleet: VideoFleet, mount: str, state: PaneState, reason: str) -> None:
    fleet.watch(mount, source(mount), 320, 180, main=True)
    told = video_watch.watched(fleet, [mount], 8, until=lambda told: state in told[mount].states())[mount]
    assert (state, reason) in [(said, why) for _, said, why in told.changes]


def test_that_the_small_stream_is_taken_for_a_small_pane(fleet: VideoFleet) -> None:
    both = StreamSource(code="x", address=f"rtsp://{DEMO_HOST}/live", sub_address=f"rtsp://{DEMO_HOST}/small")
    fleet.watch("pane", both, 300, 170, main=False)
    video_watch.watched(fleet, ["pane"], 8, until=video_watch.is_live("pane"))
    assert fleet.look("pane").width == 320
    fleet.watch("pane", both, 1280, 720, main=True)
    assert fleet.look("pane").frame is None  # never one camera's picture under another's name
    video_watch.watched(fleet, ["pane"], 8, until=video_watch.is_live("pane"))
    assert fleet.look("pane").width == 640


def test_that_a_resized_pane_gets_pictures_of_its_size_without_a_new_connection(fleet: VideoFleet) -> None:
    opened(fleet, "live")
    before = fleet.look("live").sequence
    fleet.resize("live", 160, 160)
    told = video_watch.watched(fleet, ["live"], 5, until=lambda _: fleet.look("live").frame_width == 160)["live"]
    look = fleet.look("live")
    assert (look.frame_width, look.frame_height) == (160, 90)
    assert look.sequence > before
    assert told.states() == {PaneState.LIVE}


def test_that_a_still_and_a_clip_with_what_was_before_are_kept(fleet: VideoFleet) -> None:
    opened(fleet, "live")
    time.sleep(4)
    still = fleet.grab("live").result(5)
    with av.open(io.BytesIO(still.image)) as file:
        picture = next(file.decode(video=0))
    assert (picture.width, picture.height) == (still.width, still.height) == (640, 360)
    asked_ns = ProfileClock().utc_ns()
    assert 0 <= asked_ns - still.taken_utc_ns < 3_000_000_000
    clip = fleet.clip("live", 3.0, 1.0).result(10)
    assert clip.begin_utc_ns <= asked_ns - 2_500_000_000
    assert clip.end_utc_ns >= asked_ns + 500_000_000
    with av.open(io.BytesIO(clip.video)) as file:
        stream = file.streams.video[0]
        assert (stream.codec_context.name, stream.width, stream.height) == ("h264", 640, 360)
        frames = list(file.decode(video=0))
    assert len(frames) == clip.pictures
    assert frames[0].key_frame


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["car-detection.mp4", "bottle-detection.mp4", "bigbuckbunny.mp4"])
def test_that_real_recordings_are_played_to_their_end_and_then_said_to_be_dead(shared_data: Path, name: str) -> None:
    file = shared_data / "video" / name
    server = serving(f"clip={CLIP.format(file)}")
    try:
        with video_watch.fleet_of(place_of(server)) as fleet:
            said = opened(fleet, "clip")
            assert said.changes[-1][1] is PaneState.LIVE
            with av.open(str(file)) as told:
                stream = told.streams.video[0]
                size, seconds = (stream.width, stream.height), float(stream.duration * stream.time_base)
            look = fleet.look("clip")
            assert (look.width, look.height) == size
            if seconds < 10:
                rest = video_watch.watched(
                    fleet, ["clip"], seconds + 9, until=lambda told: PaneState.DEAD in told["clip"].states()
                )["clip"]
                assert PaneState.DEAD in rest.states()
    finally:
        ended(server)


def test_that_a_camera_that_asks_who_we_are_is_answered_by_digest_and_a_wrong_password_is_said() -> None:
    server = serving("secret=videotestsrc is-live=true ! video/x-raw,width=320,height=180 ! x264enc tune=zerolatency "
                     "speed-preset=ultrafast key-int-max=15 ! rtph264pay name=pay0 pt=96")  # fmt: skip
    try:
        with video_watch.fleet_of(place_of(server)) as fleet:
            fleet.watch("right", source("secret", user="duty", password="open sesame"), 320, 180, main=True)
            video_watch.watched(fleet, ["right"], 8, until=video_watch.is_live("right"))
            assert fleet.look("right").state is PaneState.LIVE
            fleet.watch("wrong", source("secret", user="duty", password="guess"), 320, 180, main=True)
            told = video_watch.watched(fleet, ["wrong"], 8, until=lambda t: PaneState.REFUSED in t["wrong"].states())
            assert "video.credentials" in told["wrong"].reasons()
    finally:
        ended(server)
