"""A copy of a still or a clip with words burnt in, for what leaves the house; the original stays as it came.

Words are capitals, digits and signs of our own letters (video.demo_cameras.glyphs): who, when, which, and the hash.
Decodes in the process that calls it: the command line's, which shows nothing and holds nothing else, and for a
console one that reads this file alone (video.clip_worker).
"""

import io
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt

from chengyun_core.model.failure import Trouble
from chengyun_core.video.demo_cameras import glyphs

Picture = npt.NDArray[np.uint8]
MOST_PIXELS = 8192 * 8192
MOST_FRAMES = 60 * 60 * 30
"""Of one clip: ten minutes at sixty a second, and room."""
DIM = 0.45
"""How much of the picture's brightness is left beneath the line of words."""
_STILLS = {"image/png": ("png_pipe", "png", "rgb24"), "image/jpeg": ("jpeg_pipe", "mjpeg", "yuvj420p")}
_CLIPS = {"video/mp4": "mp4", "video/x-matroska": "matroska"}
_READERS = {"mp4": "mov", "matroska": "matroska"}
_TELLS = 100
_ENCODER = {"preset": "veryfast", "crf": "23", "threads": "1"}


def marked(data: bytes, media: str, lines: Sequence[str], told: Callable[[float], None] | None = None) -> bytes:
    """Return the copy, of the same media; `told` hears how much of it is made, 0 … 1, some hundred times at most.

    Raises:
        Trouble: `evidence.cannot_mark`, the bytes cannot be read as what they are said to be.
    """
    try:
        if media in _STILLS:
            return _still(data, media, lines)
        if media in _CLIPS:
            return _clip(data, _CLIPS[media], lines, told or _nobody)
    except (av.FFmpegError, ValueError, EOFError) as fault:
        raise Trouble("evidence.cannot_mark", media=media, reason=type(fault).__name__) from fault
    raise Trouble("evidence.cannot_mark", media=media, reason=media)


def _nobody(_share: float) -> None:
    """Nobody waits to hear it."""


def burnt(picture: Picture, lines: Sequence[str]) -> Picture:
    """Return a picture (uint8[h, w, 3]) with lines of white letters on darkened ground at its lower left."""
    height, width = picture.shape[:2]
    longest = max((len(line) for line in lines), default=1)
    scale = max(1, min(width // (6 * longest + 12), height // (9 * len(lines) + 9)))
    out = picture.copy()
    for number, line in enumerate(reversed(lines)):
        dots = glyphs.text(line, scale)[:, : width - 2 * scale]
        bottom = height - scale - number * 9 * scale
        band = out[max(0, bottom - 8 * scale) : bottom, : dots.shape[1] + 2 * scale]
        band[:] = (band * DIM).astype(np.uint8)
        target = out[bottom - 8 * scale + scale // 2 :, scale : scale + dots.shape[1]][: dots.shape[0]]
        target[dots[: target.shape[0]]] = 255
    return out


def _still(data: bytes, media: str, lines: Sequence[str]) -> bytes:
    reader, codec, form = _STILLS[media]
    with av.open(io.BytesIO(data), "r", format=reader) as source:
        picture = next(_pictures(source), None)
    if picture is None:
        raise ValueError("no picture")
    context = av.CodecContext.create(codec, "w")
    assert isinstance(context, av.VideoCodecContext)
    context.height, context.width = picture.shape[:2]
    context.pix_fmt, context.time_base = form, Fraction(1, 1)
    frame = av.VideoFrame.from_ndarray(burnt(picture, lines), format="rgb24").reformat(format=form)
    return b"".join(bytes(packet) for packet in (*context.encode(frame), *context.encode(None)))


def _clip(data: bytes, container: str, lines: Sequence[str], told: Callable[[float], None]) -> bytes:
    out = io.BytesIO()
    with (
        av.open(io.BytesIO(data), "r", format=_READERS[container]) as source,
        av.open(out, "w", format=container) as copy,
    ):
        stream: av.VideoStream | None = None
        rate = source.streams.video[0].average_rate or Fraction(25)
        frames = source.streams.video[0].frames
        for number, picture in enumerate(_pictures(source)):
            if stream is None:
                stream = copy.add_stream("libx264", rate=rate, options=dict(_ENCODER))
                # H.264 in 4:2:0 has even sides; a row or column more is not missed.
                stream.height, stream.width = (side - side % 2 for side in picture.shape[:2])
                stream.pix_fmt = "yuv420p"
            even = np.ascontiguousarray(burnt(picture, lines)[: stream.height, : stream.width])
            frame = av.VideoFrame.from_ndarray(even, format="rgb24")
            frame.pts, frame.time_base = number, 1 / rate
            copy.mux(stream.encode(frame))
            if frames and number % max(1, frames // _TELLS) == 0:
                told(min(1.0, number / frames))
        if stream is None:
            raise ValueError("no picture")
        copy.mux(stream.encode(None))
    return out.getvalue()


def _pictures(source: "av.container.InputContainer") -> Iterator[Picture]:
    if not source.streams.video:
        raise ValueError("no video")
    source.streams.video[0].thread_type = "NONE"
    for number, frame in enumerate(source.decode(video=0)):
        if frame.width * frame.height > MOST_PIXELS or number >= MOST_FRAMES:
            raise ValueError("too large")
        yield np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)
