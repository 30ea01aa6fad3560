"""Log ring: the newest samples of a channel, by source time, whatever the batches and however often it went round."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.log_ring import LogRing


@settings(max_examples=150, deadline=None)
@given(capacity=st.integers(1, 40), sizes=st.lists(st.integers(0, 60), max_size=8), seed=st.integers(0, 2**32))
def test_that_a_channel_reads_back_what_a_list_of_the_newest_holds(capacity, sizes, seed):
    rng, ring, held = np.random.default_rng(seed), LogRing(capacity), []
    for size in sizes:
        channel, time = rng.integers(0, 3, size), rng.integers(0, 20, size)
        value, quality = rng.normal(size=size), rng.integers(0, 3, size)
        ring.append(Batch.of(channel, time, value, quality))
        held += zip(channel.tolist(), time.tolist(), value.tolist(), quality.tolist(), strict=True)
    held = held[-capacity:]
    assert ring.taken == sum(sizes)
    for channel in range(3):
        wanted = sorted((row[1:] for row in held if row[0] == channel), key=lambda row: row[0])
        found = list(zip(*(column.tolist() for column in ring.of_channel(channel)), strict=True))
        assert found == wanted


def test_that_an_unused_slot_is_no_sample_of_any_channel():
    ring = LogRing(8)
    ring.append(Batch.of([0], [5], [1.0]))
    assert ring.of_channel(0)[0].tolist() == [5]
    assert ring.of_channel(7)[0].size == 0
