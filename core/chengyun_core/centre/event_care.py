"""What other subjects do to events: look one up, change it, tell that a hop was reached. Every change is a row."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from chengyun_core.centre import dispatch_due
from chengyun_core.centre.city import City
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model import event_nearby, event_rules
from chengyun_core.model.audit import CENTRE, Actor
from chengyun_core.model.event import Event, EventState, Hop
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import Level
from chengyun_core.store import event_table
from chengyun_core.store.event_table import Stored

KIND = "event"
RESUME, REPORT = "event_resume", "event_report"
"""What the desk waits for with an event, as kinds of `desk.due`."""
MOST_MERGES = 16
"""A chain of merged events longer than this is not followed to its end."""


def get(connection: Connection, number: int) -> Event:
    """Return an event; raise Refused `event.unknown`."""
    found = event_table.get(connection, number)
    if found is None:
        raise Refused("event.unknown", event=number)
    return found


def survivor(connection: Connection, number: int) -> Event:
    """Return the event that a merged one lives on in, itself for any other: who is on site there is on site here."""
    event = get(connection, number)
    for _ in range(MOST_MERGES):
        if event.merged_into is None or event.state is not EventState.MERGED:
            break
        event = get(connection, event.merged_into)
    return event


def change(
    desk: Desk, work: Work, event: Event, action: str, *, params: Mapping[str, object] | None = None, **changes: Any
) -> Event:  # fmt: skip
    """Write an event's new record with its journal row and return it, one version further."""
    return _written(desk, work, replace(event, **changes), action, params, None)


def change_by_itself(
    desk: Desk, work: Work, event: Event, action: str, *, params: Mapping[str, object] | None = None, **changes: Any
) -> Event:  # fmt: skip
    """The same, as the centre's own row within somebody's deed."""
    return _written(desk, work, replace(event, **changes), action, params, CENTRE)


def _written(
    desk: Desk, work: Work, event: Event, action: str, params: Mapping[str, object] | None, actor: Actor | None
) -> Event:  # fmt: skip
    after = replace(event, changed_at=work.at_ns, version=event.version + 1)
    row = work.note(action, KIND, after.number, after.version, after, params=params, actor=actor)
    event_table.replace(work.connection, [stored(desk, after, row)])
    remember(desk, work, after)
    return after


def reached(desk: Desk, work: Work, number: int, hop: Hop, at_ns: int, **changes: Any) -> Event | None:
    """Stamp a hop, the earliest time wins, and move the event along where the hop implies it.

    at_ns: source time, profile ns UTC. Returns the event as it now is; None when it has ended, and nothing is written.
    Told twice with nothing new, nothing is written either.
    """
    event = get(work.connection, number)
    if not event_rules.is_living(event):
        return None
    move = event_rules.implied(event, hop)
    moved = {} if move is None else event_rules.after(event, move)
    hops = stamped(event, hop, at_ns)
    new = {name: value for name, value in {**moved, **changes, "hops": hops}.items() if getattr(event, name) != value}
    if not new:
        return event
    params = {"hop": hop.value, **({"source_at": at_ns} if at_ns != work.at_ns else {})}
    return change(desk, work, event, f"event.reached.{hop.value}", params=params, **new)


def stamped(event: Event, hop: Hop, at_ns: int) -> dict[Hop, int]:
    """Return the hops with one more; what was reached before stays, unless this is told to have been earlier."""
    known = event.hops.get(hop)
    return event.hops if known is not None and known <= at_ns else {**event.hops, hop: at_ns}


def stored(desk: Desk, event: Event, row: int) -> Stored:
    """Return an event as the table takes it."""
    return Stored(event=event, change=row, district=district_of(desk.city, event.centre))


def district_of(city: City, centre: str) -> str:
    """Return the district a centre lies in, the centre itself when it lies in none."""
    for code in city.path(centre):
        place = city.centres.get(code)
        if place is not None and place.level is Level.DISTRICT:
            return code
    return centre


def remember(desk: Desk, work: Work, event: Event) -> None:
    """Have the desk know the event as it now is, once it is durable."""
    work.after_commit(lambda: _keep(desk, event))


def load(desk: Desk, connection: Connection) -> None:
    """Know the living events and wait for what is due with them, at start."""
    desk.events.clear()
    desk.event_grams.clear()
    for event, _ in event_table.living(connection):
        _keep(desk, event)


def _keep(desk: Desk, event: Event) -> None:
    living = event_rules.is_living(event)
    if living:
        desk.events[event.number] = event
        desk.event_grams[event.number] = event_nearby.grams_of(event_table.fold(f"{event.title} {event.narrative}"))
    else:
        desk.events.pop(event.number, None)
        desk.event_grams.pop(event.number, None)
    dispatch_due.consider(desk, event)
    desk.due.wait((RESUME, str(event.number)), event.resume_at)
    waits = living and event.report_due_at is not None and not event.report_overdue
    desk.due.wait((REPORT, str(event.number)), event.report_due_at if waits else None)
