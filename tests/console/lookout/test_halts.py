"""Halts of the window: counted by class, told from a second on, and kept apart from the machine's own sleep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_console.lookout.halts import EDGES_S, PERIOD_S, SLEEP_FROM_S, TOLD_FROM_S, Halts


def _beaten(halts: Halts, *pauses: float) -> list[float]:
    """Beat once, and then after each pause; return the seconds of the halts that were told."""
    at, told = 100.0, []
    halts.beat(at, at)
    for pause in pauses:
        at += pause
        halt = halts.beat(at, at)
        told += [halt.seconds] if halt else []
    return told


def test_that_a_steady_beat_is_no_halt() -> None:
    halts = Halts()
    assert _beaten(halts, *[PERIOD_S] * 50) == []
    assert halts.counts == [0] * len(EDGES_S)


@pytest.mark.parametrize("place", range(len(EDGES_S)))
def test_that_a_halt_is_counted_in_its_class(place: int) -> None:
    halts = Halts()
    _beaten(halts, PERIOD_S + EDGES_S[place] + 0.001)
    assert halts.counts == [int(at == place) for at in range(len(EDGES_S))]


def test_that_a_halt_is_told_from_a_second_on() -> None:
    halts = Halts()
    assert _beaten(halts, PERIOD_S + TOLD_FROM_S - 0.01) == []
    assert _beaten(halts, PERIOD_S + TOLD_FROM_S + 0.01) == [pytest.approx(TOLD_FROM_S + 0.01)]


def test_that_sleep_is_told_as_sleep_and_counted_as_no_halt() -> None:
    halts = Halts()
    halts.beat(100.0, 500.0)
    halt = halts.beat(100.1, 500.1 + 1800.0)
    assert halt is not None
    assert halt.is_sleep
    assert halt.seconds == pytest.approx(1800.0)
    assert sum(halts.counts) == 0


@given(st.lists(st.floats(0.0, 20.0), max_size=50))
def test_that_every_halt_is_in_exactly_one_class(pauses: list[float]) -> None:
    halts = Halts()
    at = 0.0
    halts.beat(at, at)
    late = 0
    for pause in pauses:
        before, at = at, at + pause
        halts.beat(at, at)
        late += at - before - PERIOD_S >= EDGES_S[0]
    assert sum(halts.counts) == late


def test_that_a_short_nap_of_the_clock_is_no_sleep() -> None:
    halts = Halts()
    halts.beat(100.0, 100.0)
    halt = halts.beat(103.0, 103.0 + SLEEP_FROM_S / 2)
    assert halt is not None
    assert not halt.is_sleep
