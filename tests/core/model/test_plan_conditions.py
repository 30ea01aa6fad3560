"""Conditions as they are written in plans and routes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.failure import Refused
from chengyun_core.model.plan import Comparison, Condition
from chengyun_core.model.plan_conditions import Verdict, conditions_of, judged, text_of, together

_WORDS = st.text("abcdefgh_管径", min_size=1, max_size=8)
_FIGURES = st.decimals(-(10**6), 10**6, places=2).map(str)


@given(
    st.lists(
        st.one_of(
            st.builds(Condition, attribute=_WORDS, comparison=st.sampled_from(list(Comparison)[:5]), value=_FIGURES),
            st.builds(Condition, attribute=_WORDS, comparison=st.just(Comparison.ONE_OF), value=_WORDS),
        ),
        max_size=4,
    )
)
def test_that_conditions_survive_being_written_down(conditions: list[Condition]) -> None:
    assert conditions_of(text_of(conditions)) == tuple(conditions)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_that_each_figure_is_either_below_a_limit_or_not_below_it(figure: float, limit: float) -> None:
    below, not_below = conditions_of(f"x < {limit}; x >= {limit}")
    given_now = {"x": repr(figure)}
    assert {judged(below, given_now), judged(not_below, given_now)} == {Verdict.HOLDS, Verdict.FAILS}


def test_that_full_width_digits_and_signs_are_read_as_what_they_are() -> None:
    (condition,) = conditions_of("diameter_mm＜５００")
    assert condition == Condition(attribute="diameter_mm", comparison=Comparison.LESS, value="500")
    assert judged(condition, {"diameter_mm": "４００"}) is Verdict.HOLDS


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("diameter_mm", "plan.condition_unreadable"),
        ("< 500", "plan.condition_unreadable"),
        ("diameter_mm <", "plan.condition_unreadable"),
        ("diameter_mm < 大", "plan.condition_needs_figure"),
        ("diameter_mm >= nan", "plan.condition_needs_figure"),
        ("diameter_mm >= 1e999", "plan.condition_needs_figure"),
    ],
)
def test_that_what_is_no_condition_is_refused_with_the_part_that_is_none(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        conditions_of(text)
    assert refused.value.reason.code == code
    assert refused.value.reason.params["part"] == text.strip()


def test_that_a_missing_attribute_fulfils_nothing_and_a_word_is_no_figure() -> None:
    below, among = conditions_of("diameter_mm < 500; material in 铸铁|PE")
    assert judged(below, {}) is Verdict.MISSING
    assert judged(below, {"diameter_mm": "约四百"}) is Verdict.UNREADABLE
    assert judged(among, {"material": "pe"}) is Verdict.HOLDS
    assert judged(among, {"material": "钢"}) is Verdict.FAILS


def test_that_one_condition_that_fails_decides_whatever_is_missing() -> None:
    assert together((Verdict.MISSING, Verdict.FAILS)) is Verdict.FAILS
    assert together((Verdict.HOLDS, Verdict.MISSING)) is Verdict.MISSING
    assert together(()) is Verdict.HOLDS
