"""Repair tickets: opened in one key, taken on, done or rejected by the table of their states."""

from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Connection

from chengyun_core.centre import device_deeds, repair_clock
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.device_commands import (
    DoRepair,
    GiveBackRepair,
    OpenRepair,
    RejectRepair,
    ReopenRepair,
    TakeRepair,
)
from chengyun_core.model.device_file import (
    REPAIR_HOURS,
    REPAIR_MOVES,
    Repair,
    RepairMove,
    RepairState,
)
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.store import counters, order_table, repair_table
from chengyun_core.wire import codec
from chengyun_core.wire.device_asks import AskRepairs, Repairs
from chengyun_core.wire.envelope import Done

KIND = "repair"
LONGEST_QUANTITY = 64
MOST_REPAIRS = 1000
MOST_LIVING = 20_000
"""Tickets that may be open at a time: more is a list nobody sees to."""


def subjects_of_new(desk: Desk, work: Work, command: OpenRepair) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the place of the device a ticket is opened for."""
    return device_deeds.subjects_of(desk, command.device)


def subjects_of_known(desk: Desk, work: Work, command: Any) -> tuple[Subject, ...]:
    """Return the place of a ticket's device; where the catalogue no longer has it, the ticket's own."""
    repair = repair_table.get(work.connection, command.repair)
    if repair is None:
        return ()
    known = device_deeds.subjects_of(desk, repair.device)
    return known or (Subject(name=repair.device, path=desk.city.path(repair.centre)),)


def open_ticket(desk: Desk, work: Work, caller: Caller, command: OpenRepair) -> Done:
    """Open a ticket; raise Refused where one lives for the same fault of the same device."""
    device = device_deeds.device_of(desk, command.device)
    if command.fault not in REPAIR_HOURS:
        raise Refused("repair.no_such_fault", fault=command.fault[:40], known=", ".join(sorted(REPAIR_HOURS)))
    if not 0 <= command.member <= (device.count if device.count > 1 else 0):
        raise Refused("repair.no_such_member", device=device.code, member=command.member, count=device.count)
    living = repair_table.living_of(work.connection, device.code, command.member, command.fault)
    if living is not None:
        raise Refused("repair.is_open", repair=living.number, device=device.name, who=living.opened_by)
    if len(repair_table.living(work.connection)) >= MOST_LIVING:
        raise Refused("repair.too_many", most=MOST_LIVING)
    repair = Repair(
        number=counters.take(work.connection, repair_table.COUNTER, 1), device=device.code, member=command.member,
        quantity=clean(command.quantity, field="quantity", most=LONGEST_QUANTITY), centre=device.centre,
        fault=command.fault, fault_since=command.fault_since, text=clean(command.text, field="text"),
        opened_by=caller.account, opened_at=work.at_ns, due_at=work.at_ns + _hours_ns(command.fault),
        by=caller.account,
    )  # fmt: skip
    change = _noted(work, repair, "repair.open", {"text": repair.text})
    repair_table.add(work.connection, repair, change)
    work.after_commit(partial(repair_clock.wait_for, desk, repair))
    return Done(change=change, key=str(repair.number), version=repair.version)


def take(desk: Desk, work: Work, caller: Caller, command: TakeRepair) -> Done:
    """Take a ticket on."""
    before, state = _moved(work, command.repair, command.version, RepairMove.TAKE)
    if command.order is not None and order_table.get(work.connection, command.order) is None:
        raise Refused("order.unknown", order=command.order)
    taken = replace(before, state=state, taken_by=caller.account, taken_at=work.at_ns, order=command.order)
    return _changed(desk, work, caller, taken, "repair.take", {})


def give_back(desk: Desk, work: Work, caller: Caller, command: GiveBackRepair) -> Done:
    """Give a ticket back."""
    before, state = _moved(work, command.repair, command.version, RepairMove.GIVE_BACK)
    reason = clean(command.reason, field="reason", required=True)
    given = replace(before, state=state, taken_by="", taken_at=None)
    return _changed(desk, work, caller, given, "repair.give_back", {"reason": reason})


def done(desk: Desk, work: Work, caller: Caller, command: DoRepair) -> Done:
    """Say what was found and done."""
    before, state = _moved(work, command.repair, command.version, RepairMove.DONE)
    finding = clean(command.finding, field="finding", required=True)
    day = device_deeds.checked_date(desk, work, command.calibrated)
    ended = replace(before, state=state, finding=finding, ended_at=work.at_ns)
    answer = _changed(desk, work, caller, ended, "repair.done", {"finding": finding})
    if day:
        device_deeds.calibrated(desk, work, caller, before.device, day)
    return answer


def reject(desk: Desk, work: Work, caller: Caller, command: RejectRepair) -> Done:
    """Say why nothing is to be repaired."""
    before, state = _moved(work, command.repair, command.version, RepairMove.REJECT)
    reason = clean(command.reason, field="reason", required=True)
    ended = replace(before, state=state, finding=reason, ended_at=work.at_ns)
    return _changed(desk, work, caller, ended, "repair.reject", {"reason": reason})


def reopen(desk: Desk, work: Work, caller: Caller, command: ReopenRepair) -> Done:
    """Open a ticket again; its time runs anew."""
    before, state = _moved(work, command.repair, command.version, RepairMove.REOPEN)
    living = repair_table.living_of(work.connection, before.device, before.member, before.fault)
    if living is not None:
        raise Refused("repair.is_open", repair=living.number, device=before.device, who=living.opened_by)
    reason = clean(command.reason, field="reason", required=True)
    opened = replace(
        before, state=state, taken_by="", taken_at=None, ended_at=None, due_at=work.at_ns + _hours_ns(before.fault),
        reminded=0, reminded_at=None,
    )  # fmt: skip
    return _changed(desk, work, caller, opened, "repair.reopen", {"reason": reason})


def page(desk: Desk, connection: Connection, ask: AskRepairs) -> bytes:
    """Answer `repair.page`."""
    if not 0 < ask.limit <= MOST_REPAIRS:
        raise Refused("ask.out_of_range", after=0, limit=ask.limit, most=MOST_REPAIRS)
    centres = [code for code in desk.city.centres if ask.centre in desk.city.path(code)] if ask.centre else None
    found = repair_table.page(
        connection, centres=centres, states=ask.states, device=ask.device, before=ask.before, limit=ask.limit + 1
    )
    counts = repair_table.counts(connection, centres=centres, device=ask.device, now_ns=desk.clock.utc_ns())
    return codec.pack(Repairs(repairs=tuple(found[: ask.limit]), more=len(found) > ask.limit, counts=counts))


def living(connection: Connection) -> list[Change]:
    """Return what every console holds: the tickets somebody has to see to."""
    return [
        Change(
            number=number, at_ns=0, action="snapshot", kind=KIND, key=str(repair.number), version=repair.version,
            record=codec.pack(repair),
        )
        for repair, number in repair_table.living(connection)
    ]  # fmt: skip


def _hours_ns(fault: str) -> int:
    return REPAIR_HOURS[fault] * 3600 * NS_PER_S


def _moved(work: Work, number: int, version: int, move: RepairMove) -> tuple[Repair, RepairState]:
    """Return a ticket as the officer saw it, and the state the move brings it to; raise Refused where none does."""
    before = repair_table.get(work.connection, number)
    if before is None:
        raise Refused("repair.unknown", repair=number)
    if before.version != version:
        raise Refused("repair.was_changed", repair=number, who=before.by)
    after = REPAIR_MOVES.get((before.state, move))
    if after is None:
        raise Refused("repair.no_such_move", repair=number, state=before.state.value, move=move.value)
    return before, after


def _changed(desk: Desk, work: Work, caller: Caller, repair: Repair, action: str, told: dict[str, str]) -> Done:
    kept = replace(repair, by=caller.account, version=repair.version + 1)
    change = _noted(work, kept, action, told)
    repair_table.replace(work.connection, kept, change)
    work.after_commit(partial(repair_clock.wait_for, desk, kept))
    return Done(change=change, key=str(kept.number), version=kept.version)


def _noted(work: Work, repair: Repair, action: str, told: dict[str, str]) -> int:
    params = {"device": repair.device, "member": str(repair.member), "fault": repair.fault, **told}
    return work.note(action, KIND, repair.number, repair.version, repair, params=params)
