"""Commands and asks about orders with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre import (
    approvals,
    order_answers,
    order_board,
    orders,
    receipt_requests,
    receipt_seen,
    receipts,
    roll_calls,
    supervision,
)
from chengyun_core.centre.handler import Handler

ORDER_HANDLERS: dict[str, Handler] = {
    "order.recall": Handler(handle=orders.recall, subjects=orders.subjects),
    "order.release": Handler(handle=orders.release, subjects=orders.subjects),
    "order.send": Handler(handle=orders.send, subjects=orders.subjects_of_new),
    "order.void": Handler(handle=orders.void, subjects=orders.subjects),
    "receipt.arrive": Handler(handle=receipts.arrive, subjects=receipt_seen.subjects_of_recipient),
    "receipt.check": Handler(handle=receipts.check, subjects=receipt_seen.subjects_of_order),
    "receipt.confirm": Handler(handle=receipts.confirm, subjects=receipt_seen.subjects_of_order),
    "receipt.decide": Handler(handle=receipt_requests.decide, subjects=receipt_requests.subjects_of_decider),
    "receipt.deliver": Handler(handle=receipts.deliver, subjects=receipt_seen.subjects_of_recipient),
    "receipt.escalate": Handler(handle=supervision.escalate, subjects=receipt_seen.subjects_of_many),
    "receipt.feed_back": Handler(handle=receipts.feed_back, subjects=receipt_seen.subjects_of_recipient),
    "receipt.handle": Handler(handle=receipts.handle, subjects=receipt_seen.subjects_of_recipient),
    "receipt.read": Handler(handle=receipts.read, subjects=receipt_seen.subjects_of_recipient),
    "receipt.request": Handler(handle=receipt_requests.ask, subjects=receipt_seen.subjects_of_recipient),
    "receipt.resume": Handler(handle=receipts.resume, subjects=receipt_seen.subjects_of_order),
    "receipt.settle": Handler(handle=receipts.settle_returned, subjects=receipt_seen.subjects_of_order),
    "receipt.sign": Handler(handle=receipts.sign, subjects=receipt_seen.subjects_of_recipient),
    "receipt.urge": Handler(handle=supervision.urge, subjects=receipt_seen.subjects_of_many),
    "receipt.withdraw": Handler(handle=receipt_requests.withdraw, subjects=receipt_requests.subjects_of_asker),
    "roll_call.answer": Handler(handle=roll_calls.answer, subjects=roll_calls.subjects_of_answer),
    "roll_call.end": Handler(handle=roll_calls.end, subjects=roll_calls.subjects),
    "roll_call.note": Handler(handle=roll_calls.note, subjects=roll_calls.subjects),
    "roll_call.start": Handler(handle=roll_calls.start, subjects=roll_calls.subjects_of_start),
}
"""Command kind → handler. Alphabetical."""

ORDER_ANSWERS: dict[str, Callable[..., bytes]] = {
    "order.get": order_answers.order,
    "order.outbox": order_answers.outbox,
    "order.page": order_answers.orders,
    "order.templates": order_answers.templates,
    "receipt.page": order_answers.receipts,
    "roll_call.get": order_answers.roll_call,
    "side_request.ledger": order_board.ledger,
    "supervision.board": order_board.board,
    "unit.scorecard": order_board.scorecard,
}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""

ORDER_SECONDED: approvals.SecondedDeeds = {
    "order.release": approvals.Seconded(
        subjects=orders.subjects, given=orders.second_given, ended=orders.second_not_given
    ),
}
"""Deeds on orders that may wait for a second person; merged into `handlers.SECONDED`."""
