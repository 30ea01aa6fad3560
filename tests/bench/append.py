"""Append: the log ring with the last-value table against the bare log ring, 64k batches, 22 million ids."""

import statistics
import sys
from collections.abc import Callable

import numpy as np

from chengyun_core.ingest.arrivals import sort_out
from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.last_values import LastValues
from chengyun_core.ingest.log_ring import LogRing
from tests.bench.figures import interleaved, ratios, spread

IDS = 22_000_000
BATCH = 65_536
BATCHES = 64
RING = 1 << 22
START_NS = 1_784_000_000_000_000_000
GOALS = {"random ids": 0.25, "sweep": 0.5}


class Feed:
    """Batches that come round again and again, each time a second later."""

    def __init__(self, *, sweep: bool) -> None:
        rng = np.random.default_rng(2026)
        self._batches = []
        for k in range(BATCHES):
            ids = (np.arange(BATCH) + k * BATCH) % IDS if sweep else rng.permutation(IDS)[:BATCH]
            value = rng.normal(size=BATCH)
            self._batches.append(Batch.of(ids, np.full(BATCH, START_NS), value))
        self._turn = 0

    def next(self) -> Batch:
        """Return the next batch; its times lie a second after those of the round before."""
        place = self._turn % BATCHES
        self._turn += 1
        batch = self._batches[place]
        batch.time[:] = START_NS + self._turn * 1_000_000_000
        return batch


def bare(feed: Feed, log: LogRing) -> Callable[[], object]:
    """Append to the log only."""
    return lambda: log.append(feed.next())


def with_last(feed: Feed, log: LogRing, last: LastValues) -> Callable[[], object]:
    """Append to the log and write every sample into its channel's slot."""

    def run() -> None:
        batch = feed.next()
        log.append(batch)
        last.put(batch.channel, batch.time, batch.value, batch.quality)

    return run


def with_order(feed: Feed, log: LogRing, last: LastValues) -> Callable[[], object]:
    """The same as the engine does it: late and double samples are found first."""

    def run() -> None:
        batch = feed.next()
        log.append(batch)
        arrivals = sort_out(batch.channel, batch.time, last.times(batch.channel))
        assert arrivals.fresh is None
        last.put(batch.channel, batch.time, batch.value, batch.quality)

    return run


def compare(name: str, rounds: int) -> bool:
    """Print one pattern's figures; return whether the goal is reached."""
    feed, log, last = Feed(sweep=name == "sweep"), LogRing(RING), LastValues(IDS, touch=True)
    sides = {
        "bare log ring": bare(feed, log),
        "log + last value": with_last(feed, log, last),
        "log + order + last value": with_order(feed, log, last),
    }
    taken = interleaved(sides, rounds=rounds, repeats=BATCHES)
    print(f"{name}: {BATCH} samples a batch, {IDS:,} ids, {rounds} rounds of {BATCHES} batches")
    for side, seconds in taken.items():
        rate = [BATCH / s / 1e6 for s in seconds]
        print(f"  {side:26s}{spread(rate)} M samples/s")
    found = ratios(taken["bare log ring"], taken["log + last value"])
    reached = statistics.median(found) >= GOALS[name]
    print(f"  ratio log + last value / bare: {spread(found, '.2f')}; goal {GOALS[name]}: {_word(reached)}")
    return reached


def _word(reached: bool) -> str:
    return "reached" if reached else "MISSED"


def main(rounds: int = 7) -> int:
    """Print the figures; return 0 when both goals are reached."""
    reached = [compare(name, rounds) for name in GOALS]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
