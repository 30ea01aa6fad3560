"""Decimation: a subset of the samples, with every column's first, lowest, highest and last in it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.series.decimate import decimate, decimate_doubted


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(0, 800), pixels=st.integers(1, 100), gaps=st.floats(0, 1))
def test_that_extremes_and_ends_of_every_column_are_kept(seed, count, pixels, gaps):
    rng = np.random.default_rng(seed)
    time = np.cumsum(rng.integers(1, 9, count)).astype(np.int64)
    value = np.where(rng.random(count) < gaps, np.nan, rng.integers(0, 30, count).astype(float))
    t0, t1 = 3, int(time[-1]) - 2 if count else 5
    thin_time, thin_value = decimate(time, value, t0, t1, pixels)
    inside = {t: v for t, v in zip(time.tolist(), value.tolist(), strict=True) if t0 <= t <= t1}
    thin = dict(zip(thin_time.tolist(), thin_value.tolist(), strict=True))
    assert list(thin) == sorted(thin)
    assert all(str(inside[t]) == str(v) for t, v in thin.items())
    if len(inside) <= pixels:
        assert len(thin) == len(inside)
        return
    width = -(-(t1 - t0 + 1) // pixels)
    columns = {}
    for t in inside:
        columns.setdefault((t - t0) // width, []).append(t)
    assert len(thin) <= 4 * len(columns) <= 4 * pixels
    for times in columns.values():
        kept = [t for t in times if t in thin]
        good = [inside[t] for t in times if inside[t] == inside[t]]
        kept_good = [inside[t] for t in kept if inside[t] == inside[t]]
        assert (kept[0], kept[-1]) == (times[0], times[-1])
        assert (min(kept_good, default=None), max(kept_good, default=None)) == (
            min(good, default=None), max(good, default=None),
        )  # fmt: skip


def test_that_a_small_window_is_given_whole():
    time, value = np.arange(5), np.array([1.0, np.nan, 3.0, 4.0, 5.0])
    thin_time, thin_value = decimate(time, value, 0, 10, 5)
    assert thin_time.tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_array_equal(thin_value, value)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(0, 600), pixels=st.integers(1, 80), share=st.floats(0, 0.2))
def test_that_a_column_is_as_doubtful_as_the_worst_sample_in_it_drawn_or_not(seed, count, pixels, share):
    rng = np.random.default_rng(seed)
    time = np.cumsum(rng.integers(0, 9, count)).astype(np.int64)
    value = rng.integers(0, 30, count).astype(float)
    doubt = np.where(rng.random(count) < share, rng.integers(1, 3, count), 0).astype(np.uint8)
    t0, t1 = 3, int(time[-1]) - 2 if count and time[-1] > 8 else 6
    found_time, found_value, found = decimate_doubted(time, value, doubt, t0, t1, pixels)
    thin_time, thin_value = decimate(time, value, t0, t1, pixels)
    assert (found_time.tolist(), found_value.tolist()) == (thin_time.tolist(), thin_value.tolist())
    inside = (time >= t0) & (time <= t1)
    if np.count_nonzero(inside) <= pixels:
        assert found.tolist() == doubt[inside].tolist()
        return
    width = -(-(t1 - t0 + 1) // pixels)
    worst = {}
    for place, level in zip(((time[inside] - t0) // width).tolist(), doubt[inside].tolist(), strict=True):
        worst[place] = max(worst.get(place, 0), level)
    assert found.tolist() == [worst[place] for place in ((found_time - t0) // width).tolist()]
