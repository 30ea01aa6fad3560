"""The roster moved by hand (H3): shifts taken off it, planned again for next weeks, and people who change places."""

from collections.abc import Iterable
from dataclasses import replace

from chengyun_core.centre import duty_care, duty_roster
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import Assignment, Presence, Shift, ShiftState
from chengyun_core.model.duty_commands import CancelShift, CopyShift, SwapDuty
from chengyun_core.model.duty_rules import ShiftMove, shift_after
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.store import counters, duty_table
from chengyun_core.wire.envelope import Done

DAY_NS = 86_400 * NS_PER_S
MOST_COPIES = 31
LONGEST_STEP_DAYS = 92


def subjects_of_swap(desk: Desk, work: Work, command: SwapDuty) -> tuple[Subject, ...]:
    """Return the centres of both shifts; an unknown one is refused to the permitted."""
    known = (duty_table.shift(work.connection, number) for number in (command.shift, command.other_shift) if number)
    centres = dict.fromkeys(one.centre for one in known if one is not None)
    return tuple(duty_care.subject_of_centre(desk, centre) for centre in centres)


def cancel(desk: Desk, work: Work, caller: Caller, command: CancelShift) -> Done:  # noqa: ARG001 - see HANDLERS
    """Take a planned shift off the roster; one that runs, or ran, is refused by the table of moves."""
    reason = clean(command.reason, field="reason", required=True)
    held = _as_seen(work, command.shift, command.version)
    gone = replace(held, state=shift_after(held.state, ShiftMove.CANCEL), version=held.version + 1)
    change = duty_care.put_shift(desk, work, gone, "shift.cancel", {"reason": reason})
    return Done(change=change, key=str(gone.number), version=gone.version)


def copy(desk: Desk, work: Work, caller: Caller, command: CopyShift) -> Done:  # noqa: ARG001 - see HANDLERS
    """Plan a shift again; who came instead of somebody does so once, the copy names who it was for.

    Raises:
        Refused: `shift.copies`, `shift.copied_already`, and what `shift.save` refuses.
    """
    if not (1 <= command.times <= MOST_COPIES and 1 <= command.every_days <= LONGEST_STEP_DAYS):
        raise Refused("shift.copies", times=command.times, most=MOST_COPIES, days=LONGEST_STEP_DAYS)
    held = _as_seen(work, command.shift, command.version)
    rows = _as_rostered(held.assignments)
    duty_roster.check_people(work, rows)
    numbers = []
    for at in range(1, command.times + 1):
        later = at * command.every_days * DAY_NS
        numbers.append(_put_copy(desk, work, held, rows, later))
    return Done(change=work.noted, key=",".join(str(number) for number in numbers), version=1)


def swap(desk: Desk, work: Work, caller: Caller, command: SwapDuty) -> Done:  # noqa: ARG001 - see HANDLERS
    """Have two people change places, or one come instead of the other; both are named in the journal.

    Raises:
        Refused: `shift.changed`, `shift.closed`, `shift.cancelled`, `shift.not_on_it`, `shift.twice`,
            `person.unknown`, `shift.swap_same`.
    """
    reason = clean(command.reason, field="reason", required=True)
    if command.person == command.other_person:
        raise Refused("shift.swap_same", person=command.person)
    held = _open(work, command.shift, command.version)
    told = {"reason": reason, **_names(work, command)}
    if command.other_shift in (0, held.number):
        same = command.other_shift == held.number
        rows = _changed_places(held, command) if same else _instead(work, held, command.person, command.other_person)
        return _written(desk, work, replace(held, assignments=rows), told)
    other = _open(work, command.other_shift, command.other_version)
    mine = _instead(work, held, command.person, command.other_person)
    theirs = _instead(work, other, command.other_person, command.person)
    _written(desk, work, replace(other, assignments=theirs), {**told, "with": held.name})
    return _written(desk, work, replace(held, assignments=mine), {**told, "with": other.name})


def _put_copy(desk: Desk, work: Work, held: Shift, rows: tuple[Assignment, ...], later_ns: int) -> int:
    begins = held.begins_at + later_ns
    around = duty_table.shifts(work.connection, begins, begins + 1, held.centre)
    if any(one.begins_at == begins and one.name == held.name for one in around):
        raise Refused("shift.copied_already", name=held.name, begins=desk.shown(begins))
    copied = Shift(
        number=counters.take(work.connection, duty_table.SHIFT_COUNTER, 1), centre=held.centre, name=held.name,
        begins_at=begins, ends_at=held.ends_at + later_ns, assignments=rows, demands=held.demands,
    )  # fmt: skip
    duty_roster.check_shift(desk, copied)
    duty_care.put_shift(desk, work, copied, "shift.copy", {"of": held.number, "from": held.begins_at})
    return copied.number


def _as_rostered(assignments: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """Return who is on a shift by its pattern: whoever came instead of somebody gives the place back to him."""
    found: dict[str, Assignment] = {}
    listed = list(assignments)
    own = {one.person for one in listed if not one.stands_in_for}
    for one in listed:
        person = one.stands_in_for or one.person
        if one.stands_in_for in own or person in found:
            continue
        found[person] = Assignment(person=person, role=one.role, seat=one.seat)
    return tuple(found.values())


def _changed_places(held: Shift, command: SwapDuty) -> tuple[Assignment, ...]:
    """Return a shift's people with the roles and seats of two of them exchanged; where each is stays as it was told."""
    one, other = _on_it(held, command.person), _on_it(held, command.other_person)
    became = {
        one.person: replace(one, role=other.role, seat=other.seat),
        other.person: replace(other, role=one.role, seat=one.seat),
    }
    return tuple(became.get(row.person, row) for row in held.assignments)


def _instead(work: Work, held: Shift, gone: str, comes: str) -> tuple[Assignment, ...]:
    """Return a shift's people with one of them in another one's place, planned anew."""
    leaves = _on_it(held, gone)
    if any(row.person == comes for row in held.assignments):
        raise Refused("shift.twice", person=comes)
    if duty_table.person(work.connection, comes) is None:
        raise Refused("person.unknown", person=comes)
    # Who comes back to his own place by a second exchange stands in for nobody.
    first = leaves.stands_in_for or gone
    row = Assignment(
        person=comes, role=leaves.role, seat=leaves.seat, stands_in_for="" if first == comes else first,
        presence=Presence.PLANNED,
    )  # fmt: skip
    return tuple(row if one is leaves else one for one in held.assignments)


def _on_it(held: Shift, person: str) -> Assignment:
    found = next((one for one in held.assignments if one.person == person), None)
    if found is None:
        raise Refused("shift.not_on_it", shift=held.number, person=person)
    return found


def _written(desk: Desk, work: Work, changed: Shift, told: dict[str, str]) -> Done:
    written = replace(changed, version=changed.version + 1)
    change = duty_care.put_shift(desk, work, written, "shift.swap", told)
    return Done(change=change, key=str(written.number), version=written.version)


def _names(work: Work, command: SwapDuty) -> dict[str, str]:
    known = {code: duty_table.person(work.connection, code) for code in (command.person, command.other_person)}
    names = {code: one.name if one else code for code, one in known.items()}
    return {
        "person": command.person, "other": command.other_person,
        "person_name": names[command.person], "other_name": names[command.other_person],
    }  # fmt: skip


def _as_seen(work: Work, number: int, version: int) -> Shift:
    held = duty_care.shift(work.connection, number)
    if held.version != version:
        raise Refused("shift.changed", shift=held.number, version=held.version)
    return held


def _open(work: Work, number: int, version: int) -> Shift:
    held = _as_seen(work, number, version)
    if held.state is ShiftState.CLOSED:
        raise Refused("shift.closed", shift=held.number)
    if held.state is ShiftState.CANCELLED:
        raise Refused("shift.cancelled", shift=held.number)
    return held
