"""A loop's packets: the same for everybody, numbered on without end, taken apart again by a camera's reader."""

import base64
import itertools

from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.video.demo_cameras.film import Film, cut, nals
from chengyun_core.video.rtsp import rtp
from chengyun_core.video.rtsp.access_units import Assembler
from chengyun_core.video.rtsp.sdp import Codec, video_track
from chengyun_core.video.rtsp.splitting import Interleaved, Splitter
from tests.support.hostile_cameras import FPS, loop


def film() -> Film:
    return Film(loop(), 77)


def packets(data: bytes) -> list[rtp.Packet]:
    pieces = list(Splitter().pieces(data))
    assert all(isinstance(piece, Interleaved) and piece.channel == 0 for piece in pieces)
    found = [rtp.packet(piece.data) for piece in pieces if isinstance(piece, Interleaved)]
    return [packet for packet in found if packet is not None]


@given(st.integers(0, 2**34))
def test_that_numbers_and_times_go_on_from_picture_to_picture(number: int) -> None:
    made = film()
    first, second = packets(made.packets(number)), packets(made.packets(number + 1))
    sequences = [packet.sequence for packet in (*first, *second)]
    assert all(after == (before + 1) & 0xFFFF for before, after in itertools.pairwise(sequences))
    assert [packet.is_last for packet in first] == [False] * (len(first) - 1) + [True]
    assert rtp.unwrapped(second[0].timestamp, first[0].timestamp) - first[0].timestamp == 90_000 / FPS


def test_that_a_camera_s_reader_gets_the_loop_back_over_its_seam() -> None:
    made = film()
    track, _ = video_track(made.description(), "rtsp://x/")
    assembler = Assembler(track)
    units = [
        unit
        for number in range(1200, 1230)
        for packet in packets(made.packets(number))
        for unit in assembler.units(packet)
    ]
    assert [nals(unit.data) for unit in units] == [nals(loop().units[number % 12].data) for number in range(1200, 1230)]


def test_that_a_description_tells_what_a_decoder_needs() -> None:
    track, whole = video_track(film().description(), "rtsp://x/cam/1/")
    assert (track.codec, track.control, whole) == (Codec.H264, "rtsp://x/cam/1/track=0", "rtsp://x/cam/1/")
    assert {nal[0] & 0x1F for nal in track.parameter_sets} == {7, 8}
    assert base64.b64encode(track.parameter_sets[0]).decode() in film().description()


def test_that_a_report_tells_when_a_picture_was_taken() -> None:
    made, now = film(), 1_795_325_000 * NS_PER_S
    number = made.number_at(now)
    (piece,) = Splitter().pieces(made.report(number))
    assert isinstance(piece, Interleaved)
    report = rtp.sender_report(piece.data)
    assert report is not None
    assert report.timestamp == made.timestamp(number)
    assert 0 <= now - report.utc_ns < NS_PER_S / FPS


def test_that_one_joins_at_a_key_picture() -> None:
    made = film()
    for number in range(5000, 5024):
        key = made.key_before(number)
        assert made.is_key(key)
        assert 0 <= number - key < 12


@given(
    st.lists(
        st.binary(min_size=2, max_size=5000).filter(lambda nal: b"\0\0" not in nal and nal[-1]), min_size=1, max_size=5
    )
)
def test_that_what_is_cut_is_whole(parts: list[bytes]) -> None:
    data = b"".join(b"\0\0\0\1" + part for part in parts)
    assert nals(data) == parts
    assert all(len(payload) <= 1402 for payload in cut(data))
