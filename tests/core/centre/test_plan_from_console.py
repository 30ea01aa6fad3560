"""What the console makes of plans is taken by a real centre: a new edition, a start, the orders as they were edited."""

from dataclasses import replace

import pytest

from chengyun_console.pages.plans import binding_edit, point_edit
from chengyun_console.pages.plans import plan_edit as edit
from chengyun_console.pages.plans.review_edit import edits_of, kept_of, order_of
from chengyun_core.model.plan import PlanBinding, PlanState, RunStepState
from chengyun_core.model.plan_commands import BindPlan, SavePlan, SavePoint, SendPlanOrders
from chengyun_core.store import order_table
from chengyun_core.wire.plan_asks import AskDrafts, Drafts
from tests.core.centre.plan_room import PlanRoom
from tests.core.centre.room import Room


@pytest.fixture
def plans(room: Room) -> PlanRoom:
    """A centre with a library, units and an officer."""
    return PlanRoom(room)


def test_that_an_edited_plan_in_force_is_saved_as_the_next_edition(plans: PlanRoom) -> None:
    held = plans.template("BAOGUAN", 1)
    draft, new = edit.added(edit.begun(held), "REPAIR")
    draft = edit.with_action(draft, new, text="核查{place}水质", capability="water.supply")
    done = plans.room.done(
        SavePlan(template=draft, version=0), plans.room.officer("editor", "500000.plan_editor", seat="A-04")
    )
    assert done.key == "BAOGUAN.2"
    saved = plans.template("BAOGUAN", 2)
    assert (saved.state, saved.actions[1].text) == (PlanState.DRAFT, "核查{place}水质")
    assert plans.template("BAOGUAN", 1).state is PlanState.IN_FORCE


def test_that_orders_edited_before_they_are_sent_arrive_as_they_were_edited(plans: PlanRoom) -> None:
    event = plans.event()
    run = plans.started(event)
    drafts = plans.ask("plan.drafts", AskDrafts(run=run.number), Drafts)
    first, *rest = edits_of(run, event, drafts.drafts, {})
    changed = (replace(first, text="先关阀，再抢修"), *rest)
    kept = kept_of(changed)
    assert edits_of(run, event, drafts.drafts, kept) == changed
    orders = tuple(order_of(one, run, event) for one in changed if one.is_taken)
    plans.room.done(SendPlanOrders(run=run.number, version=drafts.version, drafts=orders), plans.officer)
    after = plans.run(run.number)
    assert {step.state for step in after.steps if step.action.code in ("REPAIR", "DIVERT")} == {RunStepState.ORDERED}
    sent = next(step.order for step in after.steps if step.action.code == first.code)
    with plans.room.ledger.reading() as connection:
        order = order_table.get(connection, sent or 0)
    assert order is not None
    assert order.text == "先关阀，再抢修"


def test_that_a_copy_a_new_point_and_its_binding_are_taken_and_a_run_there_is_as_they_say(plans: PlanRoom) -> None:
    editor = plans.room.officer("editor", "500000.plan_editor", seat="A-04")
    first = plans.template("BAOGUAN", 1)
    copy = replace(edit.copied(first, "学田湾专用"), code="BAOGUAN-XUE")
    plans.room.done(SavePlan(template=copy, version=0), editor)
    assert plans.template("BAOGUAN-XUE", 1).state is PlanState.DRAFT
    assert plans.template("BAOGUAN", 1) == first

    texts = {"code": "R-9", "name": "学田湾DN600供水管", "kind": "供水管", "centre": "500103",
             "attributes": "diameter_mm=600"}  # fmt: skip
    written = point_edit.read(texts, None).point
    assert written is not None
    plans.room.done(SavePoint(point=written), editor)
    divert = next(action for action in first.actions if action.code == "DIVERT")
    bound = binding_edit.with_minutes(PlanBinding(risk_point="R-9", template="BAOGUAN"), divert, 12.0)
    bound = binding_edit.with_text(bound, divert, "学校门前{place}不设绕行")
    plans.room.done(BindPlan(binding=bound, stamp=""), editor)

    run = plans.started(plans.event(attributes={}), risk_point="R-9")
    # The point's own diameter decides the tier, and the step is as the binding says.
    assert run.tiers == ("T1", "T2")
    step = next(step for step in run.steps if step.action.code == "DIVERT")
    assert (step.action.within_min, step.action.text) == (12.0, "学校门前{place}不设绕行")
