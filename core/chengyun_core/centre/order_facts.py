"""The living orders, receipts, requests and roll calls as a snapshot tells them to a console."""

from collections.abc import Iterator

from sqlalchemy import Connection

from chengyun_core.centre import roll_calls
from chengyun_core.model.change import Change
from chengyun_core.store import order_table, request_table
from chengyun_core.wire import codec


def living(connection: Connection) -> Iterator[Change]:
    """Yield what every console holds of orders."""
    for order, change in order_table.living(connection):
        yield _told("order", str(order.number), order.version, change, codec.pack(order))
    for key, version, change, packed in order_table.living_rows(connection):
        yield _told("receipt", key, version, change, packed)
    for request, change in request_table.waiting(connection):
        yield _told(request_table.KIND, str(request.number), request.version, change, codec.pack(request))
    for call, change in roll_calls.running(connection):
        yield _told(roll_calls.LOG.kind, str(call.number), call.version, change, codec.pack(call))
    for answer, change in roll_calls.answers_of_running(connection):
        key = f"{answer.call}.{answer.code}"
        yield _told(roll_calls.ANSWERS.kind, key, answer.version, change, codec.pack(answer))


def _told(kind: str, key: str, version: int, number: int, packed: bytes) -> Change:
    return Change(number=number, at_ns=0, action="snapshot", kind=kind, key=key, version=version, record=packed)
