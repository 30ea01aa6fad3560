"""Real series: every step of every vital equals the plain reference's, in batches of 1, 7, 1000 and all at once."""

from functools import cache

import numpy as np
import pytest

from chengyun_core.ingest.batch import Batch
from tests.realdata import daemon_steps
from tests.realdata.definitions import DATASETS, SET, WHOLE
from tests.reference.evaluator import Reference
from tests.reference.playing import by_vital, new_engine, steps_of

pytestmark = [pytest.mark.realdata, pytest.mark.slow, pytest.mark.timeout(300)]
SECOND = 1_000_000_000
ALL = 10**9
SMALL_BATCHES = 6_000
"""Rows that go through in tiny batches of the long series; the river goes whole."""
CASES = [
    pytest.param(name, size, rows, marks=[pytest.mark.long] if (name, size) == ("air", ALL) else [])
    for name in WHOLE
    for size, rows in ((1, SMALL_BATCHES), (7, 5 * SMALL_BATCHES), (1000, 100_000), (ALL, ALL))
]


@cache
def reference_steps(name, count):
    """Steps of the reference for the first `count` rows."""
    if count == ALL:
        return daemon_steps.reference_steps(name)
    data = DATASETS[name]
    reference = Reference(data.catalogue(), SET)
    columns = [column[:count] for column in data.columns()]
    for time, channel, value, quality in zip(*(column.tolist() for column in columns), strict=True):
        reference.sample(time, channel, value, quality)
    reference.watermark(int(columns[0][-1]))
    return by_vital(reference.steps)


def engine_steps(name, count, size):
    """Steps of the engine for the first `count` rows in batches of `size`, with a replay's watermark."""
    data = DATASETS[name]
    engine, steps = new_engine(data.catalogue()), []
    time, channel, value, quality = (column[:count] for column in data.columns())
    for begin in range(0, time.size, size):
        part = slice(begin, begin + size)
        batch = Batch(channel=channel[part], time=time[part], value=value[part], quality=quality[part])
        newest = int(batch.time[-1])
        steps += steps_of(engine.take(batch, now_ns=newest))
        steps += steps_of(engine.close_until(newest - 1))
    steps += steps_of(engine.close_until(int(time[-1])))
    assert engine.counters["samples"] == time.size
    return by_vital(steps)


@pytest.mark.parametrize(("name", "size", "count"), CASES)
def test_that_a_replay_takes_the_steps_of_the_reference(name, size, count):
    if not DATASETS[name].available():
        pytest.skip(f"{DATASETS[name].folder} is not on this machine")
    found = engine_steps(name, count, size)
    assert found == reference_steps(name, count)
    assert sum(len(steps) for steps in found.values()) > 100


@pytest.mark.parametrize("name", WHOLE)
def test_that_the_definitions_meet_every_rule(name):
    if not DATASETS[name].available():
        pytest.skip(f"{DATASETS[name].folder} is not on this machine")
    catalogue = DATASETS[name].catalogue()
    time, *_ = DATASETS[name].columns()
    assert (np.diff(time) >= 0).all()
    rules = catalogue.thresholds
    assert len(rules) == len(catalogue.vitals)
    for field in ("high_red", "low_red", "rate_per_min", "stuck_s", "missing_s"):
        assert any(getattr(rule, field) is not None for rule in rules), field
    assert any(rule.on_delay_s for rule in rules)
    assert any(rule.off_delay_s for rule in rules)
