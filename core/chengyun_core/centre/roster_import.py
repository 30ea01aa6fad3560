"""A roster from a file: read beside the loop, checked whole, taken whole or not at all (H3)."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection, select

from chengyun_core.centre import duty_care, duty_roster
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.work import Work
from chengyun_core.model.catalogue_rows import CellFault
from chengyun_core.model.catalogue_tables import Tables
from chengyun_core.model.duty import Assignment, Person, Presence, Shift, ShiftState
from chengyun_core.model.duty_commands import ImportRoster
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.roster_table import Known, Roster, read
from chengyun_core.store import counters, duty_table
from chengyun_core.store.tables import ACCOUNTS
from chengyun_core.tabular import roster_file
from chengyun_core.wire import codec
from chengyun_core.wire.duty_asks import AskRosterCheck, RosterChecked
from chengyun_core.wire.envelope import Done

MOST_ASKED_BYTES = 256 * 2**10
"""Largest file a question checks: it is answered in the loop. Larger ones are tried by the command, in a worker."""


def subjects(desk: Desk, work: Work, command: ImportRoster) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the profile's own centre; rows of others are judged when they are read."""
    return (duty_care.subject_of_centre(desk, duty_care.own_centre(desk)),)


def prepare(desk: Desk, connection: Connection, command: ImportRoster) -> Callable[[], Tables]:  # noqa: ARG001 - see HANDLERS
    """Return the slow part: the file's rows."""
    return lambda: roster_file.read(command.name, command.data)


def take(desk: Desk, work: Work, caller: Caller, command: ImportRoster, tables: Tables) -> Done:
    """Take people and shifts; with a fault in any row nothing of it is taken, and the first is told."""
    roster, faults = _read(desk, work.connection, tables)
    if faults:
        first = faults[0]
        raise Refused("roster.faulty", count=len(faults), line=first.line, column=first.column, value=first.value)
    _check_reach(desk, caller, roster)
    if command.try_only:
        return Done(change=0, key=str(len(roster.shifts)), version=len(roster.people))
    change = 0
    for person in roster.people:
        change = _take_person(desk, work, person) or change
    for shift in roster.shifts:
        change = _take_shift(desk, work, shift) or change
    told = {"people": len(roster.people), "shifts": len(roster.shifts), "file": command.name}
    change = work.note("roster.import", "roster", duty_care.own_centre(desk), change or 1, params=told)
    return Done(change=change, key=str(len(roster.shifts)), version=len(roster.people))


def check(desk: Desk, connection: Connection, ask: AskRosterCheck) -> bytes:
    """Answer `roster.check`: faults by row and column; without one: what is new and what changes."""
    if len(ask.data) > MOST_ASKED_BYTES:
        raise Refused("roster.too_large", size=len(ask.data), most=MOST_ASKED_BYTES)
    roster, faults = _read(desk, connection, roster_file.read(ask.name, ask.data))
    if faults:
        told = (_reason(fault) for fault in faults)
        return codec.pack(RosterChecked(faults=tuple(told)))
    changed = sum(_known_shift(connection, shift) is not None for shift in roster.shifts)
    changed += sum(duty_table.person(connection, person.code) is not None for person in roster.people)
    return codec.pack(RosterChecked(people=len(roster.people), shifts=len(roster.shifts), changed=changed))


def _reason(fault: CellFault) -> Reason:
    where = {"table": fault.table, "line": str(fault.line), "column": fault.column}
    return Reason(code=fault.code, params={**fault.params, **where})


def _read(desk: Desk, connection: Connection, tables: Tables) -> tuple[Roster, list[CellFault]]:
    known = Known(
        centre=duty_care.own_centre(desk), centres=frozenset(desk.city.centres), seats=frozenset(desk.city.seats),
        people=frozenset(person.code for person in duty_table.people(connection)),
        accounts=frozenset(connection.execute(select(ACCOUNTS.c.account)).scalars()),
        zone_minutes=desk.settings.zone_minutes,
    )  # fmt: skip
    roster, faults = read(tables, known)
    return roster, faults.listed()


def _check_reach(desk: Desk, caller: Caller, roster: Roster) -> None:
    """Refuse a roster of centres outside the caller's area: the file names them, so the gate could not."""
    if caller.session is None:
        return
    for centre in {person.centre for person in roster.people} | {shift.centre for shift in roster.shifts}:
        way = desk.city.path(centre)
        if not any(holding.area in way for holding in caller.holdings):
            raise Refused("permission.outside_area", action="roster.import", subject=centre, mode="")


def _take_person(desk: Desk, work: Work, person: Person) -> int:
    known = duty_table.person(work.connection, person.code)
    wanted = duty_roster.checked_person(desk, replace(person, version=known.version if known else 0))
    if known == wanted:
        return 0
    return duty_care.put_person(work, replace(wanted, version=wanted.version + 1), "person.save")


def _take_shift(desk: Desk, work: Work, wanted: Shift) -> int:
    duty_roster.check_shift(desk, wanted)
    known = _known_shift(work.connection, wanted)
    if known is None:
        number = counters.take(work.connection, duty_table.SHIFT_COUNTER, 1)
        return duty_care.put_shift(desk, work, replace(wanted, number=number), "shift.save", {"reason": ""})
    if known.state is ShiftState.CLOSED:
        raise Refused("shift.closed", shift=known.number)
    kept = {one.person: one for one in known.assignments}
    rows = tuple(_with_presence(one, kept.get(one.person)) for one in wanted.assignments)
    merged = replace(known, ends_at=wanted.ends_at, assignments=rows, demands=wanted.demands or known.demands)
    if merged == known:
        return 0
    merged = replace(merged, version=known.version + 1)
    return duty_care.put_shift(desk, work, merged, "shift.save", {"reason": ""})


def _with_presence(wanted: Assignment, known: Assignment | None) -> Assignment:
    """Keep what was told of somebody's presence: a new list of names does not send home who sits there."""
    if known is None or known.presence is Presence.PLANNED:
        return wanted
    return replace(
        wanted, presence=known.presence, since=known.since, reason=known.reason, stands_in_for=known.stands_in_for
    )


def _known_shift(connection: Connection, wanted: Shift) -> Shift | None:
    found = duty_table.shifts(connection, wanted.begins_at, wanted.begins_at + 1, wanted.centre)
    return next((one for one in found if one.begins_at == wanted.begins_at and one.name == wanted.name), None)
