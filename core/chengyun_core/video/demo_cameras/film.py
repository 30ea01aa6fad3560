"""A loop cut into RTP packets once; afterwards only numbers and times are written in front of them."""

import base64
import struct
from dataclasses import dataclass, field
from fractions import Fraction

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.video.demo_cameras.encoding import Loop
from chengyun_core.video.rtsp.rtp import NTP_TO_UNIX_S

CLOCK_RATE = 90_000
PAYLOAD_TYPE = 96
LONGEST_PAYLOAD = 1400
_START = b"\x00\x00\x01"
_HEAD = struct.Struct(">BBHBBHII")
_REPORT = struct.Struct(">BBHBBHIIIIII")
_MARKER = 0x80


@dataclass(slots=True)
class Film:
    """One loop. Pictures are numbered from the Unix epoch on, so that every server and client agrees on them."""

    loop: Loop
    source: int
    """SSRC."""
    _payloads: list[list[bytes]] = field(init=False)
    _firsts: list[int] = field(init=False)
    """Sequence number of each picture's first packet, within the loop."""
    _packets: int = field(init=False)
    _rate: Fraction = field(init=False)

    def __post_init__(self) -> None:
        """Cut it."""
        self._rate = Fraction(self.loop.fps).limit_denominator(1000)
        self._payloads = [cut(unit.data) for unit in self.loop.units]
        self._firsts, self._packets = [], 0
        for payloads in self._payloads:
            self._firsts.append(self._packets)
            self._packets += len(payloads)

    def number_at(self, utc_ns: int) -> int:
        """Return the picture of an instant."""
        return utc_ns * self._rate.numerator // (NS_PER_S * self._rate.denominator)

    def key_before(self, number: int) -> int:
        """Return the last key picture up to a picture."""
        count = len(self.loop.units)
        return next(earlier for earlier in range(number, number - count, -1) if self.loop.units[earlier % count].is_key)

    def is_key(self, number: int) -> bool:
        """Return whether one may join here."""
        return self.loop.units[number % len(self.loop.units)].is_key

    def packets(self, number: int) -> bytes:
        """Return a picture as interleaved packets on channel 0."""
        turn, place = divmod(number, len(self._payloads))
        payloads, sequence = self._payloads[place], turn * self._packets + self._firsts[place]
        timestamp, last = self.timestamp(number), len(payloads) - 1
        return b"".join(
            _HEAD.pack(
                0x24, 0, 12 + len(payload), 0x80, PAYLOAD_TYPE | (_MARKER if part == last else 0),
                (sequence + part) & 0xFFFF, timestamp, self.source,
            )
            + payload
            for part, payload in enumerate(payloads)
        )  # fmt: skip

    def timestamp(self, number: int) -> int:
        """Return when a picture is shown, in the stream's clock."""
        return number * CLOCK_RATE * self._rate.denominator // self._rate.numerator & 0xFFFFFFFF

    def report(self, number: int) -> bytes:
        """Return a sender's report that tells when a picture was taken, interleaved on channel 1."""
        utc_ns = number * NS_PER_S * self._rate.denominator // self._rate.numerator
        seconds, rest = divmod(utc_ns, NS_PER_S)
        return _REPORT.pack(
            0x24, 1, 28, 0x80, 200, 6, self.source, (seconds + NTP_TO_UNIX_S) & 0xFFFFFFFF,
            (rest << 32) // NS_PER_S, self.timestamp(number), 0, 0,
        )  # fmt: skip

    def description(self) -> str:
        """Return the session description."""
        sets = [nal for nal in nals(self.loop.units[0].data) if nal[0] & 0x1F in {7, 8}]
        told = ",".join(base64.b64encode(nal).decode("ascii") for nal in sets)
        return "\r\n".join((
            "v=0", f"o=- {self.source} 1 IN IP4 0.0.0.0", "s=Chengyun demo camera", "t=0 0", "a=control:*",
            f"m=video 0 RTP/AVP {PAYLOAD_TYPE}", "c=IN IP4 0.0.0.0", f"a=rtpmap:{PAYLOAD_TYPE} H264/{CLOCK_RATE}",
            f"a=fmtp:{PAYLOAD_TYPE} packetization-mode=1;sprop-parameter-sets={told}", "a=control:track=0", "",
        ))  # fmt: skip


def nals(data: bytes) -> list[bytes]:
    """Return the NAL units of an Annex B stream."""
    parts = data.split(_START)[1:]
    return [part.rstrip(b"\x00") if more else part for part, more in zip(parts, [*parts[1:], b""], strict=True)]


def cut(data: bytes) -> list[bytes]:
    """Return the RTP payloads of a coded picture: NAL units, or their pieces (FU-A)."""
    payloads: list[bytes] = []
    for nal in nals(data):
        if len(nal) <= LONGEST_PAYLOAD:
            payloads.append(nal)
            continue
        pieces = [nal[at : at + LONGEST_PAYLOAD] for at in range(1, len(nal), LONGEST_PAYLOAD)]
        for number, piece in enumerate(pieces):
            mark = (0x80 if not number else 0) | (0x40 if number == len(pieces) - 1 else 0)
            payloads.append(bytes([nal[0] & 0xE0 | 28, mark | nal[0] & 0x1F]) + piece)
    return payloads
