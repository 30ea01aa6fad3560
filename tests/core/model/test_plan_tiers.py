"""The decision table of a plan: additive tiers by measured attributes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.failure import Refused
from chengyun_core.model.plan import Action, PlanTemplate, Tier
from chengyun_core.model.plan_conditions import Verdict, conditions_of
from chengyun_core.model.plan_tiers import actions_of, decide, up_to
from chengyun_core.model.scales import ResponseLevel

PIPE = (
    Tier(code="T1", name="小管", conditions=conditions_of("diameter_mm < 500"), response=ResponseLevel.FOURTH),
    Tier(code="T2", name="中管", conditions=conditions_of("diameter_mm >= 500; diameter_mm < 1000")),
    Tier(code="T3", name="大管", conditions=conditions_of("diameter_mm >= 1000"), response=ResponseLevel.SECOND),
)
"""The real case: 城市供水爆管, tier by the pipe's diameter."""


@pytest.mark.parametrize(
    ("diameter", "in_force"),
    [("400", ("T1",)), ("499.9", ("T1",)), ("500", ("T1", "T2")), ("999", ("T1", "T2")), ("1000", ("T1", "T2", "T3"))],
)
def test_that_the_pipes_diameter_decides_the_tier_and_brings_those_below(diameter: str, in_force: tuple[str]) -> None:
    verdict = decide(PIPE, {"diameter_mm": diameter})
    assert verdict.in_force == in_force
    assert verdict.decided_by == in_force[-1]
    assert verdict.missing == ()


def test_that_without_a_diameter_no_tier_holds_and_the_diameter_is_asked_for() -> None:
    verdict = decide(PIPE, {"material": "铸铁"})
    assert verdict.in_force == ()
    assert verdict.missing == ("diameter_mm",)
    assert [row.verdict for row in verdict.rows] == [Verdict.MISSING] * 3


def test_that_a_word_where_a_figure_is_needed_is_asked_for_again() -> None:
    assert decide(PIPE, {"diameter_mm": "很粗"}).missing == ("diameter_mm",)


@given(st.floats(0, 5000), st.floats(0, 5000))
def test_that_a_wider_pipe_never_brings_fewer_tiers(one: float, other: float) -> None:
    narrow, wide = sorted((one, other))
    at_narrow = decide(PIPE, {"diameter_mm": repr(narrow)}).in_force
    assert at_narrow == decide(PIPE, {"diameter_mm": repr(wide)}).in_force[: len(at_narrow)]


_CONDITIONS = st.sampled_from(("a < 5", "a >= 5", "b in x|y", "a >= 5; b = x", "c > 1", ""))
_GIVEN = st.dictionaries(st.sampled_from("abc"), st.sampled_from(("1", "5", "9", "x", "y", "")))


@given(st.lists(_CONDITIONS, max_size=5), _GIVEN)
def test_that_the_last_row_that_holds_decides_and_only_later_rows_ask_for_more(
    table: list[str], given_now: dict[str, str]
) -> None:  # fmt: skip
    tiers = [Tier(code=f"T{n}", name="级", conditions=conditions_of(text)) for n, text in enumerate(table)]
    verdict = decide(tiers, given_now)
    holding = [row.tier for row in verdict.rows if row.verdict is Verdict.HOLDS]
    assert verdict.decided_by == (holding[-1] if holding else "")
    assert verdict.in_force == tuple(f"T{n}" for n in range(len(verdict.in_force)))
    assert len(verdict.in_force) == (int(holding[-1][1:]) + 1 if holding else 0)
    asked = {one.attribute for tier in tiers[len(verdict.in_force) :] for one in tier.conditions}
    assert set(verdict.missing) <= asked


def test_that_the_strongest_response_of_the_tiers_in_force_is_the_plans() -> None:
    assert decide(PIPE, {"diameter_mm": "600"}).response is ResponseLevel.FOURTH
    assert decide(PIPE, {"diameter_mm": "1200"}).response is ResponseLevel.SECOND


def test_that_actions_without_a_tier_always_apply_and_others_with_their_tier_only() -> None:
    actions = tuple(Action(code=f"A{n}", text="做", tier=tier) for n, tier in enumerate(("", "T1", "T3")))
    template = PlanTemplate(code="P", edition=1, name="爆管", matter="M", tiers=PIPE, actions=actions)
    assert [one.code for one in actions_of(template, ())] == ["A0"]
    assert [one.code for one in actions_of(template, ("T1", "T2"))] == ["A0", "A1"]


def test_that_an_officer_may_name_a_tier_that_is_there_and_no_other() -> None:
    assert up_to(PIPE, "T2").in_force == ("T1", "T2")
    with pytest.raises(Refused) as refused:
        up_to(PIPE, "T9")
    assert refused.value.reason.code == "plan.tier_unknown"
