"""Decodes access units, scales pictures to a pane, and makes a still of one (PyAV: FFmpeg's codecs, no network)."""

from dataclasses import dataclass
from fractions import Fraction

import av
import av.logging
import numpy as np
import numpy.typing as npt
from av.video.reformatter import Interpolation, VideoReformatter

from chengyun_core.video.rtsp.access_units import AccessUnit
from chengyun_core.video.rtsp.parameter_sets import LONGEST_SIDE, MOST_PIXELS
from chengyun_core.video.rtsp.sdp import Codec
from chengyun_core.wire.pane_memory import BYTES_PER_PIXEL, LARGEST_PICTURE

BEST_JPEG = "2"
"""Quantiser of a still; 2 is the finest of the scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled:
    """A picture for a pane."""

    pixels: npt.NDArray[np.uint8]
    """uint8[height, stride], BGRA."""
    width: int
    height: int


class Decoder:
    """One stream's decoder, on one thread: many small streams share the cores better that way."""

    def __init__(self, codec: Codec) -> None:
        av.logging.set_level(None)  # a hostile stream must not fill the log
        self._context = av.CodecContext.create(codec.value, "r")
        assert isinstance(self._context, av.VideoCodecContext)
        self._context.thread_count = 1
        self._context.options = {"max_pixels": str(MOST_PIXELS), "flags": "low_delay"}

    def pictures(self, unit: AccessUnit) -> list[av.VideoFrame]:
        """Return what an access unit completed; nothing for one that is garbage."""
        try:
            frames = self._context.decode(av.Packet(unit.data))
        except av.FFmpegError:
            return []
        return [frame for frame in frames if not frame.is_corrupt and _is_bearable(frame)]


class Scaler:
    """Scales pictures into a pane: their shape stays, and they never grow."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def scaled(self, frame: av.VideoFrame, width: int, height: int) -> Scaled:
        """Return a picture as BGRA that lies within so many pixels."""
        width, height = fitted(frame.width, frame.height, width, height)
        made = self._reformatter.reformat(frame, width, height, "bgra", interpolation=Interpolation.FAST_BILINEAR)
        plane = made.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[:height]
        return Scaled(pixels=rows, width=width, height=height)


def fitted(width: int, height: int, most_width: int, most_height: int) -> tuple[int, int]:
    """Return the size of a picture within a pane: of the same shape, not larger than it is, not below 16 pixels."""
    pixels = LARGEST_PICTURE // BYTES_PER_PIXEL
    scale = min(1.0, most_width / width, most_height / height, (pixels / (width * height)) ** 0.5)
    # Rows are padded to 64 bytes, so a picture at the limit needs a little room.
    return max(16, int(width * scale) & ~15), max(16, int(height * scale) & ~1)


def jpeg(frame: av.VideoFrame) -> bytes:
    """Return a picture at its own size. Raises av.FFmpegError when it cannot be encoded."""
    full = frame.reformat(format="yuvj420p")
    context = av.CodecContext.create("mjpeg", "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt = full.width, full.height, "yuvj420p"
    context.options = {"qmin": BEST_JPEG, "qmax": BEST_JPEG, "qscale": BEST_JPEG}
    context.framerate = Fraction(1)
    full.pts, full.pict_type = 0, 0
    return b"".join(bytes(packet) for packet in [*context.encode(full), *context.encode(None)])


def _is_bearable(frame: av.VideoFrame) -> bool:
    return 0 < frame.width <= LONGEST_SIDE and 0 < frame.height <= LONGEST_SIDE
