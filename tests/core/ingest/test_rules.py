"""Rules: equal ones are one row, and inside the quiet interval nothing can change."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.ingest.rules import Rules
from chengyun_core.ingest.wanted import by_limits
from chengyun_core.model.catalogue import Threshold
from chengyun_core.model.scales import Side
from tests.reference.cities import SET, catalogue, thresholds

NEAR = st.one_of(st.integers(-8, 8).map(float), st.floats(-9, 9), st.sampled_from([1e-9, 6 - 1e-9, 6 + 1e-9]))


def bounds(rules, level, side):
    pair = rules.quiet(np.array([1], np.uint32), np.array([level], np.uint8), np.array([side], np.uint8))
    low, high = pair.view(np.float32).astype(np.float64).tolist()
    return low, high


@settings(max_examples=400, deadline=None)
@given(rule=thresholds("V"), level=st.integers(0, 4), side=st.sampled_from([0, 1, 2, 3, 4]), value=NEAR)
def test_that_no_value_in_the_quiet_interval_wants_another_level(rule, level, side, value):
    rules = Rules([rule])
    low, high = bounds(rules, level, side)
    if rule.rate_per_min is not None or rule.stuck_s is not None:
        assert low > high
    if low < value < high:
        one = np.array([1], np.uint32)
        wanted = by_limits(rules, one, np.array([level], np.uint8), np.array([value]))
        assert max(int(wanted[0][0]), int(wanted[1][0])) == level


def test_that_the_quiet_interval_reaches_to_the_limits_and_not_beyond():
    rules = Rules(
        [Threshold(threshold_set=SET, vital="V", high_blue=5.0, high_red=9.0, low_yellow=-3.0, hysteresis=1.0)]
    )
    assert bounds(rules, 0, Side.NONE) == (-3.0, 5.0)
    assert bounds(rules, 1, Side.HIGH) == (4.0, 9.0)
    assert bounds(rules, 4, Side.HIGH) == (8.0, math.inf)
    assert bounds(rules, 2, Side.LOW) == (-math.inf, -2.0)


def test_that_a_limit_no_float32_can_hold_is_rounded_into_the_interval():
    rules = Rules([Threshold(threshold_set=SET, vital="V", high_blue=0.1, low_blue=-0.1, high_red=1e300)])
    low, high = bounds(rules, 0, Side.NONE)
    assert -0.1 <= low < high <= 0.1
    assert high > 0.0999999
    assert bounds(rules, 1, Side.HIGH)[1] == float(np.finfo(np.float32).max)


def test_that_equal_rules_are_one_row_and_other_sets_are_left_out():
    like = {"threshold_set": SET, "high_red": 3.0}
    rules = [Threshold(vital="V0", **like), Threshold(vital="V2", **like), Threshold(vital="V1", threshold_set="other")]
    table, rule_of = Rules.of(catalogue(["last(A.x)"] * 4, rules), SET)
    assert rule_of.tolist() == [1, 0, 1, 0]
    assert table.high.shape == (2, 4)
