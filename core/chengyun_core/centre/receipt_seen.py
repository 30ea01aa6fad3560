"""The receipt a deed is about: where it is, whose it is, and whether it still is what was seen (RF23)."""

from typing import Any

from chengyun_core.centre import order_care, order_sweeps, receipt_care, recipients
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.order import Order, Receipt, key_of
from chengyun_core.store import journal as journal_rows
from chengyun_core.store import order_table

MARKS = frozenset({
    "receipt.carry", "receipt.deliver", "receipt.escalate", "receipt.read", "receipt.remind", "receipt.request",
    "receipt.send", "receipt.urge",
})  # fmt: skip
"""What does not make a picture of a receipt stale: consoles and clocks write these while an officer reads."""


def subjects_of_recipient(desk: Desk, work: Work, command: Any) -> tuple[Subject, ...]:
    """Return the recipient, owned by the post that signs for it; an unknown receipt is refused to the permitted."""
    receipt = order_table.receipt(work.connection, command.order, command.place)
    return () if receipt is None else (recipients.subject(desk.city, receipt.recipient),)


def subjects_of_order(desk: Desk, work: Work, command: Any) -> tuple[Subject, ...]:
    """Return the place where the receipt's order is carried out."""
    return subjects_of_orders(desk, work, (command.order,))


def subjects_of_many(desk: Desk, work: Work, command: Any) -> tuple[Subject, ...]:
    """Return the places of the orders of many receipts."""
    return subjects_of_orders(desk, work, tuple(dict.fromkeys(one.order for one in command.receipts)))


def subjects_of_orders(desk: Desk, work: Work, numbers: tuple[int, ...]) -> tuple[Subject, ...]:
    """Return the places of orders; unknown ones have none."""
    orders = (order_table.get(work.connection, number) for number in numbers)
    return tuple(
        Subject(name=order.code, path=desk.city.path(order.centre)) for order in orders if order is not None
    )  # fmt: skip


def as_seen(desk: Desk, work: Work, order: int, place: int, version: int) -> tuple[Order, Receipt]:
    """Return order and receipt if nobody did anything about the receipt since the version that was seen.

    Raises:
        Refused: `receipt.unknown`; `receipt.changed` with who did what when; `receipt.unseen`; `order.ended` when its
            order has ended and this receipt is still to be told so.
    """
    receipt = receipt_care.get(work.connection, order, place)
    key = key_of(receipt)
    last = journal_rows.last_of(work.connection, receipt_care.KIND, key, other_than=MARKS)
    if last is not None and last.version > version:
        raise Refused(
            "receipt.changed", receipt=key, who=last.account, seat=last.seat, what=last.action,
            at=desk.shown(last.at_ns), at_ns=last.at_ns, version=receipt.version,
        )  # fmt: skip
    if version > receipt.version:
        raise Refused("receipt.unseen", receipt=key, version=receipt.version)
    held = order_care.get(work, order)
    if order_sweeps.is_ending(held):
        raise Refused("order.ended", order=held.code, state=held.state.value)
    return held, receipt
