"""A live line's window: by whole pixels, never behind, and not all charts at once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chengyun_console.live_series import LiveSeries, whole_pixel
from chengyun_console.session.answers import WindowSeries
from chengyun_core.model.scales import Quality
from tests.console.still_session import START_NS, S, StillSession

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


def test_that_a_live_line_keeps_what_was_suspect_in_the_past_and_while_it_was_asked() -> None:
    session, series = StillSession(), LiveSeries(0)
    session.state.resize(np.array([5.0]))

    def take(quality: Quality) -> None:
        session.clock.advance(5.0)
        session.put({0: 1.0})
        session.state._columns.quality[0] = quality
        assert series.take(session.state)

    series.begin()
    take(Quality.UNCERTAIN)
    past = START_NS - np.array([20, 15, 10]) * S
    series.fill(
        WindowSeries(
            vital=0,
            from_ns=START_NS - 60 * S,
            to_ns=START_NS,
            time=past,
            value=np.ones(3),
            raw=True,
            oldest_ns=0,
            doubt=np.array([0, 2, 0], np.uint8),
        )
    )
    take(Quality.GOOD)
    told = [((begin - START_NS) // S, (end - START_NS) // S) for begin, end in series.suspect(0, 2**62, 60 * S)]
    assert told == [(-15, -10), (5, 10)]
