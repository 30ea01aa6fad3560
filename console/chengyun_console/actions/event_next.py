"""Which deeds are due next on an event: by its state, and by the clocks that run out."""

from collections.abc import Iterable

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.deadline_rules import due_at
from chengyun_core.model.event import Event, EventState
from chengyun_core.model.order import Receipt

SOON_NS = 600 * NS_PER_S
_BY_STATE: dict[EventState, tuple[str, ...]] = {
    EventState.REPORTED: ("event.verify", "event.grade"),
    EventState.VERIFIED: ("event.grade",),
    EventState.GRADED: ("event.assign", "order.compose"),
    EventState.ASSIGNED: ("order.compose",),
    EventState.FED_BACK: ("event.check_passed", "event.check_failed"),
    EventState.CHECKED: ("event.close",),
    EventState.CLOSED: ("event.review",),
    EventState.EVALUATED: ("event.review",),
    EventState.RETURNED: ("event.assign",),
    EventState.SUSPENDED: ("event.resume",),
}
"""State → ids of the actions that bring it on; while it is handled the units do."""


def next_deeds(event: Event, receipts: Iterable[Receipt], now_ns: int) -> tuple[str, ...]:
    """Return the ids of what is due, the late first: a report (条例 art. 28), a receipt, the next move."""
    due: list[str] = []
    if event.report_due_at is not None and event.report_due_at - now_ns < SOON_NS:
        due.append("event.report")
    if any((at := due_at(receipt)) is not None and at < now_ns for receipt in receipts):
        due.append("order.receipts")
    return (*due, *_BY_STATE.get(event.state, ()))
