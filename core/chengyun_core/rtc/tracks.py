"""What aiortc sends for us: a voice fed frame by frame, and pictures at the pace the link bears. Worker only."""

import asyncio
import time
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt
from aiortc import MediaStreamTrack
from typing_extensions import override

from chengyun_core.rtc.degradation import STEPS, Level
from chengyun_core.rtc.pictures import Eye, NoEye, Picture
from chengyun_core.rtc.sound import FRAME, RATE, SILENCE, Sound

_WAITING = 5
"""Frames of sound that may wait for an encoder that is behind: 100 ms; the oldest are dropped."""
_KEPT = 10
"""Frames kept ahead of what is played: 200 ms of a line that comes in bursts; older ones are dropped."""
_PICTURE_CLOCK = 90_000


class VoiceTrack(MediaStreamTrack):
    """Our voice to one console; every track gets the frames of the one microphone."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._frames: asyncio.Queue[Sound] = asyncio.Queue(_WAITING)
        self._sent = 0

    def feed(self, sound: Sound) -> None:
        """Queue a frame; when the encoder is behind, the oldest goes."""
        if self._frames.full():
            self._frames.get_nowait()
        self._frames.put_nowait(sound)

    @override
    async def recv(self) -> av.AudioFrame:
        """Return the next frame, as aiortc asks for it."""
        frame = sound_frame(await self._frames.get(), self._sent)
        self._sent += FRAME
        return frame


class PictureTrack(MediaStreamTrack):
    """Our picture to one console, drawn when it is to be sent and not before."""

    kind = "video"

    def __init__(self, eye: Eye) -> None:
        super().__init__()
        self.eye = eye
        self.level = Level.FULL
        self._begun, self._due = time.monotonic(), 0.0

    @override
    async def recv(self) -> av.VideoFrame:
        """Return the next picture at the level's pace; while there is none, the track waits."""
        while True:
            step = STEPS[self.level]
            if step.fps <= 0 or isinstance(self.eye, NoEye):
                await asyncio.sleep(0.2)
                continue
            now = time.monotonic()
            self._due = max(self._due + 1 / step.fps, now - 1 / step.fps)
            await asyncio.sleep(max(0.0, self._due - now))
            picture = await asyncio.to_thread(self.eye.picture, step.width, step.height)
            if picture is not None:
                return self._framed(picture)

    def _framed(self, picture: Picture) -> av.VideoFrame:
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
        frame.pts = int((time.monotonic() - self._begun) * _PICTURE_CLOCK)
        frame.time_base = Fraction(1, _PICTURE_CLOCK)
        return frame


def sound_frame(sound: Sound, at: int) -> av.AudioFrame:
    """Return 20 ms of sound as FFmpeg has it; `at` samples since its beginning."""
    frame = av.AudioFrame.from_ndarray(sound[None, :], format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
    return frame


class Ears:
    """What came from one console: cut into our frames, a little of it kept ahead, the oldest dropped."""

    def __init__(self) -> None:
        self._rest: npt.NDArray[np.int16] = np.zeros(0, np.int16)
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        self.came = 0
        """Frames so far."""
        self.last_ns = 0
        """When the last one came, monotonic."""

    def hear(self, frame: av.AudioFrame) -> None:
        """Take what was decoded."""
        for one in self._resampler.resample(frame):
            more = np.asarray(one.to_ndarray(), np.int16).reshape(-1)
            self._rest = np.concatenate((self._rest, more))[-FRAME * _KEPT :]
        self.came += 1
        self.last_ns = time.monotonic_ns()

    def take(self) -> Sound:
        """Return the next 20 ms; silence when nothing is there."""
        if len(self._rest) < FRAME:
            return SILENCE
        frame, self._rest = self._rest[:FRAME], self._rest[FRAME:]
        return frame.astype(np.int16)
