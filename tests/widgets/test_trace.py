"""The line of a trend: what it covers is exactly what the samples say."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from chengyun_widgets.trace import TraceImage, colour_ramp, column_spans
from chengyun_widgets.trend_record import ArraySource, ColumnArrays

WIDTH = 40
T1 = 1_000
VALUES = st.one_of(st.floats(-100, 100), st.just(float("nan")))


def columns(time: list[int], value: list[float]) -> ColumnArrays:
    array = np.array(value, dtype=np.float64)
    return ColumnArrays(time=np.array(time, dtype=np.int64), low=array, high=array, first=array, last=array)


@given(st.lists(st.tuples(st.integers(0, T1), VALUES), min_size=1, max_size=300))
def test_that_every_sample_of_the_window_lies_within_its_pixel_column(samples: list[tuple[int, float]]) -> None:
    samples.sort(key=lambda sample: sample[0])
    time, value = np.array([s[0] for s in samples]), np.array([s[1] for s in samples])
    reduced = ArraySource(time, value).columns(0, T1 + 1, WIDTH)
    spans = column_spans(reduced, 0, T1 + 1, WIDTH)
    pixel = np.minimum(time * WIDTH // (T1 + 1), WIDTH - 1)
    for at, sample in zip(pixel, value, strict=True):
        if np.isfinite(sample):
            # The columns' own grid may begin a pixel earlier or later than the picture's.
            near = slice(max(0, at - 1), at + 2)
            assert np.nanmin(spans.low[near]) <= sample <= np.nanmax(spans.high[near])


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=8))
def test_that_the_line_between_samples_passes_every_column_between_them(values: list[float]) -> None:
    time = np.linspace(0, T1, len(values)).astype(np.int64)
    spans = column_spans(columns(time.tolist(), values), 0, T1, WIDTH)
    assert np.isfinite(spans.low).all()
    edges = np.arange(1, WIDTH)
    line = np.interp(edges * T1 / WIDTH, time, values)
    assert np.all(spans.low[:-1] <= line + 1e-6)
    assert np.all(spans.high[:-1] >= line - 1e-6)


def test_that_the_newest_sample_on_the_right_edge_is_drawn() -> None:
    spans = column_spans(columns([0, T1], [1.0, 99.0]), 0, T1, WIDTH)
    assert spans.high[-1] == 99.0


def test_that_a_missing_value_breaks_the_line() -> None:
    spans = column_spans(columns([0, 300, 500, 700, 1000], [1, 1, float("nan"), 1, 1]), 0, T1, WIDTH)
    assert np.isnan(spans.low[14:26]).all()
    assert np.isfinite(spans.low[:11]).all()


def test_that_a_pause_longer_than_the_gap_breaks_the_line_and_a_shorter_one_does_not() -> None:
    samples = columns([0, 100, 600, 700], [1, 1, 1, 1])
    assert np.isnan(column_spans(samples, 0, T1, WIDTH, gap_ns=300).low[8:22]).all()
    assert np.isfinite(column_spans(samples, 0, T1, WIDTH, gap_ns=600).low[:28]).all()


def test_that_a_line_between_two_samples_outside_the_window_is_drawn() -> None:
    spans = column_spans(columns([-500, 1500], [0.0, 20.0]), 0, T1, WIDTH)
    assert np.isfinite(spans.low).all()
    assert spans.low[0] >= 4.9


def test_that_nothing_is_drawn_where_there_is_nothing() -> None:
    assert np.isnan(column_spans(columns([], []), 0, T1, WIDTH).low).all()


def ink(image: TraceImage) -> np.ndarray:
    return (image._pixels.reshape(image.height, image.width) >> 24).astype(float) / 255


def test_that_a_level_line_has_exactly_its_thickness_of_ink() -> None:
    image = TraceImage(WIDTH, 30)
    spans = column_spans(columns([0, T1], [10.3, 10.3]), 0, T1, WIDTH)
    image.draw(spans, (0.0, 30.0), 1.5, colour_ramp(QColor("white")))
    assert np.allclose(ink(image).sum(axis=0), 1.5, atol=0.02)


def test_that_a_spike_reaches_the_height_of_its_value() -> None:
    image = TraceImage(WIDTH, 30)
    spike = ColumnArrays(
        time=np.array([0, 500, 1000]),
        low=np.array([1.0, 1.0, 1.0]),
        high=np.array([1.0, 29.0, 1.0]),
        first=np.ones(3),
        last=np.ones(3),
    )
    image.draw(column_spans(spike, 0, T1, WIDTH), (0.0, 30.0), 1.5, colour_ramp(QColor("white")))
    assert ink(image)[2:28, 20].min() > 0.95


def test_that_a_cleared_picture_is_empty_and_values_out_of_range_stay_inside() -> None:
    image = TraceImage(WIDTH, 30)
    spans = column_spans(columns([0, T1], [-500.0, 900.0]), 0, T1, WIDTH)
    image.draw(spans, (0.0, 30.0), 1.5, colour_ramp(QColor("white")))
    assert ink(image).any()
    image.clear()
    assert not ink(image).any()


def test_that_the_ramp_ends_in_the_colour_and_is_premultiplied() -> None:
    ramp = colour_ramp(QColor(200, 100, 50))
    assert ramp[0] == 0
    assert ramp[255] == 0xFFC86432
    half = int(ramp[128])
    assert (half >> 24, half >> 16 & 255) == (128, 100)
