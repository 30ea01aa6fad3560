"""One player with so many panes, in a process of its own: ours, QtMultimedia's or mpv's; tells what it showed as JSON.

`python -m tests.bench.video_players PLAYER PORT PANES SECONDS`. Every side is looked at in the same way: fifty times a
second, by the marks in the picture it has ready to be painted.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from chengyun_core.model.clock import ProfileClock
from chengyun_core.video.fence import DEMO_HOST, Fence
from chengyun_core.video.fleet import VideoFleet
from chengyun_core.video.port import StreamSource
from chengyun_core.video.settings import VideoSettings
from tests.bench.video_server import FPS, FRAMES, number_of

EVERY_MS = 20
SIZE = (480, 270)
CLOCK = ProfileClock()


@dataclass(slots=True)
class PaneStory:
    """What one pane showed."""

    first_s: float | None = None
    shown: int = 0
    latencies_ms: list[float] = field(default_factory=list)
    gaps: list[tuple[float, float]] = field(default_factory=list)
    """Times without a new picture longer than a second: begin and length, seconds since the start."""
    last_number: int = -1
    last_s: float = 0.0

    def saw(self, number: int, at_s: float) -> None:
        """Take note of the number in a picture that is ready to be painted."""
        if number == self.last_number:
            return
        now = CLOCK.utc_ns() * FPS / 1e9
        behind = (now - number) % FRAMES
        self.latencies_ms.append(behind / FPS * 1000)
        if self.first_s is None:
            self.first_s = at_s
        elif at_s - self.last_s > 1.0:
            self.gaps.append((self.last_s, at_s - self.last_s))
        self.shown += 1
        self.last_number, self.last_s = number, at_s


class Player(Protocol):
    """One side."""

    def start(self, port: int, panes: int) -> None:
        """Begin to play."""
        ...

    def pictures(self) -> Sequence[QImage | None]:
        """Return each pane's picture as a painter needs it, a copy of its own; None where it is the one before."""
        ...

    def stop(self) -> None:
        """End."""
        ...


class Ours:
    """VideoFleet: worker processes and shared memory."""

    def start(self, port: int, panes: int) -> None:
        settings = VideoSettings(demo_server=f"127.0.0.1:{port}")
        self._fleet, self._panes = VideoFleet(Fence.of(settings), settings, CLOCK), [str(pane) for pane in range(panes)]
        self._fleet.start()
        self._shown = dict.fromkeys(self._panes, 0)
        for pane in self._panes:
            source = StreamSource(code=pane, address=f"rtsp://{DEMO_HOST}/cam/{pane}")
            self._fleet.watch(pane, source, *SIZE, main=True)

    def pictures(self) -> Sequence[QImage | None]:
        return [self._picture(pane) for pane in self._panes]

    def _picture(self, pane: str) -> QImage | None:
        look = self._fleet.look(pane)
        if look.frame is None or look.sequence == self._shown[pane]:
            return None
        self._shown[pane] = look.sequence
        form = QImage.Format.Format_RGB32
        return QImage(look.frame, look.frame_width, look.frame_height, look.stride, form).copy()

    def stop(self) -> None:
        self._fleet.stop()


class QtMultimedia:
    """QMediaPlayer with a QVideoSink, each picture made an image as a painter needs it."""

    def start(self, port: int, panes: int) -> None:
        multimedia = importlib.import_module("PySide6.QtMultimedia")
        self._players, self._sinks, self._begun = [], [], [-1] * panes
        for pane in range(panes):
            player, sink = multimedia.QMediaPlayer(), multimedia.QVideoSink()
            player.setVideoSink(sink)
            player.setSource(QUrl(f"rtsp://127.0.0.1:{port}/cam/{pane}"))
            player.play()
            self._players.append(player)
            self._sinks.append(sink)

    def pictures(self) -> Sequence[QImage | None]:
        return [self._picture(place, sink.videoFrame()) for place, sink in enumerate(self._sinks)]

    def _picture(self, place: int, frame: Any) -> QImage | None:
        if not frame.isValid() or frame.startTime() == self._begun[place]:
            return None
        self._begun[place] = frame.startTime()
        return frame.toImage().convertToFormat(QImage.Format.Format_RGB32)

    def stop(self) -> None:
        for player in self._players:
            player.stop()


class Mpv:
    """libmpv, one context a pane, its pictures rendered by software into memory of ours."""

    def start(self, port: int, panes: int) -> None:
        mpv = importlib.import_module("mpv")
        self._panes = []
        for pane in range(panes):
            player = mpv.MPV(
                vo="libmpv", profile="low-latency", rtsp_transport="tcp", untimed=True, ao="null", cache="no",
                sws_fast=True, idle=True,
            )  # fmt: skip
            context = mpv.MpvRenderContext(player, "sw")
            player.play(f"rtsp://127.0.0.1:{port}/cam/{pane}")
            self._panes.append((player, context, np.zeros((SIZE[1], SIZE[0] * 4), np.uint8)))

    def pictures(self) -> Sequence[QImage | None]:
        return [self._picture(context, memory) for _, context, memory in self._panes]

    def _picture(self, context: Any, memory: npt.NDArray[np.uint8]) -> QImage | None:
        if not context.update():
            return None
        self._render(context, memory)
        return QImage(memory.data, *SIZE, memory.strides[0], QImage.Format.Format_RGB32).copy()

    def _render(self, context: Any, memory: npt.NDArray[np.uint8]) -> None:
        mpv = importlib.import_module("mpv")
        import ctypes

        # python-mpv's table of parameters has no words for the software renderer; they are given by number (render.h).
        size = (ctypes.c_int * 2)(*SIZE)
        stride = ctypes.c_size_t(memory.strides[0])
        form = ctypes.create_string_buffer(b"bgr0")
        parameters = (mpv.MpvRenderParam * 5)()
        pointers = (
            (17, ctypes.cast(size, ctypes.c_void_p)), (18, ctypes.cast(form, ctypes.c_void_p)),
            (19, ctypes.cast(ctypes.pointer(stride), ctypes.c_void_p)), (20, ctypes.c_void_p(memory.ctypes.data)),
        )  # fmt: skip
        for place, (kind, pointer) in enumerate(pointers):
            parameters[place].type_id, parameters[place].data = kind, pointer
        mpv._mpv_render_context_render(context._handle, parameters)

    def stop(self) -> None:
        for player, context, _ in self._panes:
            context.free()
            player.terminate()


PLAYERS: dict[str, Callable[[], Player]] = {"ours": Ours, "QtMultimedia": QtMultimedia, "mpv": Mpv}


def _number(image: QImage) -> int | None:
    return number_of(image.width(), image.height(), lambda x, y: image.pixelColor(x, y).green())


def main(arguments: Sequence[str]) -> int:
    """Play, watch, tell."""
    name, port, panes, seconds = arguments[0], int(arguments[1]), int(arguments[2]), float(arguments[3])
    application = QGuiApplication([])
    player, stories = PLAYERS[name](), [PaneStory() for _ in range(panes)]
    begun = time.monotonic()
    player.start(port, panes)

    def look() -> None:
        for story, image in zip(stories, player.pictures(), strict=True):
            number = _number(image) if image is not None else None
            if number is not None:
                story.saw(number, time.monotonic() - begun)

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(EVERY_MS)
    QTimer.singleShot(round(seconds * 1000), application.quit)
    application.exec()
    timer.stop()
    print(json.dumps([asdict(story) for story in stories]), flush=True)
    player.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
