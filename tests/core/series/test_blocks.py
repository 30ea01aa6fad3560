"""Blocks of stored series against plain loops: extremes, their times, and series too short for any."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.series import blocks
from chengyun_core.series.blocks import BASE, FACTOR, LEAST, levels_of, points_of


@settings(max_examples=25, deadline=None)
@given(
    lengths=st.lists(st.sampled_from([0, 1, LEAST - 1, LEAST, 700, 5000, 9000]), min_size=1, max_size=5),
    seed=st.integers(0, 2**32 - 1),
)
def test_that_each_block_tells_its_first_lowest_highest_last_sample_and_greatest_doubt(lengths, seed):
    rng = np.random.default_rng(seed)
    end = np.cumsum(lengths)
    begin = end - np.array(lengths)
    value = rng.integers(-50, 50, int(end[-1])).astype(float)
    value[rng.random(value.size) < 0.3] = np.nan
    value[: value.size // 3] = np.nan
    time = np.arange(value.size) * 10
    doubt = np.where(rng.random(value.size) < 0.0005, rng.integers(0, 3, value.size), 0).astype(np.uint8)
    size = BASE
    for level in levels_of(begin, end, time, value, doubt):
        for k, length in enumerate(lengths):
            mine = level.blocks[level.begin[k] : level.begin[k + 1]]
            assert mine.size == (-(-length // size) if length >= LEAST else 0)
            for place, block in enumerate(mine):
                here = slice(begin[k] + place * size, min(begin[k] + (place + 1) * size, end[k]))
                check(block, time[here], value[here])
                assert level.doubt[level.begin[k] + place] == doubt[here].max()
        size *= FACTOR


def check(block, time, value):
    assert (block["first_time"], block["last_time"]) == (time[0], time[-1])
    assert np.array_equal([block["first"], block["last"]], [value[0], value[-1]], equal_nan=True)
    if np.isnan(value).all():
        assert np.isnan(block["low"])
        assert (block["low_time"], block["high_time"]) == (time[0], time[0])
        return
    low, high = np.nanargmin(value), np.nanargmax(value)
    assert (block["low"], block["low_time"]) == (value[low], time[low])
    assert (block["high"], block["high_time"]) == (value[high], time[high])


def test_that_the_points_of_blocks_come_in_order_of_time_whichever_extreme_was_first():
    made = np.zeros(2, blocks.DTYPE)
    made["first_time"], made["last_time"] = [0, 100], [9, 109]
    made["low_time"], made["high_time"] = [3, 107], [7, 102]
    made["low"], made["high"] = -1, 1
    time, value = points_of(made)
    assert time.tolist() == [0, 3, 7, 9, 100, 102, 107, 109]
    assert value[1:3].tolist() == [-1, 1]
    assert value[5:7].tolist() == [1, -1]
