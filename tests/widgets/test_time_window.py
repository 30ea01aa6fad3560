"""The window of a trend: follows until it is held."""

import pytest

from chengyun_widgets.time_window import MIN_SPAN_NS, TimeWindow

HOUR = 3_600_000_000_000


def test_that_the_window_follows_until_somebody_takes_hold() -> None:
    window = TimeWindow()
    assert window.follow(0, HOUR)
    window.pan(-0.5)
    assert not window.follow(HOUR, 2 * HOUR)
    assert (window.t0_ns, window.t1_ns) == (-HOUR // 2, HOUR // 2)
    window.release()
    assert (window.t0_ns, window.t1_ns) == (HOUR, 2 * HOUR)


@pytest.mark.parametrize("at", [0.0, 0.25, 1.0])
def test_that_zooming_keeps_still_what_is_under_the_pointer(at: float) -> None:
    window = TimeWindow()
    window.follow(0, HOUR)
    before = window.time_at(at)
    window.zoom(0.5, at)
    assert window.span_ns == HOUR // 2
    assert window.time_at(at) == pytest.approx(before, abs=2)


def test_that_the_window_never_shrinks_to_nothing() -> None:
    window = TimeWindow()
    window.follow(0, HOUR)
    for _ in range(100):
        window.zoom(0.5, 0.5)
    assert window.span_ns == MIN_SPAN_NS


def test_that_a_window_that_runs_backwards_is_refused_with_its_numbers() -> None:
    with pytest.raises(ValueError, match=r"\[5, 5\) is empty"):
        TimeWindow().follow(5, 5)
