"""Camera streams in the test's hand: a fleet without processes whose looks and pictures are put there by the test."""

from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

import numpy as np

from chengyun_core.model.camera import Camera, StreamGrant
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.failure import Refused
from chengyun_core.video.port import SPARE, Clip, PaneLook, PaneState, Still, StreamSource
from chengyun_core.wire.camera_asks import AskStream

HERE = (106.58, 29.56)
"""Chaotianmen, roughly."""


def cameras(count: int = 12, centre: str = "500103") -> tuple[Camera, ...]:
    """Return cameras in a line eastwards from HERE, 300 m apart; every third can be moved."""
    return tuple(
        Camera(
            code=f"CAM-{at:04d}", name=f"朝天门 沿江 {at:02d}", centre=centre, longitude=HERE[0] + at * 0.0031,
            latitude=HERE[1], path=f"渝中区/{'朝天门街道' if at % 2 else '解放碑街道'}", ptz=at % 3 == 0,
            presets="1 全景 | 2 码头" if at % 3 == 0 else "",
        )
        for at in range(count)
    )  # fmt: skip


def with_cameras(city: Catalogue, count: int = 12) -> Catalogue:
    """Return a catalogue with cameras."""
    return replace(city, cameras=cameras(count))


def grant(ask: AskStream, until: int) -> StreamGrant:
    """Return leave for the stream that was asked for."""
    path = "" if ask.quality == "main" else "/sub"
    return StreamGrant(
        camera=ask.camera, quality=ask.quality, address=f"rtsp://10.9.0.1/cam/{ask.camera}{path}", user="duty",
        password="secret", until=until,
    )  # fmt: skip


def live(sequence: int = 1, **fields: object) -> PaneLook:
    """Return a look of a live stream."""
    made = PaneLook(
        state=PaneState.LIVE, sequence=sequence, age_ms=40.0, since_s=9.0, fps=24.8, codec="h264", width=1920,
        height=1080, latency_ms=410.0, taken_utc_ns=1,
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]


@dataclass
class StillFleet:
    """A fleet (video.port) that does what the test says."""

    demo: str = ""
    shown: dict[str, tuple[StreamSource, int, int]] = field(default_factory=dict)
    looks: dict[str, PaneLook] = field(default_factory=dict)
    """Code of a camera, or a stream as `CAM-0000/main` → how it is; another one is connecting."""
    pictures: dict[str, np.ndarray] = field(default_factory=dict)
    """Code of a camera → uint8[h, w, 4]."""
    grabs: list[tuple[str, "Future[Still]"]] = field(default_factory=list)
    clips: list[tuple[str, float, float, "Future[Clip]"]] = field(default_factory=list)
    is_running: bool = False
    most: int = 16
    most_held: int = 0
    """How many streams there were at once, at most."""
    most_of_one: int = 0
    """How many of one camera."""

    def start(self) -> None:
        self.is_running = True

    def stop(self) -> None:
        self.is_running = False

    def watch(
        self, pane: str, source: StreamSource, width: int, height: int, *, main: bool, beside: bool = False
    ) -> None:  # fmt: skip
        assert main, "the desk names the stream that was granted"
        if len(self.shown.keys() | {pane}) > self.most + (SPARE if beside else 0):
            raise Refused("video.no_pane", most=self.most)
        self.shown[pane] = source, width, height
        self.most_held = max(self.most_held, len(self.shown))
        self.most_of_one = max(self.most_of_one, *Counter(self.codes()).values())

    def resize(self, pane: str, width: int, height: int) -> None:
        self.shown[pane] = self.shown[pane][0], width, height

    def leave(self, pane: str) -> None:
        self.shown.pop(pane, None)

    def look(self, pane: str) -> PaneLook:
        look, picture = self._look(pane), self.pictures.get(self.shown[pane][0].code)
        if picture is None:
            return look
        height, width, _ = picture.shape
        data = memoryview(np.ascontiguousarray(picture).reshape(-1))
        return replace(look, frame=data, frame_width=width, frame_height=height, stride=width * 4)

    def is_whole(self, pane: str, sequence: int) -> bool:
        return self._look(pane).sequence == sequence

    def grab(self, pane: str) -> "Future[Still]":
        self.grabs.append((pane, Future()))
        return self.grabs[-1][1]

    def clip(self, pane: str, before_s: float, after_s: float) -> "Future[Clip]":
        self.clips.append((pane, before_s, after_s, Future()))
        return self.clips[-1][3]

    def codes(self) -> list[str]:
        """Return the cameras of the panes by their names."""
        return [self.shown[pane][0].code for pane in sorted(self.shown)]

    def _look(self, pane: str) -> PaneLook:
        connecting = PaneLook(state=PaneState.CONNECTING)
        return self.looks.get(pane, self.looks.get(self.shown[pane][0].code, connecting))
