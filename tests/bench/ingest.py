"""Ingest: 22 million ids at 2.2 million samples a second, each id a vital with all bands and hysteresis, paced."""

import gc
import sys
import time
from dataclasses import dataclass

import numpy as np

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.channels import ChannelTable
from chengyun_core.ingest.engine import Engine
from chengyun_core.ingest.rules import Rules
from chengyun_core.ingest.tables import Tables
from chengyun_core.ingest.vitals import StraightLayer, VitalTable
from chengyun_core.model.catalogue import Catalogue, Channel, Threshold
from tests.bench.figures import resident_mb

IDS = 22_000_000
RATE = 2_200_000
BATCH = 11_000
"""A batch every 5 ms."""
SECONDS = 25.0
UNUSUAL = 0.001
"""Share of samples that lie in a band: two steps a lap each, in and out."""
RULES = 64
START_NS = 1_784_000_000_000_000_000
SECOND = 1_000_000_000
GOAL_CORE, GOAL_P50_MS, GOAL_P99_MS = 0.5, 10.0, 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one paced run used and did."""

    seconds: float
    cpu_s: float
    latency_ms: np.ndarray
    sent: int
    steps: int


def tables(ids: int = IDS) -> Tables:
    """Every id a vital of one channel, under one of 64 rules with eight limits and hysteresis."""
    rows = [
        Threshold(
            threshold_set="S", vital="", high_blue=4.0 + k / 100, high_yellow=5.0, high_orange=6.0, high_red=7.0,
            low_blue=-4.0 - k / 100, low_yellow=-5.0, low_orange=-6.0, low_red=-7.0, hysteresis=0.5,
        )
        for k in range(RULES)
    ]  # fmt: skip
    channel = Channel(number=0, device="D", quantity="x", unit="m", period_s=10.0, count=ids, low=-50.0, high=50.0)
    rule_of = np.random.default_rng(1).integers(1, RULES + 1, ids, dtype=np.uint16)
    vitals = VitalTable(size=ids, layers=(StraightLayer(ids),), aggregates=())
    return Tables(channels=ChannelTable((channel,)), vitals=vitals, rules=Rules(rows), rule_of=rule_of)


class Feed:
    """All ids in one random order, again and again; in each lap other samples lie in a band."""

    def __init__(self, ids: int = IDS, batch: int = BATCH) -> None:
        self._rng = np.random.default_rng(2026)
        self._count, self._batch = ids, batch
        self._ids = self._rng.permutation(ids).astype(np.uint32)
        self._values = self._rng.uniform(-3.0, 3.0, ids).astype(np.float32)
        self._quality = np.zeros(batch, np.uint8)

    def batch(self, number: int) -> Batch:
        """Return the batch of a tick; its source time is the tick's."""
        size = self._batch
        at = number * size % self._count
        value = self._values[at : at + size].astype(np.float64)
        unusual = self._rng.integers(0, size, round(size * UNUSUAL))
        value[unusual] = self._rng.uniform(3.5, 9.0, unusual.size) * np.where(unusual % 2, 1, -1)
        source_time = np.full(size, START_NS + number * (size * SECOND // RATE), np.int64)
        return Batch(channel=self._ids[at : at + size], time=source_time, value=value, quality=self._quality)


def lap(engine: Engine, feed: Feed) -> int:
    """Send every id once, unpaced, so that all pages are touched; return the ticks used."""
    ticks = IDS // BATCH
    for number in range(ticks):
        batch = feed.batch(number)
        engine.take(batch, now_ns=int(batch.time[0]))
    return ticks


def paced(engine: Engine, feed: Feed, first: int, seconds: float) -> Measured:
    """Send a batch every 5 ms; latency is from the moment the batch was due until its outcome is there."""
    ticks, period = round(seconds * RATE / BATCH), BATCH / RATE
    latency, steps = np.empty(ticks), 0
    start, cpu, made = time.perf_counter(), time.process_time(), 0.0
    for k in range(ticks):
        due = start + k * period
        wait = due - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        feeding = time.process_time()
        batch = feed.batch(first + k)
        made += time.process_time() - feeding
        steps += len(engine.take(batch, now_ns=int(batch.time[0])).steps)
        latency[k] = time.perf_counter() - due
    wall, used = time.perf_counter() - start, time.process_time() - cpu - made
    return Measured(seconds=wall, cpu_s=used, latency_ms=latency * 1e3, sent=ticks * BATCH, steps=steps)


def wrong_bands(engine: Engine) -> int:
    """Return how many ids are in a band though well inside limits and hysteresis, or in none though well outside."""
    value, band = np.abs(engine.state.value), engine.state.band
    inside, outside = 4.0 - 0.5, 4.0 + RULES / 100
    return int(np.count_nonzero((value <= inside) & (band > 0)) + np.count_nonzero((value >= outside) & (band == 0)))


def main(seconds: float = SECONDS) -> int:
    """Print the figures; return 0 when nothing was lost and the goals are reached."""
    feed = Feed()
    before = resident_mb()
    engine = Engine(Catalogue(), ring_capacity=1 << 22, tables=tables())
    gc.collect()
    first = lap(engine, feed)
    memory = resident_mb() - before
    counted = dict(engine.counters)
    run = paced(engine, feed, first, seconds)
    evaluated = engine.counters["evaluated"] - counted["evaluated"]
    lost = run.sent - evaluated
    refused = {cause: n for cause, n in engine.counters.items() if n and cause not in ("samples", "evaluated")}
    wrong = wrong_bands(engine)
    share, p50, p99 = run.cpu_s / run.seconds, *np.percentile(run.latency_ms, (50, 99))
    print(f"{IDS:,} ids in random order, {run.sent / run.seconds / 1e6:.2f} M samples/s for {run.seconds:.1f} s,")
    print(f"  batches of {BATCH} every {BATCH / RATE * 1e3:g} ms, 8 limits and hysteresis on every id")
    print(f"  samples sent {run.sent:,}, evaluated {evaluated:,}, lost {lost}, refused {refused or 'none'}")
    print(f"  steps of bands {run.steps:,} ({run.steps / run.seconds:,.0f}/s), ids in a wrong band at the end {wrong}")
    print(f"  core share {share:.2f} (goal {GOAL_CORE}; engine alone, making the samples is not counted)")
    print(f"  latency due → outcome p50 {p50:.2f} ms, p99 {p99:.2f} ms, max {run.latency_ms.max():.1f} ms")
    print(f"  memory of the engine {memory:,.0f} MB")
    kept = lost == 0 and wrong == 0 and not refused
    reached = kept and share <= GOAL_CORE and p50 <= GOAL_P50_MS and p99 <= GOAL_P99_MS
    print(f"  goal: {'reached' if reached else 'MISSED'}")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
