"""Coded pictures put together again from packets, and none shown of which a part is missing."""

import io
from collections.abc import Iterator
from functools import cache

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.failure import Refused
from chengyun_core.video.demo_cameras.encoding import Encoder, Loop
from chengyun_core.video.demo_cameras.film import cut, nals
from chengyun_core.video.rtsp import rtp
from chengyun_core.video.rtsp.access_units import AccessUnit, Assembler
from chengyun_core.video.rtsp.rtp import Packet
from chengyun_core.video.rtsp.sdp import Codec, Track
from tests.support.hostile_cameras import giant_sps

TRACK = Track(codec=Codec.H264, payload_type=96, clock_rate=90_000, control="")
HEVC = Track(codec=Codec.HEVC, payload_type=96, clock_rate=90_000, control="")


@cache
def noisy() -> Loop:
    """Two seconds of noise: large pictures, cut into many packets."""
    random, encoder = np.random.default_rng(3), Encoder(320, 240, 12.5)
    for _ in range(24):
        encoder.add(random.integers(0, 255, (240, 320, 3), dtype=np.uint8))
    return encoder.finished()


@cache
def packets() -> list[Packet]:
    made = []
    for number, unit in enumerate(noisy().units):
        payloads = cut(unit.data)
        made.extend(
            Packet(96, 0, number * 7200, part == len(payloads) - 1, payload) for part, payload in enumerate(payloads)
        )
    return [
        Packet(96, (65_500 + number) & 0xFFFF, packet.timestamp, packet.is_last, packet.payload)
        for number, packet in enumerate(made)
    ]


def assembled(came: list[Packet], track: Track = TRACK) -> list[AccessUnit]:
    assembler = Assembler(track)
    return [unit for packet in came for unit in assembler.units(packet)]


def test_that_whole_pictures_come_out_as_they_were_cut() -> None:
    units = assembled(packets())
    assert [nals(unit.data) for unit in units] == [nals(unit.data) for unit in noisy().units]
    assert [unit.is_key for unit in units] == [unit.is_key for unit in noisy().units]
    assert [unit.timestamp for unit in units] == [number * 7200 for number in range(24)]


def test_that_pictures_without_a_marker_end_with_the_next_one_s_time() -> None:
    unmarked = [Packet(p.payload_type, p.sequence, p.timestamp, False, p.payload) for p in packets()]
    assert [nals(unit.data) for unit in assembled(unmarked)] == [nals(unit.data) for unit in noisy().units[:-1]]


@given(st.sets(st.integers(0, 2000), min_size=1, max_size=6))
def test_that_after_a_loss_nothing_comes_until_the_next_key_picture(lost: set[int]) -> None:
    whole = packets()
    gone = {place % len(whole) for place in lost}
    units = assembled([packet for place, packet in enumerate(whole) if place not in gone])
    expected = {unit.timestamp: nals(unit.data) for unit in assembled(whole)}
    hurt = {whole[place].timestamp for place in gone}
    # every picture that comes out is one that was sent, whole
    assert all(expected[unit.timestamp] == nals(unit.data) for unit in units)
    assert not hurt & {unit.timestamp for unit in units}
    came = [unit.timestamp // 7200 for unit in units]
    for before, after in zip([-1, *came], came, strict=False):
        assert after == before + 1 or noisy().units[after].is_key


@given(st.binary(min_size=1, max_size=60), st.booleans(), st.sampled_from([TRACK, HEVC]))
def test_that_garbage_is_taken_without_a_fault(payload: bytes, is_last: bool, track: Track) -> None:
    assembler = Assembler(track)
    for number in range(3):
        list(assembler.units(Packet(96, number, number, is_last, payload)))


def test_that_too_large_a_picture_is_refused_before_anything_is_decoded() -> None:
    with pytest.raises(Refused, match=r"video\.too_large"):
        assembled([Packet(96, 1, 0, True, giant_sps(16384, 16384))])
    with pytest.raises(Refused, match=r"video\.too_large"):
        Assembler(
            Track(
                codec=Codec.H264, payload_type=96, clock_rate=90_000, control="", parameter_sets=(giant_sps(8208, 64),)
            )
        )


def test_that_parameter_sets_told_beforehand_stand_before_a_key_picture() -> None:
    first = nals(noisy().units[0].data)
    sets = tuple(nal for nal in first if nal[0] & 0x1F in {7, 8})
    bare = [nal for nal in first if nal[0] & 0x1F == 5]
    told = Track(codec=Codec.H264, payload_type=96, clock_rate=90_000, control="", parameter_sets=sets)
    came = [Packet(96, number, 0, number == len(bare) - 1, nal) for number, nal in enumerate(bare)]
    came = [packet for packet in came if len(packet.payload) < 60_000]
    (unit,) = assembled(came, told)
    assert [nal[0] & 0x1F for nal in nals(unit.data)][:2] == [7, 8]
    assert assembled(came, TRACK) == []


def test_that_h265_comes_out_as_it_was_cut() -> None:
    units = list(hevc_units())
    sent = [part for data in units for part in hevc_packets(data)]
    came = [
        Packet(96, number, time * 3600, is_last, payload) for number, (time, is_last, payload) in enumerate(
            (time, is_last, payload) for time, data in enumerate(units) for is_last, payload in hevc_packets(data)
        )
    ]  # fmt: skip
    assert len(sent) == len(came)
    made = assembled(came, HEVC)
    assert [nals(unit.data) for unit in made] == [nals(data) for data in units]
    assert made[0].is_key


def hevc_units() -> Iterator[bytes]:
    context = av.CodecContext.create("libx265", "w")
    context.width, context.height, context.pix_fmt, context.framerate = 128, 128, "yuv420p", 25
    context.options = {"preset": "ultrafast", "x265-params": "log-level=none:bframes=0:pools=none:frame-threads=1"}
    random, out = np.random.default_rng(5), io.BytesIO()
    for number in range(4):
        frame = av.VideoFrame.from_ndarray(random.integers(0, 255, (128, 128, 3), dtype=np.uint8), "rgb24")
        frame.pts = number
        for packet in context.encode(frame):
            out.write(bytes(packet))
            yield bytes(packet)
    for packet in context.encode(None):
        yield bytes(packet)


def hevc_packets(data: bytes) -> list[tuple[bool, bytes]]:
    """Cut as RFC 7798 has it."""
    payloads: list[bytes] = []
    for nal in nals(data):
        if len(nal) <= 500:
            payloads.append(nal)
            continue
        pieces = [nal[at : at + 500] for at in range(2, len(nal), 500)]
        head = bytes([nal[0] & 0x81 | 49 << 1, nal[1]])
        for number, piece in enumerate(pieces):
            mark = (0x80 if not number else 0) | (0x40 if number == len(pieces) - 1 else 0)
            payloads.append(head + bytes([mark | nal[0] >> 1 & 0x3F]) + piece)
    return [(number == len(payloads) - 1, payload) for number, payload in enumerate(payloads)]


@given(st.binary(max_size=80))
def test_that_any_bytes_are_a_packet_or_none(data: bytes) -> None:
    packet = rtp.packet(data)
    assert packet is None or packet.payload
    report = rtp.sender_report(data)
    assert report is None or report.timestamp >= 0


@given(st.integers(0, 2**40), st.integers(-(2**30), 2**30))
def test_that_a_clock_goes_on_over_its_end(last: int, step: int) -> None:
    assert rtp.unwrapped((last + step) & 0xFFFFFFFF, last) == last + step
