"""A live line's window: by whole pixels, never behind, and not all charts at once."""

from hypothesis import given
from hypothesis import strategies as st

from chengyun_console.live_series import whole_pixel

RANGE_NS, PIXELS = 60_000_000_000, 170
STEP_NS = RANGE_NS // PIXELS
NOW = st.integers(1_784_000_000_000_000_000, 1_785_000_000_000_000_000)


@given(NOW, st.integers(0, 10_000))
def test_that_the_window_ends_within_a_pixel_after_now(now_ns: int, vital: int) -> None:
    assert 0 <= whole_pixel(now_ns, RANGE_NS, PIXELS, vital) - now_ns < STEP_NS


@given(NOW, st.integers(0, 10_000))
def test_that_the_window_moves_by_whole_pixels(now_ns: int, vital: int) -> None:
    ends = {whole_pixel(now_ns + at * STEP_NS // 7, RANGE_NS, PIXELS, vital) for at in range(21)}
    first = min(ends)
    assert all((end - first) % STEP_NS == 0 for end in ends)
    assert len(ends) in (3, 4)


@given(NOW)
def test_that_a_wall_of_charts_moves_by_turns(now_ns: int) -> None:
    moved = [
        sum(
            whole_pixel(now_ns + at * STEP_NS // 5, RANGE_NS, PIXELS, vital)
            != whole_pixel(now_ns + (at + 1) * STEP_NS // 5, RANGE_NS, PIXELS, vital)
            for vital in range(64)
        )
        for at in range(5)
    ]
    assert sum(moved) == 64
    assert max(moved) <= 24
