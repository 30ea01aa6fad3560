"""What a bad link gives up: pictures by steps, never sound; and that it comes back slowly."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.rtc.degradation import CALM_NS, STEPS, Level, Link, judged, wanted

S = 10**9
figures = st.tuples(st.floats(0, 1), st.floats(0, 5000), st.floats(0, 2000))


@pytest.mark.parametrize(
    ("loss", "round_trip", "late", "level"),
    [
        (0.0, 40.0, 5.0, Level.FULL), (0.05, 40.0, 5.0, Level.REDUCED), (0.1, 40.0, 5.0, Level.STILLS),
        (0.2, 40.0, 5.0, Level.SOUND_ONLY), (0.0, 700.0, 5.0, Level.STILLS), (0.0, 40.0, 300.0, Level.SOUND_ONLY),
        (0.05, 2000.0, 0.0, Level.SOUND_ONLY),
    ],
)  # fmt: skip
def test_that_the_worst_figure_decides(loss: float, round_trip: float, late: float, level: Level) -> None:
    assert wanted(loss, round_trip, late) is level


def test_that_each_step_sends_less_and_is_reached_by_worse() -> None:
    for above, below in pairwise(Level):
        better, worse = STEPS[above], STEPS[below]
        assert worse.fps * worse.width * worse.height < better.fps * better.width * better.height
        assert (worse.loss, worse.round_trip_ms, worse.late_ms) > (better.loss, better.round_trip_ms, better.late_ms)
        assert worse.loss > better.loss
        assert worse.late_ms > better.late_ms


@given(st.lists(figures, max_size=40))
def test_that_it_falls_at_once_and_rises_one_step_in_ten_calm_seconds(told: list[tuple[float, float, float]]) -> None:
    link, at, raised_at = Link(), 0, -CALM_NS
    for one in told:
        at += S // 2
        before, link = link, judged(link, *one, at)
        assert link.level >= wanted(*one) or link.level == before.level or link.level == before.level - 1
        assert link.level >= min(wanted(*one), before.level)
        if wanted(*one) >= before.level:
            assert link.level is wanted(*one)
        if link.level < before.level:
            assert before.level - link.level == 1
            assert at - raised_at >= CALM_NS
            raised_at = at


def test_that_a_link_that_heals_is_whole_again_after_thirty_seconds() -> None:
    link = judged(Link(), 0.3, 0, 0, 0)
    levels = [(link := judged(link, 0, 0, 0, at * S)).level for at in range(1, 40)]
    assert levels[:10] == [Level.SOUND_ONLY] * 10
    assert levels[10:20] == [Level.STILLS] * 10
    assert levels[-1] is Level.FULL
