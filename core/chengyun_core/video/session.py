"""One connection of one stream: the talk with the camera, then access units until it ends."""

import secrets
import time
from collections.abc import Callable, Iterator

from chengyun_core.model.failure import Trouble
from chengyun_core.video.connection import Connection
from chengyun_core.video.rtsp import rtp
from chengyun_core.video.rtsp.access_units import AccessUnit, Assembler
from chengyun_core.video.rtsp.credentials import Credentials
from chengyun_core.video.rtsp.dialogue import Dialogue
from chengyun_core.video.rtsp.rtp import SenderReport
from chengyun_core.video.rtsp.sdp import Track
from chengyun_core.video.rtsp.splitting import Interleaved, Message, Splitter

TALK_S = 4.0
"""From the connection to the answer to PLAY; a camera that drips its answers is given up then."""
STEP_S = 0.25
"""The longest wait for bytes, so that signs of life and limits are minded."""
MOST_STRANGE = 200
"""Packets of another payload type in a row after which the track is another one: it is described anew."""


class Session:
    """Yields access units; whoever iterates may stop at any step."""

    def __init__(self, connection: Connection, url: str, user: str, password: str) -> None:
        credentials = Credentials(user=user, password=password, make_nonce=lambda: secrets.token_hex(8))
        self._connection, self._dialogue, self._splitter = connection, Dialogue(url, credentials), Splitter()
        self._begun = self._spoke = time.monotonic()
        self._assembler: Assembler | None = None
        self._strange = 0
        self.report: SenderReport | None = None
        """What the camera last told of its clock."""

    @property
    def track(self) -> Track:
        """Return the track that is played; there is one once a unit came."""
        assert self._dialogue.track is not None
        return self._dialogue.track

    def units(self, mind: Callable[[], None]) -> Iterator[AccessUnit]:
        """Talk and then yield what comes; `mind` is called at least every STEP_S.

        Raises:
            Refused, Trouble: the camera refused, or the connection failed.
        """
        self._say(self._dialogue.begin())
        while True:
            mind()
            self._mind_time()
            for piece in self._splitter.pieces(self._connection.read(STEP_S)):
                if isinstance(piece, Message):
                    self._say(self._dialogue.took(piece))
                else:
                    yield from self._taken(piece)

    def farewell(self) -> None:
        """Tell the camera that we go, so that it need not wait for our silence."""
        if self._dialogue.is_playing:
            self._say(self._dialogue.farewell())

    def _taken(self, piece: Interleaved) -> Iterator[AccessUnit]:
        if not self._dialogue.is_playing or self._dialogue.track is None:
            return
        if piece.channel == self._dialogue.channel + 1:
            self.report = rtp.sender_report(piece.data) or self.report
        elif piece.channel == self._dialogue.channel:
            packet = rtp.packet(piece.data)
            if packet is None or packet.payload_type != self.track.payload_type:
                self._stranger()
                return
            self._strange = 0
            self._assembler = self._assembler or Assembler(self.track)
            yield from self._assembler.units(packet)

    def _stranger(self) -> None:
        self._strange += 1
        if self._strange > MOST_STRANGE:
            raise Trouble("video.other_track")

    def _say(self, request: bytes) -> None:
        if request:
            self._connection.send(request)
            self._spoke = time.monotonic()

    def _mind_time(self) -> None:
        now = time.monotonic()
        if not self._dialogue.is_playing:
            if now - self._begun > TALK_S:
                raise Trouble("video.slow_answer", seconds=f"{TALK_S:g}")
        elif now - self._spoke > self._dialogue.life_s / 2:
            self._say(self._dialogue.sign_of_life())
