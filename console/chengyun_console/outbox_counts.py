"""What has left and what has not, of the receipts nobody has read yet: 待发, 已发, 已达, as the mirror knows them."""

from collections import Counter
from dataclasses import dataclass

from chengyun_console.desk import Desk
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.order import Receipt, ReceiptState, Step

STANDINGS = ("waiting", "sent", "delivered")
"""How far what was not read is: what has not left first."""


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
    return OutboxCounts(**Counter(standing_of(row) for row in unread_of(facts)))


def unread_of(facts: FactMirror) -> list[Receipt]:
    """Return the open receipts nobody has read, in no order."""
    return [row for row in facts.receipts.values() if row.state is ReceiptState.OPEN and _is_unread(row)]


def outbox_text(desk: Desk) -> str:
    """Return `待发 n / 已发 n / 已达 n`; empty when everything was read."""
    counts = counts_of(desk.session.facts)
    if counts == OutboxCounts():
        return ""
    return desk.say("tasks.outbox", waiting=counts.waiting, sent=counts.sent, delivered=counts.delivered)


def standing_of(receipt: Receipt) -> str:
    """Return how far an unread receipt is: `waiting` 待发, `sent` 已发, `delivered` 已达."""
    if Step.DELIVERED in receipt.climbed:
        return "delivered"
    return "waiting" if receipt.away else "sent"


def _is_unread(receipt: Receipt) -> bool:
    """Return whether nobody has read an open receipt yet."""
    return receipt.step in (Step.SENT, Step.DELIVERED)
