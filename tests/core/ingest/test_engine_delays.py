"""Delays: a level flips only after it has been wanted otherwise without a break for its delay, by source time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.model.catalogue import Threshold
from tests.reference.cities import SET, START, catalogue
from tests.reference.playing import by_vital, new_engine, play, refer

SECOND = 1_000_000_000


def steps_of_values(rule, samples, sizes):
    """Seconds, before and after of each step for (second, value) samples of A."""
    city = catalogue(["last(A.x)"], [Threshold(threshold_set=SET, vital="V0", **rule)])
    rows = [(START + round(second * SECOND), 20, value, 0) for second, value in samples]
    assert by_vital(play(new_engine(city), rows, sizes)) == by_vital(refer(city, rows, SET).steps)
    return [((at - START) / SECOND, before, after) for _, at, before, after, *_ in play(new_engine(city), rows, sizes)]


@pytest.mark.parametrize("sizes", [[1], [2], [100]])
def test_that_a_break_starts_the_on_delay_anew(sizes):
    rule = {"high_red": 5.0, "on_delay_s": 10.0}
    samples = [(0, 9), (8, 9), (9, 1), (10, 9), (19, 9), (20, 9)]
    assert steps_of_values(rule, samples, sizes) == [(20, 0, 4)]


@pytest.mark.parametrize("sizes", [[1], [3], [100]])
def test_that_each_level_has_its_own_timer(sizes):
    rule = {"high_blue": 5.0, "high_red": 8.0, "on_delay_s": 10.0}
    samples = [(0, 6), (5, 9), (10, 9), (14, 9), (15, 9)]
    assert steps_of_values(rule, samples, sizes) == [(10, 0, 1), (15, 1, 4)]


@pytest.mark.parametrize("sizes", [[1], [4], [100]])
def test_that_the_off_delay_holds_the_band_and_hysteresis_the_level(sizes):
    rule = {"high_red": 5.0, "off_delay_s": 10.0, "hysteresis": 1.0}
    samples = [(0, 5), (1, 4.5), (20, 4.0), (29, 4.0), (30, 4.0)]
    assert steps_of_values(rule, samples, sizes) == [(0, 0, 4), (30, 4, 0)]


@pytest.mark.parametrize("sizes", [[1], [100]])
def test_that_a_bad_sample_neither_flips_a_level_nor_breaks_its_timer(sizes):
    rule = {"high_red": 5.0, "on_delay_s": 10.0}
    assert steps_of_values(rule, [(0, 9), (10, float("nan")), (11, 9)], sizes) == [(11, 0, 4)]


SAMPLES = st.lists(
    st.tuples(st.integers(1, 8), st.sampled_from([0.0, 4.0, 5.0, 6.0, 8.0, 9.0, float("nan")])), min_size=1, max_size=40
)


@settings(max_examples=120, deadline=None)
@given(
    samples=SAMPLES, size=st.integers(1, 12),
    on=st.sampled_from([0.0, 1.0, 5.0, 12.0]), off=st.sampled_from([0.0, 1.0, 5.0, 12.0]),
    hysteresis=st.sampled_from([0.0, 1.0, 2.0]), missing=st.sampled_from([None, 6.0]),
)  # fmt: skip
def test_that_values_around_two_limits_flip_as_in_the_reference(samples, size, on, off, hysteresis, missing):
    rule = {
        "high_blue": 5.0, "high_red": 8.0, "on_delay_s": on, "off_delay_s": off, "hysteresis": hysteresis,
        "missing_s": missing,
    }  # fmt: skip
    second, rows = 0, []
    for step, value in samples:
        second += step
        rows.append((second, value))
    steps_of_values(rule, rows, [size])
