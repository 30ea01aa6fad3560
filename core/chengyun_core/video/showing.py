"""Turns one stream's access units into what its pane shows and tells: decoded, judged, scaled, kept for clips."""

import threading
import time
from dataclasses import dataclass

import av
import msgspec

from chengyun_core.model.clock import NS_PER_S, ProfileClock
from chengyun_core.model.failure import Reason, Trouble
from chengyun_core.video.decoding import Decoder, Scaler, jpeg
from chengyun_core.video.judging import PictureJudge
from chengyun_core.video.orders import Begin, Made, Told
from chengyun_core.video.pace import Pace
from chengyun_core.video.packet_ring import PacketRing, mp4
from chengyun_core.video.port import PaneState
from chengyun_core.video.rtsp.access_units import AccessUnit
from chengyun_core.video.rtsp.rtp import SenderReport, unwrapped
from chengyun_core.video.rtsp.sdp import Track
from chengyun_core.video.stream_clock import StreamClock
from chengyun_core.wire.pane_memory import PaneWriter

TELL_EVERY_NS = NS_PER_S // 4
LONGEST_CLIP_S = 120.0
BEHIND_FOR_NS = 3 * NS_PER_S
"""A stream that lags beyond `late_after_s` for so long is asked for anew: a new session begins with now."""
_MACHINE_CLOCK = ProfileClock()
"""Cameras keep the machine's time, whatever a drill's profile clock says."""
_THINNED = Reason(code="video.thinned")
_REASONS = {PaneState.FROZEN: Reason(code="video.frozen"), PaneState.BLACK: Reason(code="video.black")}


@dataclass(slots=True)
class _Newest:
    frame: av.VideoFrame
    came_ns: int


class Showing:
    """One pane's pictures. Fed by the stream's thread; stills and clips are made in another."""

    def __init__(self, writer: PaneWriter, rules: Begin, generation: int, width: int, height: int) -> None:
        self.size = (width, height)
        self.last_whole_ns = 0
        """When the newest whole picture came; 0: none since the connection began."""
        self._writer, self._rules, self._generation = writer, rules, generation
        self._scaler, self._lock = Scaler(), threading.Lock()
        self._newest: _Newest | None = None
        self._ring: PacketRing | None = None
        self._told = Told(epoch=rules.epoch, generation=generation, state=PaneState.CONNECTING, since_ns=0)
        self._told_ns = 0
        self._keep_until_ns = 0

    def begin(self, track: Track) -> None:
        """Make ready for a new connection's stream, whatever codec it has now."""
        with self._lock:
            self._ring = PacketRing(
                codec=track.codec, clock_rate=track.clock_rate, keep_ns=round(self._rules.pre_record_s * NS_PER_S),
                most_bytes=self._rules.pre_record_mib * 2**20,
            )  # fmt: skip
        self._told = msgspec.structs.replace(self._told, codec=track.codec.value)
        self._decoder = Decoder(track.codec)
        self._pace = Pace(track.clock_rate, self._rules.most_fps)
        self._judge = PictureJudge(
            round(self._rules.frozen_after_s * NS_PER_S), round(self._rules.black_after_s * NS_PER_S)
        )
        self._clock = StreamClock(track.clock_rate)
        self._behind_since_ns: int | None = None

    def take(self, unit: AccessUnit, report: SenderReport | None) -> None:
        """Take a coded picture. Raises Trouble `video.behind` when the stream does not catch up with itself."""
        now = time.monotonic_ns()
        ticks = self._clock.ticks(unit.timestamp, now)
        lag = self._pace.lag_ns(ticks, now)
        self._mind_lag(lag, now)
        with self._lock:
            assert self._ring is not None
            self._ring.add(unit, ticks, now)
        if self._pace.is_wanted(now, lag, is_key=unit.is_key):
            for frame in self._decoder.pictures(unit):
                self._show(frame, now - lag, is_key=unit.is_key)
        self._tell_of_picture(unit, report)

    def tell(self, state: PaneState, reason: Reason | None = None, **more: int) -> None:
        """Tell a state at once; `since_ns` goes on while it is the same."""
        now = time.monotonic_ns()
        since = self._told.since_ns if state is self._told.state and self._told_ns else now
        self._told = msgspec.structs.replace(self._told, state=state, reason=reason, since_ns=since, **more)
        self._told_ns = now
        self._writer.tell(msgspec.msgpack.encode(self._told))

    def still(self, number: int) -> Made:
        """Return the newest whole picture as an image. Raises Trouble."""
        with self._lock:
            newest = self._newest
        if newest is None:
            raise Trouble("video.no_picture")
        try:
            data = jpeg(newest.frame)
        except av.FFmpegError as fault:
            raise Trouble("video.no_still", reason=type(fault).__name__) from fault
        return Made(
            number=number, data=data, begin_ns=newest.came_ns, end_ns=newest.came_ns, width=newest.frame.width,
            height=newest.frame.height,
        )  # fmt: skip

    def keep_for(self, seconds: float, now_ns: int) -> None:
        """Have packets held so long that a clip that ends later still finds its beginning."""
        with self._lock:
            if self._ring is not None:
                self._ring.keep_ns = max(self._ring.keep_ns, round(seconds * NS_PER_S))
                self._keep_until_ns = max(self._keep_until_ns, now_ns + round(seconds * NS_PER_S))

    def clip(self, number: int, begin_ns: int, end_ns: int) -> Made:
        """Return what came in a time. Raises Trouble."""
        with self._lock:
            ring, told = self._ring, self._told
            kept = ring.since(begin_ns, end_ns) if ring is not None else []
            if ring is not None and time.monotonic_ns() >= self._keep_until_ns:
                ring.keep_ns = round(self._rules.pre_record_s * NS_PER_S)
        if ring is None or not kept:
            raise Trouble("video.no_clip", reason="–")
        data = mp4(ring.codec, ring.clock_rate, kept)
        return Made(
            number=number, data=data, begin_ns=kept[0].arrived_ns, end_ns=kept[-1].arrived_ns, width=told.width,
            height=told.height, codec=ring.codec.value, pictures=len(kept),
        )  # fmt: skip

    def _show(self, frame: av.VideoFrame, came_ns: int, *, is_key: bool) -> None:
        with self._lock:
            self._newest = _Newest(frame, came_ns)
        scaled = self._scaler.scaled(frame, *self.size)
        state = self._judge.state(scaled.pixels, scaled.width, time.monotonic_ns(), is_key=is_key)
        self._writer.put(scaled.pixels, scaled.width, came_ns)
        self.last_whole_ns = time.monotonic_ns()
        self._pace.showed(self.last_whole_ns)
        reason = _REASONS.get(state) or (_THINNED if self._pace.is_thinned else None)
        if state is not self._told.state or reason != self._told.reason or frame.width != self._told.width:
            self.tell(
                state, reason, width=frame.width, height=frame.height, attempt=0, next_try_ns=0
            )  # fmt: skip

    def _mind_lag(self, lag_ns: int, now_ns: int) -> None:
        if lag_ns < self._rules.late_after_s * NS_PER_S:
            self._behind_since_ns = None
        elif self._behind_since_ns is None:
            self._behind_since_ns = now_ns
        elif now_ns - self._behind_since_ns > BEHIND_FOR_NS:
            raise Trouble("video.behind", seconds=f"{lag_ns / NS_PER_S:.1f}")

    def _tell_of_picture(self, unit: AccessUnit, report: SenderReport | None) -> None:
        now = time.monotonic_ns()
        if not self.last_whole_ns or now - self._told_ns < TELL_EVERY_NS:
            return
        told, fps = self._told, round(self._pace.fps(now), 1)
        latency = self._latency_ms(unit, report)
        self._told = msgspec.structs.replace(told, fps=fps, latency_ms=latency)
        self.tell(told.state, told.reason)

    def _latency_ms(self, unit: AccessUnit, report: SenderReport | None) -> float | None:
        """Return how long ago the camera says it took the picture; None where its clock cannot be ours."""
        if report is None:
            return None
        ticks = unwrapped(unit.timestamp, report.timestamp) - report.timestamp
        taken_ns = report.utc_ns + ticks * NS_PER_S // self._clock.clock_rate
        latency_ns = _MACHINE_CLOCK.utc_ns() - taken_ns
        return latency_ns / 1e6 if 0 <= latency_ns < 30 * NS_PER_S else None
