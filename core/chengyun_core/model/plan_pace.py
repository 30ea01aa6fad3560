"""How far a running plan is ahead or behind, in minutes, against the times it was started with (P4)."""

from dataclasses import dataclass

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.plan import PlanRun, RunStep, RunStepState
from chengyun_core.model.plan_run_rules import OVER

_NS_A_MINUTE = 60 * NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Where a run stands against its plan."""

    ahead_min: float
    """Minutes it will end before its planned end if every open step takes its own time; negative: behind."""
    late: tuple[str, ...] = ()
    """Codes of open steps whose time is over, the latest first."""
    ends_at: int = 0
    """When it will end at this pace, profile ns UTC."""


def pace(run: PlanRun, now_ns: int) -> Pace:
    """Return where a run stands: each open step takes its minutes from when it could begin, never ends before now."""
    steps = {step.action.code: step for step in run.steps}
    ends: dict[str, int] = {}
    for code in steps:
        _end(code, steps, ends, now_ns)
    planned = max((step.due_at for step in run.steps if step.due_at is not None), default=now_ns)
    expected = max(ends.values(), default=now_ns)
    open_steps = [step for step in run.steps if step.state not in OVER and (step.due_at or now_ns) < now_ns]
    late = sorted(open_steps, key=lambda step: step.due_at or 0)
    codes = tuple(step.action.code for step in late)
    return Pace(ahead_min=(planned - expected) / _NS_A_MINUTE, late=codes, ends_at=expected)


def _end(code: str, steps: dict[str, RunStep], ends: dict[str, int], now_ns: int) -> int:
    if code not in ends:
        step = steps[code]
        if step.state in OVER:
            ends[code] = step.done_at or now_ns
        else:
            ends[code] = max(now_ns, _begins(step, steps, ends, now_ns) + round(step.action.within_min * _NS_A_MINUTE))
    return ends[code]


def _begins(step: RunStep, steps: dict[str, RunStep], ends: dict[str, int], now_ns: int) -> int:
    if step.state is not RunStepState.WAITING and step.ready_at is not None:
        return step.ready_at
    return max((_end(before, steps, ends, now_ns) for before in step.action.after if before in steps), default=now_ns)
