"""The event a deed is about: where it is, and whether it still is what the officer saw (RF23)."""

from dataclasses import replace
from typing import Any

from chengyun_core.centre import event_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.work import Work
from chengyun_core.model import event_rules
from chengyun_core.model.event import Event
from chengyun_core.model.event_rules import Move, Need
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.store import event_rows, event_table


def subject_of(desk: Desk, event: Event) -> Subject:
    """Return what a permission is asked about for an event."""
    return Subject(name=event.code, path=desk.city.path(event.centre))


def subjects(desk: Desk, work: Work, command: Any) -> tuple[Subject, ...]:
    """Return the place of the command's event; an unknown one has no place, and is refused to the permitted."""
    event = event_table.get(work.connection, command.event)
    return () if event is None else (subject_of(desk, event),)


def subjects_of_teller(desk: Desk, work: Work, command: Any) -> tuple[Subject, ...]:
    """Return the place of the command's event, owned by the posts of its units: they tell what they see there."""
    event = event_table.get(work.connection, command.event)
    if event is None:
        return ()
    named = (desk.city.units.get(code) for code in (event.lead, *event.assisting))
    return (replace(subject_of(desk, event), owners=frozenset(unit.post for unit in named if unit is not None)),)


def as_seen(desk: Desk, work: Work, number: int, version: int) -> Event:
    """Return the event if nobody decided about it since the version the officer saw.

    What was merely marked since (a hop reached, a note, a file) does not make a deed stale: in a running event receipts
    climb every few seconds, and no officer could decide anything.

    Raises:
        Refused: `event.unknown`; `event.changed.<what>` with who did it where and when.
    """
    event = event_care.get(work.connection, number)
    if event.version == version:
        return event
    last = event_rows.last_decision(work.connection, number)
    if last is not None and last.version <= version < event.version:
        return event
    what = last.action.removeprefix("event.") if last else "open"
    raise Refused(
        f"event.changed.{what}", event=event.code, version=event.version, who=last.account if last else "",
        seat=last.seat if last else "", at=desk.shown(last.at_ns if last else None), at_ns=last.at_ns if last else 0,
    )  # fmt: skip


def needs(event: Event, move: Move) -> frozenset[Need]:
    """Return what a move needs here; raise Refused when it is not possible."""
    return frozenset(event_rules.step_of(event, move).needs)


def seat_of(caller: Caller) -> str:
    """Return the seat of who asks, empty for machines."""
    return caller.session.seat if caller.session else ""
