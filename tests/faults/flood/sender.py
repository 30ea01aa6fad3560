"""One flooding gateway: pushes packed batches at a rate until told to end, and counts what became of its samples.

`python -m tests.faults.flood.sender PORT FIRST LAST RATE SECONDS`: sweeps the channels FIRST … LAST (last not included)
with normal values, and prints its counts as one line of JSON.
"""

import json
import os
import sys
import time
from collections import Counter

import numpy as np

from chengyun_core.ingest.batch import Batch
from chengyun_core.model.clock import ProfileClock
from tests.soak.daemons import Gateway

BATCH = 50_000
NICE = 10
LEAST, MOST = 5.0, 40.0
"""Well below every limit of the small city."""


def flood(port: int, first: int, last: int, rate: float, seconds: float) -> dict[str, object]:
    """Return samples offered, accepted and refused by cause, and those nobody answered for."""
    clock, gateway, counts = ProfileClock(), Gateway(port), Counter[str]()
    size = min(BATCH, last - first)
    values = np.random.default_rng(first).uniform(LEAST, MOST, 2 * size)
    began, pushes = time.perf_counter(), 0
    while (now := time.perf_counter() - began) < seconds:
        due = pushes * size / rate
        if due > now:
            time.sleep(due - now)
        begin = first + pushes * size % max(1, last - first - size + 1)
        batch = Batch.of(
            np.arange(begin, begin + size, dtype=np.uint32), np.full(size, clock.utc_ns(), np.int64),
            values[pushes % size : pushes % size + size],
        )  # fmt: skip
        _count(counts, size, gateway.push(batch))
        pushes += 1
    gateway.close()
    return {"seconds": time.perf_counter() - began, **counts}


def _count(counts: Counter[str], size: int, answer: "object") -> None:
    counts["offered"] += size
    if not isinstance(answer, dict):
        counts["unanswered"] += size
        return
    counts["accepted"] += answer["accepted"]
    for cause, count in answer["refused"].items():
        counts[f"refused.{cause}"] += count


def main(port: str, first: str, last: str, rate: str, seconds: str) -> int:
    """Flood and tell. At low priority: on a real site gateways are other machines and take no time of ours."""
    os.nice(NICE)
    print(json.dumps(flood(int(port), int(first), int(last), float(rate), float(seconds))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
