"""Encodes the scenes once, main and sub stream, into the profile's cache; a process of its own, and a patient one.

`python -m chengyun_core.video.demo_cameras.encoding FOLDER [SCENE …]`
"""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from chengyun_core.video.demo_cameras.brush import HEIGHT, WIDTH, Picture
from chengyun_core.video.demo_cameras.scenes import FPS, FRAMES, SCENES, WAITING, Painter, marked, waiting
from chengyun_core.wire import helper_process
from chengyun_core.wire.durable import write_record

VERSION = 2
"""Raised when scenes or encoding change; loops of another version are made anew."""
WAITING_FRAMES = 25
_NICE = 10
_OPTIONS = {"preset": "superfast", "crf": "27", "g": "12", "bf": "0", "sc_threshold": "0", "threads": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One coded picture."""

    is_key: bool
    data: bytes
    """Annex B; a key picture has its parameter sets in front."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """One stream of a scene."""

    width: int
    height: int
    fps: float
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loops:
    """A scene's file."""

    main: Loop
    sub: Loop


def file_of(folder: Path, scene: str) -> Path:
    """Return where a scene's loops lie."""
    return folder / f"{scene}-{VERSION}.loops"


def encoded(paint: Painter, code: str, *, frames: int = FRAMES) -> Loops:
    """Return a scene's two streams."""
    main, sub = Encoder(WIDTH, HEIGHT, FPS), Encoder(WIDTH // 2, HEIGHT // 2, FPS)
    for number in range(frames):
        picture = marked(paint(number / frames), code, number)
        main.add(picture)
        sub.add(_halved(picture))
    return Loops(main=main.finished(), sub=sub.finished())


class Encoder:
    """Makes H.264 of pictures: no picture waits for a later one, a key picture about each second."""

    def __init__(self, width: int, height: int, fps: float, codec: str = "libx264") -> None:
        context = av.CodecContext.create(codec, "w")
        assert isinstance(context, av.VideoCodecContext)
        context.width, context.height, context.pix_fmt = width, height, "yuv420p"
        context.framerate = Fraction(fps).limit_denominator(1000)
        context.time_base = 1 / context.framerate
        context.options = dict(_OPTIONS)
        self._context, self._fps, self._units = context, fps, list[Unit]()

    def add(self, picture: Picture) -> None:
        """Encode a picture, uint8[height, width, 3]."""
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
        frame.pts = len(self._units)
        self._take(self._context.encode(frame))

    def finished(self) -> Loop:
        """Return all of them."""
        self._take(self._context.encode(None))
        context = self._context
        return Loop(width=context.width, height=context.height, fps=self._fps, units=tuple(self._units))

    def _take(self, packets: "Sequence[av.Packet[av.VideoStream]]") -> None:
        self._units.extend(Unit(is_key=packet.is_keyframe, data=bytes(packet)) for packet in packets)


def _halved(picture: Picture) -> Picture:
    return ((picture[::2, ::2] >> 1) + (picture[1::2, 1::2] >> 1)).astype(np.uint8)


def make(folder: Path, name: str) -> None:
    """Encode one scene into its file. Raises OSError."""
    if name == WAITING:
        write_record(file_of(folder, name), encoded(waiting(), "-", frames=WAITING_FRAMES))
    else:
        scene = SCENES[name]
        write_record(file_of(folder, name), encoded(scene.begin(), scene.code))


def missing(folder: Path) -> Iterator[str]:
    """Yield what is not encoded yet, what is shown meanwhile first."""
    return (name for name in (WAITING, *SCENES) if not file_of(folder, name).exists())


def main(arguments: Sequence[str]) -> int:
    """Encode what is missing, and forget loops of other versions."""
    helper_process.bind()
    os.nice(_NICE)
    folder = Path(arguments[0])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.glob("*.loops"):
        if not old.stem.endswith(f"-{VERSION}"):
            old.unlink()
    for name in arguments[1:] or missing(folder):
        make(folder, name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
