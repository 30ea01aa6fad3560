"""What an event is tied to: its parent, its alarms, and the one seat that commands it (E5, T10)."""

from chengyun_core.centre import alarm_evidence, event_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_deeds import done
from chengyun_core.centre.event_seen import as_seen, seat_of, subject_of
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import event_rules
from chengyun_core.model.event import Event
from chengyun_core.model.event_commands import HandCommand, LinkAlarms, LinkEvent, TakeCommand
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.store import alarm_table, event_table
from chengyun_core.wire.envelope import Done

DEEPEST = 8
"""Levels of events above one another."""
MOST_ALARMS = 2000


def subjects_of_link(desk: Desk, work: Work, command: LinkEvent) -> tuple[Subject, ...]:
    """Return the places of the event and of its parent to be."""
    numbers = (command.event, *(() if command.parent is None else (command.parent,)))
    found = (event_table.get(work.connection, number) for number in numbers)
    return tuple(subject_of(desk, event) for event in found if event is not None)


def link(desk: Desk, work: Work, _caller: Caller, command: LinkEvent) -> Done:
    """Put it below another event, or take it out; both say so, and the parent counts (E5)."""
    event = as_seen(desk, work, command.event, command.version)
    _refuse_ended(event)
    if command.parent == event.parent:
        return done(work, event)
    if command.parent is not None:
        _check_parent(work, event, command.parent)
    before = None if event.parent is None else event_table.get(work.connection, event.parent)
    told = {"child": event.number, "child_code": event.code}
    if before is not None:
        event_care.change(desk, work, before, "event.child_left", params=told, children=before.children - 1)
    if command.parent is not None:
        above = event_care.get(work.connection, command.parent)
        event_care.change(desk, work, above, "event.child_joined", params=told, children=above.children + 1)
    params = {"parent": "" if command.parent is None else command.parent}
    return done(work, event_care.change(desk, work, event, "event.link", params=params, parent=command.parent))


def _check_parent(work: Work, event: Event, parent: int) -> None:
    """Refuse an ended parent, a circle, and a tree too deep."""
    _refuse_ended(event_care.get(work.connection, parent))
    above: int | None = parent
    way: list[int] = []
    while above is not None:
        if above == event.number:
            raise Refused("event.circle", event=event.code)
        way.append(above)
        if len(way) > DEEPEST:
            raise Refused("event.too_deep", event=event.code, most=DEEPEST)
        above = event_care.get(work.connection, above).parent


def _refuse_ended(event: Event) -> None:
    if not event_rules.is_living(event):
        raise Refused("event.ended", event=event.code, state=event.state.value)


def link_alarms(desk: Desk, work: Work, _caller: Caller, command: LinkAlarms) -> Done:
    """Add alarms; one that another living event has stays there."""
    event = as_seen(desk, work, command.event, command.version)
    _refuse_ended(event)
    new = tuple(number for number in dict.fromkeys(command.alarms) if number not in event.alarms)
    check_alarms(desk, work, new, len(event.alarms))
    if not new:
        return done(work, event)
    told = {"alarms": " ".join(map(str, new))}
    files = alarm_evidence.taken_over(work.connection, event, new)
    return done(
        work,
        event_care.change(desk, work, event, "event.link_alarms", params=told, alarms=(*event.alarms, *new), **files),
    )


def check_alarms(desk: Desk, work: Work, alarms: tuple[int, ...], held: int = 0) -> None:
    """Refuse alarms that do not exist, that another living event has, or that are too many."""
    if held + len(alarms) > MOST_ALARMS:
        raise Refused("event.too_many_alarms", count=held + len(alarms), most=MOST_ALARMS)
    taken = {alarm: event for event in desk.events.values() for alarm in event.alarms} if alarms else {}
    for number in alarms:
        if number in taken:
            raise Refused("event.alarm_taken", alarm=number, event=taken[number].code, number=taken[number].number)
        if alarm_table.get(work.connection, number) is None:
            raise Refused("alarm.unknown", alarm=number)


def take_command(desk: Desk, work: Work, caller: Caller, command: TakeCommand) -> Done:
    """Take command at one's own seat; from another seat only with a reason, which everybody sees (T10)."""
    event = as_seen(desk, work, command.event, command.version)
    reason = clean(command.reason, field="reason")
    seat = seat_of(caller)
    _refuse_ended(event)
    if not seat:
        raise Refused("event.no_seat")
    if event.command_seat == seat:
        return done(work, event)
    if event.command_seat and not reason:
        raise Refused("event.commanded", event=event.code, seat=event.command_seat)
    told = {"seat": seat, "before": event.command_seat, "reason": reason}
    return done(work, event_care.change(desk, work, event, "event.take_command", params=told, command_seat=seat))


def hand_command(desk: Desk, work: Work, caller: Caller, command: HandCommand) -> Done:
    """Hand command to another seat; only the seat that has it can."""
    event = as_seen(desk, work, command.event, command.version)
    reason = clean(command.reason, field="reason")
    _refuse_ended(event)
    if command.seat not in desk.city.seats:
        raise Refused("event.unknown_seat", seat=command.seat[:64])
    if not event.command_seat or event.command_seat != seat_of(caller):
        raise Refused("event.not_in_command", event=event.code, seat=event.command_seat)
    told = {"seat": command.seat, "before": event.command_seat, "reason": reason}
    return done(
        work, event_care.change(desk, work, event, "event.hand_command", params=told, command_seat=command.seat)
    )  # fmt: skip
