"""Holds the last seconds of a stream as they came, from a key picture on, and makes an MP4 file of a part of them."""

import io
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import av

from chengyun_core.model.failure import Trouble
from chengyun_core.video.rtsp.access_units import AccessUnit
from chengyun_core.video.rtsp.sdp import Codec


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One access unit."""

    unit: AccessUnit
    ticks: int
    """When it is shown, by the stream's clock."""
    arrived_ns: int


@dataclass(slots=True, kw_only=True)
class PacketRing:
    """Bounded by time and bytes; the oldest group of pictures goes as a whole, so the first picture is a key one."""

    codec: Codec
    clock_rate: int
    keep_ns: int
    most_bytes: int
    _kept: deque[Kept] = field(default_factory=deque)
    _keys: deque[int] = field(default_factory=deque)
    """When each key picture in the ring came."""
    _bytes: int = 0

    def add(self, unit: AccessUnit, ticks: int, arrived_ns: int) -> None:
        """Keep a unit that is shown at `ticks` of the stream's clock, and forget what is older than needed."""
        if not self._kept and not unit.is_key:
            return
        self._kept.append(Kept(unit=unit, ticks=ticks, arrived_ns=arrived_ns))
        self._bytes += len(unit.data)
        if unit.is_key:
            self._keys.append(arrived_ns)
        while self._is_first_group_needless(arrived_ns):
            self._drop_group()

    def since(self, begin_ns: int, end_ns: int) -> list[Kept]:
        """Return what came in a time, from the last key picture at or before its begin on (or the first there is)."""
        begin = max((key for key in self._keys if key <= begin_ns), default=self._keys[0] if self._keys else 0)
        return [kept for kept in self._kept if begin <= kept.arrived_ns <= end_ns]

    def _is_first_group_needless(self, now_ns: int) -> bool:
        if len(self._keys) < 2:
            # One group larger than the whole ring: nothing can be kept of it without its beginning.
            return bool(self._keys) and self._bytes > self.most_bytes
        return self._bytes > self.most_bytes or self._keys[1] <= now_ns - self.keep_ns

    def _drop_group(self) -> None:
        self._keys.popleft()
        while self._kept:
            self._bytes -= len(self._kept.popleft().unit.data)
            if self._kept and self._kept[0].unit.is_key:
                return


def mp4(codec: Codec, clock_rate: int, kept: Sequence[Kept]) -> bytes:
    """Return an MP4 file of access units, their bits untouched.

    Raises:
        Trouble: `video.no_clip`, when there is no key picture among them or they cannot be put into a file.
    """
    try:
        return _muxed(codec, clock_rate, kept)
    except (av.FFmpegError, IndexError, ValueError) as fault:
        raise Trouble("video.no_clip", reason=type(fault).__name__) from fault


def _muxed(codec: Codec, clock_rate: int, kept: Sequence[Kept]) -> bytes:
    head = io.BytesIO(b"".join(entry.unit.data for entry in kept[:2]))
    out = io.BytesIO()
    base = Fraction(1, clock_rate)
    # The file's head wants what the parameter sets say; FFmpeg's own reader of bare streams knows it.
    with av.open(head, "r", format=codec.value) as told, av.open(out, "w", format="mp4") as file:
        stream = file.add_stream_from_template(told.streams.video[0])
        stream.time_base = base
        for entry, (shown, decoded) in zip(kept, _times([entry.ticks for entry in kept]), strict=True):
            packet = av.Packet(entry.unit.data)
            packet.stream, packet.time_base, packet.is_keyframe = stream, base, entry.unit.is_key
            packet.pts, packet.dts = shown, decoded
            file.mux(packet)
    return out.getvalue()


def _times(ticks: Sequence[int]) -> list[tuple[int, int]]:
    """Return when each picture is shown and decoded: in the stream's order, and none shown before it is decoded."""
    ordered = sorted(ticks)
    delay = max(early - shown for early, shown in zip(ordered, ticks, strict=True))
    return [(shown - ordered[0], early - delay - ordered[0]) for early, shown in zip(ordered, ticks, strict=True)]
