"""The reference city's library of plans is one the city can run."""

from collections import Counter

import pytest

from chengyun_core.model.dispatch_conditions import listed
from chengyun_core.model.plan import RunStepState
from chengyun_core.model.plan_check import Known
from chengyun_core.model.plan_import import Held, Library, read
from chengyun_core.model.plan_run_rules import Start, begin
from chengyun_core.model.plan_tiers import decide
from chengyun_resources.reference import city, plans

FIVE = {"repair.water", "traffic.divert", "pipeline.protect", "fire", "residents.tell"}
"""水厂抢修, 交巡警疏导, 经信委管线保护, 消防送水, 网格员告知 (LAW-AND-STANDARDS, a real case)."""


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the library of a demo, read against the reference city."""
    tables = city.tables()

    def codes(name: str) -> frozenset[str]:
        return frozenset(row["code"] for row in tables[name])

    known = Known(centres=codes("centres"), matters=codes("matters"), units=codes("units"), vitals=codes("vitals"))
    able = frozenset(word for row in tables["units"] for word in listed(row["capabilities"]))
    found, faults = read(plans.tables(), known, Held(capabilities=able))
    assert faults == []
    return found


def test_that_every_capability_its_plans_ask_for_some_unit_of_the_city_has(library: Library) -> None:
    assert library.warnings == ()
    assert len(library.templates) >= 40


def test_that_the_case_of_the_burst_main_sends_exactly_its_five_orders(library: Library) -> None:
    plan = next(one for one in library.templates if one.code == "SS-BAOGUAN")
    tiers = decide(plan.tiers, {"diameter_mm": "400"})
    assert tiers.in_force == ("T1",)
    run = begin(Start(number=1, event=1, tiers=tiers, at_ns=0, account="a"), plan, None)
    ready = [step.action for step in run.steps if step.state is RunStepState.READY]
    assert {action.capability for action in ready} == FIVE
    assert len(ready) == len(FIVE)
    wide = decide(plan.tiers, {"diameter_mm": "1200"})
    more = begin(Start(number=1, event=1, tiers=wide, at_ns=0, account="a"), plan, None)
    assert len(more.steps) > len(run.steps)


def test_that_every_risk_point_has_its_plan_and_lies_in_its_town(library: Library) -> None:
    assert library.points is not None
    assert library.bindings is not None
    bound = Counter(one.risk_point for one in library.bindings)
    assert {point.code for point in library.points} == bound.keys()
    assert len(library.points) == plans.POINTS
    assert all(point.longitude is not None for point in library.points)
    named = next(point for point in library.points if point.code == "FX-JIAXI")
    assert named.attributes["diameter_mm"] == "400"


def test_that_the_crowd_at_jiefangbei_calls_six_departments(library: Library) -> None:
    plan = next(one for one in library.templates if one.code == "SH-RENQUN")
    point = next(one for one in library.points or () if one.code == "FX-JIEFANGBEI")
    run = begin(Start(number=1, event=1, tiers=decide(plan.tiers, point.attributes), at_ns=0, account="a"), plan, None)
    assert run.tiers == ("T1", "T2")
    assert len({step.action.capability for step in run.steps if step.action.capability}) == 6


def test_that_what_an_alarms_guidance_names_is_a_plan_of_the_library(library: Library) -> None:
    tables = city.tables()
    names = {one.name for one in library.templates}
    named = [row.get("plan", "") for row in tables["guidance"]]
    assert {name for name in named if name} <= names
    # The tracks without a plan have no matter either: no event of theirs could start one.
    with_matters = {row["subtrack"][:-1] for row in tables["matters"]}
    bare = {row["about"][:-1] for row in tables["guidance"] if not row.get("plan")}
    assert not bare & with_matters, bare


def test_that_the_street_of_the_risk_points_own_town_tells_its_residents(library: Library) -> None:
    assert library.bindings is not None
    own = next(one for one in library.bindings if one.risk_point == "FX-JIAXI")
    assert own.units == {"GAOZHI": "500103005-JD"}


def test_that_the_same_number_of_points_gives_the_same_tables() -> None:
    assert plans.tables(50) == plans.tables(50)
    assert len(plans.tables(0)["risk_points"]) == 0
