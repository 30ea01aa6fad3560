"""Round values and round clock times."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_widgets import axis_ticks

NS = 1_000_000_000
CHONGQING = 28_800
NOON = 1_784_347_200 * NS


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(1, 12))
def test_that_ticks_lie_inside_and_are_no_more_than_asked(low: float, span: float, at_most: int) -> None:
    ticks = axis_ticks.value_ticks(low, low + span, at_most)
    assert len(ticks) <= at_most + 1
    assert all(low - span * 1e-6 <= tick <= low + span * (1 + 1e-6) for tick in ticks)


def test_that_labels_have_the_decimals_of_their_step() -> None:
    assert [axis_ticks.value_label(value, 0.05) for value in (0.35, 0.4)] == ["0.35", "0.40"]
    assert axis_ticks.value_label(180, 20) == "180"
    assert axis_ticks.value_label(2.5, 0.5) == "2.5"


@given(st.integers(0, 4_000_000_000))
def test_that_dates_are_those_of_the_calendar(seconds: int) -> None:
    zone = dt.timezone(dt.timedelta(seconds=CHONGQING))
    there = dt.datetime.fromtimestamp(seconds, zone)
    text = axis_ticks.clock_text(seconds * NS, CHONGQING, with_seconds=True, with_date=True)
    assert text == there.strftime("%m-%d %H:%M:%S")


@pytest.mark.parametrize(("span_s", "step_s"), [(60, 10), (1800, 300), (86_400, 14_400), (7 * 86_400, 86_400 * 2)])
def test_that_time_steps_are_round_and_few(span_s: int, step_s: int) -> None:
    step = axis_ticks.time_step_s(NOON, NOON + span_s * NS, 7)
    assert step <= step_s * 1.5
    ticks = axis_ticks.time_ticks(NOON, NOON + span_s * NS, step, CHONGQING)
    assert 1 <= len(ticks) <= 8
    assert all((tick // NS + CHONGQING) % step == 0 for tick in ticks)


def test_that_midnight_is_told_as_a_date() -> None:
    midnight = (NOON // NS + CHONGQING) // 86_400 * 86_400 - CHONGQING
    assert axis_ticks.tick_text(midnight * NS, 3600, CHONGQING) == "07-18"
    assert axis_ticks.tick_text((midnight + 3600) * NS, 3600, CHONGQING) == "01:00"


@given(st.floats(-1e5, 1e5), st.floats(0, 1e4), st.lists(st.floats(-1e5, 1e5), max_size=4))
def test_that_the_range_holds_the_data_and_the_nearest_limits(low: float, span: float, limits: list[float]) -> None:
    shown = axis_ticks.fitted_range((low, low + span), limits, (0.0, 0.0))
    assert shown[0] < low <= low + span < shown[1]
    above = [limit for limit in limits if limit >= low + span]
    assert not above or shown[1] > min(above)


def test_that_a_calm_line_with_a_far_limit_is_shown_flat() -> None:
    low, high = axis_ticks.fitted_range((0.40, 0.41), [0.35, 0.50], (0.0, 0.0))
    assert (high - low) > 10 * 0.01


def test_that_the_range_is_kept_while_the_data_fill_half_of_it() -> None:
    first = axis_ticks.fitted_range((0.0, 10.0), [], (0.0, 0.0))
    assert axis_ticks.fitted_range((1.0, 9.5), [], first) == first
    assert axis_ticks.fitted_range((4.0, 6.0), [], first) != first
    assert axis_ticks.fitted_range((0.0, 12.0), [], first) != first
