"""Following a line: what is kept from frame to frame is what working it out anew would give, and so is its picture."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from chengyun_core.series.pyramid import MinMaxPyramid
from chengyun_widgets.live_spans import LiveSpans
from chengyun_widgets.trace import TraceImage, colour_ramp

PIXELS, HEIGHT = 50, 30
SPAN = 10_000
BOUNDS = (-10.0, 10.0)
STEP = st.tuples(st.integers(0, 60), st.one_of(st.floats(-9, 9), st.just(float("nan"))))
CHUNK = st.tuples(st.lists(STEP, max_size=40), st.integers(0, 400), st.integers(-1, 60))
"""Samples, how far the window runs on beyond the newest one, and how far back a late sample lies (-1: none)."""
GAP = st.sampled_from([0, 700])


def made(values: int = 2_000) -> tuple[MinMaxPyramid, int]:
    pyramid = MinMaxPyramid(100_000)
    time = np.arange(values) * 7
    pyramid.append(time, np.sin(time / 900.0))
    return pyramid, int(time[-1])


def put(pyramid: MinMaxPyramid, now: int, steps: list[tuple[int, float]]) -> int:
    times = now + np.cumsum([step for step, _ in steps], dtype=np.int64)
    pyramid.append(times, np.array([value for _, value in steps], dtype=np.float64))
    return int(times[-1]) if len(times) else now


@given(st.lists(CHUNK, min_size=1, max_size=30), GAP)
def test_that_a_followed_line_is_the_line_worked_out_anew(chunks: list, gap: int) -> None:
    pyramid, now = made()
    live, edge = LiveSpans(pyramid), now
    for steps, ahead, late in chunks:
        now = put(pyramid, now, steps)
        if late >= 0:
            pyramid.append(np.array([now - 31 * late]), np.array([8.5]))
        edge = max(edge, now + ahead)
        live.follow(edge - SPAN, edge, PIXELS, gap)
        anew = LiveSpans(pyramid)
        anew.follow(edge - SPAN, edge, PIXELS, gap)
        # At the left edge what is kept may know more: where the line came from that enters there.
        for kept, worked_out in ((-live.spans.low, -anew.spans.low), (live.spans.high, anew.spans.high)):
            np.testing.assert_allclose(kept[1:], worked_out[1:], rtol=1e-12, atol=1e-9)
            assert np.fmax(kept[0], worked_out[0]) == kept[0] or np.isnan(worked_out[0])


@given(st.lists(CHUNK, min_size=1, max_size=20))
def test_that_a_picture_moved_and_drawn_on_is_the_picture_drawn_anew(chunks: list) -> None:
    pyramid, now = made()
    live, edge, image, ramp = LiveSpans(pyramid), now, TraceImage(PIXELS, HEIGHT), colour_ramp(QColor("white"))
    for steps, ahead, _ in chunks:
        now = put(pyramid, now, steps)
        edge = max(edge, now + ahead)
        live.follow(edge - SPAN, edge, PIXELS, 0)
        image.scroll(live.moved)
        image.clear_from(live.fresh)
        if live.fresh < PIXELS:
            image.draw(live.spans, BOUNDS, 1.5, ramp, begin=live.fresh, meets=False)
        anew = TraceImage(PIXELS, HEIGHT)
        anew.draw(live.spans, BOUNDS, 1.5, ramp)
        assert (image._pixels == anew._pixels).all()


def test_that_a_frame_that_brings_nothing_within_the_newest_column_draws_nothing() -> None:
    pyramid, now = made()
    live = LiveSpans(pyramid)
    live.follow(now - SPAN, now, PIXELS, 0)
    assert live.fresh == 0
    pyramid.append(np.array([now]), np.array([pyramid.newest]))
    live.follow(now - SPAN, now, PIXELS, 0)
    assert (live.moved, live.fresh) == (0, PIXELS)


def test_that_a_spike_in_the_newest_sample_is_drawn_at_once_and_in_its_column_only() -> None:
    pyramid, now = made()
    live = LiveSpans(pyramid)
    live.follow(now - SPAN, now, PIXELS, 0)
    pyramid.append(np.array([now]), np.array([9.0]))
    live.follow(now - SPAN, now, PIXELS, 0)
    assert (live.moved, live.fresh, live.spans.high[-1]) == (0, PIXELS - 1, 9.0)


def test_that_a_line_of_few_samples_reaches_beyond_both_edges() -> None:
    pyramid = MinMaxPyramid(100)
    pyramid.append(np.array([0, 30_000]), np.array([0.0, 3.0]))
    live = LiveSpans(pyramid)
    live.follow(10_000, 20_000, PIXELS, 0)
    assert np.isfinite(live.spans.low).all()


def test_that_a_line_of_few_samples_is_the_same_from_a_source_that_tells_only_its_columns() -> None:
    pyramid = MinMaxPyramid(100)
    pyramid.append(np.array([0, 12_000, 12_500, 19_999, 30_000]), np.array([0.0, 4.0, 1.0, 2.0, 3.0]))

    class Columns:
        def columns(self, t0_ns: int, t1_ns: int, pixels: int) -> object:
            return pyramid.columns(t0_ns, t1_ns, pixels)

    kept, plain = LiveSpans(pyramid), LiveSpans(Columns())  # type: ignore[arg-type]
    for shift in (0, 300, 1_000, 5_000, 18_000):
        for live in (kept, plain):
            live.follow(5_000 + shift, 15_000 + shift, PIXELS, 0)
        np.testing.assert_allclose(kept.spans.low, plain.spans.low)
        np.testing.assert_allclose(kept.spans.high, plain.spans.high)
