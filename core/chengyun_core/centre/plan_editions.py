"""Editions of plans (P6): saved as drafts, handed in, approved by another person, in force, retired."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace

from sqlalchemy import Connection

from chengyun_core.centre import approvals
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.approval import Approval
from chengyun_core.model.catalogue_cells import value_of
from chengyun_core.model.catalogue_tables import Column
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.plan import PlanState, PlanTemplate
from chengyun_core.model.plan_check import Known, faults_of
from chengyun_core.model.plan_commands import NoteDrill, RetirePlan, SavePlan, SubmitPlan
from chengyun_core.model.plan_tables import TEMPLATES
from chengyun_core.store import journal as journal_rows
from chengyun_core.store import plan_table
from chengyun_core.wire.envelope import Done

KIND = "plan"
DeedOnPlan = NoteDrill | RetirePlan | SubmitPlan
LONGEST_TEXT = 1000


def subjects(desk: Desk, work: Work, command: object) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the whole city: the library is everybody's."""
    return (Subject(name="plans", path=desk.city.path(desk.city.root())),)


def save(desk: Desk, work: Work, caller: Caller, command: SavePlan) -> Done:
    """Save a draft: a new edition, or the draft there is as the officer saw it."""
    given = command.template
    _check_texts(given)
    _check_runs(desk, given)
    held = plan_table.template(work.connection, given.code, given.edition) if given.edition else None
    if held is None:
        known = plan_table.editions(work.connection, given.code)
        edition = given.edition or (known[-1].edition + 1 if known else 1)
        if known and edition <= known[-1].edition:
            raise Refused("plan.edition_older", template=given.code, newest=known[-1].edition)
    else:
        edition = held.edition
        if not command.version:
            # A plan written from nothing or copied never becomes an edition of another one (P7).
            raise Refused("plan.code_taken", template=held.code, name=held.name)
        _as_seen(desk, work, held, command.version, PlanState.DRAFT)
    draft = replace(
        given, edition=edition, state=PlanState.DRAFT, written_by=caller.account, approved_by="", approved_at=None,
        version=held.version + 1 if held else 1,
    )  # fmt: skip
    return _done(draft, put(work, draft, "plan.save"))


def submit(desk: Desk, work: Work, caller: Caller, command: SubmitPlan) -> Done:
    """Hand a draft in: another person approves it before it is in force."""
    held = _found(work.connection, command)
    _as_seen(desk, work, held, command.version, PlanState.DRAFT)
    _check_runs(desk, held)
    waiting = replace(held, state=PlanState.WAITING, version=held.version + 1)
    put(work, waiting, "plan.submit")
    asked = approvals.ask(
        desk, work, caller, command, subject=held.code, params={"name": held.name, "edition": str(held.edition)},
        minutes=60 * desk.settings.plan_approval_hours,
    )  # fmt: skip
    return Done(change=0, key=str(asked.number), version=asked.version, warnings=("approval.waits",))


def approved(desk: Desk, work: Work, approval: Approval, command: SubmitPlan) -> None:  # noqa: ARG001 - see SECONDED
    """Put an edition in force, now that a second person gave it; the edition before is retired."""
    held = _waiting(work.connection, command)
    newer = [one.edition for one in plan_table.in_force(work.connection, [held.code]) if one.edition > held.edition]
    if newer:
        raise Refused("plan.edition_older", template=held.code, newest=newer[0])
    enforce(
        work, replace(held, approved_by=approval.decided_by, approved_at=work.at_ns, version=held.version + 1),
        "plan.approve",
    )  # fmt: skip


def turned_down(desk: Desk, work: Work, approval: Approval, command: SubmitPlan) -> None:  # noqa: ARG001 - the same
    """Give the draft back to who writes it: refused, withdrawn or nobody in time."""
    held = _waiting(work.connection, command)
    told = {"state": approval.state.value, "reason": approval.reason}
    put(work, replace(held, state=PlanState.DRAFT, version=held.version + 1), "plan.turn_down", told)


def enforce(work: Work, edition: PlanTemplate, action: str) -> int:
    """Make an edition the one in force; the one before is retired and kept. Returns the journal number."""
    for before in plan_table.in_force(work.connection, [edition.code]):
        if before.edition != edition.edition:
            retired = replace(before, state=PlanState.RETIRED, version=before.version + 1)
            put(work, retired, "plan.supersede", {"by_edition": edition.edition})
    return put(work, replace(edition, state=PlanState.IN_FORCE), action)


def retire(desk: Desk, work: Work, caller: Caller, command: RetirePlan) -> Done:  # noqa: ARG001 - see HANDLERS
    """Take an edition out of force, or a draft away; what runs of it runs on."""
    reason = clean(command.reason, field="reason", required=True)
    held = _found(work.connection, command)
    _as_seen(desk, work, held, command.version, PlanState.DRAFT, PlanState.IN_FORCE)
    retired = replace(held, state=PlanState.RETIRED, version=held.version + 1)
    return _done(retired, put(work, retired, "plan.retire", {"reason": reason}))


def note_drill(desk: Desk, work: Work, caller: Caller, command: NoteDrill) -> Done:  # noqa: ARG001 - see HANDLERS
    """Note when a plan was drilled; a day to come is no drill."""
    day = value_of(_column("drilled"), command.drilled.strip()) if command.drilled.strip() else ""
    if not day or str(day) > desk.shown(work.at_ns)[:10]:
        raise Refused("plan.drill_day", day=command.drilled)
    held = _found(work.connection, command)
    _as_seen(desk, work, held, command.version, PlanState.DRAFT, PlanState.IN_FORCE)
    drilled = replace(held, drilled=str(day), version=held.version + 1)
    told = {"drilled": day, "words": clean(command.words, field="note")}
    return _done(drilled, put(work, drilled, "plan.note_drill", told))


def put(work: Work, edition: PlanTemplate, action: str, params: Mapping[str, object] | None = None) -> int:
    """Write an edition with its journal row; return the row's number."""
    told = {"name": edition.name, **(params or {})}
    change = work.note(action, KIND, f"{edition.code}.{edition.edition}", edition.version, edition, params=told)
    plan_table.put_template(work.connection, edition, change)
    return change


def known_of(desk: Desk) -> Known:
    """Return what the catalogue in force knows of the codes that plans name."""
    city = desk.city
    return Known(
        centres=frozenset(city.centres), matters=frozenset(city.matters), units=frozenset(city.units),
        vitals=frozenset(vital.code for vital in city.vitals.values()),
    )  # fmt: skip


def _check_runs(desk: Desk, template: PlanTemplate) -> None:
    """Refuse an edition that could not run, with every reason."""
    faults = faults_of(template, known_of(desk))
    if faults:
        first = faults[0]
        raise Refused(
            "plan.cannot_run", count=len(faults), template=template.code, part=first.table, key=first.key,
            column=first.column, value=first.value, reason=first.code,
            faults=json.dumps([asdict(one) for one in faults], ensure_ascii=False),
        )  # fmt: skip


def _check_texts(template: PlanTemplate) -> None:
    """Refuse what no import would take either: a code that is none, days that are none, texts with controls (RS10)."""
    for name in ("code", "valid_from", "valid_to", "drilled"):
        text = getattr(template, name)
        if text or name == "code":
            value_of(_column(name), text)
    clean(template.name, field="name", most=200, required=True)
    for text in _texts(asdict(template)):
        clean(text, field="text", most=LONGEST_TEXT)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _texts(part)]
    return [text for part in value for text in _texts(part)] if isinstance(value, (list, tuple)) else []


def _column(name: str) -> Column:
    return next(column for column in TEMPLATES.columns if column.name == name)


def _found(connection: Connection, command: DeedOnPlan) -> PlanTemplate:
    held = plan_table.template(connection, command.code, command.edition)
    if held is None:
        raise Refused("plan.unknown", template=command.code, edition=command.edition)
    return held


def _waiting(connection: Connection, command: SubmitPlan) -> PlanTemplate:
    held = _found(connection, command)
    if held.state is not PlanState.WAITING:
        raise Refused("plan.not_waiting", template=held.code, edition=held.edition, state=held.state.value)
    return held


def _as_seen(desk: Desk, work: Work, held: PlanTemplate, version: int, *allowed: PlanState) -> None:
    if held.version != version:
        last = journal_rows.last_of(work.connection, KIND, f"{held.code}.{held.edition}")
        told = {"what": last.action if last else "", "who": last.account if last else "",
                "seat": last.seat if last else "", "at": desk.shown(last.at_ns if last else None)}  # fmt: skip
        raise Refused("plan.edition_changed", template=held.code, edition=held.edition, version=held.version, **told)
    if held.state not in allowed:
        raise Refused("plan.edition_not_so", template=held.code, edition=held.edition, state=held.state.value)


def _done(held: PlanTemplate, change: int) -> Done:
    return Done(change=change, key=f"{held.code}.{held.edition}", version=held.version)
