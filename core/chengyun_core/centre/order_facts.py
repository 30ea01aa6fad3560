"""The living orders, receipts, requests and roll calls as a snapshot tells them to a console."""

from collections.abc import Iterator

from sqlalchemy import Connection

from chengyun_core.centre import roll_calls
from chengyun_core.model.order import key_of
from chengyun_core.store import order_table, request_table

Told = tuple[str, str, int, int, object]
"""Kind, key, version, journal number of the last change, record."""


def living(connection: Connection) -> Iterator[Told]:
    """Yield what every console holds of orders."""
    for order, change in order_table.living(connection):
        yield "order", str(order.number), order.version, change, order
    for receipt, change in order_table.living_receipts(connection):
        yield "receipt", key_of(receipt), receipt.version, change, receipt
    for request, change in request_table.waiting(connection):
        yield request_table.KIND, str(request.number), request.version, change, request
    for call, change in roll_calls.running(connection):
        yield roll_calls.LOG.kind, str(call.number), call.version, change, call
    for answer, change in roll_calls.answers_of_running(connection):
        yield roll_calls.ANSWERS.kind, f"{answer.call}.{answer.code}", answer.version, change, answer
