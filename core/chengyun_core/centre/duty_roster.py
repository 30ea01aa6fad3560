"""The roster by hand (H3): people written, shifts written and begun, and who is there."""

from collections.abc import Iterable
from dataclasses import replace

from chengyun_core.centre import duty_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import CENTRE, Actor
from chengyun_core.model.duty import Assignment, Person, Presence, Shift, ShiftState
from chengyun_core.model.duty_commands import BeginShift, CancelShift, CopyShift, SavePerson, SaveShift, TellPresence
from chengyun_core.model.duty_rules import ShiftMove, shift_after
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Holding, PostKind, Subject
from chengyun_core.store import account_table, counters, duty_table, handover_table, session_table
from chengyun_core.store import journal as journal_rows
from chengyun_core.wire.envelope import Done

LONGEST_NAME = 64
MOST_ASSIGNED = 300
LONGEST_SHIFT_NS = 48 * 3600 * 10**9
_TELLERS = frozenset({PostKind.DUTY_OFFICER, PostKind.WATCH_CHIEF})


def subjects_of_person(desk: Desk, work: Work, command: SavePerson) -> tuple[Subject, ...]:
    """Return the centres he does duty at, as it is and as it is to be: nobody moves people out of another's area."""
    known = duty_table.person(work.connection, command.person.code)
    centres = dict.fromkeys((command.person.centre, known.centre if known else command.person.centre))
    return tuple(duty_care.subject_of_centre(desk, centre) for centre in centres)


def subjects_of_shift(desk: Desk, work: Work, command: SaveShift) -> tuple[Subject, ...]:
    """Return the shift's centre, as it is and as it is to be."""
    known = duty_table.shift(work.connection, command.number)
    centres = dict.fromkeys((command.centre, known.centre if known else command.centre))
    return tuple(duty_care.subject_of_centre(desk, centre) for centre in centres)


def subjects_of_known(
    desk: Desk, work: Work, command: BeginShift | CancelShift | CopyShift | TellPresence
) -> tuple[Subject, ...]:
    """Return the centre of a known shift; an unknown one is refused to the permitted."""
    known = duty_table.shift(work.connection, command.shift)
    return () if known is None else (duty_care.subject_of_centre(desk, known.centre),)


def save_person(desk: Desk, work: Work, caller: Caller, command: SavePerson) -> Done:  # noqa: ARG001 - see HANDLERS
    """Write somebody, new or known."""
    person = checked_person(desk, command.person)
    known = duty_table.person(work.connection, person.code)
    if (known.version if known else 0) != command.version:
        raise Refused("person.changed", person=person.code, version=known.version if known else 0)
    if person.account and account_table.get(work.connection, person.account) is None:
        raise Refused("account.unknown", account=person.account)
    person = replace(person, version=command.version + 1)
    change = duty_care.put_person(work, person, "person.save")
    return Done(change=change, key=person.code, version=person.version)


def checked_person(desk: Desk, person: Person) -> Person:
    """Return somebody with his texts made clean; raise Refused for what cannot be."""
    if person.centre not in desk.city.centres:
        raise Refused("person.centre_unknown", centre=person.centre)
    if any(letter.isspace() or letter == "/" for letter in person.code):
        raise Refused("person.code", person=person.code)
    return replace(
        person,
        code=clean(person.code, field="code", most=LONGEST_NAME, required=True),
        name=clean(person.name, field="name", most=LONGEST_NAME, required=True),
        unit=clean(person.unit, field="unit", most=LONGEST_NAME),
        phones=tuple(clean(phone, field="phone", most=40, required=True) for phone in person.phones),
    )


def save_shift(desk: Desk, work: Work, caller: Caller, command: SaveShift) -> Done:  # noqa: ARG001 - see HANDLERS
    """Write a shift that has not ended; once it runs a reason is needed, and it stays where it is."""
    known = duty_table.shift(work.connection, command.number) if command.number else None
    _check_seen(known, command)
    wanted = Shift(
        number=command.number, centre=command.centre, name=clean(command.name, field="name", required=True),
        begins_at=command.begins_at, ends_at=command.ends_at, assignments=_told_at(command.assignments, work.at_ns),
        demands=command.demands, version=command.version + 1,
    )  # fmt: skip
    check_shift(desk, wanted)
    check_people(work, wanted.assignments)
    if known is None:
        wanted = replace(wanted, number=counters.take(work.connection, duty_table.SHIFT_COUNTER, 1))
    else:
        wanted = replace(
            wanted, state=known.state, handover=known.handover, begun_at=known.begun_at,
            relieved_at=known.relieved_at, first_row=known.first_row,
        )  # fmt: skip
    reason = clean(command.reason, field="reason", required=known is not None and known.state is not ShiftState.PLANNED)
    change = duty_care.put_shift(desk, work, wanted, "shift.save", {"reason": reason})
    return Done(change=change, key=str(wanted.number), version=wanted.version)


def check_shift(desk: Desk, wanted: Shift) -> None:
    """Raise Refused for a shift that cannot be: its centre, its times, somebody twice on it."""
    if wanted.centre not in desk.city.centres:
        raise Refused("person.centre_unknown", centre=wanted.centre)
    if not 0 < wanted.ends_at - wanted.begins_at <= LONGEST_SHIFT_NS:
        raise Refused("shift.times", begins=desk.shown(wanted.begins_at), ends=desk.shown(wanted.ends_at))
    people = [one.person for one in wanted.assignments]
    twice = next((person for person in people if people.count(person) > 1), "")
    if twice or len(people) > MOST_ASSIGNED:
        raise Refused("shift.twice", person=twice or len(people))
    for one in wanted.assignments:
        if one.seat:
            duty_care.seat(desk, one.seat)


def begin(desk: Desk, work: Work, caller: Caller, command: BeginShift) -> Done:  # noqa: ARG001 - see HANDLERS
    """Let a planned shift run before or after its time."""
    held = duty_care.shift(work.connection, command.shift)
    if held.version != command.version:
        raise Refused("shift.changed", shift=held.number, version=held.version)
    return begun(desk, work, held, work.actor)


def begun(desk: Desk, work: Work, held: Shift, actor: Actor = CENTRE) -> Done:
    """Let a shift run; the one before it hands its seats over, or is closed when nobody of it sits anywhere."""
    state = shift_after(held.state, ShiftMove.BEGIN)
    for before, _ in duty_table.living_shifts(work.connection, held.centre):
        if before.state is ShiftState.RUNNING:
            _step_back(desk, work, before, actor)
    row = (work.noted or journal_rows.head(work.connection).number) + 1
    running = replace(held, state=state, begun_at=work.at_ns, first_row=row, version=held.version + 1)
    change = duty_care.put_shift(desk, work, running, "shift.begin", actor=actor)
    return Done(change=change, key=str(held.number), version=running.version)


def close_if_done(desk: Desk, work: Work, number: int, handover: int) -> None:
    """Close a shift that hands over, once no seat of its centre is held by somebody who sat there before.

    handover: number of the sheet that was locked last.
    """
    held = duty_table.shift(work.connection, number)
    if held is None or held.state is not ShiftState.HANDING_OVER:
        return
    signed = handover_table.signed_in(work.connection, number)
    if not any(seat not in signed for seat in _held_seats(desk, work, held)):
        state = shift_after(held.state, ShiftMove.CLOSE)
        closed = replace(held, state=state, handover=handover, version=held.version + 1)
        duty_care.put_shift(desk, work, closed, "shift.close", actor=CENTRE)


def tell_presence(desk: Desk, work: Work, caller: Caller, command: TellPresence) -> Done:
    """Say where somebody is: by himself, or by an officer; who comes instead joins the shift in his place."""
    held = duty_care.shift(work.connection, command.shift)
    if held.version != command.version:
        raise Refused("shift.changed", shift=held.number, version=held.version)
    if held.state is ShiftState.CLOSED:
        raise Refused("shift.closed", shift=held.number)
    if held.state is ShiftState.CANCELLED:
        raise Refused("shift.cancelled", shift=held.number)
    one = next((found for found in held.assignments if found.person == command.person), None)
    if one is None:
        raise Refused("shift.not_on_it", shift=held.number, person=command.person)
    _check_teller(desk, work, caller, held, command.person)
    absent = command.presence is Presence.ABSENT
    reason = clean(command.reason, field="reason", required=absent)
    told = replace(one, presence=command.presence, since=work.at_ns, reason=reason)
    rows = [told if found is one else found for found in held.assignments]
    if command.stands_in:
        rows.append(_stand_in(work, held, told, command.stands_in))
    changed = replace(held, assignments=tuple(rows), version=held.version + 1)
    params = {"person": command.person, "presence": command.presence.value, "reason": reason}
    change = duty_care.put_shift(desk, work, changed, "duty.presence", {**params, "stands_in": command.stands_in})
    return Done(change=change, key=str(held.number), version=changed.version)


def _stand_in(work: Work, held: Shift, gone: Assignment, code: str) -> Assignment:
    if any(one.person == code for one in held.assignments):
        raise Refused("shift.twice", person=code)
    if duty_table.person(work.connection, code) is None:
        raise Refused("person.unknown", person=code)
    return Assignment(person=code, role=gone.role, seat=gone.seat, since=work.at_ns, stands_in_for=gone.person)


def _check_teller(desk: Desk, work: Work, caller: Caller, held: Shift, person: str) -> None:
    """A department's man tells for himself and his own unit; of others an officer whose area holds the centre does."""
    if any(_is_officer(holding, desk.city.path(held.centre)) for holding in caller.holdings) or caller.session is None:
        return
    own = duty_table.of_account(work.connection, caller.account)
    about = duty_table.person(work.connection, person)
    same_unit = about is not None and about.unit and about.unit in {one.unit for one in own}
    if person not in {one.code for one in own} and not same_unit:
        raise Refused("presence.not_yours", person=person)


def _is_officer(holding: Holding, way: tuple[str, ...]) -> bool:
    return holding.kind in _TELLERS and holding.area in way


def _step_back(desk: Desk, work: Work, before: Shift, actor: Actor) -> None:
    leaves = ShiftMove.NEXT_BEGINS if _held_seats(desk, work, before) else ShiftMove.CLOSE
    stepped = replace(
        before, state=shift_after(before.state, leaves), relieved_at=work.at_ns, version=before.version + 1
    )
    action = "shift.hand_over" if leaves is ShiftMove.NEXT_BEGINS else "shift.close"
    duty_care.put_shift(desk, work, stepped, action, actor=actor)


def _held_seats(desk: Desk, work: Work, before: Shift) -> list[str]:
    """Return the seats of a shift's centre where somebody sits who came before its end."""
    seats = desk.city.seats
    return [
        held.seat for held in session_table.living(work.connection)
        if held.seat in seats and seats[held.seat].centre == before.centre and held.since_ns < before.ends_at
    ]  # fmt: skip


def _told_at(assignments: Iterable[Assignment], at_ns: int) -> tuple[Assignment, ...]:
    return tuple(
        replace(one, since=at_ns) if one.presence is not Presence.PLANNED and one.since is None else one
        for one in assignments
    )


def _check_seen(known: Shift | None, command: SaveShift) -> None:
    if command.number and known is None:
        raise Refused("shift.unknown", shift=command.number)
    if known is None:
        if command.version:
            raise Refused("shift.unknown", shift=command.number)
        return
    if known.version != command.version:
        raise Refused("shift.changed", shift=known.number, version=known.version)
    if known.state is ShiftState.CLOSED:
        raise Refused("shift.closed", shift=known.number)
    if known.state is ShiftState.CANCELLED:
        raise Refused("shift.cancelled", shift=known.number)
    moved = known.state is not ShiftState.PLANNED and (known.centre, known.begins_at) != (
        command.centre, command.begins_at,
    )  # fmt: skip
    if moved:
        raise Refused("shift.runs", shift=known.number)


def check_people(work: Work, assignments: Iterable[Assignment]) -> None:
    """Raise Refused `person.unknown` for somebody who is not on record."""
    for one in assignments:
        if duty_table.person(work.connection, one.person) is None:
            raise Refused("person.unknown", person=one.person)
