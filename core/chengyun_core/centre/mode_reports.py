"""Situation reports that a declaration asks for every so often (H1): due, given, and no more due once it is lifted."""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import mode_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.mode import Declaration, Part, ReportDue
from chengyun_core.model.mode_commands import GiveModeReport
from chengyun_core.model.mode_rules import is_held
from chengyun_core.wire.envelope import Done

TIMER = "mode_report"


def begin(desk: Desk, work: Work, declaration: Declaration) -> None:
    """Have the first report fall due, one interval from now."""
    _ask_for(desk, work, declaration, 1, work.at_ns + _every_ns(declaration))


def end(desk: Desk, work: Work, declaration: Declaration) -> None:
    """Have no more reports fall due; those that are overdue are still owed."""
    for due, _ in open_ones(work.connection, declaration.number):
        if due.due_at > work.at_ns:
            _put(desk, work, replace(due, given_at=work.at_ns, version=due.version + 1), "mode.report_dropped")


def give(desk: Desk, work: Work, caller: Caller, command: GiveModeReport) -> Done:
    """Note that a report was given, and how."""
    words = clean(command.words, field="words", required=True)
    due = mode_care.REPORTS.get(work.connection, f"{command.declaration}.{command.place}")
    if due is None:
        raise Refused("mode.report_unknown", declaration=command.declaration, place=command.place)
    if due.given_at is not None or due.version != command.version:
        raise Refused("mode.report_given", declaration=due.declaration, place=due.place, who=due.given_by)
    given = replace(due, given_at=work.at_ns, given_by=caller.account, words=words, version=due.version + 1)
    change = _put(desk, work, given, "mode.give_report")
    return Done(change=change, key=_key(given), version=given.version)


def subjects(desk: Desk, work: Work, command: GiveModeReport) -> tuple[Subject, ...]:
    """Return the centre that reports."""
    due = mode_care.REPORTS.get(work.connection, f"{command.declaration}.{command.place}")
    return () if due is None else (Subject(name=_key(due), path=desk.city.path(due.centre)),)


def tend(desk: Desk, ledger: Ledger) -> None:
    """Have the next report fall due once the time of one has come; called by the loop."""
    for key in [key for kind, key in desk.due.due() if kind == TIMER]:
        with ledger.work(CENTRE) as work:
            _fell_due(desk, work, key)


def load(desk: Desk, connection: Connection) -> None:
    """Wait for the newest report of every declaration in force, at start: the next one is counted from it."""
    held = {one.number for one in desk.declarations.values() if is_held(one)}
    newest: dict[int, ReportDue] = {}
    for due, _ in mode_care.REPORTS.standing(connection, lambda one: one.declaration in held):
        if due.place >= newest.get(due.declaration, due).place:
            newest[due.declaration] = due
    for due in newest.values():
        _wait_for(desk, due)


def open_ones(connection: Connection, declaration: int = 0) -> list[tuple[ReportDue, int]]:
    """Return the reports that are due or will be and were not given, of one declaration or of all."""
    return mode_care.REPORTS.standing(
        connection, lambda due: due.given_at is None and declaration in (0, due.declaration)
    )


def _fell_due(desk: Desk, work: Work, key: str) -> None:
    due = mode_care.REPORTS.get(work.connection, key)
    work.after_commit(partial(desk.due.wait, (TIMER, key), None))
    held = next((one for one in desk.declarations.values() if due and one.number == due.declaration), None)
    if due is None or held is None or not is_held(held):
        return
    following = f"{due.declaration}.{due.place + 1}"
    if mode_care.REPORTS.get(work.connection, following) is not None:
        return
    if due.given_at is None:
        _put(desk, work, replace(due, version=due.version + 1), "mode.report_due")
    _ask_for(desk, work, held, due.place + 1, due.due_at + _every_ns(held))


def _ask_for(desk: Desk, work: Work, declaration: Declaration, place: int, due_at: int) -> None:
    due = ReportDue(declaration=declaration.number, place=place, centre=declaration.scope.centre, due_at=due_at)
    _put(desk, work, due, "mode.report_asked")


def _put(desk: Desk, work: Work, due: ReportDue, action: str) -> int:
    if action != "mode.report_due":
        work.after_commit(partial(_wait_for, desk, due))
    told = {"declaration": due.declaration, "place": due.place, "due": desk.shown(due.due_at)}
    return work.note(action, mode_care.REPORTS.kind, _key(due), due.version, due, params=told)


def _wait_for(desk: Desk, due: ReportDue) -> None:
    """Wait for the time of a report even when it was given before: the next one is counted from it."""
    dropped = due.given_at is not None and not due.given_by
    desk.due.wait((TIMER, _key(due)), None if dropped else due.due_at)


def _every_ns(declaration: Declaration) -> int:
    every = next((change.after for change in declaration.parts if change.part is Part.REPORTS), "0")
    return round(float(every or 0) * 60 * NS_PER_S)


def _key(due: ReportDue) -> str:
    return f"{due.declaration}.{due.place}"
