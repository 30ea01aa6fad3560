"""One peer connection: our voice and picture out, theirs in, and how it goes. Host candidates only, nothing outside.

Whether it is to a console or to a plugin of the relay, the line does not know.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

from chengyun_core.rtc.degradation import Level, Link, judged
from chengyun_core.rtc.tracks import Ears, PictureTrack, VoiceTrack
from chengyun_core.rtc.voice_buffer import listen_through_gaps

LOST_NS = 3 * 10**9
"""Nothing came for so long: the line counts as lost, long before ICE gives it up (30 s)."""
Shown = Callable[[Any], None]
"""Takes a decoded picture (av.VideoFrame)."""


class Line:
    """A connection with what goes through it."""

    def __init__(self, voice: VoiceTrack | None, picture: PictureTrack | None, shown: Shown) -> None:
        # Without servers aiortc asks a public STUN server by default: an empty list keeps it on our own networks.
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.voice, self.picture, self._shown = voice, picture, shown
        self.ears = Ears()
        self.pictures, self.link = 0, Link()
        self.loss, self.round_trip_ms = 0.0, 0.0
        self._begun_ns = time.monotonic_ns()
        self._tasks: set[asyncio.Task[None]] = set()
        self.connection.on("track", self._track)
        for track in (voice, picture):
            if track is not None:
                self.connection.addTrack(track)

    async def offered(self) -> str:
        """Return our offer, candidates and all."""
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def answered(self, offer: str) -> str:
        """Return our answer to an offer. Raises ValueError for what is none."""
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp=offer, type="offer"))
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        return str(self.connection.localDescription.sdp)

    async def accept(self, answer: str) -> None:
        """Take the answer to our offer. Raises ValueError for what is none."""
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))

    def state(self) -> str:
        """Return `connecting`, `connected`, `lost` or `closed`."""
        state = str(self.connection.connectionState)
        if state in ("closed", "failed"):
            return "closed" if state == "closed" else "lost"
        if state != "connected":
            return "connecting"
        silence = time.monotonic_ns() - max(self.ears.last_ns, self._begun_ns)
        return "lost" if self.voice is not None and silence > LOST_NS else "connected"

    async def judge(self, late_ms: float) -> Level:
        """Look at the figures, set what of our picture is sent, and return it."""
        for told in (await self.connection.getStats()).values():
            if told.type == "remote-inbound-rtp":
                # RTCP counts in 256ths.
                self.loss = max(0.0, told.fractionLost / 256)
                self.round_trip_ms = 1000 * (told.roundTripTime or 0.0)
        self.link = judged(self.link, self.loss, self.round_trip_ms, late_ms, time.monotonic_ns())
        if self.picture is not None:
            self.picture.level = self.link.level
        return self.link.level

    async def close(self) -> None:
        """End it and all that read from it."""
        await self.connection.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _track(self, track: Any) -> None:
        if track.kind == "audio":
            for receiver in self.connection.getReceivers():
                if receiver.track is track:
                    listen_through_gaps(receiver)
        reading = self._hear(track) if track.kind == "audio" else self._see(track)
        task = asyncio.get_running_loop().create_task(reading)
        self._tasks.add(task)

    async def _hear(self, track: Any) -> None:
        with contextlib.suppress(MediaStreamError):  # the line was closed
            while True:
                self.ears.hear(await track.recv())

    async def _see(self, track: Any) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                self.pictures += 1
                self._shown(frame)
