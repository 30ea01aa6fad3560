"""Running plans: what officers do to them, each deed checked against the version the officer saw (RF23)."""

from collections.abc import Mapping

from sqlalchemy import Connection

from chengyun_core.centre import event_care, order_care, plan_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.plan_start import Chosen, chosen
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import plan_run_rules as rules
from chengyun_core.model.event import Hop
from chengyun_core.model.event_rules import is_living
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.plan import PlanRun, PlanState, RunState
from chengyun_core.model.plan_commands import (
    EndStep,
    RaiseTier,
    RedlineStep,
    SendPlanOrders,
    SkipStep,
    StartPlan,
    StopPlan,
)
from chengyun_core.model.plan_run_rules import Start
from chengyun_core.model.plan_run_watch import watching
from chengyun_core.model.plan_tiers import up_to
from chengyun_core.store import counters, event_table, plan_table, risk_point_table
from chengyun_core.store import journal as journal_rows
from chengyun_core.wire.envelope import Done

DeedOnRun = EndStep | RaiseTier | RedlineStep | SendPlanOrders | SkipStep | StopPlan
MOST_VALUES = 50
LONGEST_TEXT = 1000


def subjects_of_start(desk: Desk, work: Work, command: StartPlan) -> tuple[Subject, ...]:
    """Return the place of the event; an unknown one has no place, and is refused to the permitted."""
    return _place(desk, work.connection, command.event)


def subjects(desk: Desk, work: Work, command: DeedOnRun) -> tuple[Subject, ...]:
    """Return the place of the event it runs for."""
    run = plan_table.run(work.connection, command.run)
    return () if run is None else _place(desk, work.connection, run.event)


def start(desk: Desk, work: Work, caller: Caller, command: StartPlan) -> Done:
    """Start a plan: its steps are copied, those that wait for nothing are ready to be ordered."""
    event = event_care.get(work.connection, command.event)
    if not is_living(event):
        raise Refused("plan.event_ended", event=event.code)
    picked = chosen(work.connection, event, command)
    if picked.template.state is not PlanState.IN_FORCE:
        raise Refused("plan.not_in_force", template=picked.template.code, edition=picked.template.edition,
                      state=picked.template.state.value)  # fmt: skip
    _refuse_twice(work.connection, picked, command)
    run = begun(picked, command, at_ns=work.at_ns, number=counters.take(work.connection, plan_table.RUN_COUNTER, 1),
                account=caller.account, seat=_seat(caller))  # fmt: skip
    told = {"edition": run.edition, "risk_point": run.risk_point, "tiers": ", ".join(run.tiers),
            "decided_by": picked.tiers.decided_by, "reason": run.tier_reason}  # fmt: skip
    change = plan_care.put(desk, work, run, "plan.start", told)
    event_care.reached(desk, work, event.number, Hop.PLANNED, work.at_ns, plan_run=run.number)
    run = plan_care.settle(desk, work, run)
    run = plan_care.judge_attributes(desk, work, run, event)
    return Done(change=change, key=str(run.number), version=run.version)


def begun(picked: Chosen, command: StartPlan, *, at_ns: int, number: int, account: str, seat: str) -> PlanRun:
    """Return the run as it begins; nothing is written."""
    begin = Start(
        number=number, event=command.event, tiers=picked.tiers, tier_reason=clean(command.reason, field="reason"),
        at_ns=at_ns, account=account, seat=seat,
    )  # fmt: skip
    return watching(rules.begin(begin, picked.template, picked.binding), picked.template, picked.vitals)


def send_orders(desk: Desk, work: Work, caller: Caller, command: SendPlanOrders) -> Done:
    """Send the orders of ready steps, in one transaction with what becomes of the steps."""
    run = _as_seen(desk, work, command)
    steps = [draft.plan_step for draft in command.drafts]
    for draft in command.drafts:
        if draft.plan_run != run.number or draft.event != run.event or steps.count(draft.plan_step) > 1:
            raise Refused("plan.draft_of_other", run=run.number, step=draft.plan_step)
    rules.ordered(run, dict.fromkeys(steps, 0))  # refused before a number is taken
    orders = order_care.send(desk, work, caller, command.drafts)
    sent = dict(zip(steps, (order.number for order in orders), strict=True))
    run = rules.ordered(run, sent)
    told = {"steps": ", ".join(steps), "orders": ", ".join(order.code for order in orders)}
    change = plan_care.put(desk, work, run, "plan.send_orders", told)
    for step, number in sent.items():
        run = plan_care.look_at_order(desk, work, run, step, number)
    return Done(change=change, key=str(run.number), version=run.version)


def end_step(desk: Desk, work: Work, caller: Caller, command: EndStep) -> Done:
    """End a step by hand, with what the vitals said then."""
    run = _as_seen(desk, work, command)
    if len(command.values) > MOST_VALUES:
        raise Refused("plan.too_many_values", count=len(command.values), most=MOST_VALUES)
    values = {clean(code, field="vital", most=64): clean(text, field="value", most=200)
              for code, text in command.values.items()}  # fmt: skip
    after = rules.done(run, command.step, at_ns=work.at_ns, by=caller.account, values=values,
                       note=clean(command.note, field="note"))  # fmt: skip
    return _did(desk, work, after, "plan.end_step", {"step": command.step, **values})


def skip_step(desk: Desk, work: Work, caller: Caller, command: SkipStep) -> Done:
    """Pass a step over."""
    run = _as_seen(desk, work, command)
    reason = clean(command.reason, field="reason", required=True)
    after = rules.skipped(run, command.step, at_ns=work.at_ns, by=caller.account, reason=reason)
    return _did(desk, work, after, "plan.skip_step", {"step": command.step, "reason": reason})


def redline(desk: Desk, work: Work, caller: Caller, command: RedlineStep) -> Done:  # noqa: ARG001 - see HANDLERS
    """Reword a step on this run; an empty text takes the template's words again."""
    run = _as_seen(desk, work, command)
    text = clean(command.text, field="text", most=LONGEST_TEXT)
    before = rules.step_of(run, command.step)
    told = {"step": command.step, "before": before.redlined or before.action.text, "after": text}
    return _did(desk, work, rules.redlined(run, command.step, text), "plan.redline", told)


def raise_tier(desk: Desk, work: Work, caller: Caller, command: RaiseTier) -> Done:  # noqa: ARG001 - see HANDLERS
    """Go up to a tier of the edition that runs; its steps come on top."""
    run = _as_seen(desk, work, command)
    reason = clean(command.reason, field="reason", required=True)
    template = plan_table.template(work.connection, run.template, run.edition)
    if template is None:
        raise Refused("plan.unknown", template=run.template, edition=run.edition)
    binding = risk_point_table.binding(work.connection, run.risk_point, run.template)
    point = risk_point_table.point(work.connection, run.risk_point)
    tiers = up_to(template.tiers, command.tier)
    after = rules.raised(run, template, binding, tiers, reason=reason, at_ns=work.at_ns)
    after = watching(after, template, point.vitals if point else ())
    told = {"tier": command.tier, "reason": reason, "steps": len(after.steps) - len(run.steps)}
    return _did(desk, work, after, "plan.raise_tier", told)


def stop(desk: Desk, work: Work, caller: Caller, command: StopPlan) -> Done:  # noqa: ARG001 - see HANDLERS
    """Stop a run."""
    run = _as_seen(desk, work, command)
    reason = clean(command.reason, field="reason", required=True)
    return _did(desk, work, rules.stopped(run, at_ns=work.at_ns, reason=reason), "plan.stop", {"reason": reason})


def _did(desk: Desk, work: Work, run: PlanRun, action: str, params: Mapping[str, object]) -> Done:
    change = plan_care.put(desk, work, run, action, params)
    run = plan_care.settle(desk, work, run)
    return Done(change=change, key=str(run.number), version=run.version)


def _as_seen(desk: Desk, work: Work, command: DeedOnRun) -> PlanRun:
    """Return the run if no officer decided about it since the version the officer saw; else tell who did what when.

    A step that a receipt or a vital ended meanwhile does not make a deed stale: the step's own state is asked.
    """
    run = plan_table.run(work.connection, command.run)
    if run is None:
        raise Refused("plan.run_unknown", run=command.run)
    if run.version == command.version:
        return run
    last = journal_rows.last_of(work.connection, plan_care.KIND, str(run.number), other_than=plan_care.AUTOMATIC)
    if last is not None and last.version <= command.version < run.version:
        return run
    told = {"who": last.account if last else "", "seat": last.seat if last else "",
            "at": desk.shown(last.at_ns if last else None)}  # fmt: skip
    what = last.action if last else "plan.start"
    raise Refused("plan.changed", run=run.number, name=run.name, version=run.version, what=what, **told)


def _refuse_twice(connection: Connection, picked: Chosen, command: StartPlan) -> None:
    for run in plan_table.runs_of(connection, command.event):
        same = run.template == picked.template.code and run.risk_point == command.risk_point
        if same and run.state is RunState.RUNNING:
            raise Refused("plan.runs_already", run=run.number, name=run.name, by=run.started_by)


def _place(desk: Desk, connection: Connection, number: int) -> tuple[Subject, ...]:
    event = event_table.get(connection, number)
    return () if event is None else (Subject(name=event.code, path=desk.city.path(event.centre)),)


def _seat(caller: Caller) -> str:
    return caller.session.seat if caller.session else ""
