"""The process that reads a kept clip: it answers, goes with its console, and when it is killed that is said."""

import io
import os
import queue
import signal
import threading
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from chengyun_core.video.clip_orders import ClipAnswer, ClipFailed, ClipOpened, CopyMarked, MarkGoes, PictureShown
from chengyun_core.video.clip_viewer import LOST, ClipViewer
from tests.support.waiting import wait_until

PICTURES = 50
PATIENCE_S = 30.0


def clip() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as made:
        stream = made.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for number in range(PICTURES):
            picture = np.full((360, 640, 3), 2 * number, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return out.getvalue()


class Heard:
    """What a viewer tells, in its order."""

    def __init__(self) -> None:
        self._answers: queue.Queue[ClipAnswer] = queue.Queue()

    def take(self, answer: ClipAnswer) -> None:
        self._answers.put(answer)

    def next(self) -> ClipAnswer:
        return self._answers.get(timeout=PATIENCE_S)

    @property
    def is_quiet(self) -> bool:
        return self._answers.empty()


def child_of_this() -> int:
    """Return the process id of the reading process."""
    (found,) = (
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and b"clip_worker" in _read(entry / "cmdline")
        if f"\nPPid:\t{os.getpid()}\n".encode() in _read(entry / "status")
    )
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it ended meanwhile
        return b""


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_that_a_clip_is_opened_shown_and_marked_in_a_process_that_ends_with_the_viewer() -> None:
    heard = Heard()
    viewer = ClipViewer(clip(), "video/mp4", heard.take)
    viewer.start()
    try:
        viewer.open()
        opened = heard.next()
        assert isinstance(opened, ClipOpened)
        assert len(opened.times_s) == PICTURES
        viewer.show(40, 320, 320)
        shown = heard.next()
        assert isinstance(shown, PictureShown)
        assert (shown.at, shown.width, shown.height, len(shown.data)) == (40, 320, 180, shown.stride * 180)
        viewer.mark(("EV-1",))
        answers = [heard.next()]
        while isinstance(answers[-1], MarkGoes):
            answers.append(heard.next())
        assert isinstance(answers[-1], CopyMarked)
        child = child_of_this()
    finally:
        viewer.stop()
    assert heard.is_quiet
    wait_until(lambda: not Path(f"/proc/{child}").exists(), "the process is gone", limit_s=PATIENCE_S)
    assert heard.is_quiet


def test_that_a_process_that_was_killed_is_told() -> None:
    heard = Heard()
    viewer = ClipViewer(clip(), "video/mp4", heard.take)
    viewer.start()
    try:
        viewer.open()
        assert isinstance(heard.next(), ClipOpened)
        os.kill(child_of_this(), signal.SIGKILL)
        failed = heard.next()
        assert isinstance(failed, ClipFailed)
        assert failed.reason == LOST
    finally:
        viewer.stop()


@pytest.mark.parametrize("data", [b"", b"garbage" * 1000])
def test_that_what_is_no_clip_is_answered(data: bytes) -> None:
    heard = Heard()
    viewer = ClipViewer(data, "video/mp4", heard.take)
    viewer.start()
    try:
        viewer.open()
        assert isinstance(heard.next(), ClipFailed)
    finally:
        viewer.stop()


def test_that_nothing_of_a_viewer_is_left_behind() -> None:
    descriptors, threads = _descriptors(), threading.active_count()
    viewer = ClipViewer(clip(), "video/mp4", Heard().take)
    viewer.start()
    viewer.stop()
    wait_until(
        lambda: (_descriptors(), threading.active_count()) == (descriptors, threads),
        "all is let go",
        limit_s=PATIENCE_S,
    )


def test_that_who_stops_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The window's thread stops viewers: a process that is slow to go must not hold it up (0424)."""
    heard = Heard()
    viewer = ClipViewer(clip(), "video/mp4", heard.take)
    viewer.start()
    monkeypatch.setattr(viewer._thread, "join", lambda: pytest.fail("the window waits"))
    viewer.open()
    try:
        assert isinstance(heard.next(), ClipOpened)
        child = child_of_this()
        os.kill(child, signal.SIGSTOP)
    finally:
        viewer.stop()
    wait_until(lambda: not Path(f"/proc/{child}").exists(), "the process is gone", limit_s=PATIENCE_S)
    monkeypatch.undo()
    assert heard.is_quiet
