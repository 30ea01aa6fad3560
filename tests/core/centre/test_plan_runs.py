"""A plan started for an event: its orders, its steps ended by receipts, by vitals and by hand (P4)."""

from dataclasses import replace

import pytest

from chengyun_core.centre import event_care, plan_care, receipt_care
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.event import EventState, Hop
from chengyun_core.model.event_commands import EditEvent
from chengyun_core.model.order import Climbed, ReceiptState, Step
from chengyun_core.model.order_commands import RecallOrder
from chengyun_core.model.plan import RunState, RunStepState
from chengyun_core.model.plan_commands import (
    EndStep,
    RaiseTier,
    RedlineStep,
    SendPlanOrders,
    SkipStep,
    StartPlan,
    StopPlan,
)
from chengyun_core.model.plan_run_watch import captured_parts
from chengyun_core.model.scales import ResponseLevel, WarningColour
from chengyun_core.store import event_table, order_table
from chengyun_core.wire.plan_asks import AskDrafts, AskRun, AskTry, Drafts, Runs, Tried
from tests.core.centre.plan_room import LIBRARY, PlanRoom
from tests.core.centre.room import Room

MINUTE = 60 * 10**9


@pytest.fixture
def plans(room: Room) -> PlanRoom:
    """Return a centre with a library of plans."""
    return PlanRoom(room)


def state(plans: PlanRoom, number: int, code: str) -> RunStepState:
    """Return where a step of a run stands."""
    return next(step.state for step in plans.run(number).steps if step.action.code == code)


def climb(plans: PlanRoom, order: int, step: Step, **changes: object) -> None:
    """Have the only receipt of an order climb to a step, as ORDERS does it."""
    with plans.room.ledger.work(CENTRE) as work:
        (held,) = order_table.receipts_of(work.connection, order)
        known = order_table.get(work.connection, order)
        assert known is not None
        climbed = {**held.climbed, step: Climbed(at=work.at_ns, received_at=work.at_ns)}
        after = replace(held, step=step, climbed=climbed, **changes)  # type: ignore[arg-type]
        after, _ = receipt_care.put(plans.room.desk, work, known, after, f"receipt.{step.value}")
        plan_care.receipt_climbed(plans.room.desk, work, after)


def send(plans: PlanRoom, run: int, *steps: str) -> dict[str, int]:
    """Send the drafts of steps and return the numbers of their orders."""
    drafts = plans.ask("plan.drafts", AskDrafts(run=run, steps=steps), Drafts)
    chosen = tuple(one.draft for one in drafts.drafts if one.draft is not None)
    plans.room.done(SendPlanOrders(run=run, version=drafts.version, drafts=chosen), plans.officer)
    return {step.action.code: step.order for step in plans.run(run).steps if step.order is not None}


def test_that_the_pipes_diameter_of_the_event_decides_the_tier_and_the_event_knows_its_plan(plans: PlanRoom) -> None:
    event = plans.event()
    run = plans.started(event)
    assert run.tiers == ("T1",)
    assert run.response is ResponseLevel.FOURTH
    assert [step.action.code for step in run.steps] == ["REPAIR", "DIVERT", "BACK"]
    with plans.room.ledger.reading() as connection:
        after = event_table.get(connection, event.number)
    assert after is not None
    assert after.plan_run == run.number
    assert after.hops[Hop.PLANNED] == run.started_at


def test_that_what_the_event_does_not_know_the_risk_point_tells(plans: PlanRoom) -> None:
    assert plans.started(plans.event(attributes={})).tiers == ("T1",)
    assert plans.started(plans.event(attributes={"diameter_mm": "600"})).tiers == ("T1", "T2")


def test_that_the_bindings_words_and_minutes_are_in_the_run_and_the_template_keeps_its_own(plans: PlanRoom) -> None:
    run = plans.started(plans.event())
    divert = next(step for step in run.steps if step.action.code == "DIVERT")
    assert (divert.action.text, divert.action.within_min) == ("在嘉西村路口{place}疏导", 20.0)
    (kept,) = (one for one in plans.template("BAOGUAN", 1).actions if one.code == "DIVERT")
    assert (kept.text, kept.within_min) == ("在{place}疏导交通", 30.0)


def test_that_a_run_keeps_its_steps_whatever_becomes_of_the_library(plans: PlanRoom) -> None:
    run = plans.started(plans.event())
    changed = {
        **LIBRARY,
        "templates": [{**LIBRARY["templates"][0], "edition": "2", "name": "新版"}],
        "tiers": LIBRARY["tiers"],
        "actions": [{"template": "BAOGUAN", "code": "ONLY", "text": "全都变了", "done_by": "hand"}],
        "bindings": [LIBRARY["bindings"][0]],
        "overrides": [],
    }
    plans.take_library(changed)
    assert plans.run(run.number) == run, "an instance shares nothing with the library (P7)"
    assert plans.template("BAOGUAN", 1).state == "retired"


def test_that_an_order_is_proposed_with_its_reasons_and_its_text_filled_in(plans: PlanRoom) -> None:
    run = plans.started(plans.event())
    drafts = plans.ask("plan.drafts", AskDrafts(run=run.number), Drafts)
    assert [one.step for one in drafts.drafts] == ["REPAIR", "DIVERT"]
    repair = drafts.drafts[0]
    assert repair.draft is not None
    assert repair.draft.text == "到嘉西村关阀抢修，管径400毫米"
    assert repair.draft.recipients[0].code == "U-WATER"
    assert repair.proposal.picks[0].reasons
    assert repair.lacking == ()
    assert drafts.messages == {"属地镇街": "嘉西村发生嘉西村爆管，请先期处置"}


def test_that_a_step_nobody_can_do_is_told_with_its_shortfall_and_what_is_unknown_is_a_dash(plans: PlanRoom) -> None:
    event = plans.event(matter="SS-JISHUI", place="", attributes={})
    run = plans.started(event, template="NEILAO", risk_point="")
    (pump,) = plans.ask("plan.drafts", AskDrafts(run=run.number), Drafts).drafts
    assert pump.draft is None
    assert pump.proposal.shortfalls[0].reason.code == "dispatch.nobody_can"
    assert pump.lacking == ("place",)


def test_that_orders_are_sent_and_their_receipts_end_the_steps(plans: PlanRoom) -> None:
    run = plans.started(plans.event())
    orders = send(plans, run.number)
    assert state(plans, run.number, "REPAIR") is RunStepState.ORDERED
    climb(plans, orders["DIVERT"], Step.SIGNED)
    assert state(plans, run.number, "DIVERT") is RunStepState.ORDERED
    climb(plans, orders["DIVERT"], Step.ARRIVED)
    assert state(plans, run.number, "DIVERT") is RunStepState.DONE
    climb(plans, orders["REPAIR"], Step.ARRIVED)
    assert state(plans, run.number, "REPAIR") is RunStepState.ORDERED, "its step asks for feedback"


def test_that_a_step_whose_receipt_was_returned_may_be_ordered_again(plans: PlanRoom) -> None:
    run = plans.started(plans.event())
    orders = send(plans, run.number, "REPAIR")
    climb(plans, orders["REPAIR"], Step.SIGNED, state=ReceiptState.RETURNED)
    assert state(plans, run.number, "REPAIR") is RunStepState.READY
    again = send(plans, run.number, "REPAIR")
    assert again["REPAIR"] != orders["REPAIR"]
    (before,) = plans.receipts(orders["REPAIR"])
    assert before.settled, "the order that replaces a returned one settles it"


def test_that_a_step_whose_order_was_recalled_may_be_ordered_again(plans: PlanRoom) -> None:
    run = plans.started(plans.event())
    order = send(plans, run.number, "REPAIR")["REPAIR"]
    with plans.room.ledger.reading() as connection:
        held = order_table.get(connection, order)
    assert held is not None
    plans.room.done(RecallOrder(order=order, version=held.version, reason="派错了"), plans.officer)
    assert state(plans, run.number, "REPAIR") is RunStepState.READY


def test_that_a_vital_that_returns_ends_its_step_and_with_the_last_step_the_run(plans: PlanRoom) -> None:
    plans.room.observe(1, WarningColour.RED)
    run = plans.started(plans.event())
    orders = send(plans, run.number)
    for code, order in orders.items():
        climb(plans, order, Step.FED_BACK)
        assert state(plans, run.number, code) is RunStepState.DONE
    assert state(plans, run.number, "BACK") is RunStepState.READY
    plans.room.observe(1, WarningColour.NONE, before=4)
    done = plans.run(run.number)
    assert done.state is RunState.DONE
    assert done.steps[2].done_by == "vital:SW-YUZHONG"
    value, at = captured_parts(done.steps[2].values["SW-YUZHONG"])
    assert (value, len(at)) == ("180.00 m", 19)


def test_that_a_vital_that_had_returned_before_its_step_was_ready_ends_it_when_it_is(plans: PlanRoom) -> None:
    plans.room.observe(1, WarningColour.RED)
    run = plans.started(plans.event())
    plans.room.observe(1, WarningColour.NONE, before=4)
    assert state(plans, run.number, "BACK") is RunStepState.WAITING
    climb(plans, send(plans, run.number, "REPAIR")["REPAIR"], Step.FED_BACK)
    assert state(plans, run.number, "BACK") is RunStepState.DONE


def test_that_a_stop_rule_whose_condition_holds_is_told_and_stops_nothing(plans: PlanRoom) -> None:
    lower = {**LIBRARY, "stop_rules": [{**LIBRARY["stop_rules"][0], "condition": "value > 180"}]}
    lower["templates"] = [{**LIBRARY["templates"][0], "edition": "2"}]
    lower["actions"], lower["tiers"] = LIBRARY["actions"][:4], LIBRARY["tiers"]
    plans.take_library(lower)
    run = plans.started(plans.event(), edition=2)
    plans.room.observe(1, WarningColour.RED)
    after = plans.run(run.number)
    assert (after.rules_met, after.state) == ((0,), RunState.RUNNING)
    assert plans.room.published[-1].action == "plan.rule_met"


def test_that_what_plans_wait_for_survives_a_restart(plans: PlanRoom) -> None:
    plans.room.observe(1, WarningColour.RED)
    run = plans.started(plans.event())
    climb(plans, send(plans, run.number, "REPAIR")["REPAIR"], Step.FED_BACK)
    plans.room.restart()
    plans.room.observe(1, WarningColour.NONE, before=4)
    assert state(plans, run.number, "BACK") is RunStepState.DONE


def test_that_a_step_is_ended_by_hand_with_what_the_vitals_said(plans: PlanRoom) -> None:
    run = plans.started(plans.event())
    told = EndStep(run=run.number, version=run.version, step="DIVERT", values={"SW-YUZHONG": "0.31 MPa"}, note="到位")
    plans.room.done(told, plans.officer)
    step = plans.run(run.number).steps[1]
    assert (step.state, step.done_by, step.values, step.note) == (
        RunStepState.DONE, "officer", {"SW-YUZHONG": "0.31 MPa"}, "到位",
    )  # fmt: skip


def test_that_skipping_and_stopping_need_a_reason(plans: PlanRoom) -> None:
    run = plans.started(plans.event())
    for command in (
        SkipStep(run=run.number, version=run.version, step="DIVERT", reason=" "),
        StopPlan(run=run.number, version=run.version, reason=""),
        RaiseTier(run=run.number, version=run.version, tier="T2", reason=""),
    ):
        assert plans.room.do(command, plans.officer).code == "text.missing.reason"


def test_that_a_tier_that_comes_on_top_brings_its_steps_and_says_why(plans: PlanRoom) -> None:
    run = plans.started(plans.event())
    plans.room.done(RaiseTier(run=run.number, version=run.version, tier="T2", reason="实测管径 600"), plans.officer)
    after = plans.run(run.number)
    assert after.tiers == ("T1", "T2")
    assert after.tier_reason == "实测管径 600"
    assert after.steps[:3] == run.steps
    assert after.steps[3].action.code == "WATER"


def test_that_a_tier_an_officer_names_himself_needs_a_reason(plans: PlanRoom) -> None:
    event = plans.event()
    command = StartPlan(event=event.number, template="BAOGUAN", edition=1, risk_point="R-1", tier="T3")
    assert plans.room.do(command, plans.officer).code == "text.missing.reason"
    assert plans.started(event, tier="T3", reason="两根管").tiers == ("T1", "T2", "T3")


def test_that_a_redlined_text_goes_into_the_order_and_not_into_the_library(plans: PlanRoom) -> None:
    run = plans.started(plans.event())
    plans.room.done(
        RedlineStep(run=run.number, version=run.version, step="REPAIR", text="先关东侧阀门再抢修"), plans.officer
    )
    drafts = plans.ask("plan.drafts", AskDrafts(run=run.number, steps=("REPAIR",)), Drafts)
    assert drafts.drafts[0].draft is not None
    assert drafts.drafts[0].draft.text == "先关东侧阀门再抢修"
    assert "先关东侧" not in str(plans.template("BAOGUAN", 1))


def test_that_of_two_officers_who_decide_at_once_the_second_is_told_who_did_what(plans: PlanRoom) -> None:
    other = plans.room.officer("other", seat="A-02")
    run = plans.started(plans.event())
    plans.room.done(SkipStep(run=run.number, version=run.version, step="DIVERT", reason="不需要"), plans.officer)
    reply = plans.room.do(StopPlan(run=run.number, version=run.version, reason="误启动"), other)
    assert reply.code == "plan.changed"
    assert (reply.params["who"], reply.params["what"]) == ("officer", "plan.skip_step")


def test_that_a_receipt_that_climbs_meanwhile_makes_no_deed_of_an_officer_stale(plans: PlanRoom) -> None:
    plans.room.observe(1, WarningColour.RED)
    run = plans.started(plans.event())
    orders = send(plans, run.number)
    seen = plans.run(run.number).version
    climb(plans, orders["DIVERT"], Step.ARRIVED)
    plans.room.done(EndStep(run=run.number, version=seen, step="REPAIR"), plans.officer)
    again = plans.room.do(EndStep(run=run.number, version=seen + 2, step="DIVERT"), plans.officer)
    assert again.code == "plan.step_not_so"


def test_that_the_same_plan_is_not_started_twice_for_one_event_and_place(plans: PlanRoom) -> None:
    event = plans.event()
    plans.started(event)
    again = StartPlan(event=event.number, template="BAOGUAN", edition=1, risk_point="R-1")
    assert plans.room.do(again, plans.officer).code == "plan.runs_already"
    assert plans.started(event, risk_point="").risk_point == ""


def test_that_nothing_is_sent_when_one_draft_is_of_another_run_or_of_a_step_that_waits(plans: PlanRoom) -> None:
    event = plans.event()
    run, other = plans.started(event), plans.started(event, risk_point="")
    drafts = [one.draft for one in plans.ask("plan.drafts", AskDrafts(run=run.number), Drafts).drafts if one.draft]
    foreign = replace(drafts[1], plan_run=other.number)
    for bad, code in ((foreign, "plan.draft_of_other"), (replace(drafts[1], plan_step="BACK"), "plan.step_not_so")):
        command = SendPlanOrders(run=run.number, version=run.version, drafts=(drafts[0], bad))
        assert plans.room.do(command, plans.officer).code == code
    assert plans.run(run.number) == run
    assert plans.receipts(1) == []


def test_that_an_event_that_ends_stops_its_plans(plans: PlanRoom) -> None:
    event = plans.event()
    run = plans.started(event)
    with plans.room.ledger.work(CENTRE) as work:
        plan_care.event_ended(plans.room.desk, work, replace(event, state=EventState.CLOSED))
    after = plans.run(run.number)
    assert (after.state, after.reason) == (RunState.STOPPED, "event:closed")
    assert plans.room.desk.plan_vitals == {}


def test_that_trying_a_plan_tells_whom_it_would_call_and_writes_nothing(plans: PlanRoom) -> None:
    event = plans.event()
    before = plans.room.ledger.tail
    tried = plans.ask(
        "plan.try",
        AskTry(event=event.number, template="BAOGUAN", risk_point="R-1", attributes={"diameter_mm": "700"}),
        Tried,
    )
    assert tried.tiers.in_force == ("T1", "T2")
    assert {one.step: one.draft.recipients[0].code for one in tried.drafts if one.draft} == {
        "REPAIR": "U-WATER", "DIVERT": "U-POLICE", "WATER": "U-WATER",
    }  # fmt: skip
    assert tried.ends_at - tried.run.started_at == 380 * MINUTE
    assert plans.room.ledger.tail == before


def test_that_a_run_tells_how_far_behind_it_is(plans: PlanRoom) -> None:
    event = plans.event()
    run = plans.started(event)
    plans.room.clock.advance(25 * 60)
    (told,) = plans.ask("plan.run", AskRun(event=event.number), Runs).runs
    assert told.run == run
    assert told.pace.late == ("DIVERT",)
    assert told.pace.ahead_min == 0, "DIVERT is late, but nothing that waits for it ends the run"


def test_that_a_step_over_its_time_is_told_once_and_a_restart_forgets_none(plans: PlanRoom) -> None:
    run = plans.started(plans.event())
    plans.room.clock.advance(19 * 60)
    plans.room.tend()
    assert plans.run(run.number).overdue == ()
    plans.room.restart()
    plans.room.clock.advance(2 * 60)
    for _ in range(3):
        plans.room.tend()
    assert plans.run(run.number).overdue == ("DIVERT",)
    told = [one.params["steps"] for one in plans.room.published if one.action == "plan.step_overdue"]
    assert told == ["DIVERT"]


def test_that_a_step_done_in_time_is_never_told_as_over_it(plans: PlanRoom) -> None:
    run = plans.started(plans.event())
    plans.room.done(EndStep(run=run.number, version=run.version, step="DIVERT"), plans.officer)
    plans.room.clock.advance(60 * 60)
    plans.room.tend()
    assert plans.run(run.number).overdue == ()


def test_that_a_wall_clock_set_back_keeps_no_step_from_being_told(
    plans: PlanRoom, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    run = plans.started(plans.event())
    clock = plans.room.clock
    monkeypatch.setattr(clock, "utc_ns", lambda: clock.now_ns - 3600 * 10**9)
    clock.advance(21 * 60)
    plans.room.tend()
    assert plans.run(run.number).overdue == ("DIVERT",)


def test_that_an_attribute_measured_later_suggests_the_tier_to_go_up_to(plans: PlanRoom) -> None:
    event = plans.event()
    plans.started(event)
    with plans.room.ledger.work(CENTRE) as work:
        event_care.change(plans.room.desk, work, event, "event.edit", attributes={"diameter_mm": "600"})
    (told,) = plans.ask("plan.run", AskRun(event=event.number), Runs).runs
    assert told.suggested is not None
    assert (told.run.tiers, told.suggested.in_force) == (("T1",), ("T1", "T2"))


def test_that_a_start_and_a_sending_told_twice_are_done_once(plans: PlanRoom) -> None:
    event = plans.event()
    command = StartPlan(event=event.number, template="BAOGUAN", edition=1, risk_point="R-1")
    first, again = (plans.room.do(command, plans.officer, "the-same-id") for _ in range(2))
    assert first == again
    drafts = plans.ask("plan.drafts", AskDrafts(run=1), Drafts)
    chosen = tuple(one.draft for one in drafts.drafts if one.draft is not None)
    sending = SendPlanOrders(run=1, version=drafts.version, drafts=chosen)
    replies = [plans.room.do(sending, plans.officer, "another-id") for _ in range(3)]
    assert len(set(map(str, replies))) == 1
    with plans.room.ledger.reading() as connection:
        assert len(order_table.of_event(connection, event.number)) == len(chosen) == 2


def test_that_who_signs_for_a_unit_starts_no_plan(plans: PlanRoom) -> None:
    signer = plans.room.officer("signer", "500103.unit.1", seat="A-03")
    event = plans.event()
    command = StartPlan(event=event.number, template="BAOGUAN", edition=1, risk_point="R-1")
    assert plans.room.do(command, signer).code == "permission.no_post"


def test_that_a_plan_of_another_place_is_not_started_by_who_has_no_say_there(plans: PlanRoom) -> None:
    stranger = plans.room.officer("stranger", "500106.duty_officer", seat="A-03")
    event = plans.event()
    command = StartPlan(event=event.number, template="BAOGUAN", edition=1, risk_point="R-1")
    assert plans.room.do(command, stranger).code == "permission.outside_area"


def test_that_the_minutes_of_a_step_are_the_deadline_of_its_orders_receipts(plans: PlanRoom) -> None:
    run = plans.started(plans.event())
    orders = send(plans, run.number)
    repair, divert = plans.receipts(orders["REPAIR"])[0], plans.receipts(orders["DIVERT"])[0]
    at = repair.climbed[Step.SENT].at
    # REPAIR is fed back within 180 minutes; DIVERT is there within 20, as its binding at the risk point says.
    assert repair.due[Step.FED_BACK] == at + 180 * MINUTE
    assert repair.due[Step.ARRIVED] == at + 5 * MINUTE
    assert divert.due[Step.ARRIVED] == at + 20 * MINUTE
    assert divert.due[Step.HANDLING] == at + 30 * MINUTE


def test_that_a_step_ended_by_a_receipt_keeps_what_the_watched_vitals_said_then(plans: PlanRoom) -> None:
    run = plans.started(plans.event())
    orders = send(plans, run.number, "DIVERT")
    climb(plans, orders["DIVERT"], Step.ARRIVED)
    (divert,) = (step for step in plans.run(run.number).steps if step.action.code == "DIVERT")
    assert divert.state is RunStepState.DONE
    value, at = captured_parts(divert.values["SW-YUZHONG"])
    assert (value, len(at)) == ("band:none", 19)


def test_that_a_stop_rule_on_an_attribute_is_told_when_it_is_measured_and_only_once(plans: PlanRoom) -> None:
    tables = {name: rows for name, rows in LIBRARY.items() if name not in ("risk_points", "bindings", "overrides")}
    head = [{**row, "edition": "2"} for row in LIBRARY["templates"][:1]]
    rule = {"template": "BAOGUAN", "text": "停水过万户提级", "condition": "households >= 10000", "raises_tier": "true"}
    parts = {name: [row for row in rows if row["template"] == "BAOGUAN"] for name, rows in tables.items()
             if name != "templates"}  # fmt: skip
    plans.take_library({**parts, "templates": head, "stop_rules": [rule]})
    event = plans.event()
    run = plans.started(event, edition=2)
    assert run.rules_met == ()

    def measure(households: str) -> None:
        with plans.room.ledger.reading() as connection:
            now = event_table.get(connection, event.number)
        assert now is not None
        plans.room.done(EditEvent(event=now.number, version=now.version, attributes={"households": households}),
                        plans.officer)  # fmt: skip

    measure("800")
    assert plans.run(run.number).rules_met == ()
    measure("12000")
    told = plans.run(run.number)
    assert told.rules_met == (0,)
    measure("15000")
    assert plans.run(run.number).version == told.version


def test_that_a_stop_rule_that_holds_from_the_beginning_is_told_at_the_start(plans: PlanRoom) -> None:
    tables = {name: [row for row in rows if row.get("template", row.get("code")) == "BAOGUAN"]
              for name, rows in LIBRARY.items() if name not in ("risk_points", "bindings", "overrides")}  # fmt: skip
    rule = {"template": "BAOGUAN", "text": "铸铁管易再爆，提级", "condition": "material = 铸铁", "raises_tier": "true"}
    head = [{**tables["templates"][0], "edition": "2"}]
    plans.take_library({**tables, "templates": head, "stop_rules": [rule]})
    # Nobody measured the material of the event: the risk point's own is known.
    plans.started(plans.event(), edition=2)
    assert plans.run(1).rules_met == (0,)
