"""The library of plans: imported whole, checked and packed in a worker; single bindings made and taken away (P1)."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from chengyun_core.centre import plan_editions
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.plan_editions import known_of
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.catalogue_rows import CellFault
from chengyun_core.model.dispatch_conditions import listed
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.plan import PlanBinding, PlanState, PlanTemplate, RiskPoint
from chengyun_core.model.plan_check import Known
from chengyun_core.model.plan_commands import BindPlan, ImportPlans, UnbindPlan
from chengyun_core.model.plan_import import Held, Library, read, same_plan
from chengyun_core.model.warning_line import line_of
from chengyun_core.store import counters, plan_table, risk_point_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done

KIND, KEY = "plan_library", "library"
COUNTER = "plan_library"
BINDING = "plan_binding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """An import ready to be written."""

    library: Library
    base: dict[tuple[str, int], int]
    """(code, edition) → version it was checked against."""
    points: list[tuple[RiskPoint, bytes]]
    bindings: list[tuple[PlanBinding, bytes]]
    digest: str
    """SHA-256 of what is written, hexadecimal."""


def subjects(desk: Desk, work: Work, command: ImportPlans) -> tuple[Subject, ...]:
    """Return the whole city."""
    return plan_editions.subjects(desk, work, command)


def prepare_import(desk: Desk, connection: Connection, command: ImportPlans) -> Callable[[], Built]:
    """Return the slow part: every cell checked, every record packed."""
    held = {(one.code, one.edition): one for one in plan_table.all_templates(connection)}
    known = known_of(desk)
    able = frozenset(code for unit in desk.city.units.values() for code in listed(unit.capabilities))
    return lambda: _built(command, known, Held(templates=held, capabilities=able))


def take(desk: Desk, work: Work, caller: Caller, command: ImportPlans, built: Built) -> Done:  # noqa: ARG001
    """Write an import in one transaction; editions in force only as who stands at the machine (P6)."""
    library = built.library
    if caller.session is not None and any(one.state is PlanState.IN_FORCE for one in library.templates):
        raise Refused("plan.import_in_force")
    for (code, edition), version in built.base.items():
        held = plan_table.template(work.connection, code, edition)
        if (held.version if held else 0) != version:
            raise Refused("plan.changed_meanwhile", template=code, edition=edition)
    written = sum(_write(work, one) for one in library.templates)
    number = counters.take(work.connection, COUNTER, 1)
    told = {
        "digest": built.digest, "templates": written,
        "points": "" if library.points is None else len(library.points),
        "bindings": "" if library.bindings is None else len(library.bindings),
    }  # fmt: skip
    change = work.note("plan.import", KIND, KEY, number, params=told)
    if library.points is not None:
        risk_point_table.replace_points(work.connection, built.points, change, work.breathe)
        risk_point_table.replace_bindings(work.connection, built.bindings, change, work.breathe)
    warned = tuple(line_of(reason) for reason in library.warnings)
    return Done(change=change, key=KEY, version=number, warnings=warned)


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
    number = counters.take(work.connection, COUNTER, 1)
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


def _write(work: Work, given: PlanTemplate) -> bool:
    """Write an edition of an import; return whether it was not there as it is."""
    held = plan_table.template(work.connection, given.code, given.edition)
    if held is not None and same_plan(held, given) and (held.state, held.drilled) == (given.state, given.drilled):
        return False
    if held is not None and held.state is not PlanState.DRAFT:
        # Its words are the same: only the day of its last drill may have come on.
        if given.drilled > held.drilled:
            plan_editions.put(work, replace(held, drilled=given.drilled, version=held.version + 1), "plan.note_drill")
        return given.drilled > held.drilled
    version = held.version + 1 if held else 1
    if given.state is PlanState.IN_FORCE:
        plan_editions.enforce(work, replace(given, approved_at=work.at_ns, version=version), "plan.import")
    else:
        plan_editions.put(work, replace(given, version=version), "plan.import")
    return True


def _built(command: ImportPlans, known: Known, held: Held) -> Built:
    library, faults = read(command.tables, known, held)
    if faults:
        raise _faulty(faults, command.origin)
    points = [(one, codec.pack(one)) for one in library.points or ()]
    bindings = [(one, codec.pack(one)) for one in library.bindings or ()]
    base = {(one.code, one.edition): _version(held, one) for one in library.templates}
    digest = _digest((codec.pack(one) for one in library.templates), points, bindings)
    return Built(library=library, base=base, points=points, bindings=bindings, digest=digest)


def _version(held: Held, one: PlanTemplate) -> int:
    known = held.templates.get((one.code, one.edition))
    return known.version if known else 0


def _digest(
    templates: Iterable[bytes], points: Iterable[tuple[object, bytes]], bindings: Iterable[tuple[object, bytes]]
) -> str:  # fmt: skip
    digest = hashlib.sha256()
    for packed in (*templates, *(packed for _, packed in points), *(packed for _, packed in bindings)):
        digest.update(len(packed).to_bytes(8, "big") + packed)
    return digest.hexdigest()


def _faulty(faults: list[CellFault], origin: dict[str, str]) -> Refused:
    told = [
        {"file": origin.get(one.table, one.table), "line": one.line, "column": one.column, "value": one.value,
         "code": one.code, "params": one.params}
        for one in faults
    ]  # fmt: skip
    first = told[0]
    return Refused(
        "plan.faults", count=len(told), file=first["file"], line=first["line"], column=first["column"],
        value=first["value"], reason=first["code"], faults=json.dumps(told, ensure_ascii=False),
    )  # fmt: skip
