"""Fills an event's form from its alarms or situation: what the officer left empty, never what he wrote (E1, WF2)."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from chengyun_core.centre import situations
from chengyun_core.centre.desk import Desk
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.event import EventSource, Factor, Hop
from chengyun_core.model.event_commands import OpenEvent
from chengyun_core.model.failure import Refused
from chengyun_core.model.plan import RiskPoint
from chengyun_core.store import alarm_table, risk_point_table
from chengyun_core.store import journal as journal_rows

ALARM_SOURCE = "alarm:"
MOST_POINTS = 20
"""A vital that watches more risk points than this tells of no place nearer than its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form filled in, and what is known of the chain so far."""

    form: OpenEvent
    hops: dict[Hop, int]
    """Hops before the event: source time ns UTC."""
    first_alarm: Alarm | None = None


def filled(desk: Desk, connection: Connection, form: OpenEvent) -> Filled:
    """Return the form with what its alarms tell; a form without alarms comes back as it is.

    Raises:
        Refused: `alarm.unknown`, `situation.unknown`.
    """
    numbers = _alarms(desk, connection, form)
    if not numbers:
        return Filled(form=form, hops={} if form.source_at is None else {Hop.SOURCE: form.source_at})
    alarms = [_alarm(connection, number) for number in numbers]
    first = min(alarms, key=lambda alarm: (alarm.raised_at, alarm.number))
    vital = desk.city.vitals.get(first.vital)
    form = _at_its_point(desk, connection, form, {alarm.vital_code for alarm in alarms})
    form = replace(
        form, alarms=numbers, source_ref=form.source_ref or f"{ALARM_SOURCE}{first.number}",
        # A sensor whose clock runs ahead must not keep its event from being opened.
        source_at=form.source_at if form.source_at is not None else min(first.raised_at, desk.clock.utc_ns()),
        centre=form.centre or (vital.centre if vital else desk.city.root()),
        place=form.place or _place(desk, vital), matter=form.matter or _matter(desk, vital),
    )  # fmt: skip
    form = replace(form, title=form.title or _title(desk, form, vital.name if vital else first.vital_code))
    return Filled(form=form, hops=_hops(connection, form, alarms), first_alarm=first)


def _title(desk: Desk, form: OpenEvent, measured: str) -> str:
    """Return what happened and where, as an officer would call it; what was measured while nobody knows what it is."""
    matter, centre = desk.city.matters.get(form.matter), desk.city.centres.get(form.centre)
    if matter is None:
        return measured
    return matter.name if centre is None or centre.code == desk.city.root() else f"{centre.name}{matter.name}"


def _at_its_point(desk: Desk, connection: Connection, form: OpenEvent, vitals: set[str]) -> OpenEvent:
    """Return the form with where the risk point is that the officer named, or the only one these vitals watch.

    A vital is of its district or of the whole city, its point lies in a town, and whom dispatch calls first depends on
    that (WF2: 上清寺街道嘉西村). Of several points the lowest centre that holds them all is told, and no place.
    """
    codes = [form.risk_point] if form.risk_point else risk_point_table.watched_by(connection, vitals)
    if len(codes) > MOST_POINTS:
        return form
    found = [risk_point_table.point(connection, code) for code in codes]
    points = [point for point in found if point is not None and point.centre in desk.city.centres]
    if not points:
        return form
    shared = form.centre or _shared_centre(desk, points)
    if len(points) > 1:
        return replace(form, centre=shared)
    (point,) = points
    bare = form.longitude is None and form.latitude is None
    return replace(
        form, risk_point=point.code, centre=shared, place=form.place or _place_of(desk, point),
        longitude=point.longitude if bare else form.longitude, latitude=point.latitude if bare else form.latitude,
    )  # fmt: skip


def _shared_centre(desk: Desk, points: list[RiskPoint]) -> str:
    ways = [desk.city.path(point.centre) for point in points]
    return next((code for code in ways[0] if all(code in way for way in ways)), "")


def _place_of(desk: Desk, point: RiskPoint) -> str:
    """Return a point's name after those of its centres, of which none is said twice."""
    names = [
        desk.city.centres[code].name for code in reversed(desk.city.path(point.centre)) if code != desk.city.root()
    ]  # fmt: skip
    return "".join([*(name for name in names if name not in point.name), point.name])


def factors_of(desk: Desk, matter: str) -> dict[Factor, int]:
    """Return the factors an event of a matter begins with; none for an unknown one."""
    found = desk.city.matters.get(matter)
    if found is None:
        return {}
    return {
        Factor.NATURE: found.nature, Factor.URGENCY: found.urgency, Factor.CONTROL: found.control,
        Factor.REACH: found.reach,
    }  # fmt: skip


def _alarms(desk: Desk, connection: Connection, form: OpenEvent) -> tuple[int, ...]:
    """Return the alarms named, and those of the situation that no living event has yet: one taken hinders nothing."""
    if form.situation is None:
        return tuple(dict.fromkeys(form.alarms))
    situation = situations.LOG.get(connection, form.situation)
    if situation is None:
        raise Refused("situation.unknown", situation=form.situation)
    taken = {alarm for event in desk.events.values() for alarm in event.alarms}
    free = [alarm for alarm in situation.alarms if alarm not in taken]
    # When all are taken, the refusal names the event that has them.
    return tuple(dict.fromkeys((*form.alarms, *(free or situation.alarms))))


def _alarm(connection: Connection, number: int) -> Alarm:
    found = alarm_table.get(connection, number)
    if found is None:
        raise Refused("alarm.unknown", alarm=number)
    return found


def _place(desk: Desk, vital: Vital | None) -> str:
    """Return the names of the vital's centre and of those above it, the city left out."""
    if vital is None:
        return ""
    path = [code for code in desk.city.path(vital.centre) if code != desk.city.root()]
    return "".join(desk.city.centres[code].name for code in reversed(path) if code in desk.city.centres)


def _matter(desk: Desk, vital: Vital | None) -> str:
    """Return the one matter of the vital's sub-track, or the one whose words its name holds; else leave it open."""
    of_kind = [matter for matter in desk.city.matters.values() if vital and matter.subtrack == vital.subtrack]
    if len(of_kind) == 1:
        return of_kind[0].code
    speaking = [
        matter for matter in of_kind
        if vital and any(word and not word.startswith("-") and word in vital.name for word in matter.words.split("|"))
    ]  # fmt: skip
    return speaking[0].code if len(speaking) == 1 else ""


def _hops(connection: Connection, form: OpenEvent, alarms: list[Alarm]) -> dict[Hop, int]:
    """Return what the alarms' facts say: the reading's time, the row that raised it, the first acknowledgement."""
    hops = {Hop.SOURCE: form.source_at or min(alarm.raised_at for alarm in alarms)}
    raised = [at for alarm in alarms if (at := _raised_row(connection, alarm)) is not None]
    if raised:
        hops[Hop.RAISED] = min(raised)
    acked = [alarm.acked_at for alarm in alarms if alarm.acked_at is not None]
    if acked:
        hops[Hop.ACKNOWLEDGED] = min(acked)
    return hops


def _raised_row(connection: Connection, alarm: Alarm) -> int | None:
    row = journal_rows.first_of(connection, "alarm", str(alarm.number))
    return None if row is None else row.at_ns


def source_of(form: OpenEvent) -> EventSource:
    """Return the source: an event of alarms comes from an alarm, whoever typed it."""
    return EventSource.ALARM if form.alarms and form.source is EventSource.MANUAL else form.source
