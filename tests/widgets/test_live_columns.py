"""Following a live series: the kept columns are those a full fetch would give."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.series.pyramid import MinMaxPyramid
from chengyun_widgets.live_columns import LiveColumns

PIXELS = 50
SPAN = 10_000
CHUNK = st.lists(st.tuples(st.integers(0, 60), st.one_of(st.floats(-9, 9), st.just(float("nan")))), max_size=40)


def folded(time: np.ndarray, low: np.ndarray, high: np.ndarray, width_ns: int) -> dict[int, tuple[float, float]]:
    places: dict[int, tuple[float, float]] = {}
    for at, least, most in zip(time // width_ns, low, high, strict=True):
        known = places.get(int(at), (np.nan, np.nan))
        places[int(at)] = (float(np.fmin(known[0], least)), float(np.fmax(known[1], most)))
    return places


@given(st.lists(CHUNK, min_size=1, max_size=40))
def test_that_kept_columns_equal_those_of_the_raw_samples(chunks: list[list[tuple[int, float]]]) -> None:
    pyramid = MinMaxPyramid(100_000)
    live, now = LiveColumns(pyramid), 50_000
    width_ns = SPAN // PIXELS
    for chunk in chunks:
        steps = np.cumsum([step for step, _ in chunk], dtype=np.int64)
        pyramid.append(now + steps, np.array([value for _, value in chunk], dtype=np.float64))
        now += int(steps[-1]) if len(steps) else 0
        shown = live.columns(now - SPAN, now, PIXELS)
        first_ns = (now - SPAN) // width_ns * width_ns
        time, value = pyramid.raw(first_ns, now)
        expected = folded(time, value, value, width_ns)
        got = folded(shown.time, shown.low, shown.high, width_ns)
        assert got.keys() == expected.keys()
        for place, pair in expected.items():
            np.testing.assert_equal(got[place], pair)
        if len(time):
            np.testing.assert_equal(float(shown.last[-1]), float(value[-1]))
        assert len(shown.time) <= PIXELS + 2


def test_that_a_spike_in_the_newest_sample_is_in_the_next_frame() -> None:
    pyramid = MinMaxPyramid(10_000)
    pyramid.append(np.arange(5_000), np.zeros(5_000))
    live = LiveColumns(pyramid)
    live.columns(0, 4_999, PIXELS)
    pyramid.append(np.array([5_000]), np.array([77.0]))
    assert live.columns(1, 5_000, PIXELS).high[-1] == 77.0


def test_that_a_late_sample_reaches_the_screen_with_the_next_frame() -> None:
    pyramid = MinMaxPyramid(10_000)
    pyramid.append(np.arange(0, 5_000, 2), np.zeros(2_500))
    live = LiveColumns(pyramid)
    live.columns(0, 4_999, PIXELS)
    pyramid.append(np.array([1_001]), np.array([55.0]))
    assert np.nanmax(live.columns(0, 4_999, PIXELS).high) == 55.0


def test_that_another_window_length_is_fetched_in_full() -> None:
    pyramid = MinMaxPyramid(10_000)
    pyramid.append(np.arange(5_000), np.arange(5_000, dtype=np.float64))
    live = LiveColumns(pyramid)
    live.columns(4_000, 4_999, PIXELS)
    wide = live.columns(0, 4_999, PIXELS)
    assert (wide.low[0], wide.high[-1]) == (0.0, 4_999.0)
