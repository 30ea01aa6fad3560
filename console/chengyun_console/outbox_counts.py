"""What has left and what has not, of the receipts nobody has read yet: 待发, 已发, 已达, as the mirror knows them."""

from dataclasses import dataclass

from chengyun_console.desk import Desk
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.order import Receipt, ReceiptState, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxCounts:
    """Counts of open receipts that were not read."""

    waiting: int = 0
    """待发: another centre has to get it first, and has not confirmed it."""
    sent: int = 0
    """已发: no console of the recipient's has told that it is there."""
    delivered: int = 0
    """已达"""


def counts_of(facts: FactMirror) -> OutboxCounts:
    """Return the counts; an order that was read, or confirmed beyond that, is not counted any more."""
    unread = [row for row in facts.receipts.values() if row.state is ReceiptState.OPEN and _is_unread(row)]
    delivered = sum(Step.DELIVERED in row.climbed for row in unread)
    waiting = sum(bool(row.away) and Step.DELIVERED not in row.climbed for row in unread)
    return OutboxCounts(waiting=waiting, sent=len(unread) - delivered - waiting, delivered=delivered)


def outbox_text(desk: Desk) -> str:
    """Return `待发 n / 已发 n / 已达 n`; empty when everything was read."""
    counts = counts_of(desk.session.facts)
    if counts == OutboxCounts():
        return ""
    return desk.say("tasks.outbox", waiting=counts.waiting, sent=counts.sent, delivered=counts.delivered)


def _is_unread(receipt: Receipt) -> bool:
    return receipt.step in (Step.SENT, Step.DELIVERED)
