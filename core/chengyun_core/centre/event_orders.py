"""What becomes of an event's orders when it ends: they lapse with it, or go on in the one it is merged into (0255)."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import approvals, event_care, order_sweeps, receipt_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model import receipt_rules
from chengyun_core.model.event import Event
from chengyun_core.model.order import LIVING_ORDERS, Order, OrderState, Receipt, Sweep
from chengyun_core.store import order_table

LAPSED, CARRIED = "event.receipts_lapsed", "event.receipts_carried"
"""Warnings of the answer to who ended the event."""


def owing(connection: Connection, event: int) -> list[Receipt]:
    """Return the receipts of an event that nobody fed back as solved: who closes it has to say why it may be (办结)."""
    return [one for one in order_table.receipts_of_event(connection, event) if receipt_rules.owes(one)]


def lapse_with(desk: Desk, work: Work, event: Event, reason: str) -> tuple[str, ...]:
    """End what is still open of an event's orders: done by the event's check, or lapsed where it stands.

    event: as it was written, closed or void. Returns the warning for the answer when anything lapsed.
    """
    lapses = [_ended_with(desk, work, event, one, reason) for one in _open_yet(work.connection, event.number)]
    return (LAPSED,) if any(lapses) else ()


def _ended_with(desk: Desk, work: Work, event: Event, open_yet: Order, reason: str) -> bool:
    """End one order with its event; return whether any of it lapsed, and was not done by the event's check."""
    order = order_sweeps.finished(desk, work, open_yet)
    if order.state is OrderState.WAITING and order.approval is not None:
        approvals.lapse(desk, work, order.approval, reason or event.state.value)
    left = [one for one in order_table.receipts_of(work.connection, order.number) if receipt_rules.is_living(one)]
    done = all(order_sweeps.covered(event, one) for one in left)
    state = OrderState.DONE if done else OrderState.LAPSED
    state = state if order.state in LIVING_ORDERS else order.state
    ended = replace(order, state=state, reason=order.reason if done else reason)
    after = order_sweeps.begin(desk, work, ended, Sweep.LAPSE)
    told = {"event": event.code, "state": event.state.value, **({} if done else {"reason": reason})}
    receipt_care.put_order(desk, work, after, "order.done" if done else "order.lapse", told)
    return not done


def carry(desk: Desk, work: Work, event: Event, into: Event) -> tuple[int, tuple[str, ...]]:
    """Have what is still open of a merged event's orders go on in the one it lives on in; what is over stays with it.

    Returns how many orders were carried, and the warning for the answer.
    """
    open_yet = _open_yet(work.connection, event.number)
    for order in open_yet:
        _moved(desk, work, order, into, (*order.came_from, event.number))
    return len(open_yet), (CARRIED,) if open_yet else ()


def bring_back(desk: Desk, work: Work, event: Event, into: int) -> int:
    """Bring back what is still open of the orders a merged event brought along; return how many.

    event: taken out of `into`, which may have been merged on since.
    """
    lives_on = event_care.survivor(work.connection, into).number
    back = [one for one in _open_yet(work.connection, lives_on) if event.number in one.came_from]
    for order in back:
        _moved(desk, work, order, event, order.came_from[: order.came_from.index(event.number)])
    return len(back)


def of_merged(connection: Connection, event: Event) -> list[Order]:
    """Return the orders a merged event brought along, wherever they are now: they belong to its timeline."""
    found: list[Order] = []
    number = event.merged_into
    for _ in range(event_care.MOST_MERGES):
        if number is None:
            break
        found += [one for one in order_table.of_event(connection, number) if event.number in one.came_from]
        number = event_care.get(connection, number).merged_into
    return found


def _moved(desk: Desk, work: Work, order: Order, to: Event, came_from: tuple[int, ...]) -> None:
    whole = order_sweeps.finished(desk, work, order)
    told = {"event": to.number, "event_code": to.code}
    after = order_sweeps.begin(desk, work, replace(whole, event=to.number, came_from=came_from), Sweep.CARRY)
    receipt_care.put_order(desk, work, after, "order.carry", told)


def _open_yet(connection: Connection, event: int) -> list[Order]:
    """Return the orders of an event that are not over, and those that are and have a receipt nobody has settled."""
    living = order_table.numbers_with_living(connection, event)
    orders = order_table.of_event(connection, event)
    return [one for one in orders if one.state in LIVING_ORDERS or one.number in living]
