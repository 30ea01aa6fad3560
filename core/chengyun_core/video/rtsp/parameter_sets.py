"""Reads how large a stream's pictures are, before a decoder allocates one (H.264 7.3.2.1.1, H.265 7.3.2.2)."""

from chengyun_core.model.failure import Refused
from chengyun_core.video.rtsp.sdp import Codec

LONGEST_SIDE = 8192
MOST_PIXELS = 64 * 2**20
_HIGH_PROFILES = frozenset({44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244})
_MOST_LEADING_ZEROS = 31


class Malformed(Exception):  # noqa: N818 - read as a state of the bits
    """The bits are no parameter set."""


class _Bits:
    """Reads bits of a NAL unit from its front; raises Malformed at the end."""

    def __init__(self, nal: bytes) -> None:
        # Emulation prevention: 00 00 03 stands for 00 00.
        self._data = nal.replace(b"\x00\x00\x03", b"\x00\x00")
        self._at = 0

    def read(self, count: int) -> int:
        end = self._at + count
        if end > len(self._data) * 8:
            raise Malformed
        first, last = self._at // 8, -(-end // 8)
        value = int.from_bytes(self._data[first:last], "big") >> (last * 8 - end)
        self._at = end
        return value & ((1 << count) - 1)

    def unsigned(self) -> int:
        """Read an Exp-Golomb number, ue(v)."""
        zeros = 0
        while not self.read(1):
            zeros += 1
            if zeros > _MOST_LEADING_ZEROS:
                raise Malformed
        return (1 << zeros) - 1 + self.read(zeros)

    def signed(self) -> int:
        """Read se(v)."""
        number = self.unsigned()
        return (number + 1) // 2 if number % 2 else -(number // 2)


def size(codec: Codec, nal: bytes) -> tuple[int, int]:
    """Return width and height, in pixels as coded (before cropping), that a sequence parameter set announces.

    Raises:
        Malformed: it is none. Refused: the picture would be too large.
    """
    width, height = _h264_size(_Bits(nal[1:])) if codec is Codec.H264 else _hevc_size(_Bits(nal[2:]))
    if width > LONGEST_SIDE or height > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise Refused("video.too_large", width=width, height=height)
    if width < 1 or height < 1:
        raise Malformed
    return width, height


def _h264_size(bits: _Bits) -> tuple[int, int]:
    profile = bits.read(8)
    bits.read(16)  # constraints, level
    bits.unsigned()  # number of the set
    if profile in _HIGH_PROFILES:
        _skip_high(bits)
    bits.unsigned()  # log2 of frame numbers
    _skip_order(bits)
    bits.unsigned()  # reference pictures
    bits.read(1)
    width, rows = bits.unsigned() + 1, bits.unsigned() + 1
    is_frame = bits.read(1)
    return width * 16, rows * 16 * (2 - is_frame)


def _skip_high(bits: _Bits) -> None:
    chroma = bits.unsigned()
    if chroma == 3:
        bits.read(1)
    bits.unsigned()  # depth of luma
    bits.unsigned()  # depth of chroma
    bits.read(1)
    if bits.read(1):
        for number in range(12 if chroma == 3 else 8):
            if bits.read(1):
                _skip_scaling(bits, 16 if number < 6 else 64)


def _skip_scaling(bits: _Bits, count: int) -> None:
    last = following = 8
    for _ in range(count):
        if following:
            following = (last + bits.signed() + 256) % 256
        last = following or last


def _skip_order(bits: _Bits) -> None:
    kind = bits.unsigned()
    if kind == 0:
        bits.unsigned()
    elif kind == 1:
        bits.read(1)
        bits.signed()
        bits.signed()
        for _ in range(min(bits.unsigned(), 255)):
            bits.signed()


def _hevc_size(bits: _Bits) -> tuple[int, int]:
    bits.read(4)
    layers = bits.read(3)
    bits.read(1)
    _skip_profile(bits, layers)
    bits.unsigned()  # number of the set
    if bits.unsigned() == 3:
        bits.read(1)
    return bits.unsigned(), bits.unsigned()


def _skip_profile(bits: _Bits, layers: int) -> None:
    """profile_tier_level(1, layers)."""
    bits.read(88)
    bits.read(8)
    present = [(bits.read(1), bits.read(1)) for _ in range(layers)]
    if layers:
        bits.read(2 * (8 - layers))
    for has_profile, has_level in present:
        bits.read(88 * has_profile + 8 * has_level)
