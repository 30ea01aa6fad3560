"""The grid: full seconds keep their stamp, a late sample counts for the next cell, functions as in the reference."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.model.catalogue import Threshold
from chengyun_core.model.scales import Quality
from tests.reference.cities import FORMULAS, NUMBERS, SET, START, catalogue
from tests.reference.playing import assert_states_agree, batch_of, new_engine, play, refer, steps_of

SECOND = 1_000_000_000


def engine_of(formula, **rule):
    rules = [Threshold(threshold_set=SET, vital="V0", **rule)] if rule else []
    return new_engine(catalogue([formula], rules))


def take(engine, *samples):
    engine.take(batch_of([(START + round(t * SECOND), c, v, 0) for t, c, v in samples]), now_ns=START)


@pytest.mark.parametrize(("at", "stamp"), [(0.0, 0), (0.001, 1), (1.0, 1), (1.5, 2)])
def test_that_a_cell_is_stamped_with_its_end_and_holds_it(at, stamp):
    engine = engine_of("sum(A.x, B.x)")
    take(engine, (at, 20, 4.0))
    engine.close_until(START + stamp * SECOND - 1)
    assert engine.state.quality[0] == Quality.NEVER
    engine.close_until(START + stamp * SECOND)
    assert (engine.state.time[0] - START, engine.state.value[0]) == (stamp * SECOND, 4.0)


def test_that_members_are_held_at_their_last_sample():
    engine = engine_of("sum(A.x, B.x)")
    take(engine, (0, 20, 4.0), (0, 22, 1.0), (1, 20, 5.0), (2, 20, 6.0))
    engine.close_until(START + 2 * SECOND)
    assert engine.state.value[0] == 7.0
    assert engine.window(0, START, START + 2 * SECOND, 10)[1].tolist() == [5.0, 6.0, 7.0]


def test_that_a_sample_after_its_cell_was_closed_counts_for_the_next():
    engine = engine_of("sum(A.x, B.x)")
    take(engine, (0, 20, 4.0))
    engine.close_until(START + 5 * SECOND)
    take(engine, (3, 22, 1.0))
    engine.close_until(START + 5 * SECOND)
    assert (engine.counters["late.grid"], engine.state.value[0]) == (1, 4.0)
    engine.close_until(START + 6 * SECOND)
    assert (engine.state.time[0] - START, engine.state.value[0]) == (6 * SECOND, 5.0)


def test_that_a_clock_set_back_opens_the_grid_again_and_makes_nothing_late():
    """A drill of 2020 whose ingest daemon lived by the machine's time until it heard of the drill's."""
    engine = engine_of("sum(A.x, B.x)", high_yellow=10.0)
    years = 6 * 365 * 86_400 * SECOND
    engine.close_until(START + years)
    engine.clock_was_set(START)
    engine.take(batch_of([(START + SECOND, 20, 12.0, 0)]), now_ns=START + SECOND)
    outcome = engine.close_until(START + SECOND)
    assert (engine.state.value[0], engine.counters["late.grid"]) == (12.0, 0)
    assert outcome.steps.late.tolist() == [False]


def test_that_silence_between_two_cells_of_one_closing_is_annunciated():
    engine = engine_of("sum(A.x, B.x)", missing_s=3.0)
    take(engine, (0, 20, 4.0), (10, 20, 4.0))
    steps = steps_of(engine.close_until(START + 10 * SECOND))
    assert [(at - START, before, after) for _, at, before, after, *_ in steps] == [
        (3 * SECOND, 0, 1), (10 * SECOND, 1, 0),
    ]  # fmt: skip


def test_that_no_good_member_makes_a_bad_value_and_one_makes_it_uncertain():
    engine = engine_of("mean(A.x, B.x)")
    take(engine, (0, 20, math.nan))
    engine.close_until(START)
    assert engine.state.quality[0] == Quality.BAD
    take(engine, (1, 22, 3.0))
    engine.close_until(START + SECOND)
    assert (engine.state.quality[0], engine.state.value[0]) == (Quality.UNCERTAIN, 3.0)
    take(engine, (2, 20, 5.0))
    engine.close_until(START + 2 * SECOND)
    assert (engine.state.quality[0], engine.state.value[0]) == (Quality.GOOD, 4.0)


def test_that_a_sum_that_runs_over_is_bad_and_not_infinite():
    engine = engine_of("sum(A.x, B.x)")
    take(engine, (0, 20, 1.5e308), (0, 22, 1.5e308))
    engine.close_until(START)
    assert engine.state.quality[0] == Quality.BAD


AWKWARD = st.floats(-1e6, 1e6) | st.sampled_from([math.nan, 0.1, 0.2, 1e16, -1e16])
ROWS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(NUMBERS), AWKWARD), min_size=1, max_size=60)


@settings(max_examples=100, deadline=None)
@given(rows=ROWS, sizes=st.lists(st.integers(1, 30), min_size=1, max_size=3))
def test_that_every_aggregate_has_the_value_of_the_reference_to_the_last_bit(rows, sizes):
    city, time, samples = catalogue(FORMULAS, []), START, []
    for step, channel, value in rows:
        time += step * SECOND // 2
        samples.append((time, channel, value, 0))
    engine = new_engine(city)
    play(engine, samples, sizes)
    assert_states_agree(engine, refer(city, samples, SET))


def test_that_channels_around_and_between_the_members_are_no_members():
    engine = engine_of("sum(A.x, C.x)")
    take(engine, *((0, channel, 1.0) for channel in (10, 14, 20, 22, 24, 26)))
    engine.close_until(START)
    assert engine.state.value[0] == 2.0
