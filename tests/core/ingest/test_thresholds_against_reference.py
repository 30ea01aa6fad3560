"""Thresholds: whatever the rules, the samples and their batches, the engine takes the steps of the plain reference."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.model.catalogue import Threshold
from tests.reference.cities import DISORDER_NS, NUMBERS, SET, START, catalogue, catalogues, streams
from tests.reference.playing import assert_states_agree, by_vital, new_engine, play, refer

pytestmark = pytest.mark.slow
SECOND = 1_000_000_000
SIZES = st.lists(st.integers(1, 40), min_size=1, max_size=5)


@settings(max_examples=120, deadline=None)
@given(city=catalogues(), rows=streams(), sizes=SIZES)
def test_that_any_batches_take_the_steps_of_the_reference(city, rows, sizes):
    engine, reference = new_engine(city), refer(city, rows, SET)
    steps = play(engine, rows, sizes, disorder_ns=DISORDER_NS)
    assert by_vital(steps) == by_vital(reference.steps)
    assert_states_agree(engine, reference)
    assert (engine.counters["late"], engine.counters["duplicate"]) == (reference.late, reference.duplicate)


@settings(max_examples=50, deadline=None)
@given(city=catalogues(), rows=streams(numbers=(20, 12), size=120), sizes=SIZES)
def test_that_many_samples_of_one_channel_in_a_batch_keep_their_order(city, rows, sizes):
    engine, reference = new_engine(city), refer(city, rows, SET)
    assert by_vital(play(engine, rows, sizes, disorder_ns=DISORDER_NS)) == by_vital(reference.steps)


@settings(max_examples=40, deadline=None)
@given(city=catalogues(), data=st.data())
def test_that_channels_may_be_shuffled_among_each_other(city, data):
    rows = [row for row in data.draw(streams()) if row[3] != 2]
    lanes = {number: [row for row in rows if row[1] == number] for number in NUMBERS}
    shuffled = [lanes[row[1]].pop(0) for row in data.draw(st.permutations(rows))]
    wide = 10**6 * SECOND
    one = play(new_engine(city), rows, [7], disorder_ns=wide) if rows else []
    two = play(new_engine(city), shuffled, [11], disorder_ns=wide) if rows else []
    assert by_vital(one) == by_vital(two)


def test_that_a_spike_and_a_return_in_one_batch_end_normal():
    city = catalogue(["last(A.x)"], [Threshold(threshold_set=SET, vital="V0", high_red=5.0, hysteresis=1.0)])
    engine = new_engine(city)
    rows = [(START + k * SECOND, 20, value, 0) for k, value in enumerate([0.0, 9.0, 4.5, 4.0, 9.0, 0.0])]
    steps = play(engine, rows, [6])
    assert [(at - START, before, after) for _, at, before, after, *_ in steps] == [
        (SECOND, 0, 4), (3 * SECOND, 4, 0), (4 * SECOND, 0, 4), (5 * SECOND, 4, 0),
    ]  # fmt: skip
    assert engine.state.band[0] == 0
