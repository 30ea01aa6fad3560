"""Single risk points and what is bound to them: written, taken away, each as its officer saw it (P1)."""

from dataclasses import replace

from chengyun_core.centre import library_import
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.plan import PlanBinding
from chengyun_core.model.plan_commands import BindPlan, UnbindPlan
from chengyun_core.store import counters, plan_table, risk_point_table
from chengyun_core.wire.envelope import Done

BINDING = "plan_binding"


def subjects_of_point(desk: Desk, work: Work, command: BindPlan | UnbindPlan) -> tuple[Subject, ...]:
    """Return the risk point's place."""
    code = command.binding.risk_point if isinstance(command, BindPlan) else command.risk_point
    point = risk_point_table.point(work.connection, code)
    return () if point is None else (Subject(name=point.name, path=desk.city.path(point.centre)),)


def bind(desk: Desk, work: Work, caller: Caller, command: BindPlan) -> Done:  # noqa: ARG001 - see HANDLERS
    """Bind a template to a risk point with what differs there."""
    held = command.binding
    if risk_point_table.point(work.connection, held.risk_point) is None:
        raise Refused("plan.point_unknown", point=held.risk_point)
    editions = plan_table.editions(work.connection, held.template)
    if not editions:
        raise Refused("plan.unknown", template=held.template, edition=0)
    _check_overrides(desk, held, {action.code for one in editions for action in one.actions})
    cleaned = replace(held, texts={code: clean(text, field="text", most=1000) for code, text in held.texts.items()})
    return _noted(work, cleaned, "plan.bind", {})


def unbind(desk: Desk, work: Work, caller: Caller, command: UnbindPlan) -> Done:  # noqa: ARG001 - see HANDLERS
    """Take a binding away."""
    reason = clean(command.reason, field="reason", required=True)
    held = risk_point_table.binding(work.connection, command.risk_point, command.template)
    if held is None:
        raise Refused("plan.not_bound", point=command.risk_point, template=command.template)
    return _noted(work, held, "plan.unbind", {"reason": reason})


def _noted(work: Work, held: PlanBinding, action: str, params: dict[str, object]) -> Done:
    number = counters.take(work.connection, library_import.COUNTER, 1)
    key = f"{held.risk_point}:{held.template}"
    change = work.note(action, BINDING, key, number, held, params=params)
    risk_point_table.put_binding(work.connection, held, change, kept=action == "plan.bind")
    return Done(change=change, key=key, version=number)


def _check_overrides(desk: Desk, held: PlanBinding, actions: set[str]) -> None:
    for code in (*held.units, *held.texts, *held.within_min, *held.left_out):
        if code not in actions:
            raise Refused("plan.step_unknown", run=held.risk_point, step=code)
    for unit in held.units.values():
        if desk.city.units and unit not in desk.city.units:
            raise Refused("plan.unit_unknown", unit=unit)
    if any(not 0 < minutes < 1e6 for minutes in held.within_min.values()):
        raise Refused("plan.within_wrong", value="", most=527_040)
