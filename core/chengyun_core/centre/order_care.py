"""Orders as the centre keeps them: written with their receipts, sent at once, kept back, or waiting for two persons."""

from collections.abc import Sequence
from dataclasses import replace

from chengyun_core.centre import (
    approvals,
    display_numbers,
    event_care,
    labels,
    order_drafts,
    order_sweeps,
    receipt_care,
    units,
)
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.order_drafts import MOST_DRAFTS, Checked
from chengyun_core.centre.receipt_care import put_order
from chengyun_core.centre.work import Work
from chengyun_core.model.event import Hop
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import Order, OrderState, Receipt, ReceiptState, Sweep, parsed_key
from chengyun_core.model.order_commands import OrderDraft, Recipient, ReleaseOrder
from chengyun_core.store import counters, order_table


def send(
    desk: Desk, work: Work, caller: Caller, drafts: Sequence[OrderDraft], *, hold: bool = False
) -> tuple[Order, ...]:  # fmt: skip
    """Send orders as the caller's, all or none, and return them as written, in the order of the drafts.

    A critical one waits for a second person (state WAITING); with `hold` all are kept back (HELD). Of what was not
    sent nothing has left: its receipts are KEPT, no clock runs.

    Raises:
        Refused: `order.batch_size`, `unit.full`, and what `order_drafts.checked` refuses; then nothing was written.
    """
    if not 0 < len(drafts) <= MOST_DRAFTS:
        raise Refused("order.batch_size", count=len(drafts), most=MOST_DRAFTS)
    checked = [order_drafts.checked(desk, work, draft) for draft in drafts]
    first = counters.take(work.connection, order_table.COUNTER, len(checked))
    codes = display_numbers.take(desk, work, "order", len(checked))
    numbered = zip(range(first, first + len(checked)), codes, checked, strict=True)
    leaving = () if hold else tuple(one.draft for one in checked if not one.draft.critical)
    units.guard_all(desk, work, [one for draft in leaving for one in draft.recipients])
    orders: list[Order] = []
    room = order_sweeps.AT_ONCE
    for number, code, one in numbered:
        orders.append(_written(desk, work, caller, _order(work, caller, number, code, one), one, hold=hold, room=room))
        room = max(0, room - len(one.draft.recipients))
    return tuple(orders)


def leave(desk: Desk, work: Work, order: Order, action: str) -> Order:
    """Send an order that was kept back: its receipts open, its clocks run, its event is told.

    order: as it lies in the database, HELD or WAITING. Raises Refused `unit.full` when a unit has no place any more,
    `label.not_shared` when its event was labelled meanwhile and it would leave upwards.
    """
    order = order_sweeps.finished(desk, work, order)
    kept = order_table.receipts_of(work.connection, order.number)
    for one in kept:
        # It may have been labelled while the order was held back.
        labels.expect_sent_down(desk, order.event, one.away)
    units.guard_all(desk, work, [Recipient(code=one.recipient, over_capacity_reason=one.over_capacity) for one in kept])
    opened = order_sweeps.begin(desk, work, replace(order, state=OrderState.SENT, sent_at=work.at_ns), Sweep.OPEN)
    sent, _ = put_order(desk, work, opened, action)
    _tell_event(desk, work, sent)
    return sent


def end_kept(desk: Desk, work: Work, order: Order, state: OrderState, action: str, reason: str) -> tuple[Order, int]:
    """End an order of which nothing has left (refused, void): its receipts are void with it."""
    order = order_sweeps.finished(desk, work, order)
    ended = order_sweeps.begin(desk, work, replace(order, state=state, reason=reason), Sweep.VOID)
    return put_order(desk, work, ended, action, {"reason": reason})


def _order(work: Work, caller: Caller, number: int, code: str, checked: Checked) -> Order:
    draft = checked.draft
    return Order(
        number=number, code=code, event=draft.event, plan_run=draft.plan_run, plan_step=draft.plan_step,
        title=draft.title, text=draft.text, place=draft.place, centre=draft.centre, critical=draft.critical,
        template=draft.template, within=draft.within, issued_at=work.at_ns, issued_by=caller.account,
        issued_seat=seat_of(caller), recipients=len(draft.recipients), changed_at=work.at_ns,
    )  # fmt: skip


def _written(
    desk: Desk, work: Work, caller: Caller, order: Order, checked: Checked, *, hold: bool, room: int
) -> Order:  # fmt: skip
    if hold:
        order = replace(order, state=OrderState.HELD)
    elif order.critical:
        order = replace(order, state=OrderState.WAITING, approval=ask_second(desk, work, caller, order))
    else:
        order = replace(order, sent_at=work.at_ns)
    people = checked.draft.recipients
    order = order_sweeps.addressed(work, order, people, room)
    told = {"order": order.code, "title": order.title, "recipients": order.recipients}
    change = work.note(_ACTIONS[order.state], "order", order.number, order.version, order, params=told)
    order_table.add(work.connection, order, change)
    order_sweeps.write_first(desk, work, order, people)
    _settle_returned(desk, work, order, checked.draft.instead_of)
    if order.state is OrderState.SENT:
        _tell_event(desk, work, order)
    return order


def ask_second(desk: Desk, work: Work, caller: Caller, order: Order) -> int:
    """Ask for the second person a critical order needs, and return the number of the approval (T8)."""
    told = {"critical": order.critical, "title": order.title, "recipients": str(order.recipients)}
    waiting = ReleaseOrder(order=order.number, version=order.version)
    minutes = desk.settings.approval_minutes
    return approvals.ask(desk, work, caller, waiting, subject=order.code, params=told, minutes=minutes).number


def seat_of(caller: Caller) -> str:
    """Return the seat of a caller, empty for machines."""
    return caller.session.seat if caller.session else ""


def _tell_event(desk: Desk, work: Work, order: Order) -> None:
    if order.event is not None:
        orders = event_care.get(work.connection, order.event).orders + 1
        event_care.reached(desk, work, order.event, Hop.ORDERED, work.at_ns, orders=orders)


def _settle_returned(desk: Desk, work: Work, order: Order, key: str) -> None:
    """Have the returned receipt that this order replaces name it: nobody need look at it any more."""
    if not key:
        return
    known = parsed_key(key)
    if known is None:
        raise Refused("receipt.unknown", receipt=key[:64])
    returned = receipt_care.get(work.connection, *known)
    settle(desk, work, returned, order.code)


def settle(desk: Desk, work: Work, returned: Receipt, how: str) -> tuple[Receipt, int]:
    """Write what was done about a returned receipt; raise Refused `receipt.not_returned` for any other."""
    if returned.state is not ReceiptState.RETURNED or returned.settled:
        raise Refused("receipt.not_returned", receipt=f"{returned.order}.{returned.place}")
    order = get(work, returned.order)
    return receipt_care.put(desk, work, order, replace(returned, settled=how), "receipt.settle", params={"how": how})


def get(work: Work, number: int) -> Order:
    """Return an order; raise Refused `order.unknown`."""
    found = order_table.get(work.connection, number)
    if found is None:
        raise Refused("order.unknown", order=number)
    return found


_ACTIONS = {OrderState.HELD: "order.hold", OrderState.WAITING: "order.wait", OrderState.SENT: "order.send"}
"""What the journal calls the writing of an order in this state."""
