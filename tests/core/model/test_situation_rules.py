"""Situations: near in time, place and kind; each alarm in one at most; an officer's word stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.scales import Aspect
from chengyun_core.model.situation_rules import CORE, FAR, Clustering, Near, clustered, distance

MINUTE = 60 * 1_000_000_000
YUZHONG, DADUKOU = ("500103", "500000"), ("500104", "500000")
FLOOD, GAS = ("waterlogging", "flood", "safety"), ("leak", "gas", "energy")


def near(alarm, minute=0.0, place=YUZHONG, kind=FLOOD, **more):
    return Near(alarm=alarm, raised_at=round(minute * MINUTE), place=place, kind=kind, **more)


def begin(*alarms):
    state = Clustering()
    found = clustered(state, alarms)
    for number, group in enumerate(found.begun, start=1):
        state.members[number] = set(group)
    return state, found


def test_that_three_near_alarms_begin_a_situation_and_two_do_not():
    assert begin(near(1), near(2, 1))[1].begun == ()
    assert begin(near(1), near(2, 1), near(3, 2))[1].begun == ((1, 2, 3),)


def test_that_alarms_far_in_time_place_or_kind_stay_alone():
    assert begin(near(1), near(2, 11), near(3, 22))[1].begun == ()
    assert begin(near(1), near(2, kind=GAS), near(3, place=DADUKOU, minute=6))[1].begun == ()


def test_that_a_later_alarm_joins_the_situation_it_has_most_neighbours_in():
    state, _ = begin(near(1), near(2), near(3), near(4, kind=GAS), near(5, kind=GAS), near(6, kind=GAS))
    found = clustered(state, [near(7, 1, kind=GAS)])
    assert dict(found.into) == {2: (7,)}
    assert state.situation_of(7) == 2


def test_that_of_two_situations_with_as_many_neighbours_the_older_is_joined():
    """Decision 0090."""
    state, _ = begin(near(1), near(2), near(3), near(4, 11), near(5, 11), near(6, 11))
    assert set(state.members) == {1, 2}
    assert dict(clustered(state, [near(7, 5.5)]).into) == {1: (7,)}


def test_that_lost_links_behind_one_gateway_belong_together_wherever_they_are():
    lost = [near(k, k / 2, place=place, kind=kind, aspect=Aspect.COMMS, gateway="GW-7")
            for k, (place, kind) in enumerate([(YUZHONG, FLOOD), (DADUKOU, GAS), (YUZHONG, GAS)], start=1)]  # fmt: skip
    assert begin(*lost)[1].begun == ((1, 2, 3),)
    assert distance(lost[0], near(9, aspect=Aspect.COMMS, gateway="GW-8", place=YUZHONG)) == FAR


def test_that_a_lost_link_and_a_value_are_never_one_situation():
    """A19: communication loss is a dimension of its own."""
    assert begin(near(1), near(2), near(3, aspect=Aspect.COMMS))[1].begun == ()


def test_that_what_an_officer_parted_is_not_put_together_again():
    state = Clustering()
    state.part([1], [2, 3])
    assert clustered(state, [near(1), near(2), near(3)]).begun == ()
    assert clustered(state, [near(4, 1)]).begun == ((2, 3, 4),)


def test_that_an_ended_alarm_is_forgotten():
    state, _ = begin(near(1), near(2))
    state.forget(1)
    assert clustered(state, [near(3)]).begun == ()
    assert state.near.keys() == {2, 3}


def test_that_a_chain_without_a_core_begins_where_its_middle_is():
    state = Clustering()
    assert clustered(state, [near(1, 0)]).begun == ()
    assert clustered(state, [near(3, 18)]).begun == ()
    assert clustered(state, [near(2, 9)]).begun == ((1, 2, 3),)


@st.composite
def floods(draw):
    places = [YUZHONG, DADUKOU, ("500000",), ("500103001", *YUZHONG)]
    count = draw(st.integers(1, 25))
    return [
        near(k, draw(st.integers(0, 40)), place=draw(st.sampled_from(places)), kind=draw(st.sampled_from([FLOOD, GAS])))
        for k in range(count)
    ]


@given(floods(), st.randoms(use_true_random=False))
def test_that_the_order_within_a_run_does_not_matter(alarms, random):
    mixed = list(alarms)
    random.shuffle(mixed)
    assert begin(*alarms)[1] == begin(*mixed)[1]


@given(floods(), st.integers(1, 6))
def test_that_no_alarm_is_in_two_situations_and_none_is_smaller_than_three(alarms, size):
    state, told, number = Clustering(), [], 0
    for at in range(0, len(alarms), size):
        found = clustered(state, alarms[at : at + size])
        for group in found.begun:
            number += 1
            state.members[number] = set(group)
        told += [alarm for group in (*found.begun, *found.into.values()) for alarm in group]
    assert len(told) == len(set(told))
    assert all(len(held) >= CORE for held in state.members.values())
    assert {alarm for held in state.members.values() for alarm in held} == set(told)


@pytest.mark.parametrize(("other", "steps"), [(YUZHONG, 0), (DADUKOU, 1), (("500000",), 1), (("510000",), FAR)])
def test_that_places_are_as_far_as_the_way_up_to_what_they_share(other, steps):
    assert distance(near(1), near(2, place=other)) == pytest.approx(steps)
