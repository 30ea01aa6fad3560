"""What duty does by itself: shifts begin, covers end, hand-overs that take too long are told; and what it loads."""

from collections.abc import Iterable
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import duty_care, duty_roster, duty_seats, handover_care, handover_deeds, seat_silences
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.duty_care import COVER_TIMER, HANDOVER_TIMER, SHIFT_TIMER
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.change import Change
from chengyun_core.model.duty import ShiftState
from chengyun_core.store import duty_table, handover_table
from chengyun_core.wire import codec

AT_ONCE = 50
_NEVER = 2**63 - 1
DAY_NS = 86_400 * 10**9
TOLD_BACK_NS, TOLD_AHEAD_NS = DAY_NS, 2 * DAY_NS
"""Shifts around now that a console holds; the others are asked for."""


def load(desk: Desk, connection: Connection) -> None:
    """Take note of covers that stand, and wait for planned shifts and for hand-overs that are open, at start."""
    desk.covers.clear()
    for cover, _ in duty_seats.standing(connection):
        duty_seats.keep(desk, cover)
    for shift, _ in duty_table.planned_shifts(connection, _NEVER):
        duty_care.wait_for_shift(desk, shift)
    for sheet, _ in handover_table.living(connection):
        handover_care.wait_for(desk, sheet)


def tend(desk: Desk, ledger: Ledger) -> int:
    """Do what is due; return how much was. Called by the loop."""
    due = [(kind, key) for kind, key in desk.due.due() if kind in _DEEDS][:AT_ONCE]
    if not due:
        return 0
    with ledger.work(CENTRE) as work:
        for kind, key in due:
            # Whatever the deed arms anew is armed after this: promises are kept in the order they were made.
            work.after_commit(partial(desk.due.wait, (kind, key), None))
            _DEEDS[kind](desk, work, key)
    return len(due)


def told(desk: Desk, connection: Connection) -> Iterable[Change]:
    """Yield what a snapshot tells of duty: shifts around now, covers, and sheets that are not locked."""
    now = desk.clock.utc_ns()
    shifts = {one.number: (one, change) for one, change in duty_table.living_shifts(connection)}
    for one in duty_table.shifts(connection, now - TOLD_BACK_NS, now + TOLD_AHEAD_NS):
        shifts.setdefault(one.number, (one, 0))
    for number, (one, change) in sorted(shifts.items()):
        yield _told(duty_care.SHIFT, str(number), one.version, change, one)
    for cover, change in duty_seats.standing(connection):
        yield _told(duty_care.COVERS.kind, cover.seat, cover.version, change, cover)
    for silence, change in seat_silences.standing(connection):
        yield _told(seat_silences.LOG.kind, silence.seat, silence.version, change, silence)
    for sheet, change in handover_table.living(connection):
        yield _told(duty_care.HANDOVER, str(sheet.number), sheet.version, change, sheet)


def _begin(desk: Desk, work: Work, key: str) -> None:
    held = duty_table.shift(work.connection, int(key))
    if held is not None and held.state is ShiftState.PLANNED:
        duty_roster.begun(desk, work, held)


def _end_cover(desk: Desk, work: Work, key: str) -> None:
    held = desk.covers.get(key)
    if held is not None:
        duty_seats.end(desk, work, held, "seat.cover_ended", CENTRE)


def _overdue(desk: Desk, work: Work, key: str) -> None:
    sheet = handover_table.get(work.connection, int(key))
    if sheet is not None and sheet.state in handover_care.LIVING and not sheet.overdue:
        handover_deeds.overdue(desk, work, sheet)


_DEEDS = {SHIFT_TIMER: _begin, COVER_TIMER: _end_cover, HANDOVER_TIMER: _overdue}


def _told(kind: str, key: str, version: int, number: int, record: object) -> Change:
    return Change(
        number=number, at_ns=0, action="snapshot", kind=kind, key=key, version=version, record=codec.pack(record)
    )
