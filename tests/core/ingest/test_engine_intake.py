"""Intake of the engine: what is refused is counted by cause, and nothing vanishes without a number."""

import math

import numpy as np
import pytest

from chengyun_core.ingest.batch import Batch, Limits
from chengyun_core.ingest.engine import Engine
from chengyun_core.model.catalogue import Threshold
from chengyun_core.model.scales import Quality
from tests.reference.cities import SET, START, catalogue
from tests.reference.playing import batch_of, new_engine

SECOND, DAY = 1_000_000_000, 86_400 * 1_000_000_000
CITY = catalogue(["last(A.x)", "last(D.x)"], [Threshold(threshold_set=SET, vital="V0", high_red=5.0)])


def test_that_times_too_old_or_ahead_are_dropped_by_cause():
    engine = Engine(CITY, limits=Limits(future_s=60.0, past_days=7.0))
    times = [START, START + 60 * SECOND, START + 61 * SECOND, START - 7 * DAY, START - 7 * DAY - 1, 0]
    engine.take(batch_of([(time, 20 + 2 * (k % 2), 1.0, 0) for k, time in enumerate(times)]), now_ns=START)
    assert engine.counters["dropped.future"] == 1
    assert engine.counters["dropped.too_old"] == 2
    assert engine.counters["samples"] == 3


@pytest.mark.parametrize("number", [0, 15, 21, 27, 4_000_000_000])
def test_that_channels_the_catalogue_does_not_hold_are_dropped_and_the_rest_goes_on(number):
    engine = new_engine(CITY)
    outcome = engine.take(batch_of([(START, number, 1.0, 0), (START, 20, 9.0, 0)]), now_ns=START)
    assert engine.counters["dropped.unknown_channel"] == 1
    assert outcome.changed.tolist() == [0]
    assert outcome.steps.vital.tolist() == [0]


@pytest.mark.parametrize(
    ("value", "quality"),
    [(math.nan, 0), (math.inf, 0), (-math.inf, 0), (1.0, 2), (1.0, 3), (1.0, 77), (8.5, 0), (-9.0, 0)],
)
def test_that_what_is_no_good_value_is_bad_and_counted(value, quality):
    engine = new_engine(CITY)
    engine.take(batch_of([(START, 26, value, quality)]), now_ns=START)
    assert engine.counters["bad"] == 1
    assert engine.state.quality[1] == Quality.BAD
    assert math.isnan(engine.state.value[1])
    assert engine.last.read(np.array([26], np.uint32))[2].tolist() == [Quality.BAD]


def test_that_an_uncertain_value_counts_and_keeps_its_quality():
    engine = new_engine(CITY)
    engine.take(batch_of([(START, 20, 9.0, 1)]), now_ns=START)
    assert (engine.state.quality[0], engine.state.band[0]) == (Quality.UNCERTAIN, 4)


def test_that_a_late_sample_is_history_and_nothing_else():
    engine = new_engine(CITY)
    engine.take(batch_of([(START + SECOND, 20, 1.0, 0)]), now_ns=START)
    outcome = engine.take(batch_of([(START, 20, 9.0, 0), (START + SECOND, 20, 9.0, 0)]), now_ns=START)
    assert (engine.counters["late"], engine.counters["duplicate"]) == (1, 1)
    assert (len(outcome.steps), outcome.changed.size, engine.state.value[0]) == (0, 0, 1.0)
    assert engine.window(0, 0, START + SECOND, 100)[1].tolist() == [9.0, 1.0, 9.0]


def test_that_steps_far_behind_the_clock_are_marked_late():
    engine = Engine(CITY, limits=Limits(past_days=7.0, late_s=300.0))
    rows = [(START - 301 * SECOND, 20, 9.0, 0), (START - 300 * SECOND, 20, 0.0, 0)]
    steps = engine.take(batch_of(rows), now_ns=START).steps
    assert steps.late.tolist() == [True, False]


def test_that_an_empty_batch_and_an_empty_catalogue_are_no_trouble():
    engine = new_engine(catalogue([], []))
    assert engine.take(Batch.of([], [], []), now_ns=START).changed.size == 0
    assert engine.take(batch_of([(START, 20, 1.0, 0)]), now_ns=START).changed.size == 0
    assert engine.close_until(START).changed.size == 0
    assert engine.bands() == []


def test_that_columns_of_unequal_length_are_refused():
    batch = Batch(
        channel=np.zeros(2, np.uint32), time=np.zeros(1, np.int64), value=np.zeros(2), quality=np.zeros(2, np.uint8)
    )
    with pytest.raises(ValueError, match="must be"):
        new_engine(CITY).take(batch, now_ns=START)


def test_that_activations_are_numbered_from_the_first():
    engine = new_engine(CITY)
    outcome = engine.take(batch_of([(START, 20, 9.0, 0), (START + 1, 20, 0.0, 0)]), now_ns=START)
    first, second = outcome.steps.activations(3, 7, 100, 5)
    assert (first.shard, first.epoch, first.seq, first.catalogue_version) == (3, 7, 100, 5)
    assert (first.vital, first.at_ns, first.before, first.after, first.value, first.limit) == (0, START, 0, 4, 9.0, 5.0)
    assert (second.seq, second.after, second.limit) == (101, 0, 5.0)


@pytest.mark.parametrize("value", [-8.0, 8.0])
def test_that_the_ends_of_the_physical_range_are_good(value):
    engine = new_engine(CITY)
    engine.take(batch_of([(START, 26, value, 0)]), now_ns=START)
    assert (engine.state.quality[1], engine.state.value[1]) == (Quality.GOOD, value)
