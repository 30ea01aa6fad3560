"""Plans found for an event, near a place, and by words."""

import pytest
from sqlalchemy import event

from chengyun_core.centre import plan_matching
from chengyun_core.model.plan_match import Match
from chengyun_core.wire.plan_asks import AskMatch, AskNear, AskPlans, Matches, Plans, PointsNear
from tests.core.centre.plan_room import LIBRARY, PLACE, PlanRoom
from tests.core.centre.room import Room


@pytest.fixture
def plans(room: Room) -> PlanRoom:
    """Return a centre with a library of plans."""
    return PlanRoom(room)


def codes(match: Match) -> list[str]:
    """Return the codes of a match's reasons."""
    return [reason.code for reason in match.reasons]


def test_that_the_plan_bound_near_the_event_comes_first_and_says_why(plans: PlanRoom) -> None:
    event = plans.event()
    told = plans.ask("plan.match", AskMatch(event=event.number), Matches)
    (match,) = told.matches
    assert (match.template, match.risk_point) == ("BAOGUAN", "R-1")
    assert codes(match) == ["plan.bound_near", "plan.same_matter", "plan.tier_decided", "plan.attributes_of_point"]
    assert match.metres is not None
    assert match.metres < 20
    assert match.tiers.decided_by == "T1"
    assert match.missing == ()


def test_that_a_match_by_matter_and_place_asks_the_database_three_times(plans: PlanRoom) -> None:
    asked: list[str] = []

    def listen(_c: object, _u: object, statement: str, _p: object, _x: object, _m: object) -> None:
        asked.append(statement)

    ask = AskMatch(matter="SS-BAOGUAN", longitude=PLACE[0], latitude=PLACE[1])
    with plans.room.ledger.reading() as connection:
        event.listen(connection.engine, "before_cursor_execute", listen)
        found = plan_matching.matches(plans.room.desk, connection, ask)
        event.remove(connection.engine, "before_cursor_execute", listen)
    assert [one.risk_point for one in found.matches] == ["R-1"]
    # A statement to a server takes a millisecond: the risk points, what is bound to them, the templates.
    assert len(asked) == 3


def test_that_a_plan_bound_to_the_very_risk_point_outranks_one_that_is_only_near(plans: PlanRoom) -> None:
    second = {"code": "R-4", "name": "嘉西村第二根管", "centre": "500103", "kind": "供水管",
              "longitude": "106.5770", "latitude": "29.5590"}  # fmt: skip
    plans.take_library(
        {**LIBRARY, "risk_points": [*LIBRARY["risk_points"], second],
         "bindings": [*LIBRARY["bindings"], {"risk_point": "R-4", "template": "BAOGUAN"}]}
    )  # fmt: skip
    near = plans.ask("plan.match", AskMatch(event=plans.event().number), Matches)
    assert [one.risk_point for one in near.matches] == ["R-4", "R-1"]
    here = plans.ask("plan.match", AskMatch(event=plans.event(risk_point="R-1").number), Matches)
    assert [one.risk_point for one in here.matches] == ["R-1", "R-4"]
    assert codes(here.matches[0])[0] == "plan.bound_here"


def test_that_a_vital_that_alarmed_finds_the_risk_point_it_watches(plans: PlanRoom) -> None:
    told = plans.ask("plan.match", AskMatch(matter="SS-BAOGUAN", vitals=("SW-YUZHONG",)), Matches)
    assert told.matches[0].risk_point == "R-1"
    assert "plan.watched" in codes(told.matches[0])


def test_that_without_a_place_the_templates_of_the_matter_are_found_and_what_is_missing_is_told(
    plans: PlanRoom,
) -> None:
    (match,) = plans.ask("plan.match", AskMatch(matter="SS-BAOGUAN"), Matches).matches
    assert (match.risk_point, match.missing) == ("", ("diameter_mm",))
    assert "plan.tier_missing" in codes(match)
    measured = plans.ask("plan.match", AskMatch(matter="SS-BAOGUAN", attributes={"diameter_mm": "1200"}), Matches)
    assert measured.matches[0].tiers.in_force == ("T1", "T2", "T3")


def test_that_a_plan_at_the_place_that_does_not_fit_is_told_with_its_reason(plans: PlanRoom) -> None:
    told = plans.ask("plan.match", AskMatch(matter="SS-JISHUI", risk_point="R-1"), Matches)
    assert [one.template for one in told.matches] == ["NEILAO"]
    assert [(one.template, one.reason.code) for one in told.misfits] == [("BAOGUAN", "plan.other_matter")]


def test_that_a_trigger_measured_and_not_met_rules_a_plan_out_and_one_unmeasured_does_not(plans: PlanRoom) -> None:
    rows = [{**LIBRARY["templates"][0], "edition": "2", "triggers": "pressure_mpa < 0.1"}]
    plans.take_library({"templates": rows, "tiers": LIBRARY["tiers"], "actions": LIBRARY["actions"][:4]})
    (open_yet,) = plans.ask("plan.match", AskMatch(matter="SS-BAOGUAN"), Matches).matches
    assert open_yet.missing == ("pressure_mpa", "diameter_mm")
    for value, count in (("0.08", 1), ("0.3", 0)):
        asked = AskMatch(matter="SS-BAOGUAN", attributes={"pressure_mpa": value})
        assert plans.ask("plan.match", asked, Matches).count == count


def test_that_words_find_plans_by_name_by_place_and_by_district(plans: PlanRoom) -> None:
    def found(words: str) -> list[str]:
        return [one.risk_point for one in plans.ask("plan.page", AskPlans(words=words), Plans).bound]

    assert found("嘉西村") == ["R-1"]
    assert found("供水爆管") == ["R-1"]
    assert found("沙坪坝") == ["R-2"]
    assert found("渝中 爆管 dn400") == ["R-1"]
    assert found("渝中 内涝") == []
    assert found("100%") == []


def test_that_pages_of_plans_follow_each_other_without_gap(plans: PlanRoom) -> None:
    whole = plans.ask("plan.page", AskPlans(), Plans)
    assert ([one.risk_point for one in whole.bound], whole.more) == (["R-1", "R-2"], False)
    assert [head.code for head in whole.templates] == ["BAOGUAN", "NEILAO"]
    first = plans.ask("plan.page", AskPlans(limit=1), Plans)
    key = (first.bound[0].risk_point, first.bound[0].template)
    second = plans.ask("plan.page", AskPlans(limit=1, after=key), Plans)
    assert (first.more, second.more) == (True, False)
    assert [*first.bound, *second.bound] == list(whole.bound)
    assert second.templates == ()


def test_that_risk_points_around_a_place_are_told_nearest_first_with_what_is_bound_to_them(plans: PlanRoom) -> None:
    around = AskNear(longitude=PLACE[0], latitude=PLACE[1], radius_m=100)
    told = plans.ask("risk_point.near", around, PointsNear)
    assert [(one.point.code, one.templates) for one in told.points] == [("R-1", ("BAOGUAN",))]
    wide = AskNear(longitude=PLACE[0], latitude=PLACE[1], radius_m=20_000)
    assert [one.point.code for one in plans.ask("risk_point.near", wide, PointsNear).points] == ["R-1", "R-2"]


@pytest.mark.parametrize("ask", [AskMatch(limit=0), AskMatch(radius_m=-1.0), AskMatch(radius_m=1e9)])
def test_that_a_question_out_of_range_is_refused(plans: PlanRoom, ask: AskMatch) -> None:
    assert plans.room.ask("plan.match", ask, plans.officer).code == "ask.out_of_range"
