"""How large a stream's pictures are, read before a decoder is told of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.failure import Refused
from chengyun_core.video.demo_cameras.film import nals
from chengyun_core.video.rtsp.parameter_sets import LONGEST_SIDE, MOST_PIXELS, Malformed, size
from chengyun_core.video.rtsp.sdp import Codec
from tests.core.video.rtsp.test_access_units import hevc_units
from tests.support.hostile_cameras import giant_sps, loop


@pytest.mark.parametrize(("width", "height"), [(320, 180), (160, 90), (1280, 720), (352, 288)])
def test_that_what_x264_announces_is_read(width: int, height: int) -> None:
    (sps,) = (nal for nal in nals(loop(width, height).units[0].data) if nal[0] & 0x1F == 7)
    assert size(Codec.H264, sps) == (-(-width // 16) * 16, -(-height // 16) * 16)


def test_that_what_x265_announces_is_read() -> None:
    (sps,) = (nal for nal in nals(next(hevc_units())) if nal[0] >> 1 & 0x3F == 33)
    assert size(Codec.HEVC, sps) == (128, 128)


@given(st.integers(1, 4096), st.integers(1, 4096))
def test_that_every_size_is_read_or_refused(columns: int, rows: int) -> None:
    width, height = columns * 16, rows * 16
    if width > LONGEST_SIDE or height > LONGEST_SIDE or width * height > MOST_PIXELS:
        with pytest.raises(Refused, match=r"video\.too_large"):
            size(Codec.H264, giant_sps(width, height))
    else:
        assert size(Codec.H264, giant_sps(width, height)) == (width, height)


@given(st.binary(max_size=60), st.sampled_from(list(Codec)))
def test_that_garbage_is_malformed_refused_or_bearable(data: bytes, codec: Codec) -> None:
    try:
        width, height = size(codec, b"\x67\x01" + data)
    except (Malformed, Refused):
        return
    assert 0 < width <= LONGEST_SIDE
    assert 0 < height <= LONGEST_SIDE
