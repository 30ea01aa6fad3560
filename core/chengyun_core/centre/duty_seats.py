"""Seats lent, covered and given back (H4): the area of a covered seat joins that of the seat that covers it."""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import duty_care, sessions
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.duty_care import COVER_TIMER, COVERS
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import Actor
from chengyun_core.model.duty import SeatCover, SeatDeed
from chengyun_core.model.duty_commands import CoverSeat, GiveBackSeat, LendSeat
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import PostKind
from chengyun_core.store import account_table, session_table
from chengyun_core.store.session_table import Session
from chengyun_core.wire.envelope import Done


def lend(desk: Desk, work: Work, caller: Caller, command: LendSeat) -> Done:
    """Give one's own seat's area to another seat where somebody sits; a chief lends any seat of his area."""
    if duty_care.seat_of(caller) != command.seat and not _is_chief(caller):
        raise Refused("seat.not_yours", seat=command.seat)
    _check_may_sit(desk, work, command.seat, caller.account)
    _check_may_sit(desk, work, command.seat, _taken(work, duty_care.seat(desk, command.by_seat).code).account)
    return _put(desk, work, _cover(desk, work, caller, command, command.by_seat, SeatDeed.LENT))


def cover(desk: Desk, work: Work, caller: Caller, command: CoverSeat) -> Done:
    """Take the area of a seat where nobody sits, or whose holder does not answer: that is said by the reason."""
    by_seat = duty_care.seat_of(caller)
    if not by_seat:
        raise Refused("seat.needs_seat")
    _check_may_sit(desk, work, command.seat, caller.account)
    return _put(desk, work, _cover(desk, work, caller, command, by_seat, SeatDeed.COVERED))


def give_back(desk: Desk, work: Work, caller: Caller, command: GiveBackSeat) -> Done:
    """End a loan or a cover: whoever sits at either seat, or a chief."""
    held = desk.covers.get(command.seat)
    if held is None:
        raise Refused("seat.not_covered", seat=command.seat)
    if held.version != command.version:
        raise Refused("seat.changed", seat=command.seat, by_seat=held.by_seat)
    if duty_care.seat_of(caller) not in (held.seat, held.by_seat) and not _is_chief(caller):
        raise Refused("seat.not_yours", seat=command.seat)
    return end(desk, work, held, "seat.give_back", work.actor)


def end(desk: Desk, work: Work, held: SeatCover, action: str, actor: Actor) -> Done:
    """End a cover, by whom or what the action says."""
    ended = replace(held, ended=True, version=held.version + 1)
    told = {"seat": held.seat, "by_seat": held.by_seat}
    change = work.note(action, COVERS.kind, held.seat, ended.version, ended, params=told, actor=actor)
    work.after_commit(partial(keep, desk, ended))
    return Done(change=change, key=held.seat, version=ended.version)


def end_of_seat(desk: Desk, work: Work, seat: str) -> None:
    """End what a seat covers: the one who took it over did not take that over as well, he has to say so himself."""
    for held in [one for one in desk.covers.values() if one.by_seat == seat]:
        end(desk, work, held, "seat.cover_ended", work.actor)


def keep(desk: Desk, held: SeatCover) -> None:
    """Take note of a cover as it now is; one that ended is forgotten, one with an end is waited for."""
    if held.ended:
        desk.covers.pop(held.seat, None)
    else:
        desk.covers[held.seat] = held
    desk.due.wait((COVER_TIMER, held.seat), None if held.ended else held.until)


def standing(connection: Connection) -> list[tuple[SeatCover, int]]:
    """Return the covers that stand, with the journal number of their last change."""
    return COVERS.standing(connection, lambda one: not one.ended)


def _cover(
    desk: Desk, work: Work, caller: Caller, command: LendSeat | CoverSeat, by_seat: str, deed: SeatDeed
) -> SeatCover:  # fmt: skip
    seat = duty_care.seat(desk, command.seat).code
    reason = clean(command.reason, field="reason", required=True)
    if seat == by_seat:
        raise Refused("seat.itself", seat=seat)
    standing_one = desk.covers.get(seat)
    if standing_one is not None:
        raise Refused("seat.covered", seat=seat, by_seat=standing_one.by_seat)
    if _reaches(desk, seat, by_seat):
        raise Refused("seat.round", seat=seat, by_seat=by_seat)
    if command.until is not None and command.until <= work.at_ns:
        raise Refused("seat.until_past", until=desk.shown(command.until))
    last = COVERS.get(work.connection, seat)
    return SeatCover(
        seat=seat, by_seat=by_seat, deed=deed, reason=reason, since=work.at_ns, until=command.until,
        by=caller.account, version=1 if last is None else last.version + 1,
    )  # fmt: skip


def _reaches(desk: Desk, seat: str, by_seat: str) -> bool:
    """Return whether the covering seat is itself covered by the covered one, over however many others."""
    while (held := desk.covers.get(by_seat)) is not None:
        if held.by_seat == seat:
            return True
        by_seat = held.by_seat
    return False


def _put(desk: Desk, work: Work, held: SeatCover) -> Done:
    action = "seat.lend" if held.deed is SeatDeed.LENT else "seat.cover"
    told = {"seat": held.seat, "by_seat": held.by_seat, "reason": held.reason, "until": desk.shown(held.until)}
    change = work.note(action, COVERS.kind, held.seat, held.version, held, params=told)
    work.after_commit(partial(keep, desk, held))
    return Done(change=change, key=held.seat, version=held.version)


def _check_may_sit(desk: Desk, work: Work, seat: str, account: str) -> None:
    """Refuse a seat to whom his posts would not let sit there; his own seat's narrower area does not count here."""
    record = account_table.get(work.connection, account)
    if record is not None:
        sessions.area_of(desk, seat, record)


def _taken(work: Work, seat: str) -> Session:
    held = session_table.at_seat(work.connection, seat)
    if held is None:
        raise Refused("seat.empty", seat=seat)
    return held


def _is_chief(caller: Caller) -> bool:
    return any(holding.kind is PostKind.WATCH_CHIEF for holding in caller.holdings)
