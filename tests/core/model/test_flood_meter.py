"""The flood meter of a seat: ISA-18.2's ten and five in ten minutes, whatever order the news comes in."""

from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.flood_meter import WINDOW_NS, FloodMeter
from tests.support.news_from import S, alarm


def test_that_flood_begins_above_ten_and_ends_below_five() -> None:
    meter = FloodMeter()
    meter.take(alarm(n, raised_at=n * S) for n in range(1, 11))
    assert not meter.is_flooded(20 * S)
    meter.take([alarm(11, raised_at=11 * S)])
    assert meter.is_flooded(20 * S)
    assert meter.is_flooded(WINDOW_NS + 6 * S)
    assert meter.count(WINDOW_NS + 6 * S) == 5
    assert not meter.is_flooded(WINDOW_NS + 7 * S)


def test_that_a_rise_within_one_life_counts_again_and_an_acknowledgement_does_not() -> None:
    meter = FloodMeter()
    meter.take([alarm(1, raised_at=S), alarm(1, raised_at=S, acked_at=2 * S, changed_at=2 * S)])
    assert meter.count(3 * S) == 1
    meter.take([alarm(1, raised_at=S, raises=2, changed_at=3 * S)])
    assert meter.count(3 * S) == 2


@given(st.lists(st.integers(0, 2000), max_size=60), st.integers(600, 2600), st.randoms())
def test_that_the_count_is_that_of_a_recount_in_any_order(seconds: list[int], now_s: int, chance) -> None:
    alarms = [alarm(number, raised_at=at * S) for number, at in enumerate(seconds)]
    chance.shuffle(alarms)
    meter = FloodMeter()
    for one in alarms:
        meter.take([one, one])
    expected = sum(now_s - 600 < at <= now_s for at in seconds)
    assert meter.count(now_s * S) == expected
