"""Writes what a room said into an Ogg Opus file: some 14 MB an hour, playable anywhere."""

from pathlib import Path

import av

from chengyun_core.model.failure import Trouble
from chengyun_core.rtc.sound import FRAME, RATE, Sound
from chengyun_core.rtc.tracks import sound_frame

BITS_A_SECOND = 32_000


class Recorder:
    """One recording. Frames come every 20 ms; what was silent is in it as silence, so that its times are true."""

    def __init__(self, path: Path) -> None:
        """Begin the file. Raises Trouble `room.not_recorded`."""
        self.path, self._frames = path, 0
        try:
            self._container = av.open(str(path), "w", format="ogg")
            self._stream = self._container.add_stream("libopus", rate=RATE, layout="mono")
            self._stream.bit_rate = BITS_A_SECOND
        except (OSError, ValueError) as fault:  # FFmpegError is one of both
            raise Trouble("room.not_recorded", path=path, fault=str(fault)[:200]) from fault

    @property
    def seconds(self) -> float:
        """Return how much was recorded."""
        return self._frames * FRAME / RATE

    def put(self, sound: Sound) -> None:
        """Add a frame. Raises Trouble `room.not_recorded` when the disk is full."""
        try:
            self._container.mux(self._stream.encode(sound_frame(sound, self._frames * FRAME)))
        except (OSError, ValueError) as fault:
            raise Trouble("room.not_recorded", path=self.path, fault=str(fault)[:200]) from fault
        self._frames += 1

    def close(self) -> int:
        """Finish the file and return its size in bytes."""
        self._container.mux(self._stream.encode(None))
        self._container.close()
        return self.path.stat().st_size
