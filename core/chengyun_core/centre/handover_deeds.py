"""What is done on a hand-over's sheet before it is signed: opened, ticked, refused, written on, checked, given up."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import display_numbers, duty_care, handover_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.seat_rights import is_incoming, real_seat
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import handover_rules
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import Check, Handover, ItemState
from chengyun_core.model.duty_commands import (
    CancelHandover,
    NoteCheck,
    OpenHandover,
    RefuseItem,
    TickItem,
    WriteHandoverLines,
)
from chengyun_core.model.duty_figures import ShiftFigures
from chengyun_core.model.duty_rules import SheetMove, sheet_after
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import PostKind, Subject
from chengyun_core.store import account_table, counters, handover_table, session_table
from chengyun_core.wire.envelope import Done

MOST_LINES = 12
MOST_CHECKS = 40
LONGEST_CODE = 64


def subjects_of_open(desk: Desk, work: Work, command: OpenHandover) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return what the seat watches."""
    return (duty_care.subject_of_seat(desk, command.seat),)


def prepare_open(desk: Desk, connection: Connection, command: OpenHandover) -> Callable[[], ShiftFigures] | None:
    """Return the slow part: the figures of the sheet that is open there, or of the one that would be."""
    seat = duty_care.seat(desk, command.seat)
    held = handover_table.living_at(connection, seat.code)
    leaving = duty_care.leaving(connection, seat.centre)
    seated = session_table.at_seat(connection, seat.code)
    sheet = held or Handover(
        number=0, code="", seat=seat.code, shift=leaving.number if leaving else 0, next_shift=0,
        giver=command.giver or (seated.account if seated else ""), opened_at=desk.clock.utc_ns(), closes_at=0,
    )  # fmt: skip
    return handover_care.counting(desk, connection, sheet)


def open_sheet(
    desk: Desk, work: Work, caller: Caller, command: OpenHandover, counted: ShiftFigures | None
) -> Done:  # fmt: skip
    """Collect what is open at a seat; the sheet that is open there is collected anew, nothing ticked is lost."""
    seat = duty_care.seat(desk, command.seat)
    held = handover_table.living_at(work.connection, seat.code)
    if held is not None and _has_moved_on(work, held):
        _give_up(desk, work, held)
        held = None
    if held is None:
        sheet = _new(desk, work, caller, command, counted)
    else:
        sheet = _anew(desk, work, caller, held, command, counted)
        if sheet == held:
            return Done(change=0, key=str(held.number), version=held.version)
    change = handover_care.put(desk, work, sheet, "handover.open", {"items": len(sheet.items)})
    return Done(change=change, key=str(sheet.number), version=sheet.version)


def tick(desk: Desk, work: Work, caller: Caller, command: TickItem) -> Done:
    """已知悉: the taker has seen an item in the version that it has now; another one is shown again."""
    sheet = _by_taker(desk, work, caller, command.handover, SheetMove.TICK)
    found = handover_care.item(sheet, command.kind, command.key)
    if found.state is ItemState.SETTLED:
        raise Refused("handover.item_settled", item=found.title or found.key)
    if found.version != command.seen:
        raise Refused("handover.item_changed", item=found.title or found.key, version=found.version)
    items = handover_rules.ticked(sheet.items, (found.kind, found.key))
    return _written(desk, work, sheet, SheetMove.TICK, "handover.tick", items, found.title)


def refuse(desk: Desk, work: Work, caller: Caller, command: RefuseItem) -> Done:
    """Leave an item with its giver, with a reason."""
    reason = clean(command.reason, field="reason", required=True)
    sheet = _by_taker(desk, work, caller, command.handover, SheetMove.REFUSE)
    found = handover_care.item(sheet, command.kind, command.key)
    if found.state is ItemState.SETTLED:
        raise Refused("handover.item_settled", item=found.title or found.key)
    items = handover_rules.refused(sheet.items, (found.kind, found.key), reason, sheet.giver)
    return _written(desk, work, sheet, SheetMove.REFUSE, "handover.refuse", items, found.title, reason)


def prepare_lines(
    desk: Desk, connection: Connection, command: WriteHandoverLines
) -> Callable[[], ShiftFigures] | None:  # fmt: skip
    """Return the slow part: the figures."""
    return handover_care.counting(desk, connection, handover_care.get(connection, command.handover))


def write_lines(
    desk: Desk, work: Work, caller: Caller, command: WriteHandoverLines, counted: ShiftFigures | None
) -> Done:  # fmt: skip
    """Write the giver's free lines, all of them; the figures are counted anew with them."""
    sheet = handover_care.as_seen(work.connection, command.handover, command.version, SheetMove.LINES)
    if caller.account != sheet.giver:
        raise Refused("handover.not_giver", giver=handover_care.name_of(work.connection, sheet.giver))
    if len(command.lines) > MOST_LINES:
        raise Refused("handover.too_many_lines", most=MOST_LINES)
    lines = tuple(line for text in command.lines if (line := clean(text, field="line")))
    sheet = handover_care.now(desk, work.connection, sheet)
    sheet = handover_care.with_figures(desk, work.connection, sheet, work.at_ns, counted)
    sheet = handover_care.moved(sheet, SheetMove.LINES, lines=lines)
    change = handover_care.put(desk, work, sheet, "handover.lines", {"lines": len(lines)})
    return Done(change=change, key=str(sheet.number), version=sheet.version)


def note_check(desk: Desk, work: Work, caller: Caller, command: NoteCheck) -> Done:
    """Keep what a console's own self-check found; the same as was known changes nothing and voids no signature."""
    sheet = handover_care.get(work.connection, command.handover)
    sheet_after(sheet.state, SheetMove.CHECK)
    _check_concerned(caller, sheet)
    told = Check(
        name=clean(command.name, field="name", most=LONGEST_CODE, required=True), good=command.good,
        reason=clean(command.reason, field="reason", required=not command.good),
    )  # fmt: skip
    known = [one for one in sheet.checks if one.name != told.name]
    if told.name in handover_care.OURS or len(known) >= MOST_CHECKS:
        raise Refused("handover.check_not_yours", name=told.name)
    if told in sheet.checks:
        return Done(change=0, key=str(sheet.number), version=sheet.version)
    sheet = handover_care.moved(sheet, SheetMove.CHECK, checks=(*known, told))
    params = {"name": told.name, "good": int(told.good), "reason": told.reason}
    change = handover_care.put(desk, work, sheet, "handover.check", params)
    return Done(change=change, key=str(sheet.number), version=sheet.version)


def cancel(desk: Desk, work: Work, caller: Caller, command: CancelHandover) -> Done:
    """End a hand-over that is not locked: its giver, its taker or a chief; the giver stays."""
    reason = clean(command.reason, field="reason", required=True)
    sheet = handover_care.as_seen(work.connection, command.handover, command.version, SheetMove.CANCEL)
    chief = any(holding.kind is PostKind.WATCH_CHIEF for holding in caller.holdings)
    if caller.account not in (sheet.giver, sheet.taker) and not chief:
        raise Refused("handover.not_yours", handover=sheet.code)
    sheet = handover_care.moved(sheet, SheetMove.CANCEL, ended_reason=reason)
    change = handover_care.put(desk, work, sheet, "handover.cancel", {"reason": reason})
    return Done(change=change, key=str(sheet.number), version=sheet.version)


def overdue(desk: Desk, work: Work, sheet: Handover) -> None:
    """Tell once that a hand-over was not signed within its time: the chief reads it in log and list."""
    late = replace(sheet, overdue=True, version=sheet.version + 1)
    handover_care.put(desk, work, late, "handover.overdue", {"giver": sheet.giver, "taker": sheet.taker})


def _has_moved_on(work: Work, held: Handover) -> bool:
    """Return whether somebody who is neither giver nor taker sits at the seat now: its sheet is nobody's any more."""
    seated = session_table.at_seat(work.connection, held.seat)
    return seated is not None and seated.account not in (held.giver, held.taker)


def _give_up(desk: Desk, work: Work, held: Handover) -> None:
    over = handover_care.moved(held, SheetMove.CANCEL, ended_reason="handover.moved_on")
    handover_care.put(desk, work, over, "handover.cancel", {"reason": "handover.moved_on"})


def _new(
    desk: Desk, work: Work, caller: Caller, command: OpenHandover, counted: ShiftFigures | None
) -> Handover:  # fmt: skip
    seat = duty_care.seat(desk, command.seat)
    giver, taker = _parties(work, caller, command)
    leaving = duty_care.leaving(work.connection, seat.centre)
    coming = duty_care.coming(work.connection, leaving) if leaving else None
    (code,) = display_numbers.take(desk, work, "handover")
    sheet = Handover(
        number=counters.take(work.connection, handover_table.COUNTER, 1), code=code, seat=seat.code, giver=giver,
        taker=taker, shift=leaving.number if leaving else 0, next_shift=coming.number if coming else 0,
        opened_at=work.at_ns, closes_at=work.at_ns + round(desk.settings.handover_minutes * 60 * NS_PER_S),
        centre=seat.centre,
    )  # fmt: skip
    sheet = handover_care.with_figures(desk, work.connection, sheet, work.at_ns, counted)
    return handover_care.now(desk, work.connection, sheet)


def _anew(
    desk: Desk, work: Work, caller: Caller, held: Handover, command: OpenHandover, counted: ShiftFigures | None
) -> Handover:  # fmt: skip
    """Return a sheet collected anew; the very same one when nothing about it changed."""
    taker = held.taker or handover_care.taker_at(work.connection, held.seat)
    if not taker and command.giver == held.giver and caller.account != held.giver:
        taker = caller.account
    found = replace(handover_care.now(desk, work.connection, held), taker=taker)
    if found == held:
        return held
    found = handover_care.with_figures(desk, work.connection, found, work.at_ns, counted)
    return handover_care.moved(found, SheetMove.OPEN)


def _parties(work: Work, caller: Caller, command: OpenHandover) -> tuple[str, str]:
    """Return the accounts of giver and taker: who sits there gives; who takes over, or sits there already, takes."""
    seated = session_table.at_seat(work.connection, command.seat)
    taker = handover_care.taker_at(work.connection, command.seat)
    if command.giver and (seated is None or seated.account != command.giver):
        if account_table.get(work.connection, command.giver) is None:
            raise Refused("account.unknown", account=command.giver)
        if caller.account == command.giver or not caller.session:
            raise Refused("handover.same_person")
        return command.giver, taker or (seated.account if seated else caller.account)
    if seated is None:
        raise Refused("handover.nobody_gives", seat=command.seat)
    return seated.account, taker


def _by_taker(desk: Desk, work: Work, caller: Caller, number: int, move: SheetMove) -> Handover:
    """Return the sheet as it stands now, for who takes it over: the first other than its giver who decides on it."""
    sheet = handover_care.get(work.connection, number)
    sheet_after(sheet.state, move)
    if caller.account == sheet.giver or caller.session is None:
        raise Refused("handover.not_taker", giver=handover_care.name_of(work.connection, sheet.giver))
    taker = sheet.taker or handover_care.taker_at(work.connection, sheet.seat) or caller.account
    if caller.account != taker:
        raise Refused("handover.other_taker", taker=handover_care.name_of(work.connection, taker))
    return replace(handover_care.now(desk, work.connection, sheet), taker=taker)


def _written(
    desk: Desk, work: Work, sheet: Handover, move: SheetMove, action: str, items: tuple[object, ...], title: str,
    reason: str = "",
) -> Done:  # fmt: skip
    sheet = handover_care.moved(sheet, move, items=handover_rules.in_order(items))  # type: ignore[arg-type]
    left = len(handover_rules.undecided(sheet.items))
    change = handover_care.put(desk, work, sheet, action, {"item": title, "reason": reason, "left": left})
    return Done(change=change, key=str(sheet.number), version=sheet.version)


def _check_concerned(caller: Caller, sheet: Handover) -> None:
    seat = duty_care.seat_of(caller)
    at_it = bool(seat) and (seat == sheet.seat or (is_incoming(seat) and real_seat(seat) == sheet.seat))
    if caller.account not in (sheet.giver, sheet.taker) and not at_it:
        raise Refused("handover.not_yours", handover=sheet.code)
