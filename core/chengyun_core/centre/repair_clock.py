"""What time does to repair tickets: one that is overdue is told, and told again until somebody ends it."""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import due_work
from chengyun_core.centre.desk import Desk, Due
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.device_file import Repair, is_living
from chengyun_core.store import repair_table

TIMER = "repair"
KIND = "repair"


def tend(desk: Desk, ledger: Ledger) -> int:
    """Tell what is overdue; return how many tickets were looked at. Called by the loop."""
    return due_work.tend(desk, ledger, {TIMER: _remind})


def wait_for(desk: Desk, repair: Repair) -> None:
    """Wait for the time at which a ticket is to be told next; one that has ended is waited for no longer."""
    desk.due.wait((TIMER, str(repair.number)), _next(desk, repair))


def load(desk: Desk, connection: Connection) -> None:
    """Wait for every living ticket, at start."""
    for repair, _ in repair_table.living(connection):
        wait_for(desk, repair)


def _next(desk: Desk, repair: Repair) -> int | None:
    hours = desk.settings.repair_remind_hours
    if hours <= 0 or not is_living(repair):
        return None
    told = repair.reminded_at
    return repair.due_at if told is None else max(repair.due_at, told + round(hours * 3600 * NS_PER_S))


def _remind(desk: Desk, work: Work, timer: Due) -> None:
    before = repair_table.get(work.connection, int(timer[1]))
    if before is None or _next(desk, before) is None:
        due_work.let_go(desk, work, timer)
        return
    after = replace(before, reminded=before.reminded + 1, reminded_at=work.at_ns, version=before.version + 1)
    late_h = (work.at_ns - before.due_at) // (3600 * NS_PER_S)
    told = {"device": after.device, "member": after.member, "fault": after.fault, "late_h": max(0, late_h),
            "who": after.taken_by}  # fmt: skip
    change = work.note("repair.overdue", KIND, after.number, after.version, after, actor=CENTRE, params=told)
    repair_table.replace(work.connection, after, change)
    work.after_commit(partial(wait_for, desk, after))
