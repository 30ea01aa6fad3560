"""What time does to receipts: reminders louder by rungs, and the end of suspensions; facts made by the centre (T3)."""

from dataclasses import replace

from chengyun_core.centre import due_work, order_care, order_drafts, order_sweeps, receipt_care, recipients
from chengyun_core.centre.desk import Desk, Due
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.work import Work
from chengyun_core.model import deadline_rules, receipt_rules
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.deadline_rules import RUNGS, Rung
from chengyun_core.model.order import Receipt, ReceiptState, parsed_key
from chengyun_core.store import order_table


def tend(desk: Desk, ledger: Ledger) -> int:
    """Climb the rungs that are due and end suspensions; return how many receipts were looked at. Called by the loop."""
    return due_work.tend(desk, ledger, {receipt_care.TIMER: _tend, receipt_care.RESUMES: _tend})


def _tend(desk: Desk, work: Work, timer: Due) -> None:
    kind, key = timer
    known = parsed_key(key)
    assert known is not None
    receipt = order_table.receipt(work.connection, *known)
    if kind == receipt_care.TIMER and receipt is not None and _calls(receipt):
        _climb(desk, work, receipt)
    elif kind == receipt_care.RESUMES and receipt is not None and receipt.state is ReceiptState.SUSPENDED:
        order = order_care.get(work, receipt.order)
        receipt_care.put(desk, work, order, receipt_rules.resumed(receipt, work.at_ns), "receipt.resume", actor=CENTRE)
    else:
        due_work.let_go(desk, work, timer)


def _calls(receipt: Receipt) -> bool:
    return receipt.state is ReceiptState.OPEN and receipt.call_at is not None


def _climb(desk: Desk, work: Work, receipt: Receipt) -> None:
    order = order_care.get(work, receipt.order)
    if order_sweeps.is_ending(order):
        return  # it ends within moments, and its timer with it: nobody is called for what is over
    template = order_drafts.deadlines_of(desk, order)
    # The monotonic clock says that it is time, whatever the wall clock was set to meanwhile (RF12).
    rung = max(deadline_rules.rung_now(receipt, template, work.at_ns), receipt.rung + 1)
    name = RUNGS[rung - 1][0]
    superior = recipients.superior(desk.city, receipt.recipient) if name is Rung.SUPERIOR else receipt.superior
    after = replace(
        receipt, rung=rung, escalated=rung - 1, reminded=receipt.reminded + 1, reminded_at=work.at_ns,
        superior=superior,
    )  # fmt: skip
    receipt_care.put(desk, work, order, after, "receipt.remind", params=_told(receipt, name, superior, work.at_ns),
                     actor=CENTRE)  # fmt: skip


def _told(receipt: Receipt, rung: Rung, superior: str, at_ns: int) -> dict[str, object]:
    step = deadline_rules.pending(receipt)
    late = 0 if step is None else max(0, at_ns - receipt.due[step])
    return {
        "rung": rung.value, "step": "" if step is None else step.value, "recipient": receipt.recipient,
        "late_s": late // NS_PER_S, "superior": superior if rung is Rung.SUPERIOR else "",
    }  # fmt: skip
