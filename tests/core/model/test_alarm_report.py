"""The performance report of ALARMS.md: each figure against a count by hand, and any order of what happened."""

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.alarm_report import DAY_NS, NS_PER_S, SLOT_NS, Figure, Happened, Moment, Verdict, figures
from chengyun_core.model.scales import AlarmPriority

START = 1_784_000_000 * NS_PER_S
HOUR = 6 * SLOT_NS


def raised(alarm, second, vital=0, priority=AlarmPriority.LOW):
    return moment(Happened.ANNUNCIATED, alarm, second, vital, priority)


def acked(alarm, second, priority=AlarmPriority.LOW):
    return moment(Happened.ACKNOWLEDGED, alarm, second, 0, priority)


def moment(happened, alarm, second, vital=0, priority=AlarmPriority.LOW):
    at = START + round(second * NS_PER_S)
    return Moment(at=at, vital=vital, alarm=alarm, priority=priority, happened=happened)


def told(moments, hours=1):
    found = figures(moments, START, START + hours * HOUR)
    return {one.metric + ("." + one.params["priority"] if "priority" in one.params else ""): one for one in found}


def test_that_a_quiet_shift_is_good_in_every_figure_that_can_be_judged():
    assert {one.verdict for one in told([raised(1, 60), acked(1, 90)]).values() if one.metric != "split"} == {
        Verdict.GOOD
    }


def test_that_annunciations_are_counted_per_ten_minutes_and_their_peak_told():
    found = told([raised(k, 30 * k, vital=k) for k in range(12)])
    assert found["per_slot"].value == 2.0
    assert found["peak"].value == 12
    assert found["peak"].verdict is Verdict.ACT
    assert found["slots_above"].value == 1 / 6


def test_that_a_flood_lasts_from_the_eleventh_until_fewer_than_five_are_left():
    """ISA-18.2: begins above ten in ten minutes, ends below five."""
    found = told([raised(k, 10 * k, vital=k) for k in range(11)])
    # The eleventh comes at 100 s; at 600 s + 60 s the seventh has aged out and four are left.
    assert found["flood"].value == (660 - 100) / 3600


def test_that_what_lies_outside_the_shift_is_not_counted_but_known():
    early = [moment(Happened.ANNUNCIATED, 1, -30 * 3600), raised(2, 4000)]
    found = told(early)
    assert found["per_slot"].value == 0
    assert found["standing"].value == 1
    assert told([*early, moment(Happened.RETURNED, 1, 10)])["standing"].value == 0


def test_that_a_fleeting_a_chattering_and_a_rubber_stamped_alarm_are_each_found():
    cycles = [one for k in range(3) for one in (raised(1, 20 * k), moment(Happened.RETURNED, 1, 20 * k + 3))]
    found = told([*cycles, raised(2, 600, vital=9), acked(2, 601)])
    assert (found["chattering"].value, found["fleeting"].value) == (1, 1)
    assert found["returned_unacknowledged"].value == 3 / 4
    assert found["rubber_stamped"].value == 1.0


def test_that_the_time_to_acknowledge_is_judged_by_priority():
    highest = AlarmPriority.HIGHEST
    slow = [raised(k, 0, vital=k, priority=highest) for k in range(20)] + [acked(k, 59, highest) for k in range(19)]
    assert told([*slow, acked(19, 90, highest)])["ack_p95.highest"].verdict is Verdict.GOOD
    assert told([*slow[:-1], acked(18, 90, highest), acked(19, 90, highest)])["ack_p95.highest"].value == 90
    assert math.isnan(told(slow)["ack_p95.low"].value)


def test_that_the_split_of_priorities_is_told_in_points_from_its_target():
    """A13: about 80/15/5/<1 %; more than fifteen points off is red."""
    found = told([raised(k, k, vital=k, priority=AlarmPriority(1 + k % 2)) for k in range(10)])
    assert round(found["split.low"].value) == 30
    assert found["split.low"].verdict is Verdict.ACT
    assert round(found["split.highest"].value) == 1


def test_that_nan_is_nothing_to_judge_and_no_bad_mark():
    assert Figure(metric="x", value=math.nan, target=0, limit=0, params={}).verdict is Verdict.GOOD


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-9000, 9000), st.sampled_from(Happened)), max_size=40))
def test_that_the_order_of_the_rows_does_not_matter(rows):
    moments = [moment(happened, alarm, second, alarm) for alarm, second, happened in dict.fromkeys(rows)]
    mixed = list(moments)
    random.Random(7).shuffle(mixed)
    one, other = (figures(some, START, START + DAY_NS) for some in (moments, mixed))
    assert [(a.metric, repr(a.value)) for a in one] == [(b.metric, repr(b.value)) for b in other]
