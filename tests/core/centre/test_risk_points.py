"""Single risk points at the centre: found by words, written as their officer saw them, bound and taken away (P1)."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from chengyun_core.model.plan import PlanBinding, RiskPoint
from chengyun_core.model.plan_commands import BindPlan, DropPoint, SavePoint, UnbindPlan
from chengyun_core.store import risk_point_table
from chengyun_core.wire.plan_asks import AskPlaces, AskPoint, AskPoints, PointPlaces, PointTold, RiskPoints
from tests.core.centre.plan_room import PlanRoom
from tests.core.centre.room import Room

NEW = RiskPoint(
    code="R-9", name="学田湾DN600供水管", centre="500103", kind="供水管", longitude=106.55, latitude=29.56,
    attributes={"diameter_mm": "600"}, vitals=("SW-YUZHONG",), owner_post="500103.unit.1",
)  # fmt: skip


@pytest.fixture
def plans(room: Room) -> PlanRoom:
    """Return a centre with a library of plans."""
    return PlanRoom(room)


@pytest.fixture
def editor(plans: PlanRoom) -> str:
    """Return the session of an editor of plans of one district."""
    return plans.room.officer("editor", "500103.plan_editor", seat="A-04")


def told(plans: PlanRoom, code: str) -> PointTold:
    """Return a risk point as it is answered."""
    return plans.ask("risk_point.get", AskPoint(code=code), PointTold)


def codes(plans: PlanRoom, **ask: Any) -> list[str]:
    """Return the codes of a page."""
    return [point.code for point in plans.ask("risk_point.page", AskPoints(**ask), RiskPoints).points]


def test_that_points_are_found_by_name_code_kind_and_place_and_told_with_their_plans(plans: PlanRoom) -> None:
    assert codes(plans) == ["R-1", "R-2", "R-3"]
    assert codes(plans, words="渝中区 供水") == ["R-1"]
    assert codes(plans, words="边坡") == ["R-3"]
    assert codes(plans, words="r-2") == ["R-2"]
    assert codes(plans, bare=True) == ["R-3"]
    page = plans.ask("risk_point.page", AskPoints(limit=2), RiskPoints)
    assert (page.more, page.points[0].plans) == (True, ("城市供水爆管处置",))
    assert codes(plans, after="R-2") == ["R-3"]


def test_that_places_come_as_columns_page_by_page_with_what_watches_them(plans: PlanRoom, editor: str) -> None:
    plans.room.done(SavePoint(point=NEW), editor)
    plans.room.done(SavePoint(point=replace(NEW, code="R-8", longitude=None, latitude=None, vitals=())), editor)
    first = plans.ask("risk_point.places", AskPlaces(limit=4), PointPlaces)
    rest = plans.ask("risk_point.places", AskPlaces(after=first.after, limit=4), PointPlaces)
    assert (rest.codes, rest.names, rest.kinds) == (("R-9",), (NEW.name,), (NEW.kind,))
    assert (np.frombuffer(rest.longitude).tolist(), np.frombuffer(rest.latitude).tolist()) == ([106.55], [29.56])
    assert (rest.vitals, rest.after) == ((("SW-YUZHONG", "R-9"),), "")
    assert "R-8" not in (*first.codes, *rest.codes)
    assert first.unplaced >= 1
    assert plans.room.ask("risk_point.places", AskPlaces(limit=5001), editor).code == "ask.out_of_range"


def test_that_a_point_is_written_with_the_vitals_that_watch_it_and_taken_away_again(
    plans: PlanRoom, editor: str
) -> None:  # fmt: skip
    plans.room.done(SavePoint(point=NEW), editor)
    held = told(plans, "R-9")
    assert (held.point, held.bound) == (NEW, ())
    with plans.room.ledger.reading() as connection:
        assert risk_point_table.watched_by(connection, ["SW-YUZHONG"]) == ["R-1", "R-9"]
    plans.room.done(DropPoint(code="R-9", stamp=held.stamp, reason="管道报废"), editor)
    assert codes(plans) == ["R-1", "R-2", "R-3"]
    with plans.room.ledger.reading() as connection:
        assert risk_point_table.watched_by(connection, ["SW-YUZHONG"]) == ["R-1"]


def test_that_of_two_who_change_a_point_the_second_is_told_who_did(plans: PlanRoom, editor: str) -> None:
    seen = told(plans, "R-1")
    plans.room.done(SavePoint(point=replace(seen.point, name="一改"), stamp=seen.stamp), editor)
    late = SavePoint(point=replace(seen.point, name="二改"), stamp=seen.stamp)
    reply = plans.room.do(late, editor)
    assert (reply.code, reply.params["who"]) == ("plan.point_changed", "editor")
    assert told(plans, "R-1").point.name == "一改"


def test_that_a_new_point_does_not_take_the_code_of_another(plans: PlanRoom, editor: str) -> None:
    assert plans.room.do(SavePoint(point=replace(NEW, code="R-1")), editor).code == "plan.point_changed"


def test_that_a_point_seen_before_an_import_is_not_written_over_what_it_brought(plans: PlanRoom, editor: str) -> None:
    seen = told(plans, "R-1")
    plans.take_library()
    reply = plans.room.do(SavePoint(point=seen.point, stamp=seen.stamp), editor)
    assert reply.code == "plan.point_changed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"centre": "999999"}, ""), ({"vitals": ("NONE",)}, "plan.point_vital"),
        ({"latitude": None}, "plan.half_a_place"), ({"latitude": 95.0}, "catalogue.cell_out_of_range"),
        ({"name": " "}, "text.missing.name"), ({"kind": ""}, "text.missing.kind"), ({"code": "两 字"}, ""),
    ],
)  # fmt: skip
def test_that_a_point_no_import_would_take_is_refused(
    plans: PlanRoom, editor: str, changes: dict[str, Any], code: str
) -> None:  # fmt: skip
    reply = plans.room.do(SavePoint(point=replace(NEW, **changes)), editor)
    assert reply.outcome == "refused"
    assert not code or reply.code == code
    assert codes(plans) == ["R-1", "R-2", "R-3"]


def test_that_a_point_is_written_by_who_has_a_say_where_it_is_and_where_it_was(plans: PlanRoom, editor: str) -> None:
    there = plans.room.officer("there", "500106.plan_editor", seat="A-08")
    assert plans.room.do(SavePoint(point=NEW), there).code == "permission.outside_area"
    seen = told(plans, "R-1")
    moved = SavePoint(point=replace(seen.point, centre="500106"), stamp=seen.stamp)
    assert plans.room.do(moved, there).code == "permission.outside_area"
    assert plans.room.do(moved, editor).code == "permission.outside_area"


def test_that_a_bound_point_is_not_taken_away_before_it_is_unbound(plans: PlanRoom, editor: str) -> None:
    seen = told(plans, "R-1")
    assert [(one.binding.template, one.head and one.head.name) for one in seen.bound] == [
        ("BAOGUAN", "城市供水爆管处置")
    ]
    drop = DropPoint(code="R-1", stamp=seen.stamp, reason="拆除")
    reply = plans.room.do(drop, editor)
    assert (reply.code, reply.params["count"]) == ("plan.point_bound", "1")
    plans.room.done(UnbindPlan(risk_point="R-1", template="BAOGUAN", reason="拆除"), editor)
    plans.room.done(drop, editor)


def test_that_a_binding_changed_meanwhile_is_not_written_over(plans: PlanRoom, editor: str) -> None:
    seen = told(plans, "R-1").bound[0]
    first = BindPlan(binding=replace(seen.binding, left_out=("DIVERT",)), stamp=seen.stamp)
    plans.room.done(first, editor)
    again = BindPlan(binding=PlanBinding(risk_point="R-1", template="BAOGUAN"), stamp=seen.stamp)
    assert plans.room.do(again, editor).code == "plan.binding_changed"
    assert told(plans, "R-1").bound[0].binding.left_out == ("DIVERT",)
