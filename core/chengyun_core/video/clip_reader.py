"""Reads one clip picture by picture: on in its order, back and anywhere by the key picture before."""

import io
from bisect import bisect_right
from collections.abc import Iterator

import av

from chengyun_core.model.failure import Trouble
from chengyun_core.video.rtsp.parameter_sets import LONGEST_SIDE, MOST_PIXELS

READERS = {"video/mp4": "mov", "video/x-matroska": "matroska"}
"""Media of a kept clip → the one reader that may look at it."""
MOST_PICTURES = 60 * 60 * 11
"""Ten minutes at sixty a second, the longest clip that is kept, and a little."""


class ClipReader:
    """Of one thread. Coded pictures that are damaged are left out; the one before them stands in their place."""

    def __init__(self, data: bytes | memoryview, media: str) -> None:
        """Read where the pictures are; none is decoded yet.

        Raises:
            Trouble: `video.clip_damaged`, it cannot be read; `video.clip_long`, it has more pictures than a clip may.
        """
        self._data, self._form = data, READERS[media]
        try:
            self._open()
            self._index()
        except (av.FFmpegError, ValueError, IndexError) as fault:
            raise Trouble("video.clip_damaged", reason=type(fault).__name__) from fault

    def picture(self, at: int) -> av.VideoFrame:
        """Return the picture at a place, the nearest there is where the clip is damaged.

        Raises:
            Trouble: `video.clip_damaged`, nothing can be decoded there.
        """
        wanted = self._shown[max(0, min(at, len(self._shown) - 1))]
        try:
            return self._reached(wanted)
        except av.FFmpegError as fault:
            raise Trouble("video.clip_damaged", reason=type(fault).__name__) from fault

    @property
    def times_s(self) -> tuple[float, ...]:
        """Return when each picture is shown, seconds from the first."""
        base = float(self._stream.time_base or 0)
        return tuple((shown - self._shown[0]) * base for shown in self._shown)

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height of its pictures, as its head says."""
        return self._stream.codec_context.width, self._stream.codec_context.height

    @property
    def codec(self) -> str:
        """Return the name of its codec."""
        return self._stream.codec_context.name

    def _open(self) -> None:
        self._file = av.open(io.BytesIO(self._data), "r", format=self._form)
        self._stream = self._file.streams.video[0]
        context = self._stream.codec_context
        context.thread_count = 1
        context.options = {"max_pixels": str(MOST_PIXELS)}
        if not (0 < context.width <= LONGEST_SIDE and 0 < context.height <= LONGEST_SIDE):
            raise ValueError("size")

    def _index(self) -> None:
        """Learn when each picture is shown and which are key pictures, without decoding."""
        shown, keys = [], []
        for packet in self._file.demux(self._stream):
            if packet.pts is None or packet.size == 0:
                continue
            shown.append(packet.pts)
            if packet.is_keyframe:
                keys.append(packet.pts)
            if len(shown) > MOST_PICTURES:
                raise Trouble("video.clip_long", most=MOST_PICTURES)
        if not shown or not keys:
            raise ValueError("no picture")
        self._shown, self._keys = sorted(set(shown)), sorted(set(keys))
        self._last: av.VideoFrame | None = None
        self._go_to(self._shown[0])

    def _reached(self, wanted: int) -> av.VideoFrame:
        """Decode on to a time of the stream; go back, or far on, by the key picture before it."""
        key = self._keys[max(0, bisect_right(self._keys, wanted) - 1)]
        at = self._last.pts if self._last is not None and self._last.pts is not None else None
        if at is None or at > wanted or at < key:
            self._go_to(key)
        elif at == wanted and self._last is not None:
            return self._last
        for frame in self._frames:
            self._last = frame
            if frame.pts is not None and frame.pts >= wanted:
                break
        if self._last is None:
            raise Trouble("video.clip_damaged", reason="no picture")
        return self._last

    def _go_to(self, shown: int) -> None:
        self._file.seek(shown, backward=True, stream=self._stream)
        self._last, self._frames = None, self._decoded()

    def _decoded(self) -> Iterator[av.VideoFrame]:
        for packet in self._file.demux(self._stream):
            try:
                yield from packet.decode()
            except av.InvalidDataError:
                continue  # as in a stream: what is garbage is left out
