"""What the console makes of plans is taken by a real centre: a new edition, a start, the orders as they were edited."""

from dataclasses import replace

import pytest

from chengyun_console.pages.plans import plan_edit as edit
from chengyun_console.pages.plans.review_edit import edits_of, kept_of, order_of
from chengyun_core.model.plan import PlanState, RunStepState
from chengyun_core.model.plan_commands import SavePlan, SendPlanOrders
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
