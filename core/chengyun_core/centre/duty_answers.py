"""Questions about duty: shifts with their gaps, who is on duty now with the load of each seat, people, sheets."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from chengyun_core.centre import duty_care, handover_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.seat_rights import incoming_seat
from chengyun_core.centre.situations import Watch
from chengyun_core.model.alarm import AlarmState, effective
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import Handover, Person, Shift
from chengyun_core.model.duty_rules import Ground, gaps
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.flood_meter import BEGINS_ABOVE, WINDOW_NS
from chengyun_core.model.handover_rules import changed, digest_of
from chengyun_core.model.reinforcement import posts_at
from chengyun_core.store import duty_table, handover_table, order_table, session_table
from chengyun_core.store.duty_figures import first_row
from chengyun_core.store.session_table import Session
from chengyun_core.store.tables import JOURNAL
from chengyun_core.wire import codec
from chengyun_core.wire.duty_asks import (
    AskDutyNow,
    AskHandover,
    AskHandovers,
    AskPeople,
    AskShiftCheck,
    AskShifts,
    DutyNow,
    Handovers,
    HandoverTold,
    People,
    SeatNow,
    ShiftChecked,
    Shifts,
)

DAY_NS = 86_400 * NS_PER_S
LONGEST_LOOK_NS = 92 * DAY_NS
MOST_SHEETS = 200
MOST_PEOPLE = 2000
MOST_CHECKED = 8
"""Shifts written together that one question judges."""
_CALLING = frozenset({AlarmState.UNACK, AlarmState.RTNUN})
_COMES = frozenset({"session.sign_on", "session.take_over"})
_SEAT_ROWS = 200
"""Sessions of one seat looked back through for who sat there before."""


def shifts(desk: Desk, connection: Connection, ask: AskShifts) -> bytes:
    """Answer `shift.page`: the shifts that touch a time, and every place in them nobody fills."""
    now = desk.clock.utc_ns()
    from_ns = ask.from_ns or (ask.to_ns - 7 * DAY_NS if ask.to_ns else now - DAY_NS)
    to_ns = ask.to_ns or (from_ns + 7 * DAY_NS)
    if not 0 < to_ns - from_ns <= LONGEST_LOOK_NS:
        raise Refused("ask.out_of_days", days=(to_ns - from_ns) // DAY_NS, most=LONGEST_LOOK_NS // DAY_NS)
    centre = ask.centre or duty_care.own_centre(desk)
    found = duty_table.shifts(connection, from_ns, to_ns, centre)
    # Rest is judged by the shift before, which may lie before the time that is asked for.
    around = duty_table.shifts(connection, from_ns - 2 * DAY_NS, to_ns, centre)
    told = {one.number for one in found}
    lacking = tuple(gap for gap in gaps(around, _ground(desk, connection, centre)) if gap.shift in told)
    return codec.pack(Shifts(shifts=tuple(found), gaps=lacking))


def check(desk: Desk, connection: Connection, ask: AskShiftCheck) -> bytes:
    """Answer `shift.check`: what a shift would lack as it is being written, and what others would lack by it."""
    wanted = (ask.shift, *ask.others)
    if len(wanted) > MOST_CHECKED:
        raise Refused("ask.out_of_range", after=0, limit=len(wanted), most=MOST_CHECKED)
    for one in wanted:
        if not 0 < one.ends_at - one.begins_at <= LONGEST_LOOK_NS or len(one.assignments) > MOST_PEOPLE:
            raise Refused("shift.times", begins=desk.shown(one.begins_at), ends=desk.shown(one.ends_at))
    centre, numbers = ask.shift.centre, {one.number for one in wanted}
    first, last = min(one.begins_at for one in wanted), max(one.ends_at for one in wanted)
    ground = _ground(desk, connection, centre)
    around = duty_table.shifts(connection, first - 2 * DAY_NS, last + 2 * DAY_NS, centre)
    before = set(gaps(around, ground))
    found = gaps([*(one for one in around if one.number not in numbers), *wanted], ground)
    return codec.pack(
        ShiftChecked(
            gaps=tuple(gap for gap in found if gap.shift in numbers),
            beside=tuple(gap for gap in found if gap.shift not in numbers and gap not in before),
        )
    )


def now(desk: Desk, connection: Connection, ask: AskDutyNow) -> bytes:
    """Answer `duty.now`."""
    centre = ask.centre or duty_care.own_centre(desk)
    at = desk.clock.utc_ns()
    running = duty_care.running(connection, centre)
    ahead = duty_table.shifts(connection, at - 2 * DAY_NS, at + _hours(desk.settings.duty_ahead_hours), centre)
    ground = _ground(desk, connection, centre)
    names = _names(running, ground)
    lacking = tuple(gap for gap in gaps(ahead, ground) if _is_ahead(ahead, gap.shift, at))
    return codec.pack(DutyNow(shift=running, people=names, seats=_seats(desk, connection, centre), gaps=lacking))


def people(desk: Desk, connection: Connection, ask: AskPeople) -> bytes:
    """Answer `person.page`, telephones and all: asked by who may call only."""
    found = duty_table.people(connection, ask.centre or duty_care.own_centre(desk))
    words = ask.words.casefold().split()
    wanted = [one for one in found if all(word in _text(one) for word in words)]
    return codec.pack(People(people=tuple(wanted[:MOST_PEOPLE])))


def sheet(desk: Desk, connection: Connection, ask: AskHandover) -> bytes:
    """Answer `handover.get`: a living sheet as it stands now, a locked one as it was signed."""
    held = handover_care.get(connection, ask.handover)
    shown = handover_care.now(desk, connection, held)
    return codec.pack(
        HandoverTold(
            handover=shown, digest=digest_of(shown), giver_name=handover_care.name_of(connection, shown.giver),
            taker_name=handover_care.name_of(connection, shown.taker), changed=changed(held.items, shown.items),
        )
    )  # fmt: skip


def sheets(desk: Desk, connection: Connection, ask: AskHandovers) -> bytes:
    """Answer `handover.page`."""
    if not 1 <= ask.limit <= MOST_SHEETS or ask.before < 0:
        raise Refused("ask.out_of_range", after=ask.before, limit=ask.limit, most=MOST_SHEETS)
    centre = ask.centre or duty_care.own_centre(desk)
    found: list[Handover] = handover_table.page(connection, centre, ask.before, ask.limit)
    return codec.pack(Handovers(handovers=tuple(found)))


def _ground(desk: Desk, connection: Connection, centre: str) -> Ground:
    return Ground(
        people={one.code: one for one in duty_table.people(connection)},
        rest_ns=_hours(desk.settings.duty_rest_hours), zone_minutes=desk.settings.zone_minutes,
        mode=desk.mode_at(desk.city.path(centre)).value,
        reinforcement=posts_at(desk.declarations.values(), centre, desk.city.path),
    )  # fmt: skip


def _names(shift: Shift | None, ground: Ground) -> dict[str, str]:
    codes = [] if shift is None else [one.person for one in shift.assignments]
    return {code: ground.people[code].name for code in codes if code in ground.people}


def _is_ahead(known: list[Shift], number: int, at_ns: int) -> bool:
    return any(one.number == number and one.ends_at > at_ns for one in known)


def _seats(desk: Desk, connection: Connection, centre: str) -> tuple[SeatNow, ...]:
    at = desk.clock.utc_ns()
    load = _Load(
        calling=_calling(desk), acknowledged=_acknowledged(connection, at),
        orders=Counter(order.issued_seat for order, _ in order_table.living(connection)),
        events=Counter(event.command_seat for event in desk.events.values()),
    )  # fmt: skip
    codes = [seat.code for seat in desk.city.seats.values() if seat.centre == centre]
    held = {session.seat: session for session in session_table.living(connection)}
    return tuple(_seat(desk, connection, code, load, held) for code in codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Load:
    """What is counted once for all seats."""

    calling: Counter[str]
    """Centre → alarms in it that nobody has acknowledged."""
    acknowledged: Counter[str]
    orders: Counter[str]
    events: Counter[str]


def _seat(desk: Desk, connection: Connection, code: str, load: _Load, held: Mapping[str, Session]) -> SeatNow:
    areas = duty_care.areas(desk, code)
    session, incoming = held.get(code), held.get(incoming_seat(code))
    hours = _hours_there(desk, connection, session) if session else 0.0
    calls = _calls(desk, code)
    return SeatNow(
        seat=code, account=session.account if session else "", name=session.name if session else "",
        since=session.since_ns if session else None, incoming=incoming.account if incoming else "",
        cover=desk.covers.get(code), alarms_10min=calls, acknowledged_10min=load.acknowledged[code],
        unacknowledged=sum(n for centre, n in load.calling.items() if duty_care.watches(desk, areas, centre)),
        events=load.events[code], orders=load.orders[code], hours=round(hours, 2),
        relief=_relief(desk, calls, hours) if session else None,
    )  # fmt: skip


def _relief(desk: Desk, calls: int, hours: float) -> Reason | None:
    """Return why relief is suggested (H7): more than ten alarms in ten minutes (ISA-18.2), or too long at the seat."""
    if calls > BEGINS_ABOVE:
        return Reason(code="duty.relief_alarms", params={"count": str(calls), "most": str(BEGINS_ABOVE)})
    most = desk.settings.duty_relief_hours
    if most and hours > most:
        return Reason(code="duty.relief_hours", params={"hours": f"{hours:.1f}", "most": f"{most:g}"})
    return None


def _calls(desk: Desk, seat: str) -> int:
    return desk.watcher.floods.count(seat, desk.clock.utc_ns()) if isinstance(desk.watcher, Watch) else 0


def _calling(desk: Desk) -> Counter[str]:
    root, vitals = desk.city.root(), desk.city.vitals
    calling = (one for one in desk.alarms.values() if effective(one) in _CALLING)
    return Counter(vitals[one.vital].centre if one.vital in vitals else root for one in calling)


def _acknowledged(connection: Connection, at_ns: int) -> Counter[str]:
    """Return seat → acknowledgements of the last ten minutes, from the journal's newest rows."""
    first = first_row(connection, at_ns - WINDOW_NS)
    wanted = (JOURNAL.c.number >= first, JOURNAL.c.action == "alarm.acknowledge", JOURNAL.c.at_ns > at_ns - WINDOW_NS)
    return Counter(connection.execute(select(JOURNAL.c.seat).where(*wanted)).scalars())


def _hours_there(desk: Desk, connection: Connection, session: Session) -> float:
    """Return the hours since somebody else sat there: signing off and on again is no rest."""
    columns = select(JOURNAL.c.at_ns, JOURNAL.c.account, JOURNAL.c.action)
    of_seat = columns.where(JOURNAL.c.kind == "session", JOURNAL.c.key == session.seat)
    since = session.since_ns
    for row in connection.execute(of_seat.order_by(JOURNAL.c.number.desc()).limit(_SEAT_ROWS)):
        if row.action in _COMES:
            if row.account != session.account or since - row.at_ns > _hours(desk.settings.duty_rest_hours):
                break
            since = row.at_ns
    return (desk.clock.utc_ns() - since) / _hours(1.0)


def _text(person: Person) -> str:
    return " ".join((person.code, person.name, person.unit, *person.posts)).casefold()


def _hours(hours: float) -> int:
    return round(hours * 3600 * NS_PER_S)
