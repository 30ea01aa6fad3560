"""What happens to running plans when something else happens: a receipt climbs, a vital moves, an event ends."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from chengyun_core.centre import plan_values
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model import plan_run_rules as rules
from chengyun_core.model.alarm import is_active
from chengyun_core.model.event import Event
from chengyun_core.model.order import LADDER, Receipt, ReceiptState, Role, Step
from chengyun_core.model.plan import DoneBy, PlanRun, PlanTemplate, RunState, RunStep, RunStepState
from chengyun_core.model.plan_check import VITAL_ATTRIBUTES
from chengyun_core.model.plan_conditions import Verdict, judged
from chengyun_core.model.plan_run_watch import attributes_of, measured, watched
from chengyun_core.model.plan_texts import filled
from chengyun_core.model.scales import Aspect, WarningColour
from chengyun_core.store import alarm_table, event_table, order_table, plan_table, risk_point_table

KIND = "plan_run"
TIMER = "plan_step"
"""What the desk waits for with a run: the next of its steps to be over its time."""
REACHED, BY_VITAL, OPEN_AGAIN, OVERDUE, RULE_MET = (
    "plan.step_reached", "plan.step_vital", "plan.step_open_again", "plan.step_overdue", "plan.rule_met",
)  # fmt: skip
AUTOMATIC = frozenset({REACHED, BY_VITAL, OPEN_AGAIN, OVERDUE, RULE_MET})
"""Rows of a run that no officer decided: they make no deed of an officer stale."""
_FELL_NOTE = "order:"
"""What the note of a step begins with whose order fell away; its number follows."""
FELL = frozenset({ReceiptState.RETURNED, ReceiptState.VOID, ReceiptState.RECALLED})
"""States in which a receipt ends no step: nobody does it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalSeen:
    """What became of a vital, as activations and bands tell it."""

    vital: str
    """Its code."""
    band: WarningColour
    value: float
    """NaN when it is not told."""
    at_ns: int
    """Source time, profile ns UTC."""


def put(desk: Desk, work: Work, run: PlanRun, action: str, params: Mapping[str, object] | None = None) -> int:
    """Write a run's new record with its journal row; return the row's number."""
    told = {"event": run.event, "template": run.template, "name": run.name, **(params or {})}
    if "step" in told:
        told["text"] = said(work.connection, run, str(told["step"]))
    change = work.note(action, KIND, run.number, run.version, run, params=told)
    plan_table.put_run(work.connection, run, change)
    work.after_commit(lambda: _remember(desk, run))
    return change


def said(connection: Connection, run: PlanRun, code: str) -> str:
    """Return what a step of a run says, with what is known of its event filled in: what a timeline tells."""
    step = rules.step_of(run, code)
    event = event_table.get(connection, run.event)
    if event is None:
        return step.redlined or step.action.text
    words = {"code": event.code, "title": event.title, "place": event.place, "narrative": event.narrative}
    return filled(step.redlined or step.action.text, words, _measured_at(connection, run, event))


def _measured_at(connection: Connection, run: PlanRun, event: Event) -> dict[str, str]:
    point = risk_point_table.point(connection, run.risk_point) if run.risk_point else None
    return measured(event, point)


def load(desk: Desk, connection: Connection) -> None:
    """Know which vitals the running plans wait for, at start."""
    desk.plan_vitals.clear()
    for run, _ in plan_table.living_runs(connection):
        _remember(desk, run)


def receipt_climbed(desk: Desk, work: Work, receipt: Receipt) -> None:
    """End the step of a running plan whose order this receipt is of, when it has climbed as far as the step asks.

    With a lead among the order's recipients the lead's receipt decides, else all of them; those that were returned,
    recalled or voided do not count, and when none is left the step is ready for another order.
    """
    order = order_table.get(work.connection, receipt.order)
    if order is None or order.plan_run is None:
        return
    run = plan_table.run(work.connection, order.plan_run)
    if run is not None and run.state is RunState.RUNNING:
        look_at_order(desk, work, run, order.plan_step, order.number)


def settle(desk: Desk, work: Work, run: PlanRun) -> PlanRun:
    """Return the run with those ready steps ended whose vital is already as they ask, as far as alarms tell.

    A vital without a living alarm stands in no band; what its value is nobody told, so a condition on a value waits for
    the next activation.
    """
    waiting = {step.action.vital for step in run.steps if _waits_for_vital(step)}
    numbers = {vital.number: vital.code for vital in desk.city.vitals.values() if vital.code in waiting}
    living = alarm_table.living_of(work.connection, numbers) if numbers else {}
    for number, code in numbers.items():
        alarm = living.get((number, Aspect.PROCESS))
        calm = alarm is None or not is_active(alarm)
        band = WarningColour.NONE if alarm is None or calm else alarm.band
        value = math.nan if alarm is None or calm else alarm.value
        run = _moved(desk, work, run, VitalSeen(vital=code, band=band, value=value, at_ns=work.at_ns))
    return run


def look_at_order(desk: Desk, work: Work, run: PlanRun, code: str, order: int) -> PlanRun:
    """Return the run with a step ended, or ready again, as the receipts of its order say now."""
    step = next((step for step in run.steps if step.action.code == code), None)
    if step is None or step.order != order or step.state is not RunStepState.ORDERED:
        return run
    receipts = order_table.receipts_of(work.connection, order)
    counted = [one for one in receipts if one.state not in FELL]
    if receipts and not counted:
        after = rules.order_fell(run, code, f"{_FELL_NOTE}{order}")
        put(desk, work, after, OPEN_AGAIN, {"step": code, "order": order})
        return after
    deciding = [one for one in counted if one.role is Role.LEAD] or counted
    if step.action.done_by is DoneBy.RECEIPT and deciding and all(_is_there(one, step) for one in deciding):
        last = deciding[-1]
        values = plan_values.of_run(desk, work.connection, run, work.at_ns)
        by = f"receipt:{last.order}.{last.place}"
        after = rules.done(run, code, at_ns=work.at_ns, by=by, values=values)
        put(desk, work, after, REACHED, {"step": code, "order": order, "reached": step.action.reached})
        return settle(desk, work, after)
    return run


def fallen_order(step: RunStep) -> int | None:
    """Return the order a step had that nobody took over, None when it had none."""
    told = step.note.removeprefix(_FELL_NOTE)
    return int(told) if step.note != told and told.isdigit() else None


def vitals_changed(desk: Desk, work: Work, seen: Sequence[VitalSeen]) -> None:
    """End the steps of running plans that wait for these vitals, and tell stop rules whose condition holds now."""
    codes = {one.vital for one in seen}
    for number in [number for number, waited in desk.plan_vitals.items() if waited & codes]:
        run = plan_table.run(work.connection, number)
        if run is None or run.state is not RunState.RUNNING:
            continue
        template = plan_table.template(work.connection, run.template, run.edition)
        for one in seen:
            run = _moved(desk, work, run, one)
            if template is not None:
                run = _ruled(desk, work, run, template, one)


def event_measured(desk: Desk, work: Work, event: Event) -> None:
    """Tell the stop rules of running plans whose condition on an attribute holds by what is measured now."""
    for run in plan_table.runs_of(work.connection, event.number):
        if run.state is RunState.RUNNING:
            judge_attributes(desk, work, run, event)


def judge_attributes(desk: Desk, work: Work, run: PlanRun, event: Event) -> PlanRun:
    """Return the run with those stop rules told that hold by attributes of its event and risk point.

    What alarms tell of vitals is judged when they move (`vitals_changed`); a rule on `band` or `value` speaks of those.
    """
    template = plan_table.template(work.connection, run.template, run.edition)
    if template is None:
        return run
    given = _measured_at(work.connection, run, event)
    for place, rule in enumerate(template.stop_rules):
        asked = rule.condition
        if asked is None or place in run.rules_met or asked.attribute in VITAL_ATTRIBUTES:
            continue
        if judged(asked, given) is Verdict.HOLDS:
            run = rules.rule_met(run, place)
            told = {"rule": rule.text, "raises_tier": rule.raises_tier, "vital": asked.attribute,
                    "value": given[asked.attribute]}  # fmt: skip
            put(desk, work, run, RULE_MET, told)
    return run


def event_ended(desk: Desk, work: Work, event: Event) -> None:
    """Stop what still runs for an event that has ended."""
    for run in plan_table.runs_of(work.connection, event.number):
        if run.state is RunState.RUNNING:
            stopped = rules.stopped(run, at_ns=work.at_ns, reason=f"event:{event.state.value}")
            put(desk, work, stopped, "plan.event_ended", {"state": event.state.value})


def _is_there(receipt: Receipt, step: RunStep) -> bool:
    return LADDER.index(receipt.step) >= LADDER.index(Step(step.action.reached))


def _moved(desk: Desk, work: Work, run: PlanRun, seen: VitalSeen) -> PlanRun:
    """Return the run with the steps ended that ask for this, and those that are ready by that and fulfilled already."""
    given, before = attributes_of(seen.band, seen.value), run.version
    for step in run.steps:
        action = step.action
        if not _waits_for_vital(step) or action.vital != seen.vital or run.state is not RunState.RUNNING:
            continue
        if action.condition is not None and judged(action.condition, given) is Verdict.HOLDS:
            # When the sensor says that it was, but never before the plan began.
            at_ns = max(seen.at_ns, run.started_at)
            values = plan_values.of_vital(desk, seen.vital, seen.band, seen.value, seen.at_ns)
            run = rules.done(run, action.code, at_ns=at_ns, by=f"vital:{seen.vital}", values=values)
            told = {"step": action.code, "vital": seen.vital, "source_at": seen.at_ns, **given}
            put(desk, work, run, BY_VITAL, told)
    return run if run.version == before else settle(desk, work, run)


def _waits_for_vital(step: RunStep) -> bool:
    return step.state in (RunStepState.READY, RunStepState.ORDERED) and step.action.done_by is DoneBy.VITAL


def _ruled(desk: Desk, work: Work, run: PlanRun, template: PlanTemplate, seen: VitalSeen) -> PlanRun:
    """Tell a stop rule whose condition holds: what follows is the officer's to decide, the plan stops nothing."""
    given = attributes_of(seen.band, seen.value)
    if not math.isnan(seen.value):
        given |= {seen.vital: given["value"]}
    for place, rule in enumerate(template.stop_rules):
        if rule.condition is None or place in run.rules_met or run.state is not RunState.RUNNING:
            continue
        if seen.vital in watched(run, rule.condition) and judged(rule.condition, given) is Verdict.HOLDS:
            run = rules.rule_met(run, place)
            told = {"rule": rule.text, "raises_tier": rule.raises_tier, "vital": seen.vital, **given}
            put(desk, work, run, RULE_MET, told)
    return run


def _remember(desk: Desk, run: PlanRun) -> None:
    desk.due.wait((TIMER, str(run.number)), rules.next_due(run))
    if run.state is RunState.RUNNING and run.watches:
        desk.plan_vitals[run.number] = frozenset(run.watches)
    else:
        desk.plan_vitals.pop(run.number, None)
