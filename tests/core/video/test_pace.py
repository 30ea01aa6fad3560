"""A stream's pace: what is left out, and how late a picture is by the stream's own clock; and when to try again."""

import random

import pytest

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video.backoff import pause_s, state_after
from chengyun_core.video.pace import CATCH_UP_NS, Pace
from chengyun_core.video.port import PaneState

RATE = 90_000


def test_that_a_steady_stream_has_no_lag_and_nothing_is_left_out() -> None:
    pace = Pace(RATE, 60)
    for number in range(200):
        at = number * NS_PER_S // 25
        lag = pace.lag_ns(number * RATE // 25, at)
        assert lag < NS_PER_S // 1000
        assert pace.is_wanted(at, lag, is_key=number % 25 == 0)
        pace.showed(at)
    assert pace.fps(199 * NS_PER_S // 25) == pytest.approx(25, abs=1)


@pytest.mark.parametrize("shown", [1, 2, 5, 20, 200])
def test_that_a_stream_that_has_just_begun_is_not_said_to_be_slow(shown: int) -> None:
    pace = Pace(RATE, 60)
    for number in range(shown):
        pace.showed(NS_PER_S + number * NS_PER_S // 10)
    at = NS_PER_S + (shown - 1) * NS_PER_S // 10
    assert pace.fps(at) == (pytest.approx(10) if shown > 1 else 0)
    assert pace.fps(at + 4 * NS_PER_S) == 0, "and one that stopped has none"


def test_that_a_stream_ten_times_as_fast_is_decoded_by_its_key_pictures() -> None:
    pace, wanted = Pace(RATE, 60), []
    for number in range(1000):
        at = number * NS_PER_S // 250
        if pace.is_wanted(at, 0, is_key=number % 25 == 0):
            wanted.append(number)
    late = [number for number in wanted if number > 100]
    assert late
    assert all(number % 25 == 0 for number in late)
    assert pace.is_thinned


def test_that_after_thinning_nothing_is_decoded_before_a_key_picture() -> None:
    pace = Pace(RATE, 60)
    assert pace.is_wanted(0, 0, is_key=True)
    assert not pace.is_wanted(NS_PER_S, CATCH_UP_NS + 1, is_key=False)
    assert not pace.is_wanted(2 * NS_PER_S, 0, is_key=False)
    assert pace.is_wanted(3 * NS_PER_S, 0, is_key=True)
    assert pace.is_wanted(4 * NS_PER_S, 0, is_key=False)
    assert not pace.is_thinned


def test_that_a_stream_that_stood_and_goes_on_where_it_stood_is_behind() -> None:
    pace = Pace(RATE, 60)
    for number in range(50):
        pace.lag_ns(number * 3600, number * NS_PER_S // 25)
    lag = pace.lag_ns(50 * 3600, 50 * NS_PER_S // 25 + 4 * NS_PER_S)
    assert lag == pytest.approx(4 * NS_PER_S, rel=0.02)
    # one that left the time out is not
    assert pace.lag_ns(51 * 3600 + 4 * RATE, 51 * NS_PER_S // 25 + 4 * NS_PER_S) < NS_PER_S // 10


def test_that_a_clock_a_little_slow_is_no_lag() -> None:
    pace = Pace(RATE, 60)
    lags = [pace.lag_ns(round(number * 3600 * 0.999), number * NS_PER_S // 25) for number in range(25 * 600)]
    assert max(lags) < NS_PER_S // 10


@pytest.mark.parametrize(("attempt", "longest"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (7, 30), (99, 30)])
def test_that_a_pause_grows_to_half_a_minute_and_never_falls_far_short(attempt: int, longest: int) -> None:
    pauses = [pause_s(Trouble("video.silent"), attempt, random.Random(seed)) for seed in range(50)]
    assert all(pause is not None and 0.75 * longest <= pause <= longest for pause in pauses)
    assert len(set(pauses)) > 10


@pytest.mark.parametrize(
    ("failure", "state", "pause"),
    [
        (Trouble("video.status", status=503), PaneState.DEAD, 1.0),
        (Refused("video.fence.outside"), PaneState.REFUSED, None),
        (Refused("video.redirected"), PaneState.REFUSED, 60.0),
        (Refused("video.credentials"), PaneState.REFUSED, 60.0),
        (Refused("video.no_video"), PaneState.UNSUPPORTED, 30.0),
        (Refused("video.too_large"), PaneState.UNSUPPORTED, 30.0),
    ],
)
def test_that_each_failure_has_its_state_and_its_pause(
    failure: Refused | Trouble, state: PaneState, pause: float | None
) -> None:
    assert state_after(failure) is state

    class Always(random.Random):
        def random(self) -> float:
            return 0.0

    assert pause_s(failure, 1, Always()) == pause
