"""What the deeds of duty share: seats' areas with covers, the shift that runs, records written with their rows."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import Actor
from chengyun_core.model.duty import Person, SeatCover, Shift, ShiftState
from chengyun_core.model.duty_rules import areas_of
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.places import Seat
from chengyun_core.store import duty_table
from chengyun_core.store.record_log import RecordLog

SHIFT, PERSON, LINE, HANDOVER = "shift", "duty_person", "log_line", "handover"
"""Kinds of journal rows."""
COVERS = RecordLog("seat_cover", SeatCover)
SHIFT_TIMER, COVER_TIMER, HANDOVER_TIMER = "shift", "seat_cover", "handover"
_SHOWN_DIGITS = 3


def own_centre(desk: Desk) -> str:
    """Return the code of the profile's own centre."""
    return desk.settings.centre or desk.city.root()


def seat(desk: Desk, code: str) -> Seat:
    """Return a seat of the catalogue; raise Refused `session.seat_unknown`."""
    found = desk.city.seats.get(code)
    if found is None:
        raise Refused("session.seat_unknown", seat=code)
    return found


def subject_of_seat(desk: Desk, code: str) -> Subject:
    """Return what a permission about a seat is asked about: what it watches. An unknown one lies nowhere."""
    found = desk.city.seats.get(code)
    return Subject(name=code, path=() if found is None else desk.city.path(found.area or found.centre))


def subject_of_centre(desk: Desk, code: str) -> Subject:
    """Return what a permission about a centre's roster is asked about."""
    return Subject(name=code, path=desk.city.path(code or own_centre(desk)))


def areas(desk: Desk, code: str) -> tuple[str, ...]:
    """Return the centres whose subtrees a seat answers for now: its own area, and those of the seats it covers."""
    own = {one.code: one.area or one.centre for one in desk.city.seats.values()}
    return areas_of(code, own, desk.covers.values())


def watches(desk: Desk, seat_areas: tuple[str, ...], centre: str) -> bool:
    """Return whether a centre lies in one of the areas."""
    way = desk.city.path(centre)
    return any(area in way for area in seat_areas)


def seat_of(caller: Caller) -> str:
    """Return the caller's seat, empty for machines."""
    return caller.session.seat if caller.session else ""


def shift(connection: Connection, number: int) -> Shift:
    """Return a shift; raise Refused `shift.unknown`."""
    found = duty_table.shift(connection, number)
    if found is None:
        raise Refused("shift.unknown", shift=number)
    return found


def running(connection: Connection, centre: str) -> Shift | None:
    """Return the shift of a centre that runs, None when none does."""
    found = [one for one, _ in duty_table.living_shifts(connection, centre) if one.state is ShiftState.RUNNING]
    return found[-1] if found else None


def leaving(connection: Connection, centre: str) -> Shift | None:
    """Return the shift whose seats are handed over now: one that still hands over, else the one that runs."""
    found = [one for one, _ in duty_table.living_shifts(connection, centre)]
    return found[0] if found else None


def coming(connection: Connection, before: Shift) -> Shift | None:
    """Return the shift that follows another one at its centre, None when none is on the roster."""
    ahead = duty_table.shifts(connection, before.ends_at - 1, 2**63 - 1, before.centre)
    after = [one for one in ahead if one.begins_at > before.begins_at and one.state is not ShiftState.CLOSED]
    return after[0] if after else None


def put_shift(
    desk: Desk, work: Work, held: Shift, action: str, params: Mapping[str, object] | None = None,
    *, actor: Actor | None = None,
) -> int:  # fmt: skip
    """Write a shift with its journal row; its begin is waited for."""
    told = {"name": held.name, "centre": held.centre, **(params or {})}
    change = work.note(action, SHIFT, held.number, held.version, held, params=told, actor=actor)
    duty_table.put_shift(work.connection, held, change)
    work.after_commit(partial(wait_for_shift, desk, held))
    return change


def wait_for_shift(desk: Desk, held: Shift) -> None:
    """Wait for the begin of a planned shift."""
    due = held.begins_at if held.state is ShiftState.PLANNED else None
    desk.due.wait((SHIFT_TIMER, str(held.number)), due)


def put_person(work: Work, held: Person, action: str) -> int:
    """Write somebody with his journal row, which every screen may read: his telephones are in the table only."""
    shown = replace(held, phones=tuple(masked(phone) for phone in held.phones))
    change = work.note(action, PERSON, held.code, held.version, shown, params={"name": held.name, "unit": held.unit})
    duty_table.put_person(work.connection, held, change)
    return change


def masked(phone: str) -> str:
    """Return a telephone number of which the first and last three digits are shown, and no others."""
    hidden = max(0, len(phone) - 2 * _SHOWN_DIGITS)
    return phone[:_SHOWN_DIGITS] + "*" * hidden + phone[_SHOWN_DIGITS + hidden :] if hidden else "*" * len(phone)
