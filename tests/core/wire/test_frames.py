"""Binary frames: what goes in comes out, and nothing that is not exactly a frame gets through."""

import random
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from chengyun_core.model.scales import Quality, Side, WarningColour
from chengyun_core.wire import frames
from chengyun_core.wire.frames import COLUMNS, HEADER, BadFrame, FrameHead, FrameKind

HOSTILE = 50_000
"""RF16: mutated frames in the suite."""
FAR = frames.FARTHEST_NS
U64 = st.integers(0, 2**64 - 1)
I64 = st.integers(-(2**63), 2**63 - 1)

ELEMENTS = {
    "vital": st.integers(0, 2**32 - 1),
    "channel": st.integers(0, 2**32 - 1),
    "time": st.integers(-FAR + 1, FAR - 1),
    "value": st.floats(width=64),
    "quality": st.integers(0, max(Quality)),
    "band": st.integers(0, max(WarningColour)),
    "side": st.integers(0, max(Side)),
}


@st.composite
def whole_frames(draw: st.DrawFn) -> tuple[FrameHead, dict[str, np.ndarray]]:
    kind, count = draw(st.sampled_from(FrameKind)), draw(st.integers(0, 20))
    head = FrameHead(
        kind=kind, shard=draw(st.integers(0, 255)), epoch=draw(U64), seq=draw(U64),
        catalogue=draw(st.integers(0, 2**32 - 1)), count=count, clock_ns=draw(I64), sent_ns=draw(I64),
        newest_ns=draw(I64),
    )  # fmt: skip
    columns = {name: draw(hnp.arrays(dtype, count, elements=ELEMENTS[name])) for name, dtype in COLUMNS[kind]}
    return head, columns


def small(kind: FrameKind = FrameKind.STATE, count: int = 3) -> bytes:
    head = FrameHead(kind=kind, shard=0, epoch=1, seq=2, catalogue=3, count=count, clock_ns=4, sent_ns=5, newest_ns=6)
    return frames.encode(head, {name: np.ones(count, dtype) for name, dtype in COLUMNS[kind]})


@given(whole_frames())
def test_that_a_frame_comes_out_as_it_went_in(frame: tuple[FrameHead, dict[str, np.ndarray]]) -> None:
    head, columns = frame
    decoded = frames.decode(frames.encode(head, columns))
    assert decoded.head == head
    for name, column in columns.items():
        np.testing.assert_array_equal(decoded.columns[name], column)
        assert not decoded.columns[name].flags.writeable


@given(st.binary(max_size=400))
def test_that_random_bytes_are_no_frame(data: bytes) -> None:
    with pytest.raises(BadFrame):
        frames.decode(data)


@given(whole_frames(), st.data())
def test_that_a_frame_cut_or_lengthened_is_no_frame(
    frame: tuple[FrameHead, dict[str, np.ndarray]], data: st.DataObject
) -> None:
    whole = frames.encode(*frame)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(BadFrame):
        frames.decode(whole[:cut])
    with pytest.raises(BadFrame):
        frames.decode(whole + b"\x00")


def test_that_fifty_thousand_hostile_frames_are_refused_or_whole_and_never_anything_else() -> None:
    dice = random.Random(20260718)
    seeds = [bytearray(small(kind, count)) for kind in FrameKind for count in (0, 1, 7)]
    outcomes = {"whole": 0, "refused": 0}
    for _ in range(HOSTILE):
        data = bytearray(dice.choice(seeds))
        for _ in range(dice.randint(1, 4)):
            mutate(data, dice)
        try:
            frame = frames.decode(bytes(data))
        except BadFrame:
            outcomes["refused"] += 1
            continue
        outcomes["whole"] += 1
        assert all(len(column) == frame.head.count for column in frame.columns.values())
        assert all(
            frame.columns[name].max(initial=0) <= most
            for name, most in frames.GREATEST.items()
            if name in frame.columns
        )
    assert outcomes["refused"] > HOSTILE / 10
    assert outcomes["whole"] > HOSTILE / 10


def mutate(data: bytearray, dice: random.Random) -> None:
    """Damage a frame the way a wire or an enemy does."""
    match dice.randrange(5):
        case 0 if data:
            data[dice.randrange(len(data))] = dice.randrange(256)
        case 1 if data:
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        case 2:
            del data[dice.randrange(len(data) + 1) :]
        case 3:
            data += dice.randbytes(dice.randrange(1, 40))
        case _ if len(data) >= HEADER.size:
            at = dice.choice((0, 4, 5, 6, 8, 16, 24, 28))
            struct.pack_into("<I", data, at, dice.choice((0, 1, 0xFFFFFFFF, 0x7FFFFFFF, 262_145)))


@pytest.mark.parametrize(
    ("column", "code"), [("quality", max(Quality) + 1), ("band", max(WarningColour) + 1), ("side", max(Side) + 1)]
)
def test_that_a_code_no_screen_knows_is_refused(column: str, code: int) -> None:
    head = FrameHead(
        kind=FrameKind.STATE, shard=0, epoch=1, seq=1, catalogue=1, count=1, clock_ns=0, sent_ns=0, newest_ns=0
    )
    columns = {name: np.zeros(1, dtype) for name, dtype in COLUMNS[FrameKind.STATE]} | {
        column: np.array([code], np.uint8)
    }
    with pytest.raises(BadFrame, match=column):
        frames.decode(frames.encode(head, columns))


@pytest.mark.parametrize("time_ns", [FAR, -FAR, 2**63 - 1, -(2**63)])
def test_that_a_time_whose_age_would_overflow_is_refused(time_ns: int) -> None:
    head = FrameHead(
        kind=FrameKind.WATCH, shard=0, epoch=1, seq=1, catalogue=1, count=1, clock_ns=0, sent_ns=0, newest_ns=0
    )
    columns = {name: np.zeros(1, dtype) for name, dtype in COLUMNS[FrameKind.WATCH]} | {"time": np.array([time_ns])}
    with pytest.raises(BadFrame, match="source time"):
        frames.decode(frames.encode(head, columns))


def test_that_more_rows_than_allowed_are_refused_before_their_size_is_looked_at() -> None:
    data = bytearray(small())
    struct.pack_into("<I", data, 28, frames.MAX_ROWS + 1)
    with pytest.raises(BadFrame, match="exceed"):
        frames.decode(bytes(data))


def test_that_columns_of_another_length_than_the_head_says_are_not_encoded() -> None:
    head = FrameHead(
        kind=FrameKind.STATE, shard=0, epoch=1, seq=1, catalogue=1, count=2, clock_ns=0, sent_ns=0, newest_ns=0
    )
    columns = {name: np.zeros(2, dtype) for name, dtype in COLUMNS[FrameKind.STATE]} | {"band": np.zeros(1, np.uint8)}
    with pytest.raises(BadFrame, match="band"):
        frames.encode(head, columns)
