"""Puts RTP payloads together into whole coded pictures (RFC 6184 for H.264, RFC 7798 for H.265)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from chengyun_core.video.rtsp import parameter_sets
from chengyun_core.video.rtsp.parameter_sets import Malformed
from chengyun_core.video.rtsp.rtp import Packet
from chengyun_core.video.rtsp.sdp import Codec, Track

LARGEST = 16 * 2**20
"""Bytes of one coded picture; a larger one is given up."""
START = b"\x00\x00\x00\x01"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessUnit:
    """One coded picture as the camera sent it."""

    data: bytes
    """Annex B: NAL units behind start codes."""
    timestamp: int
    """Of the stream's clock, 32 bits."""
    is_key: bool
    """Whether decoding may begin here; the parameter sets then stand in front."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Syntax:
    """What the assembler must know of a codec's NAL units."""

    header: int
    """Bytes of a NAL unit's header."""
    sequence_set: int
    sets: tuple[int, ...]
    """Types of the parameter sets, in the order in which they must stand."""
    keys: frozenset[int]
    pictures: range
    """Types that carry parts of pictures."""


_SYNTAX = {
    Codec.H264: _Syntax(header=1, sequence_set=7, sets=(7, 8), keys=frozenset({5}), pictures=range(1, 6)),
    Codec.HEVC: _Syntax(
        header=2, sequence_set=33, sets=(32, 33, 34), keys=frozenset(range(16, 22)), pictures=range(32)
    ),
}


def nal_type(codec: Codec, nal: bytes) -> int:
    """Return the type of a NAL unit that is not empty."""
    return nal[0] & 0x1F if codec is Codec.H264 else nal[0] >> 1 & 0x3F


@dataclass(slots=True)
class Assembler:
    """Packets in, access units out. After a loss nothing comes out until the next key picture: never a smeared one."""

    track: Track
    lost: int = 0
    """Packets that did not come, or were not to be understood."""
    _nals: list[bytes] = field(default_factory=list)
    _fragment: bytearray = field(default_factory=bytearray)
    _bytes: int = 0
    _timestamp: int | None = None
    _sequence: int | None = None
    _is_spoiled: bool = False
    """Whether a part of the picture that is being put together is missing."""
    _is_broken: bool = True
    """Whether the next picture must be a key one."""
    _sets: dict[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take the parameter sets that were told beforehand. Raises Refused when the picture is too large."""
        for nal in self.track.parameter_sets:
            self._keep(nal)

    def units(self, packet: Packet) -> Iterator[AccessUnit]:
        """Take a packet of the track; yield what became whole.

        Raises:
            Refused: the stream announces too large a picture.
        """
        if self._sequence is not None and packet.sequence != (self._sequence + 1) & 0xFFFF:
            self._lose()
            self._timestamp = packet.timestamp  # what was lost may be this picture's beginning: it is spoiled too
        self._sequence = packet.sequence
        if self._timestamp is not None and packet.timestamp != self._timestamp:
            yield from self._finished()  # its last packet bore no marker
        self._timestamp = packet.timestamp
        for nal in _nals(self.track.codec, packet.payload, self._fragment):
            self._take(nal)
        if packet.is_last:
            yield from self._finished()

    def _take(self, nal: bytes) -> None:
        self._bytes += len(nal)
        if not nal or self._bytes > LARGEST:
            self._lose()
            return
        if nal_type(self.track.codec, nal) in _SYNTAX[self.track.codec].sets:
            self._keep(nal)
        self._nals.append(nal)

    def _keep(self, nal: bytes) -> None:
        """Keep a parameter set, once its size is known to be bearable."""
        syntax, kind = _SYNTAX[self.track.codec], nal_type(self.track.codec, nal)
        try:
            if kind == syntax.sequence_set:
                parameter_sets.size(self.track.codec, nal)
        except Malformed:
            self._lose()
            return
        if kind in syntax.sets:
            self._sets[kind] = nal

    def _lose(self) -> None:
        self.lost += 1
        self._is_broken = self._is_spoiled = True
        self._nals.clear()
        self._fragment.clear()

    def _finished(self) -> Iterator[AccessUnit]:
        if self._fragment:  # its end was lost
            self._lose()
        nals, timestamp, is_spoiled = self._nals, self._timestamp, self._is_spoiled
        self._nals, self._bytes, self._timestamp, self._is_spoiled = [], 0, None, False
        syntax = _SYNTAX[self.track.codec]
        kinds = [nal_type(self.track.codec, nal) for nal in nals]
        if is_spoiled or timestamp is None or not any(kind in syntax.pictures for kind in kinds):
            return
        is_key = any(kind in syntax.keys for kind in kinds) and self._has_sets()
        if self._is_broken and not is_key:
            return
        self._is_broken = False
        missing = [self._sets[kind] for kind in syntax.sets if kind not in kinds] if is_key else []
        yield AccessUnit(data=_annex_b([*missing, *nals]), timestamp=timestamp, is_key=is_key)

    def _has_sets(self) -> bool:
        return all(kind in self._sets for kind in _SYNTAX[self.track.codec].sets)


def _annex_b(nals: Sequence[bytes]) -> bytes:
    return START + START.join(nals)


def _nals(codec: Codec, payload: bytes, fragment: bytearray) -> Iterator[bytes]:
    """Yield the whole NAL units of a payload; one of no bytes where it cannot be understood."""
    kind = nal_type(codec, payload)
    if codec is Codec.H264:
        match kind:
            case 24:
                yield from _aggregated(payload[1:])
            case 28:
                yield from _fragmented(codec, payload, fragment)
            case _:
                yield payload if 0 < kind < 24 else b""
    elif len(payload) < 2 or kind > 49:
        yield b""
    elif kind == 48:
        yield from _aggregated(payload[2:])
    elif kind == 49:
        yield from _fragmented(codec, payload, fragment)
    else:
        yield payload


def _aggregated(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        at += 2
        if not 0 < length <= len(data) - at:
            yield b""
            return
        yield data[at : at + length]
        at += length


def _fragmented(codec: Codec, payload: bytes, fragment: bytearray) -> Iterator[bytes]:
    """FU-A, FU: a first byte (or two) for all, one that says begin and end, then the piece."""
    header = _SYNTAX[codec].header
    if len(payload) < header + 2:
        yield b""
        return
    mark = payload[header]
    if mark & 0x80:
        fragment[:] = _fragment_head(codec, payload, mark)
    elif not fragment:  # its beginning was lost
        yield b""
        return
    fragment += payload[header + 1 :]
    if len(fragment) > LARGEST:
        fragment.clear()
        yield b""
    elif mark & 0x40:
        yield bytes(fragment)
        fragment.clear()


def _fragment_head(codec: Codec, payload: bytes, mark: int) -> bytes:
    if codec is Codec.H264:
        return bytes([payload[0] & 0xE0 | mark & 0x1F])
    return bytes([payload[0] & 0x81 | (mark & 0x3F) << 1, payload[1]])
