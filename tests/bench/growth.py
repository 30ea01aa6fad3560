"""Growth: what a sample costs the engine as the city grows from ten thousand ids to 22 million."""

import gc
import statistics
import sys
import time

from chengyun_core.ingest.engine import Engine
from chengyun_core.model.catalogue import Catalogue
from tests.bench.figures import resident_mb, spread
from tests.bench.ingest import Feed, tables

SIZES = (10_000, 100_000, 1_000_000, 10_000_000, 22_000_000)
BATCH = 10_000
SAMPLES = 11_000_000
"""Measured at each size; fewer ids come round more often."""
ROUNDS = 5
PERIOD_S = 10.0
"""Every id sends once in ten seconds: what makes 2.2 million samples a second of 22 million ids."""
GOAL = 1.5
"""A sample of the largest city may cost this much more than one of a million ids: memory is far away, nothing else."""


def cost_ns(ids: int) -> tuple[list[float], float]:
    """Return ns per sample of each round, and the engine's memory in MB."""
    before = resident_mb()
    engine, feed = Engine(Catalogue(), ring_capacity=1 << 20, tables=tables(ids)), Feed(ids, BATCH)
    number = 0
    for number in range(ids // BATCH):  # touch every page
        batch = feed.batch(number)
        engine.take(batch, now_ns=int(batch.time[0]))
    gc.collect()
    memory, figures = resident_mb() - before, []
    for _ in range(ROUNDS):
        used = 0.0
        for _ in range(SAMPLES // BATCH // ROUNDS):
            number += 1
            batch = feed.batch(number)
            start = time.perf_counter()
            engine.take(batch, now_ns=int(batch.time[0]))
            used += time.perf_counter() - start
        figures.append(used / (SAMPLES // BATCH // ROUNDS * BATCH) * 1e9)
    return figures, memory


def main() -> int:
    """Print the figures; return 0 when the largest city costs as much a sample as a million ids."""
    print(f"batches of {BATCH}, 8 limits and hysteresis on every id, random order, {ROUNDS} rounds a size")
    middle: dict[int, float] = {}
    for ids in SIZES:
        figures, memory = cost_ns(ids)
        middle[ids] = statistics.median(figures)
        share = middle[ids] * 1e-9 * ids / PERIOD_S
        print(
            f"  {ids:>10,} ids: {spread(figures)} ns a sample, {memory:7,.0f} MB; "
            f"core share when each sends every {PERIOD_S:.0f} s: {share:.5f}"
        )
    grown = middle[SIZES[-1]] / middle[1_000_000]
    print(f"  a sample among 22 million costs {grown:.2f} of one among a million (goal {GOAL}): ids grew 22 times")
    print(f"  goal: {'reached' if grown <= GOAL else 'MISSED'}")
    return 0 if grown <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
