"""Eyes of a media worker: a camera, a file or a test card; pictures in any size, uint8[height, width, 3] RGB."""

from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from chengyun_core.model.failure import Trouble

Picture = npt.NDArray[np.uint8]


class Eye(Protocol):
    """Where our picture comes from."""

    def picture(self, width: int, height: int) -> Picture | None:
        """Return the picture of now in a size; None: there is none."""
        ...

    def close(self) -> None:
        """Let it go."""
        ...


class NoEye:
    """Stands where no picture is sent."""

    def picture(self, width: int, height: int) -> Picture | None:  # noqa: ARG002 - see Eye
        """Return nothing."""
        return None

    def close(self) -> None:
        """Nothing is held."""


class CardEye:
    """A test card: grey bars, and one that moves, so that a frozen picture can be told from a live one."""

    def __init__(self) -> None:
        self._drawn = 0

    def picture(self, width: int, height: int) -> Picture:
        """Draw the next one."""
        bars = (np.arange(width) * 8 // width * 24 + 32).astype(np.uint8)
        picture = np.repeat(np.repeat(bars[None, :, None], height, axis=0), 3, axis=2)
        at = self._drawn * 4 % max(1, width - 16)
        picture[height // 4 : height // 2, at : at + 16] = 230
        self._drawn += 1
        return picture

    def close(self) -> None:
        """Nothing is held."""


class FileEye:
    """A camera device or a video file, decoded by FFmpeg; a file begins anew at its end."""

    def __init__(self, address: str, *, is_device: bool) -> None:
        """Open it. Raises Trouble `room.no_camera`."""
        self._address, self._is_device = address, is_device
        self._open()

    def picture(self, width: int, height: int) -> Picture | None:
        """Return the next picture, scaled."""
        frame = next(self._frames, None)
        if frame is None and not self._is_device:
            self._container.close()
            self._open()
            frame = next(self._frames, None)
        if frame is None:
            return None
        return np.asarray(frame.reformat(width=width, height=height, format="rgb24").to_ndarray(), np.uint8)

    def close(self) -> None:
        """Let it go."""
        self._container.close()

    def _open(self) -> None:
        import av  # noqa: PLC0415 - FFmpeg; needed by a camera and by nothing before it

        try:
            options = {"framerate": "15", "video_size": "640x360"} if self._is_device else {}
            self._container: Any = av.open(self._address, format="v4l2" if self._is_device else None, options=options)
            self._frames = self._container.decode(video=0)
        except (OSError, ValueError, IndexError) as fault:  # FFmpegError is an OSError or a ValueError
            raise Trouble("room.no_camera", name=self._address, fault=str(fault)[:200]) from fault


def eye(spec: str) -> Eye:
    """Return the eye a spec of `orders.Begin` names. Raises Trouble `room.no_camera`."""
    kind, _, rest = spec.partition(":")
    match kind:
        case "none":
            return NoEye()
        case "card":
            return CardEye()
        case "device":
            return FileEye(rest or "/dev/video0", is_device=True)
        case "file" if Path(rest).is_file():
            return FileEye(rest, is_device=False)
    raise Trouble("room.no_camera", name=spec, fault="?")
