"""Stuck and flapping: what the rules catch, and what they leave alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.ingest.device_health import (
    FLAPPING_DRAIN_S,
    FLAPPING_FALLS,
    RESTLESS_CHANGES,
    STUCK_PERIODS,
    STUCK_READINGS,
    STUCK_S,
    Flapping,
    Limits,
    Stuck,
)

S = 10**9
START = 1_700_000_000 * S
MINUTE = 60


def _limits(count: int, *, period_s: float = 60.0, low: float = -np.inf, high: float = np.inf) -> Limits:
    return Limits(low=np.full(count, low), high=np.full(count, high), period_s=np.full(count, period_s))


def _fed(values: list[float], *, step_s: int = MINUTE, quality: int = 0, **limits: float) -> tuple[bool, int]:
    """Return whether one channel is stuck after these readings, and since which reading."""
    stuck = Stuck(1)
    for at, value in enumerate(values):
        stamp = np.array([(START + at * step_s * S) * 4 + quality], np.uint64)
        stuck.look(0, stamp, np.array([value]), _limits(1, period_s=step_s, **limits))
    return bool(stuck.stuck[0]), int((stuck.since_ns[0] - START) // (step_s * S))


MOVING = [1.0 + k % 7 * 0.1 for k in range(40)]
NEEDED = max(STUCK_READINGS, STUCK_PERIODS, STUCK_S // MINUTE)


def test_that_a_channel_that_always_moved_and_stands_still_is_stuck_since_it_stood_still() -> None:
    assert _fed([*MOVING, *[3.7] * (NEEDED + 2)]) == (True, len(MOVING))


def test_that_it_is_not_stuck_before_all_three_limits_are_reached() -> None:
    assert _fed([*MOVING, *[3.7] * (NEEDED - 1)])[0] is False
    assert _fed([*MOVING, *[3.7] * (NEEDED + 2)], step_s=1)[0] is False


def test_that_one_other_value_ends_it() -> None:
    assert _fed([*MOVING, *[3.7] * (NEEDED + 2), 3.8])[0] is False


@pytest.mark.parametrize(("value", "limits"), [(0.0, {}), (5.0, {"high": 5.0}), (-1.0, {"low": -1.0})])
def test_that_a_channel_at_rest_is_not_stuck(value: float, limits: dict[str, float]) -> None:
    assert _fed([*MOVING, *[value] * (NEEDED + 5)], **limits)[0] is False


def test_that_a_channel_that_seldom_changes_is_not_stuck() -> None:
    steps = [float(1 + k // 20) for k in range(20 * (RESTLESS_CHANGES + 2))]
    assert _fed([*steps, *[77.0] * (NEEDED + 5)])[0] is False


def test_that_a_channel_of_which_nothing_is_known_yet_is_not_stuck() -> None:
    assert _fed([3.7] * (NEEDED * 3))[0] is False


def test_that_readings_of_bad_quality_say_nothing() -> None:
    assert _fed([*MOVING, *[3.7] * (NEEDED + 2)], quality=2)[0] is False


def test_that_a_channel_that_sends_nothing_new_is_silent_and_not_stuck() -> None:
    stuck = Stuck(1)
    for at, value in enumerate(MOVING):
        stuck.look(0, np.array([(START + at * MINUTE * S) * 4], np.uint64), np.array([value]), _limits(1))
    for _ in range(NEEDED * 3):
        stuck.look(0, np.array([(START + len(MOVING) * MINUTE * S) * 4], np.uint64), np.array([3.7]), _limits(1))
    assert not stuck.stuck[0]


def test_that_channels_are_judged_each_by_itself_wherever_the_look_begins() -> None:
    stuck = Stuck(10)
    for at in range(len(MOVING) + NEEDED + 2):
        stamps = np.full(3, (START + at * MINUTE * S) * 4, np.uint64)
        values = np.array([MOVING[at % 40], 3.7 if at >= len(MOVING) else MOVING[at], float(at)])
        stuck.look(4, stamps, values, _limits(3))
    assert stuck.found().tolist() == [5]


def _falls(times_s: list[float]) -> Flapping:
    flapping = Flapping(3)
    for time_s in times_s:
        flapping.fell(np.array([1], np.uint32), START + round(time_s * S))
    return flapping


def test_that_three_falls_in_short_are_flapping_and_three_in_three_hours_are_not() -> None:
    assert _falls([0, 10, 20]).found(START + 20 * S).tolist() == []
    assert _falls([0, 10, 20, 30]).found(START + 31 * S).tolist() == [1]
    assert _falls([0, 3600, 7200, 10_800]).found(START + 10_800 * S).tolist() == []


def test_that_flapping_ends_by_itself_when_the_device_stays() -> None:
    flapping = _falls([0, 10, 20, 30])
    assert int(flapping.since_s[1]) == START // S + 30
    calm = FLAPPING_FALLS * FLAPPING_DRAIN_S
    assert flapping.found(START + round(calm * S)).tolist() == []
    assert int(flapping.since_s[1]) == 0


@given(st.lists(st.floats(0, 5000), max_size=30))
def test_that_fewer_than_three_falls_never_flap(times: list[float]) -> None:
    assert _falls(sorted(times)[:2]).found(START).size == 0
