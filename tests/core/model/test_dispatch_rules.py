"""Whom dispatch would call, why not the others, what is missing and who could come; and what never happens."""

import ast
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.dispatch import Route, Unit, UnitKind, UnitState
from chengyun_core.model.dispatch_call import Call, Judged, Need, Proposal, Reach, Standing
from chengyun_core.model.dispatch_rules import propose, propose_for, roster_of
from chengyun_core.model.dispatch_score import judge, minutes_to, reach_of
from chengyun_core.model.order import Role
from chengyun_core.model.scales import EventGrade
from chengyun_resources.texts import LANGUAGES, Texts

CITY, DISTRICT, TOWN, NEXT_TOWN, FAR = "500000", "500103", "500103012", "500103009", "500106"
PATHS = {
    CITY: (CITY,), DISTRICT: (DISTRICT, CITY), TOWN: (TOWN, DISTRICT, CITY), NEXT_TOWN: (NEXT_TOWN, DISTRICT, CITY),
    FAR: (FAR, CITY),
}  # fmt: skip
HOUR_NS = 3600 * NS_PER_S


def _standing(code: str, centre: str = TOWN, can: str = "repair.water", **more: object) -> Standing:
    kind = more.pop("kind", UnitKind.TEAM)
    unit = Unit(
        code=code, name=f"队{code}", centre=centre, kind=UnitKind(kind), post=f"{centre}.unit.1", capabilities=can,
        capacity=3,
    )  # fmt: skip
    return Standing(**({"unit": unit, "path": PATHS[centre], "longitude": 106.5, "latitude": 29.5} | more))


def _call(centre: str = TOWN, **more: object) -> Call:
    told = {"matter": "GS01", "centre": centre, "path": PATHS[centre], "longitude": 106.5, "latitude": 29.5}
    return Call(**(told | more))


WATER = Need(role=Role.LEAD, capability="repair.water")


def _for(call: Call, *standings: Standing, needs: tuple[Need, ...] = (WATER,)) -> Proposal:
    return propose_for(call, needs, roster_of(standings))


def _judged(standing: Standing, call: Call) -> tuple[Judged, bool]:
    return judge(standing, WATER, call, reach_of(standing.path, call))


def _why(proposal: Proposal, unit: str) -> list[str]:
    return [reason.code for judged in proposal.rejections if judged.unit == unit for reason in judged.reasons]


def test_that_the_unit_whose_area_it_is_goes_before_those_above_and_beside() -> None:
    units = [_standing("city", CITY), _standing("next", NEXT_TOWN), _standing("here"), _standing("district", DISTRICT)]
    proposal = _for(_call(), *units)
    assert [pick.unit for pick in proposal.picks] == ["here"]
    assert [judged.unit for judged in proposal.rejections] == ["district", "city", "next"]
    assert _why(proposal, "district")[0] == "dispatch.outranked"


@pytest.mark.parametrize(
    ("bent", "call", "reason"),
    [
        ({"state": UnitState.OUT}, {}, "dispatch.is_out"),
        ({"state": UnitState.RESTING}, {}, "dispatch.is_resting"),
        ({"load": 3}, {}, "dispatch.full"),
        ({"centre": NEXT_TOWN, "kind": "grid"}, {}, "dispatch.other_area"),
        ({}, {"aboard": frozenset({"U"})}, "dispatch.aboard"),
        ({}, {"returned": {"U": "不归我管"}}, "dispatch.returned"),
    ],
)
def test_that_who_cannot_go_is_told_with_the_reason(
    bent: dict[str, object], call: dict[str, object], reason: str
) -> None:
    proposal = _for(_call(**call), _standing("U", **bent))
    assert proposal.picks == ()
    assert reason in _why(proposal, "U")
    (shortfall,) = proposal.shortfalls
    assert shortfall.reason.code in {"dispatch.nobody_free", "dispatch.nobody_near"}
    assert proposal.confidence == 0


def test_that_those_of_other_districts_are_told_together() -> None:
    proposal = _for(_call(), _standing("F2", FAR), _standing("F1", FAR))
    (group,) = proposal.elsewhere
    assert (group.units, group.reason.code) == (("F1", "F2"), "dispatch.outside")
    assert [shortfall.reason.code for shortfall in proposal.shortfalls] == ["dispatch.nobody_near"]


def test_that_a_capability_nobody_has_is_a_shortfall_of_its_own() -> None:
    proposal = _for(_call(), _standing("U", can="pump"))
    assert [shortfall.reason.code for shortfall in proposal.shortfalls] == ["dispatch.nobody_can"]


def test_that_of_a_shortfall_the_nearest_who_could_come_are_told() -> None:
    units = [_standing(f"F{at}", FAR, longitude=106.5 + at / 100) for at in range(5)]
    proposal = _for(_call(), *units, _standing("sleeps", state=UnitState.RESTING))
    assert [(one.unit, one.reason.code) for one in proposal.move_ups] == [
        ("F0", "dispatch.could_come"), ("sleeps", "dispatch.could_be_woken"), ("F1", "dispatch.could_come"),
    ]  # fmt: skip


def test_that_a_place_left_bare_is_offered_cover() -> None:
    proposal = _for(_call(), _standing("here"), _standing("next", NEXT_TOWN, longitude=106.6))
    (cover,) = proposal.move_ups
    assert (cover.unit, cover.covers, cover.reason.code) == ("next", TOWN, "dispatch.could_cover")
    assert _for(_call(), _standing("here"), _standing("here2")).move_ups == ()


def test_that_one_leads_and_departments_and_streets_assist_at_once() -> None:
    routes = [
        Route(code="R1", matter="GS01", lead="capability:repair.water", assist="capability:traffic.divert|POLICE"),
        Route(code="R2", matter="*", assist="capability:residents.tell"),
    ]
    units = [
        _standing("W", DISTRICT), _standing("T", DISTRICT, "traffic.divert"), _standing("POLICE", DISTRICT, "police"),
        _standing("S", TOWN, "residents.tell", kind="street"), _standing("G", NEXT_TOWN, "residents.tell", kind="grid"),
    ]  # fmt: skip
    proposal = propose(_call(), routes, roster_of(units))
    assert [(pick.unit, pick.need.role) for pick in proposal.picks[:1]] == [("W", Role.LEAD)]
    assert {pick.unit for pick in proposal.picks[1:]} == {"T", "POLICE", "S"}
    assert all(pick.need.role is Role.ASSIST for pick in proposal.picks[1:])
    assert proposal.routes == ("R1", "R2")
    assert proposal.confidence == 1.0


def test_that_a_unit_that_serves_two_needs_is_called_once() -> None:
    needs = (WATER, Need(role=Role.ASSIST, capability="pump"))
    proposal = _for(_call(), _standing("both", can="repair.water|pump"), _standing("P", can="pump"), needs=needs)
    (pick,) = proposal.picks
    assert pick.reasons[-1].code == "dispatch.also"


@pytest.mark.parametrize(
    ("route", "reason"),
    [
        ({"centre": FAR}, "dispatch.route_elsewhere"),
        ({"grade_from": 3}, "dispatch.route_grade"),
        ({"hours": "22:00-06:00"}, "dispatch.route_hours"),
        ({"condition": "diameter_mm < 500"}, "dispatch.route_condition"),
        ({"condition": "depth_cm > 30"}, "dispatch.route_not_known"),
    ],
)
def test_that_a_route_that_does_not_hold_is_told_with_the_reason(route: dict[str, object], reason: str) -> None:
    call = _call(grade=EventGrade.LARGER, minute=time(12), attributes={"diameter_mm": "600"})
    made = Route(**({"code": "R", "matter": "GS01", "lead": "U"} | route))
    proposal = propose(call, [made], roster_of([_standing("U")]))
    assert [(skipped.route, skipped.reason.code) for skipped in proposal.skipped] == [("R", reason)]
    assert proposal.picks == ()


def test_that_the_closest_route_names_the_lead() -> None:
    routes = [
        Route(code="any", matter="*", centre=TOWN, lead="A"),
        Route(code="heavy", matter="GS01", lead="B", weight=9.0),
        Route(code="town", matter="GS01", centre=TOWN, lead="C"),
        Route(code="thick", matter="GS01", centre=TOWN, condition="diameter_mm >= 500", lead="D"),
    ]
    units = roster_of(_standing(code) for code in "ABCD")
    thick = propose(_call(attributes={"diameter_mm": "600"}), routes, units)
    assert [(pick.unit, pick.need.route) for pick in thick.picks] == [("D", "thick")]
    assert propose(_call(attributes={"diameter_mm": "100"}), routes, units).picks[0].unit == "C"
    assert propose(_call(), routes[:2], units).picks[0].unit == "B"
    assert propose(_call(), routes[:1], units).confidence == 0.5


def test_that_a_unit_named_from_outside_may_be_called() -> None:
    proposal = _for(_call(), _standing("F", FAR), needs=(Need(role=Role.LEAD, unit="F"),))
    assert [(pick.unit, pick.reach) for pick in proposal.picks] == [("F", Reach.OUTSIDE)]
    assert [doubt.code for doubt in proposal.doubts] == ["dispatch.doubt_reach"]


def test_that_the_estimate_of_a_known_way_is_that_of_a_map() -> None:
    # 大坪 to 寸滩 is about 10.8 km as the crow flies: at 30 km/h with the detour half an hour, and the turn-out.
    minutes = minutes_to(_standing("U", longitude=106.5147, latitude=29.5417), 106.60, 29.605)
    assert minutes is not None
    assert 28 < minutes < 35
    assert minutes_to(_standing("U", longitude=None, latitude=None), 106.6, 29.6) is None


_STANDINGS = st.builds(
    lambda code, centre, load, state, east, hours: _standing(
        code, centre, load=load, state=state, longitude=None if east is None else 106 + east / 10,
        busy_since=None if hours is None else 100 * HOUR_NS - hours * HOUR_NS,
    ),
    st.sampled_from([f"U{at}" for at in range(12)]),
    st.sampled_from(sorted(PATHS)),
    st.integers(0, 4),
    st.sampled_from(UnitState),
    st.none() | st.integers(0, 10),
    st.none() | st.integers(0, 24),
)  # fmt: skip
_LISTS = st.lists(_STANDINGS, max_size=8, unique_by=lambda one: one.unit.code)


@given(_STANDINGS, st.integers(1, 4))
def test_that_a_fuller_unit_never_outranks_its_emptier_twin(standing: Standing, more: int) -> None:
    twin = replace(standing, unit=replace(standing.unit, code="a-fuller"), load=standing.load + more)
    proposal = _for(_call(now_ns=100 * HOUR_NS), standing, twin)
    assert [pick.unit for pick in proposal.picks] in ([], [standing.unit.code])
    full, empty = (_judged(one, _call(now_ns=100 * HOUR_NS)) for one in (twin, standing))
    assert full[0].score <= empty[0].score
    assert not (full[1] and not empty[1])


@given(_STANDINGS, st.integers(1, 20))
def test_that_a_farther_unit_never_scores_more_than_its_nearer_twin(standing: Standing, more: int) -> None:
    near = replace(standing, longitude=106.5)
    far = replace(standing, longitude=106.5 + more / 10)
    assert _judged(far, _call())[0].score <= _judged(near, _call())[0].score


@given(_STANDINGS, st.integers(0, 20), st.integers(1, 20))
def test_that_a_more_tired_unit_never_scores_more(standing: Standing, hours: int, more: int) -> None:
    call = _call(now_ns=100 * HOUR_NS)
    tired = replace(standing, busy_since=(100 - hours - more) * HOUR_NS)
    rested = replace(tired, busy_since=(100 - hours) * HOUR_NS)
    assert _judged(tired, call)[0].score <= _judged(rested, call)[0].score


@given(_LISTS, st.randoms(use_true_random=False))
def test_that_everybody_who_can_is_picked_or_told_why_not_in_any_order(standings: list[Standing], dice: object) -> None:
    proposal = _for(_call(), *standings)
    far = [unit for group in proposal.elsewhere for unit in group.units]
    weighed = [judged.unit for judged in (*proposal.picks, *proposal.rejections)]
    assert sorted([*weighed, *far]) == sorted(one.unit.code for one in standings)
    assert all(judged.reasons for judged in (*proposal.picks, *proposal.rejections))
    assert len(proposal.picks) + len(proposal.shortfalls) == 1
    shuffled = list(standings)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert _for(_call(), *shuffled) == proposal


@given(_LISTS)
def test_that_nobody_absent_full_or_of_another_district_is_picked(standings: list[Standing]) -> None:
    for pick in _for(_call(), *standings).picks:
        one = next(standing for standing in standings if standing.unit.code == pick.unit)
        assert one.state in {UnitState.AVAILABLE, UnitState.BUSY}
        assert one.load < one.unit.capacity
        assert pick.reach is not Reach.OUTSIDE


def _codes(repository: Path) -> set[str]:
    """Return every reason code written in the modules, those made of a word of an enumeration among them."""
    sources = sorted((repository / "core/chengyun_core/model").glob("dispatch*.py"))
    trees = [ast.walk(ast.parse(path.read_text("utf-8"))) for path in sources]
    found = {node.value for tree in trees for node in tree if isinstance(node, ast.Constant)}
    plain = {text for text in found if isinstance(text, str) and text.startswith("dispatch.") and text[9:].strip("_")}
    asked = {"dispatch.classify", "dispatch.misroutes", "dispatch.propose"}
    return plain - asked - {"dispatch.is_", "dispatch.reach_"} | {f"dispatch.reach_{reach}" for reach in Reach} | {
        f"dispatch.is_{state}" for state in UnitState if state is not UnitState.AVAILABLE
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_reason_has_a_sentence(repository: Path, language: str) -> None:
    codes = _codes(repository)
    assert len(codes) > 35
    assert [code for code in sorted(codes) if not Texts(language).has(code)] == []
