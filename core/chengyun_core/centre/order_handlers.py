"""Commands and asks about orders with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre import approvals, orders
from chengyun_core.centre.handler import Handler

ORDER_HANDLERS: dict[str, Handler] = {
    "order.recall": Handler(handle=orders.recall, subjects=orders.subjects),
    "order.release": Handler(handle=orders.release, subjects=orders.subjects),
    "order.send": Handler(handle=orders.send, subjects=orders.subjects_of_new),
    "order.void": Handler(handle=orders.void, subjects=orders.subjects),
}
"""Command kind → handler. Alphabetical."""

ORDER_ANSWERS: dict[str, Callable[..., bytes]] = {}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""

ORDER_SECONDED: approvals.SecondedDeeds = {
    "order.release": approvals.Seconded(
        subjects=orders.subjects, given=orders.second_given, ended=orders.second_not_given
    ),
}
"""Deeds on orders that may wait for a second person; merged into `handlers.SECONDED`."""
