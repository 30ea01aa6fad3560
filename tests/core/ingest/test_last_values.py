"""Last-value table: what was put is read back exactly, to the nanosecond, with its quality."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.ingest.batch import EARLIEST_NS, LATEST_NS
from chengyun_core.ingest.last_values import NEVER_NS, PIECE, LastValues
from chengyun_core.model.scales import Quality

SAMPLE = st.tuples(
    st.integers(0, 9), st.integers(EARLIEST_NS, LATEST_NS), st.floats(allow_nan=False), st.integers(0, 2)
)


@settings(max_examples=150, deadline=None)
@given(samples=st.lists(SAMPLE, max_size=30))
def test_that_the_last_sample_put_is_read_back_exactly(samples):
    table, wanted = LastValues(10), {}
    if samples:
        channel, time, value, quality = zip(*samples, strict=True)
        table.put(np.array(channel, np.uint32), np.array(time, np.int64), np.array(value), np.array(quality, np.uint8))
        wanted = {row[0]: row[1:] for row in samples}
    everyone = np.arange(10, dtype=np.uint32)
    times, values, qualities = table.read(everyone)
    for channel in range(10):
        if channel in wanted:
            assert (int(times[channel]), float(values[channel]), int(qualities[channel])) == wanted[channel]
        else:
            assert (int(times[channel]), int(qualities[channel])) == (NEVER_NS, Quality.NEVER)
    assert table.times(everyone).tolist() == table.all_times().tolist() == times.tolist()
    assert table.seen() == len(wanted)


@pytest.mark.parametrize("order", ["rising", "shuffled"])
def test_that_a_run_of_channels_is_written_like_any_other(order):
    count = 2 * PIECE + 3
    channel = np.arange(5, 5 + count, dtype=np.uint32)
    if order == "shuffled":
        channel = np.random.default_rng(1).permutation(channel)
    time = EARLIEST_NS + 1 + channel.astype(np.int64)
    table = LastValues(count + 10, touch=True)
    table.put(channel, time, channel * 0.5, (channel % 3).astype(np.uint8))
    times, values, qualities = table.read(channel)
    assert (times == time).all()
    assert (values == channel * 0.5).all()
    assert (qualities == channel % 3).all()
    assert table.seen() == count
    assert table.heard_since(int(time.max())) == 1


def test_that_a_younger_table_takes_over_the_slots_it_has():
    old, young = LastValues(4), LastValues(3)
    old.put(np.array([1, 3], np.uint32), np.full(2, EARLIEST_NS + 9), np.array([1.5, 3.5]), np.zeros(2, np.uint8))
    young.take_over(old)
    assert young.read(np.array([1], np.uint32))[1].tolist() == [1.5]
    assert young.seen() == 1
