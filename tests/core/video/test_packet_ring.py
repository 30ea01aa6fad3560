"""The last seconds of a stream: bounded, from a key picture on, and its bits untouched in a file."""

import io

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Trouble
from chengyun_core.video.demo_cameras.film import nals
from chengyun_core.video.packet_ring import Kept, PacketRing, mp4
from chengyun_core.video.rtsp.access_units import AccessUnit
from chengyun_core.video.rtsp.sdp import Codec
from tests.support.hostile_cameras import loop


def unit(number: int, *, is_key: bool, size: int = 100) -> AccessUnit:
    return AccessUnit(data=bytes(size), timestamp=number * 7200 & 0xFFFFFFFF, is_key=is_key)


def _add(ring: PacketRing, number: int, *, is_key: bool, size: int = 100) -> None:
    ring.add(unit(number, is_key=is_key, size=size), number * 7200, number * NS_PER_S // 10)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 3000)), max_size=200), st.integers(1, 6))
def test_that_the_ring_begins_with_a_key_picture_and_keeps_its_bounds(
    came: list[tuple[bool, int]], keep_s: int
) -> None:
    ring = PacketRing(codec=Codec.H264, clock_rate=90_000, keep_ns=keep_s * NS_PER_S, most_bytes=50_000)
    for number, (is_key, size) in enumerate(came):
        _add(ring, number, is_key=is_key, size=size)
        kept = ring.since(0, 10**18)
        assert not kept or kept[0].unit.is_key
        assert sum(len(entry.unit.data) for entry in kept) <= 50_000
        assert [entry.ticks for entry in kept] == sorted(entry.ticks for entry in kept)


def test_that_what_is_asked_for_is_held_as_long_as_was_said() -> None:
    ring = PacketRing(codec=Codec.H264, clock_rate=90_000, keep_ns=10 * NS_PER_S, most_bytes=10**6)
    for number in range(400):
        _add(ring, number, is_key=number % 10 == 0)
    kept = ring.since(39_900_000_000 - 10 * NS_PER_S, 10**18)
    assert kept[0].arrived_ns <= 29_900_000_000
    assert len(ring.since(0, 10**18)) <= 110 + 10
    assert ring.since(35_050_000_000, 37_000_000_000)[0].arrived_ns == 35_000_000_000


def test_that_a_file_holds_the_bits_that_came_and_their_times() -> None:
    made = loop(320, 180)
    ring = PacketRing(codec=Codec.H264, clock_rate=90_000, keep_ns=10 * NS_PER_S, most_bytes=10**7)
    for number, coded in enumerate(made.units):
        came = AccessUnit(data=coded.data, timestamp=number * 7200, is_key=coded.is_key)
        ring.add(came, 2**32 + number * 7200, number * NS_PER_S // 12)
    video = mp4(Codec.H264, 90_000, ring.since(0, 10**18))
    with av.open(io.BytesIO(video)) as file:
        packets = [packet for packet in file.demux(video=0) if packet.size]
        times = [float(packet.pts * packet.time_base) for packet in packets]
    assert times == pytest.approx([number * 0.08 for number in range(12)], abs=1e-4)
    sent = [nal for coded in made.units for nal in nals(coded.data) if nal[0] & 0x1F in range(1, 6)]
    found = b"".join(bytes(packet) for packet in packets)
    assert all(nal in found for nal in sent)
    with av.open(io.BytesIO(video)) as file:
        assert sum(1 for _ in file.decode(video=0)) == 12


def test_that_nothing_makes_no_file() -> None:
    with pytest.raises(Trouble, match=r"video\.no_clip"):
        mp4(Codec.H264, 90_000, [])
    garbage = Kept(unit=unit(0, is_key=True), ticks=0, arrived_ns=0)
    with pytest.raises(Trouble, match=r"video\.no_clip"):
        mp4(Codec.H264, 90_000, [garbage])


def test_that_a_group_larger_than_the_ring_is_given_up() -> None:
    ring = PacketRing(codec=Codec.H264, clock_rate=90_000, keep_ns=NS_PER_S, most_bytes=1000)
    _add(ring, 0, is_key=True, size=900)
    _add(ring, 1, is_key=False, size=900)
    assert ring.since(0, NS_PER_S) == []
    _add(ring, 2, is_key=False)
    assert ring.since(0, NS_PER_S) == []
    _add(ring, 3, is_key=True)
    assert len(ring.since(0, NS_PER_S)) == 1
