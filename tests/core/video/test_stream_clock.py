"""A stream's own clock goes on: over the end of its 32 bits, over pictures out of order, over a camera set anew."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.video.stream_clock import StreamClock

RATE = 90_000
STEP, STEP_NS = 3600, NS_PER_S // 25


def _clock(first: int) -> StreamClock:
    """Return one that has taken a second of pictures, the newest `first`, at one second."""
    clock = StreamClock(RATE)
    for number in range(25, -1, -1):
        clock.ticks((first - number * STEP) & 0xFFFFFFFF, NS_PER_S - number * STEP_NS)
    return clock


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(-RATE + 1, 9 * RATE), max_size=60))
def test_that_what_a_stream_may_do_is_told_tick_by_tick(first: int, steps: list[int]) -> None:
    clock = StreamClock(RATE)
    stamp, begun = first, clock.ticks(first, 0)
    for number, step in enumerate(steps, 1):
        stamp += step
        assert clock.ticks(stamp & 0xFFFFFFFF, number * STEP_NS) - begun == stamp - first


@given(st.integers(0, 2**32 - 1), st.integers(-(2**31), 2**31 - 1), st.integers(0, 60 * NS_PER_S))
def test_that_no_step_is_further_than_what_passed_and_the_bounds(first: int, step: int, passed_ns: int) -> None:
    clock = _clock(first)
    before = clock.ticks(first, NS_PER_S)
    moved = clock.ticks((first + step) & 0xFFFFFFFF, NS_PER_S + passed_ns) - before
    assert -RATE <= moved <= passed_ns * RATE // NS_PER_S + 10 * RATE


@pytest.mark.parametrize("hours", [-6, -1, -0.001, 0.01, 1, 6])
def test_that_a_clock_set_anew_goes_on_with_what_passed_and_then_by_itself(hours: float) -> None:
    clock = _clock(2**31)
    before, anew = clock.ticks(2**31, NS_PER_S), 2**31 + round(hours * 3600 * RATE)
    for number in range(1, 100):
        stamp = (anew + number * STEP) & 0xFFFFFFFF
        assert clock.ticks(stamp, NS_PER_S + number * STEP_NS) - before == number * STEP


def test_that_a_stream_that_stood_is_not_taken_for_one_that_was_set() -> None:
    clock = _clock(0)
    before = clock.ticks(0, NS_PER_S)
    assert clock.ticks(STEP, 40 * NS_PER_S) - before == STEP, "it goes on where it stood: what comes is old"
    assert clock.ticks(STEP + 100 * RATE, 140 * NS_PER_S) - before == STEP + 100 * RATE, "it left the time out"
