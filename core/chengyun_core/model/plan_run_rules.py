"""The life of a running plan (P4): steps that wait, become ready, are ordered, done or skipped; tiers that come on top.

Pure: a run in, the next run out, one version higher. Steps copy their actions when they are made, so that no later
edition of the template changes what runs (P7).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.model.plan import (
    Action,
    PlanBinding,
    PlanRun,
    PlanTemplate,
    RunState,
    RunStep,
    RunStepState,
)
from chengyun_core.model.plan_tiers import TierVerdict, actions_of

OVER = frozenset({RunStepState.DONE, RunStepState.SKIPPED})
"""States in which a step holds up no other one."""
_NS_A_MINUTE = 60 * NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Who starts a plan for which event, and why at these tiers."""

    number: int
    event: int
    tiers: TierVerdict
    tier_reason: str = ""
    at_ns: int
    account: str
    seat: str = ""


def begin(start: Start, template: PlanTemplate, binding: PlanBinding | None) -> PlanRun:
    """Return the run with its steps, those that wait for nothing ready.

    Raises:
        Refused: `plan.nothing_to_do`, no action applies at these tiers.
    """
    actions = bound_actions(actions_of(template, start.tiers.in_force), binding)
    if not actions:
        raise Refused("plan.nothing_to_do", template=template.code, name=template.name)
    return PlanRun(
        number=start.number, event=start.event, template=template.code, edition=template.edition, name=template.name,
        risk_point=binding.risk_point if binding else "", tiers=start.tiers.in_force, tier_reason=start.tier_reason,
        response=start.tiers.response, steps=_settled(_planned(actions, (), start.at_ns), start.at_ns),
        started_at=start.at_ns, started_by=start.account, started_seat=start.seat,
    )  # fmt: skip


def bound_actions(actions: Iterable[Action], binding: PlanBinding | None) -> tuple[Action, ...]:
    """Return actions as they are at a risk point: its units, texts and times, without what is left out there.

    What came after an action that is left out comes after what that one came after.
    """
    kept = tuple(actions)
    if binding is None:
        return _without(kept, frozenset())
    kept = _without(kept, frozenset(binding.left_out))
    return tuple(
        replace(
            action,
            unit=binding.units.get(action.code, action.unit),
            text=binding.texts.get(action.code, action.text),
            within_min=binding.within_min.get(action.code, action.within_min),
        )
        for action in kept
    )


def step_of(run: PlanRun, code: str) -> RunStep:
    """Return a step by the code of its action.

    Raises:
        Refused: `plan.step_unknown`.
    """
    found = next((step for step in run.steps if step.action.code == code), None)
    if found is None:
        raise Refused("plan.step_unknown", run=run.number, step=code)
    return found


def ordered(run: PlanRun, orders: Mapping[str, int]) -> PlanRun:
    """Return the run with orders sent for ready steps: code of the step → number of the order.

    Raises:
        Refused: `plan.step_not_so`, `plan.ended`, `plan.step_unknown`.
    """
    _check_running(run)
    for code in orders:
        _check_state(run, code, RunStepState.READY)
    return _with(run, (
        replace(step, state=RunStepState.ORDERED, order=orders[step.action.code])
        if step.action.code in orders else step
        for step in run.steps
    ))  # fmt: skip


def order_fell(run: PlanRun, code: str, note: str) -> PlanRun:
    """Return the run with a step ready again, whose order was returned, recalled or voided: it needs another one."""
    _check_running(run)
    _check_state(run, code, RunStepState.ORDERED)
    return _changed(run, code, state=RunStepState.READY, order=None, note=note)


def done(
    run: PlanRun, code: str, *, at_ns: int, by: str, values: Mapping[str, str] | None = None, note: str = ""
) -> PlanRun:  # fmt: skip
    """Return the run with a step done; what waited for it becomes ready, and the run ends with its last step.

    Raises:
        Refused: `plan.step_not_so`, `plan.ended`, `plan.step_unknown`.
    """
    return _ended_step(run, code, RunStepState.DONE, at_ns=at_ns, by=by, values=dict(values or {}), note=note)


def skipped(run: PlanRun, code: str, *, at_ns: int, by: str, reason: str) -> PlanRun:
    """Return the run with a step skipped for a reason; a waiting one may be skipped too."""
    return _ended_step(run, code, RunStepState.SKIPPED, at_ns=at_ns, by=by, values={}, note=reason)


def redlined(run: PlanRun, code: str, text: str) -> PlanRun:
    """Return the run with a step's text as the officer changed it; the template keeps its own.

    Raises:
        Refused: `plan.step_not_so`: what is ordered or ended is not reworded.
    """
    _check_running(run)
    _check_state(run, code, RunStepState.READY, RunStepState.WAITING)
    return _changed(run, code, redlined=text)


def raised(
    run: PlanRun, template: PlanTemplate, binding: PlanBinding | None, tiers: TierVerdict, *, reason: str, at_ns: int
) -> PlanRun:  # fmt: skip
    """Return the run at a higher tier: steps come on top, none that runs is touched (P3, additive).

    Raises:
        Refused: `plan.tier_not_higher`, `plan.ended`.
    """
    _check_running(run)
    if not set(tiers.in_force) > set(run.tiers):
        raise Refused("plan.tier_not_higher", run=run.number, tier=tiers.decided_by)
    here = {step.action.code for step in run.steps}
    actions = bound_actions(actions_of(template, tiers.in_force), binding)
    more = _planned([action for action in actions if action.code not in here], run.steps, at_ns)
    response = min((level for level in (run.response, tiers.response) if level is not None), default=None)
    return replace(
        run, tiers=tiers.in_force, tier_reason=reason, response=response,
        steps=_settled((*run.steps, *more), at_ns), version=run.version + 1,
    )  # fmt: skip


def stopped(run: PlanRun, *, at_ns: int, reason: str) -> PlanRun:
    """Return the run stopped for a reason; its orders live on, its open steps stay as they are."""
    _check_running(run)
    return replace(run, state=RunState.STOPPED, ended_at=at_ns, reason=reason, version=run.version + 1)


def rule_met(run: PlanRun, place: int) -> PlanRun:
    """Return the run with a stop rule whose condition was seen to hold."""
    return replace(run, rules_met=tuple(sorted({*run.rules_met, place})), version=run.version + 1)


def next_due(run: PlanRun) -> int | None:
    """Return when the next step that can be worked at is over its time and not told yet, profile ns UTC."""
    return min((step.due_at for step in _untold(run) if step.due_at is not None), default=None)


def told_overdue(run: PlanRun, at_ns: int) -> tuple[PlanRun, tuple[str, ...]]:
    """Return the run with every step told that was to end by then, and the codes of those; the run itself when none."""
    codes = tuple(step.action.code for step in _untold(run) if step.due_at is not None and step.due_at <= at_ns)
    return (replace(run, overdue=(*run.overdue, *codes), version=run.version + 1), codes) if codes else (run, ())


def _untold(run: PlanRun) -> Iterable[RunStep]:
    open_states = (RunStepState.READY, RunStepState.ORDERED)
    return (
        step
        for step in (run.steps if run.state is RunState.RUNNING else ())
        if step.state in open_states and step.action.code not in run.overdue
    )


def _ended_step(
    run: PlanRun, code: str, state: RunStepState, *, at_ns: int, by: str, values: dict[str, str], note: str
) -> PlanRun:  # fmt: skip
    _check_running(run)
    waiting_too = (RunStepState.WAITING,) if state is RunStepState.SKIPPED else ()
    _check_state(run, code, RunStepState.READY, RunStepState.ORDERED, *waiting_too)
    steps = tuple(
        replace(step, state=state, done_at=at_ns, done_by=by, values=values, note=note or step.note)
        if step.action.code == code
        else step
        for step in run.steps
    )
    settled = _settled(steps, at_ns)
    ended = all(step.state in OVER for step in settled)
    return replace(
        run, steps=settled, state=RunState.DONE if ended else run.state, ended_at=at_ns if ended else None,
        version=run.version + 1,
    )  # fmt: skip


def _planned(actions: Sequence[Action], known: Sequence[RunStep], at_ns: int) -> tuple[RunStep, ...]:
    """Return new steps with when each is to end: after what it waits for, within its own minutes."""
    due = {step.action.code: max(step.done_at or step.due_at or at_ns, at_ns) for step in known}
    own = {action.code: action for action in actions}

    def end(code: str) -> int:
        if code not in due:
            begins = max((end(before) for before in own[code].after if before in own or before in due), default=at_ns)
            due[code] = begins + round(own[code].within_min * _NS_A_MINUTE)
        return due[code]

    return tuple(RunStep(action=action, state=RunStepState.WAITING, due_at=end(action.code)) for action in actions)


def _settled(steps: Sequence[RunStep], at_ns: int) -> tuple[RunStep, ...]:
    """Return the steps with those ready that wait for nothing any more."""
    over = {step.action.code for step in steps if step.state in OVER}
    here = {step.action.code for step in steps}
    return tuple(
        replace(step, state=RunStepState.READY, ready_at=at_ns)
        if step.state is RunStepState.WAITING and not ((set(step.action.after) & here) - over)
        else step
        for step in steps
    )


def _without(actions: Sequence[Action], left_out: frozenset[str]) -> tuple[Action, ...]:
    gone = {action.code: action for action in actions if action.code in left_out}
    here = {action.code for action in actions}

    def before(code: str) -> tuple[str, ...]:
        if code not in here:
            return ()
        return tuple(one for at in gone[code].after for one in before(at)) if code in gone else (code,)

    return tuple(
        replace(action, after=tuple(dict.fromkeys(one for at in action.after for one in before(at))))
        for action in actions
        if action.code not in gone
    )


def _check_running(run: PlanRun) -> None:
    if run.state is not RunState.RUNNING:
        raise Refused("plan.ended", run=run.number, state=run.state.value)


def _check_state(run: PlanRun, code: str, *allowed: RunStepState) -> None:
    step = step_of(run, code)
    if step.state not in allowed:
        raise Refused("plan.step_not_so", run=run.number, step=code, state=step.state.value)


def _changed(run: PlanRun, code: str, **changes: object) -> PlanRun:
    steps = (replace(step, **changes) if step.action.code == code else step for step in run.steps)  # type: ignore[arg-type]
    return _with(run, steps)


def _with(run: PlanRun, steps: Iterable[RunStep]) -> PlanRun:
    return replace(run, steps=tuple(steps), version=run.version + 1)
