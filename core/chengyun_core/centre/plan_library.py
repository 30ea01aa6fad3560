"""Single risk points and what is bound to them: written, taken away, each as its officer saw it (P1)."""

from dataclasses import replace

from chengyun_core.centre import library_import
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_texts import clean_attributes
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import plan_tables
from chengyun_core.model.catalogue_cells import value_of
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.plan import PlanBinding, RiskPoint
from chengyun_core.model.plan_commands import BindPlan, DropPoint, SavePoint, UnbindPlan
from chengyun_core.store import counters, plan_table, risk_point_table
from chengyun_core.store import journal as journal_rows
from chengyun_core.wire.envelope import Done

BINDING, POINT = "plan_binding", "risk_point"


def subjects_of_point(desk: Desk, work: Work, command: BindPlan | UnbindPlan) -> tuple[Subject, ...]:
    """Return the risk point's place."""
    code = command.binding.risk_point if isinstance(command, BindPlan) else command.risk_point
    point = risk_point_table.point(work.connection, code)
    return () if point is None else (Subject(name=point.name, path=desk.city.path(point.centre)),)


def subjects_of_save(desk: Desk, work: Work, command: SavePoint) -> tuple[Subject, ...]:
    """Return where the risk point is to be, and where it was."""
    held = risk_point_table.point(work.connection, command.point.code)
    centres = dict.fromkeys((command.point.centre, *((held.centre,) if held is not None else ())))
    return tuple(Subject(name=command.point.name, path=desk.city.path(centre)) for centre in centres)


def subjects_of_drop(desk: Desk, work: Work, command: DropPoint) -> tuple[Subject, ...]:
    """Return the risk point's place."""
    held = risk_point_table.point(work.connection, command.code)
    return () if held is None else (Subject(name=held.name, path=desk.city.path(held.centre)),)


def save_point(desk: Desk, work: Work, caller: Caller, command: SavePoint) -> Done:  # noqa: ARG001 - see HANDLERS
    """Write a risk point as the officer left it; who changed it meanwhile is told."""
    given = _cleaned(desk, command.point)
    stamp = risk_point_table.stamp_of(work.connection, given.code)
    if stamp != command.stamp:
        raise _changed(desk, work, POINT, given.code, "plan.point_changed", point=given.code)
    return _point_noted(work, given, "risk_point.save", {"new": not stamp})


def drop_point(desk: Desk, work: Work, caller: Caller, command: DropPoint) -> Done:  # noqa: ARG001 - see HANDLERS
    """Take a risk point away. What is bound to it is unbound first, so that nobody loses a plan by the way."""
    reason = clean(command.reason, field="reason", required=True)
    held = risk_point_table.point(work.connection, command.code)
    if held is None:
        raise Refused("plan.point_unknown", point=command.code)
    if risk_point_table.stamp_of(work.connection, held.code) != command.stamp:
        raise _changed(desk, work, POINT, held.code, "plan.point_changed", point=held.code)
    bound = risk_point_table.bindings_at(work.connection, [held.code])
    if bound:
        raise Refused("plan.point_bound", point=held.name, count=len(bound))
    return _point_noted(work, held, "risk_point.drop", {"reason": reason})


def bind(desk: Desk, work: Work, caller: Caller, command: BindPlan) -> Done:  # noqa: ARG001 - see HANDLERS
    """Bind a template to a risk point with what differs there."""
    held = command.binding
    if risk_point_table.point(work.connection, held.risk_point) is None:
        raise Refused("plan.point_unknown", point=held.risk_point)
    editions = plan_table.editions(work.connection, held.template)
    if not editions:
        raise Refused("plan.unknown", template=held.template, edition=0)
    stamp = risk_point_table.binding_stamp(work.connection, held.risk_point, held.template)
    if command.stamp is not None and command.stamp != stamp:
        key = f"{held.risk_point}:{held.template}"
        raise _changed(desk, work, BINDING, key, "plan.binding_changed", point=held.risk_point, template=held.template)
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


def _point_noted(work: Work, held: RiskPoint, action: str, params: dict[str, object]) -> Done:
    number = counters.take(work.connection, library_import.COUNTER, 1)
    change = work.note(action, POINT, held.code, number, held, params={"name": held.name, **params})
    risk_point_table.put_point(work.connection, held, change, kept=action == "risk_point.save")
    return Done(change=change, key=held.code, version=number)


def _changed(desk: Desk, work: Work, kind: str, key: str, code: str, **told: str) -> Refused:
    """Return the refusal of a deed on what was another when the officer saw it, with who changed it or imported all."""
    rows = (
        journal_rows.last_of(work.connection, kind, key),
        journal_rows.last_of(work.connection, library_import.KIND, library_import.KEY),
    )
    last = max((row for row in rows if row is not None), key=lambda row: row.number, default=None)
    who = {"who": last.account if last else "", "at": desk.shown(last.at_ns if last else None)}
    return Refused(code, **told, **who)


def _cleaned(desk: Desk, given: RiskPoint) -> RiskPoint:
    """Return a risk point in order; refuse what no import would take either, with the field it is about."""
    city = desk.city
    if given.centre not in city.centres:
        raise Refused("plan.point_centre", centre=given.centre)
    known = {vital.code for vital in city.vitals.values()}
    unknown = next((code for code in given.vitals if code not in known), "")
    if unknown:
        raise Refused("plan.point_vital", vital=unknown)
    if (given.longitude is None) is not (given.latitude is None):
        raise Refused("plan.half_a_place")
    column = {one.name: one for one in plan_tables.RISK_POINTS.columns}
    for name in ("code", "longitude", "latitude", "owner_post"):
        value = getattr(given, name)
        if value not in (None, ""):
            value_of(column[name], str(value))
    return replace(
        given, name=clean(given.name, field="name", most=200, required=True),
        kind=clean(given.kind, field="kind", most=64, required=True), attributes=clean_attributes(given.attributes),
    )  # fmt: skip


def _check_overrides(desk: Desk, held: PlanBinding, actions: set[str]) -> None:
    for code in (*held.units, *held.texts, *held.within_min, *held.left_out):
        if code not in actions:
            raise Refused("plan.step_unknown", run=held.risk_point, step=code)
    for unit in held.units.values():
        if desk.city.units and unit not in desk.city.units:
            raise Refused("plan.unit_unknown", unit=unit)
    if any(not 0 < minutes < 1e6 for minutes in held.within_min.values()):
        raise Refused("plan.within_wrong", value="", most=527_040)
