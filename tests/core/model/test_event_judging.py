"""Grades suggested from four factors, the waterfall of hops, near events, and what a tree of events sums up to."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model import event_nearby
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import EventState, Factor, Hop
from chengyun_core.model.event_grading import suggest
from chengyun_core.model.event_nearby import Typed, grams_of, judged, metres_between, nearest
from chengyun_core.model.event_tree import roll_up
from chengyun_core.model.failure import Refused
from chengyun_core.model.hop_waterfall import waterfall
from chengyun_core.model.scales import EventGrade
from tests.core.model.test_event_rules import made

FOUR = st.lists(st.integers(1, 4), min_size=4, max_size=4)


def _of(values: list[int] | tuple[int, ...]) -> dict[Factor, int]:
    return dict(zip(Factor, values, strict=True))


@pytest.mark.parametrize(
    ("values", "grade"),
    [((1, 1, 1, 1), 1), ((2, 1, 1, 1), 1), ((2, 2, 1, 1), 2), ((2, 2, 2, 1), 2), ((3, 1, 1, 1), 2), ((3, 3, 1, 1), 3),
     ((4, 1, 1, 1), 3), ((4, 3, 2, 1), 3), ((4, 4, 1, 1), 4), ((4, 4, 4, 4), 4)],
)  # fmt: skip
def test_that_two_factors_make_a_grade_and_one_alone_at_most_one_below(values: tuple[int, ...], grade: int) -> None:
    for order in set(permutations(values)):
        told = suggest(_of(order))
        assert told.grade is EventGrade(grade)
        assert told.reasons


@given(FOUR, st.integers(0, 3))
def test_that_a_graver_factor_never_lowers_the_grade_and_none_is_taken_too_lightly(
    values: list[int], place: int
) -> None:
    grade = suggest(_of(values)).grade
    assert grade is not None
    assert max(values) - 1 <= grade <= max(values)
    graver = [*values]
    graver[place] = min(4, graver[place] + 1)
    assert (suggest(_of(graver)).grade or 0) >= grade


def test_that_a_single_grave_factor_asks_whether_it_may_become_grave() -> None:
    assert suggest(_of((3, 1, 1, 1))).may_escalate
    assert not suggest(_of((3, 3, 1, 1))).may_escalate
    assert not suggest(_of((2, 3, 2, 2))).may_escalate, "a burst main is urgent; it does not grow by that"
    assert not suggest(_of((2, 2, 1, 1))).may_escalate


def test_that_missing_factors_are_named_and_wild_ones_refused() -> None:
    told = suggest({Factor.NATURE: 2})
    assert (told.grade, told.missing) == (None, (Factor.URGENCY, Factor.CONTROL, Factor.REACH))
    with pytest.raises(Refused, match="factor_range"):
        suggest({Factor.NATURE: 0})


HOPS = st.dictionaries(st.sampled_from(Hop), st.integers(0, 10**13), min_size=1)


@given(HOPS)
def test_that_a_waterfall_has_every_hop_once_in_time_and_its_steps_add_up(hops: dict[Hop, int]) -> None:
    falls = waterfall(hops, 180.0)
    assert {fall.hop: fall.at for fall in falls} == hops
    assert [fall.at for fall in falls] == sorted(hops.values())
    assert sum(fall.since_previous_s for fall in falls) == pytest.approx((falls[-1].at - falls[0].at) / NS_PER_S)
    for fall in falls:
        assert fall.late_s >= 0
        assert (fall.budget_from is None) == (fall.budget_s is None)
        assert fall.budget_from is None or fall.budget_from in hops


def test_that_only_what_is_over_its_budget_is_late() -> None:
    hops = {Hop.SOURCE: 0, Hop.ORDERED: 60 * NS_PER_S, Hop.SIGNED: 121 * NS_PER_S, Hop.FED_BACK: 9_999 * NS_PER_S}
    late = {fall.hop: fall.late_s for fall in waterfall(hops)}
    assert late == {Hop.SOURCE: 0, Hop.ORDERED: 0, Hop.SIGNED: 1.0, Hop.FED_BACK: 0}
    assert waterfall({}) == ()


def _typed(**told: object) -> Typed:
    return replace(Typed(grams=frozenset(), at=1), **told)  # type: ignore[arg-type]


def test_that_a_shared_alarm_is_the_same_event_and_time_alone_is_none() -> None:
    event = made(alarms=(3, 4))
    assert judged(_typed(alarms=frozenset({4})), event, frozenset())[0] == 1.0
    assert judged(_typed(), event, frozenset()) == (0.0, ())


def test_that_place_kind_time_and_words_each_give_their_reason() -> None:
    told = "嘉西村水管爆裂"
    event = made(matter="M", longitude=106.5, latitude=29.5)
    typed = _typed(matter="M", longitude=106.503, latitude=29.5, grams=grams_of("嘉西村水管爆了"))
    score, reasons = judged(typed, event, grams_of(told))
    assert [reason.code.rpartition(".")[2] for reason in reasons] == ["metres", "matter", "words", "minutes"]
    assert score > 0.9
    far = replace(typed, longitude=107.0)
    assert judged(far, event, grams_of(told))[0] < score


def test_that_the_nearest_come_first_and_weak_ones_are_left_out() -> None:
    grams = grams_of("解放碑人流过密")
    known = [(made(number=n, title=text), grams_of(text)) for n, text in
             enumerate(("解放碑人流过密", "解放碑人流过密需疏导", "渝北停电", "解放碑"), 1)]  # fmt: skip
    found = nearest(_typed(grams=grams), known, 5)
    assert [event.number for _, event, _ in found] == [4, 2, 1]
    assert nearest(_typed(grams=grams), known, 1)[0][1].number == 4


def test_that_distances_are_those_of_the_sphere() -> None:
    assert metres_between((106.0, 29.0), (106.0, 30.0)) == pytest.approx(111_195, rel=1e-3)
    assert metres_between((106.0, 60.0), (107.0, 60.0)) == pytest.approx(55_597, rel=1e-3)


def test_that_letters_are_paired_without_spaces_and_marks() -> None:
    assert grams_of("水 管，a") == {"水管", "管a"}
    assert event_nearby.grams_of("") == frozenset()


def test_that_a_tree_has_one_clock_and_is_over_when_its_last_event_is() -> None:
    parent = made(hops={Hop.OPENED: 5, Hop.CLOSED: 90}, grade=EventGrade.GENERAL, state=EventState.CLOSED, closed_at=90)
    early = made(number=2, hops={Hop.OPENED: 3, Hop.ORDERED: 7}, grade=EventGrade.MAJOR)
    void = made(number=3, hops={Hop.OPENED: 1}, grade=EventGrade.EXTRAORDINARY, state=EventState.VOID)
    told = roll_up(parent, [early, void])
    assert (told.living, told.ended, told.gravest, told.last_closed_at) == (1, 0, EventGrade.MAJOR, None)
    assert told.first == {Hop.OPENED: 3, Hop.ORDERED: 7, Hop.CLOSED: 90}
    over = roll_up(parent, [replace(early, state=EventState.REVIEWED, closed_at=120)])
    assert (over.living, over.ended, over.last_closed_at) == (0, 1, 120)
