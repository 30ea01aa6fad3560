"""Plays a stream through the engine in any batches, and compares what comes out with the reference."""

import math

from chengyun_core.ingest.batch import Batch, Limits
from chengyun_core.ingest.engine import Engine
from tests.reference.evaluator import Reference

WIDE = Limits(future_s=1e9, past_days=20_000.0)


def batch_of(rows):
    """Rows (time, channel, value, quality) as columns."""
    time, channel, value, quality = zip(*rows, strict=True)
    return Batch.of(channel, time, value, quality)


def play(engine, rows, sizes, *, disorder_ns=0):
    """Feed the rows in batches of these sizes (repeated), with the watermark as a replay keeps it; return all steps."""
    steps, at, turn, newest = [], 0, 0, 0
    while at < len(rows):
        part = rows[at : at + sizes[turn % len(sizes)]]
        at, turn = at + len(part), turn + 1
        newest = max(newest, *(row[0] for row in part))
        steps += steps_of(engine.take(batch_of(part), now_ns=newest))
        steps += steps_of(engine.close_until(newest - disorder_ns - 1))
    return steps + steps_of(engine.close_until(newest + 60 * 1_000_000_000))


def steps_of(outcome):
    """Steps as tuples (vital, at, before, after, side, value, limit, aspect)."""
    steps = outcome.steps
    columns = (steps.vital, steps.at_ns, steps.before, steps.after, steps.side, steps.value, steps.limit, steps.aspect)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def refer(catalogue, rows, threshold_set):
    """Feed the reference, one sample at a time."""
    reference = Reference(catalogue, threshold_set)
    for time, channel, value, quality in rows:
        reference.sample(time, channel, value, quality)
    reference.watermark(max(row[0] for row in rows) + 60 * 1_000_000_000)
    return reference


def by_vital(steps):
    """Steps of each vital in their order, with NaN made comparable."""
    found = {}
    for vital, *rest in steps:
        found.setdefault(vital, []).append(tuple("nan" if x != x else x for x in rest))
    return found


def new_engine(catalogue, **options):
    """An engine that takes any time."""
    return Engine(catalogue, ring_capacity=1 << 12, limits=WIDE, **options)


def assert_states_agree(engine, reference):
    """Compare value, quality, band, side and time of every vital."""
    state = engine.state
    for number, vital in reference.vitals.items():
        found = (int(state.band[number]), int(state.side[number]), int(state.quality[number]))
        assert found == (vital.band, vital.side, vital.quality), number
        if vital.time is not None:
            assert int(state.time[number]) == vital.time, number
            value = float(state.value[number])
            assert value == vital.value or (math.isnan(value) and math.isnan(vital.value)), number
