"""Windows: pinned vitals from their ring, aggregates from theirs, all others from the log ring, with gaps where BAD."""

from dataclasses import replace

import numpy as np
import pytest

from chengyun_core.ingest.history import AGGREGATE_POINTS, AggregateRings
from chengyun_core.ingest.log_ring import LogRing
from chengyun_core.model.failure import Refused
from chengyun_core.series.doubt import Doubt
from tests.reference.cities import START, catalogue
from tests.reference.playing import batch_of, new_engine

SECOND = 1_000_000_000
FORMULAS = ["last(A.x)", "scale(2, 1; A.x)", "mean(A.x, B.x)", "scale(10, 0; B.x)"]


def city(pinned=()):
    made = catalogue(FORMULAS, [])
    return replace(made, vitals=tuple(replace(vital, pinned=int(vital.number in pinned)) for vital in made.vitals))


def filled(pinned=(), count=50):
    engine = new_engine(city(pinned))
    for k in range(count):
        time = START + k * SECOND
        engine.take(batch_of([(time, 20, float(k), 2 * (k == 7)), (time, 22, 1.0, 0)]), now_ns=time)
        engine.close_until(time)
    return engine


@pytest.mark.parametrize("pinned", [(), (0, 1, 2, 3)])
def test_that_each_kind_of_vital_gives_its_window(pinned):
    engine = filled(pinned)
    values = np.array([float(k) if k != 7 else np.nan for k in range(50)])
    means = np.array([(float(k) + 1.0) / 2 if k != 7 else 1.0 for k in range(50)])
    for vital, wanted in enumerate((values, values * 2 + 1, means, np.full(50, 10.0))):
        time, value, _doubt, raw, oldest = engine.window(vital, START + 5 * SECOND, START + 20 * SECOND, 100)
        np.testing.assert_array_equal(value, wanted[5:21])
        assert (raw, oldest, time[0], time[-1]) == (True, START, START + 5 * SECOND, START + 20 * SECOND)


@pytest.mark.parametrize("pinned", [(), (0, 1, 2, 3)])
def test_that_each_kind_of_vital_tells_what_was_suspect_also_under_another_catalogue(pinned):
    engine = new_engine(city(pinned))
    for k in range(50):
        time = START + k * SECOND
        engine.take(batch_of([(time, 20, float(k), int(k in {7, 30})), (time, 22, 1.0, 0)]), now_ns=time)
        engine.close_until(time)
    for _ in range(2):
        for vital in (0, 1, 2):
            time, _value, doubt, _raw, _oldest = engine.window(vital, START, START + 49 * SECOND, 100)
            assert ((time[doubt == Doubt.SUSPECT] - START) // SECOND).tolist() == [7, 30]
        assert not engine.window(3, START, START + 49 * SECOND, 100)[2].any()
        engine.adopt(city(pinned), "")


def test_that_a_long_window_is_thinned_and_says_so():
    engine = filled(count=200)
    time, value, _doubt, raw, _ = engine.window(0, START, START + 199 * SECOND, 10)
    assert not raw
    assert time.size <= 40
    assert (value[0], value[-1]) == (0.0, 199.0)


def test_that_nothing_held_is_told():
    engine = new_engine(city())
    assert engine.window(0, 10, 20, 5)[3:] == (True, 21)


def test_that_the_rings_of_pinned_vitals_survive_a_new_catalogue():
    engine = filled(pinned=(0,))
    engine.adopt(city(pinned=(0,)), "")
    engine.log = LogRing(8)
    assert engine.window(0, START, START + 49 * SECOND, 100)[0].size == 50
    assert engine.window(2, START, START + 49 * SECOND, 100)[0].size == 50


def test_that_raw_of_names_the_channels_a_vital_is_made_of():
    engine = new_engine(catalogue([*FORMULAS, "share_over(1; P#*.x, A.x)"], []))
    assert engine.raw_of([0]).tolist() == [20]
    assert engine.raw_of([2, 0]).tolist() == [20, 22]
    assert engine.raw_of([4]).tolist() == [10, 11, 12, 13, 14, 20]
    assert engine.raw_of([]).tolist() == []
    assert engine.raw_of([99]).tolist() == []


def test_that_an_aggregates_ring_keeps_the_newest_points():
    rings, rng = AggregateRings(3, points=8), np.random.default_rng(5)
    held = {0: [], 1: [], 2: []}
    for turn in range(12):
        place = rng.integers(0, 3, int(rng.integers(1, 30)))
        time = np.arange(place.size) + turn * 100
        rings.append(place, time, time * 0.5, (time % 3).astype(np.uint8))
        for p, t in zip(place.tolist(), time.tolist(), strict=True):
            held[p].append(t)
    for place in range(3):
        time, value, doubt = rings.raw(place)
        assert doubt.tolist() == [t % 3 for t in held[place][-8:]]
        assert time.tolist() == held[place][-8:]
        assert value.tolist() == [t * 0.5 for t in held[place][-8:]]


def test_that_an_aggregates_memory_is_as_told():
    rings = AggregateRings(1)
    rings.append(np.zeros(3000, np.intp), np.arange(3000), np.zeros(3000), np.zeros(3000, np.uint8))
    assert rings.raw(0)[0].tolist() == list(range(3000 - AGGREGATE_POINTS, 3000))


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("last(X.x)", "formula.unknown_channel"),
        ("last(A.y)", "formula.unknown_channel"),
        ("last(P#6.x)", "formula.member"),
        ("last(P.x)", "formula.needs_member"),
        ("last(A#2.x)", "formula.member"),
    ],
)
def test_that_a_formula_over_no_channel_is_refused(formula, code):
    with pytest.raises(Refused) as refused:
        new_engine(catalogue([formula], []))
    assert refused.value.reason.code == code
