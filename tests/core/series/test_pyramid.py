"""Pyramid: columns equal a plain fold of the same samples, whatever was appended in whatever pieces."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.series.pyramid import MinMaxPyramid

VALUES = st.one_of(st.floats(-1e6, 1e6), st.just(float("nan")))


def plain_columns(time, value, t0, t1, pixels):
    """The definition, sample by sample."""
    width = max(1, -(-(t1 - t0 + 1) // pixels))
    found = {}
    for t, v in zip(time.tolist(), value.tolist(), strict=True):
        if t0 <= t <= t1:
            found.setdefault((t - t0) // width, []).append((t, v))
    rows = []
    for _, samples in sorted(found.items()):
        good = [v for _, v in samples if v == v]
        nan = float("nan")
        rows.append((samples[0][0], min(good, default=nan), max(good, default=nan), samples[0][1], samples[-1][1]))
    return rows


def as_rows(columns):
    parts = (columns.time, columns.low, columns.high, columns.first, columns.last)
    return list(zip(*(part.tolist() for part in parts), strict=True))


def same(found, wanted):
    assert len(found) == len(wanted)
    np.testing.assert_array_equal(np.array(found, float), np.array(wanted, float))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_that_columns_equal_a_plain_fold_of_the_newest_samples(data):
    capacity = data.draw(st.sampled_from([1, 5, 16, 40, 256, 300, 4096]))
    count = data.draw(st.integers(0, 3 * capacity if capacity < 1000 else 6000))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    time = np.cumsum(rng.integers(0, 5, count) * np.where(rng.random(count) < 0.02, 200, 1)).astype(np.int64)
    value = np.where(rng.random(count) < 0.1, np.nan, rng.normal(size=count))
    ring = MinMaxPyramid(capacity)
    for piece in np.array_split(np.arange(count), data.draw(st.integers(1, 12))):
        ring.append(time[piece], value[piece])
    kept = slice(max(0, count - ring.capacity), None)
    t0 = data.draw(st.integers(-10, int(time[-1]) + 10 if count else 10))
    t1 = t0 + data.draw(st.integers(0, int(time[-1]) + 10 if count else 10))
    pixels = data.draw(st.integers(1, 400))
    same(as_rows(ring.columns(t0, t1, pixels)), plain_columns(time[kept], value[kept], t0, t1, pixels))


@settings(max_examples=60, deadline=None)
@given(where=st.integers(0, 4999), seen=st.integers(1, 5000), pixels=st.integers(1, 50))
def test_that_a_spike_is_never_lost_wherever_it_is(where, seen, pixels):
    value = np.zeros(5000)
    value[where] = 1e9
    ring = MinMaxPyramid(8192)
    ring.append(np.arange(seen), value[:seen])
    high = ring.columns(0, 4999, pixels).high
    assert (1e9 in high) == (where < seen)


def test_that_a_spike_in_the_newest_sample_shows_before_its_block_is_whole():
    ring = MinMaxPyramid(4096)
    ring.append(np.arange(1000), np.zeros(1000))
    ring.append(np.array([1000]), np.array([7.0]))
    columns = ring.columns(0, 1000, 10)
    assert columns.high[-1] == 7.0
    assert columns.last[-1] == 7.0


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 2**32), pieces=st.integers(1, 20), count=st.integers(1, 900))
def test_that_late_samples_are_put_in_their_place(seed, pieces, count):
    rng = np.random.default_rng(seed)
    time = rng.permutation(count).astype(np.int64)
    value = time * 1.5
    ring = MinMaxPyramid(1024)
    for piece in np.array_split(np.arange(count), pieces):
        ring.append(time[piece], value[piece])
    found_time, found_value = ring.raw(0, count)
    assert found_time.tolist() == sorted(time.tolist())
    assert found_value.tolist() == [t * 1.5 for t in sorted(time.tolist())]
    same(as_rows(ring.columns(0, count, 7)), plain_columns(found_time, found_value, 0, count, 7))


def test_that_a_sample_older_than_a_full_ring_is_counted_and_not_kept():
    ring = MinMaxPyramid(16)
    ring.append(np.arange(100, 100 + 2 * ring.capacity), np.ones(2 * ring.capacity))
    ring.append(np.array([3]), np.array([5.0]))
    assert ring.too_old == 1
    assert 5.0 not in ring.raw(0, 10**9)[1]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_that_late_samples_in_a_full_ring_push_out_the_oldest_only(seed):
    rng = np.random.default_rng(seed)
    ring = MinMaxPyramid(32)
    held = []
    for _ in range(30):
        base = max((t for t, _ in held), default=0)
        time = base + rng.integers(-6, 12, rng.integers(1, 9))
        value = rng.normal(size=time.size)
        full = len(held) > ring.capacity
        oldest = sorted(held, key=lambda row: row[0])[-ring.capacity :][0][0] if held else None
        ring.append(time, value)
        held += [row for row in zip(time.tolist(), value.tolist(), strict=True) if not full or row[0] >= oldest]
    wanted = sorted(held, key=lambda row: row[0])[-ring.capacity :]
    got_time, _ = ring.raw(-(10**9), 10**9)
    assert got_time.tolist() == [t for t, _ in wanted]


def test_that_an_empty_window_gives_no_columns():
    ring = MinMaxPyramid(100)
    assert ring.columns(0, 10, 5).time.size == 0
    assert (ring.oldest_ns, ring.newest_ns) == (None, None)
    ring.append(np.array([50]), np.array([1.0]))
    assert ring.columns(0, 10, 5).time.size == 0


def test_that_columns_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="one column"):
        MinMaxPyramid(10).append(np.arange(3), np.zeros(2))


def test_that_columns_cannot_be_written_to():
    ring = MinMaxPyramid(10)
    ring.append(np.arange(3), np.zeros(3))
    with pytest.raises(ValueError, match="read-only"):
        ring.columns(0, 5, 5).low[0] = 1.0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), max_size=60), st.integers(-5, 45), st.integers(0, 20))
def test_that_the_samples_beside_a_window_are_the_nearest_on_both_sides(times: list[int], t0: int, span: int) -> None:
    ring = MinMaxPyramid(32)
    held = sorted(times)[-ring.capacity :]
    for time in sorted(times):
        ring.append(np.array([time]), np.array([float(time)]))
    before, after = [time for time in held if time < t0], [time for time in held if time > t0 + span]
    found, value = ring.beside(t0, t0 + span)
    assert found.tolist() == [*before[-1:], *after[:1]]
    assert value.tolist() == found.tolist()


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_that_every_sample_keeps_its_doubt_through_late_ones_and_a_full_ring(data):
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    ring, held = MinMaxPyramid(data.draw(st.sampled_from([8, 32, 300]))), []
    for _ in range(data.draw(st.integers(1, 15))):
        count = int(rng.integers(1, 40))
        time = np.unique(max((t for t, _ in held), default=0) + rng.integers(-5, 60, count))
        time = np.setdiff1d(time, np.array([t for t, _ in held], np.int64))
        doubt = np.where(rng.random(time.size) < 0.3, rng.integers(1, 3, time.size), 0).astype(np.uint8)
        doubt = doubt if rng.random() < 0.7 else None
        ring.append(time.astype(np.int64), time * 0.5, doubt)
        held += zip(time.tolist(), [0] * time.size if doubt is None else doubt.tolist(), strict=True)
    told = dict(held)
    time, _ = ring.raw(-(10**9), 10**9)
    found = ring.doubts(-(10**9), 10**9)
    assert (found.tolist() if found is not None else [0] * time.size) == [told[t] for t in time.tolist()]


def test_that_a_ring_in_which_nothing_is_in_doubt_keeps_no_column_of_it():
    ring = MinMaxPyramid(100)
    ring.append(np.arange(50), np.ones(50), np.zeros(50, np.uint8))
    assert ring.doubts(0, 99) is None
