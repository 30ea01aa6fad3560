"""Freshness and ages of the screen's columns, by an injected time."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.mirror.news import StateRows
from chengyun_core.mirror.state import AHEAD_NS, LATE_AFTER_PERIODS, LATE_SLACK_S, Freshness, StateMirror
from chengyun_core.model.scales import Quality
from tests.support.news_from import S


def rows(vitals: list[int], *, time_ns: int = 0, new_epoch: bool = False, outdated: bool = False) -> StateRows:
    count = len(vitals)
    return StateRows(
        vital=np.array(vitals, np.uint32), time=np.full(count, time_ns), value=np.ones(count),
        quality=np.zeros(count, np.uint8), band=np.zeros(count, np.uint8), side=np.zeros(count, np.uint8),
        outdated=np.full(count, outdated), new_epoch=new_epoch, epoch=1, seq=1, catalogue=1, newest_ns=0, received_ns=7,
    )  # fmt: skip


def screen(periods: list[float]) -> StateMirror:
    mirror = StateMirror()
    mirror.resize(np.array(periods))
    mirror.silent = False
    return mirror


def test_that_a_value_is_late_when_older_than_twice_its_own_period() -> None:
    mirror = screen([5.0, 60.0, 0.0])
    mirror.apply(rows([0, 1, 2], time_ns=100 * S))
    allowed_ns = round((5.0 * LATE_AFTER_PERIODS + LATE_SLACK_S) * S)
    assert list(mirror.freshness(100 * S + allowed_ns)) == [Freshness.FRESH] * 3
    assert list(mirror.freshness(100 * S + allowed_ns + 1)) == [Freshness.LATE, Freshness.FRESH, Freshness.FRESH]


def test_that_a_value_of_a_day_to_come_is_not_fresh() -> None:
    shown = screen([5.0, 0.0])
    shown.apply(rows([0, 1], time_ns=1000 * S + AHEAD_NS + 1))
    assert list(shown.freshness(1000 * S)) == [Freshness.LATE] * 2
    assert list(shown.freshness(1000 * S + 1)) == [Freshness.FRESH] * 2


def test_that_every_value_is_lost_while_the_daemon_is_silent_but_one_never_seen_stays_never() -> None:
    mirror = screen([5.0, 5.0])
    mirror.apply(rows([0], time_ns=S))
    mirror.silent = True
    assert list(mirror.freshness(S)) == [Freshness.LOST, Freshness.NEVER]


def test_that_a_new_epoch_outdates_every_value_until_it_is_refreshed() -> None:
    mirror = screen([5.0, 5.0])
    mirror.apply(rows([0, 1], time_ns=S))
    mirror.apply(rows([1], time_ns=2 * S, new_epoch=True))
    assert list(mirror.freshness(2 * S)) == [Freshness.OUTDATED, Freshness.FRESH]
    mirror.apply(rows([0], time_ns=2 * S))
    assert list(mirror.freshness(2 * S)) == [Freshness.FRESH, Freshness.FRESH]


def test_that_ages_count_profile_time_and_are_unknown_before_the_first_value() -> None:
    mirror = screen([5.0, 5.0])
    mirror.apply(rows([0], time_ns=S))
    ages = mirror.ages_s(4 * S)
    assert ages[0] == 3.0
    assert math.isnan(ages[1])


def test_that_another_catalogue_keeps_the_values_of_numbers_both_have() -> None:
    mirror = screen([5.0, 5.0])
    mirror.apply(rows([0, 1], time_ns=S))
    mirror.resize(np.array([5.0, 5.0, 5.0]))
    assert list(mirror.value[:2]) == [1.0, 1.0]
    assert mirror.quality[2] == Quality.NEVER
    mirror.resize(np.array([5.0]))
    assert mirror.count == 1


def test_that_rows_beyond_the_catalogue_held_are_left_out() -> None:
    mirror = screen([5.0])
    assert list(mirror.apply(rows([0, 1, 9]))) == [0]


@given(
    st.lists(st.tuples(st.floats(0, 100), st.integers(0, 300), st.booleans(), st.booleans()), min_size=1, max_size=20),
    st.integers(0, 600),
    st.booleans(),
)
def test_that_freshness_in_one_pass_equals_the_rule_told_vital_by_vital(
    vitals: list[tuple[float, int, bool, bool]], now_s: int, silent: bool
) -> None:
    mirror = screen([period for period, *_ in vitals])
    for number, (_, at_s, seen, outdated) in enumerate(vitals):
        if seen:
            mirror.apply(rows([number], time_ns=at_s * S, outdated=outdated))
    mirror.silent = silent
    assert [Freshness(code) for code in mirror.freshness(now_s * S)] == [told(vital, now_s, silent) for vital in vitals]


def told(vital: tuple[float, int, bool, bool], now_s: int, silent: bool) -> Freshness:
    period, at_s, seen, outdated = vital
    if not seen:
        return Freshness.NEVER
    if silent:
        return Freshness.LOST
    if outdated:
        return Freshness.OUTDATED
    late = period > 0 and (now_s - at_s) * S > int((period * LATE_AFTER_PERIODS + LATE_SLACK_S) * S)
    return Freshness.LATE if late else Freshness.FRESH
