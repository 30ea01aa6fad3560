"""What is done to an order's receipts, some in each transaction: an order may go to a thousand towns (T1, RG6).

The order says at once what it is and what is still being done to its receipts (`sweeping`, `swept`); whom it is for
stands in a record of its own. So a centre that is killed amid it goes on where it was, and nobody is left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import event_care, labels, order_drafts, receipt_care, recipients
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.work import Work
from chengyun_core.model import receipt_rules
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.event import Event, EventState, Hop
from chengyun_core.model.order import Climbed, Order, OrderState, Receipt, ReceiptState, Step, Sweep
from chengyun_core.model.order_commands import OrderAddress, Recipient
from chengyun_core.model.receipt_rules import ReceiptMove, Who
from chengyun_core.store import order_table
from chengyun_core.store.record_log import RecordLog

ADDRESSES = RecordLog("order_address", OrderAddress)
AT_ONCE = 40
"""Receipts written in one transaction: about 12 ms of processor time, most of it for signatures (decision 0256)."""
CHANGED_AT_ONCE = 25
"""Receipts changed in one: each has to be read, and a request of it or a step of a plan may end with it."""
PROGRESS = "order.sweep"
_ENDS = frozenset({Sweep.RECALL, Sweep.VOID, Sweep.LAPSE})


def addressed(work: Work, order: Order, people: Sequence[Recipient], room: int) -> Order:
    """Return a new order as it is to be written: with so many of its receipts written now, the rest for later turns.

    room: receipts that may still be written in this transaction. `write_first` has to follow when the order's row is
    written.
    """
    if len(people) <= room:
        return order
    whole = OrderAddress(order=order.number, recipients=tuple(people))
    work.note("order.address", ADDRESSES.kind, order.number, 1, whole)
    return replace(order, sweeping=Sweep.ADDRESS, swept=room)


def write_first(desk: Desk, work: Work, order: Order, people: Sequence[Recipient]) -> None:
    """Write the receipts of a new order that are written with it."""
    if order.sweeping is not None:
        _remember(desk, work, order, [one.code for one in people[order.swept :]])
        people = people[: order.swept]
    _address(desk, work, order, people, 1)


def begin(desk: Desk, work: Work, order: Order, sweep: Sweep) -> Order:
    """Do it to the first receipts of an order, and return the order as it is to be written, `ended` counted anew.

    order: as it will be, with its new state or event; whatever was still being done to its receipts is over
    (`finished`).
    """
    return _went_on(desk, work, replace(order, sweeping=sweep, swept=0))


def finished(desk: Desk, work: Work, order: Order) -> Order:
    """Return an order with nothing left to do to its receipts: somebody decides about it before they all were reached.

    The rare case is done in one go, heartbeats go on meanwhile.
    """
    after = order
    while after.sweeping is not None:
        after = _went_on(desk, work, after)
        work.breathe()
    return order if after is order else receipt_care.put_order(desk, work, after, PROGRESS)[0]


def tend(desk: Desk, ledger: Ledger) -> int:
    """Go on with the order that was begun first; return how many are not finished. Called by the loop."""
    number = next(iter(desk.sweeps), None)
    if number is None:
        return 0
    with ledger.work(CENTRE) as work:
        order = order_table.get(work.connection, number)
        if order is None or order.sweeping is None:
            # It was finished by a commit whose outcome we never learned.
            work.after_commit(partial(_forget, desk, number))
        else:
            receipt_care.put_order(desk, work, _went_on(desk, work, order), PROGRESS)
    return len(desk.sweeps)


def load(desk: Desk, connection: Connection) -> None:
    """Know at start what was not finished."""
    desk.sweeps.clear()
    for order, _ in order_table.living(connection):
        if order.sweeping is not None:
            desk.sweeps[order.number] = frozenset(_unreached(connection, order))


def is_ending(order: Order) -> bool:
    """Return whether receipts of it that still look open are on their way to their end."""
    return order.sweeping in _ENDS


def _went_on(desk: Desk, work: Work, order: Order) -> Order:
    assert order.sweeping is not None
    if order.sweeping is Sweep.ADDRESS:
        people = _people(work.connection, order)[order.swept :]
        _address(desk, work, order, people[:AT_ONCE], order.swept + 1)
        reached, left = order.swept + len(people[:AT_ONCE]), len(people) > AT_ONCE
    else:
        receipts = order_table.living_after(work.connection, order.number, order.swept, CHANGED_AT_ONCE + 1)
        if receipts:
            do = _doer(desk, work, order)
            for receipt in receipts[:CHANGED_AT_ONCE]:
                do(receipt)
        reached = max((one.place for one in receipts[:CHANGED_AT_ONCE]), default=order.swept)
        left = len(receipts) > CHANGED_AT_ONCE
    after = replace(order, swept=reached, ended=order_table.count_ended(work.connection, order.number))
    after = after if left else replace(after, sweeping=None, swept=0)
    _remember(desk, work, after, _unreached(work.connection, after) if after.sweeping else [])
    return after


def _address(desk: Desk, work: Work, order: Order, people: Sequence[Recipient], first: int) -> None:
    receipts = [_receipt(desk, work, order, place, one) for place, one in enumerate(people, first)]
    if order.state is not OrderState.SENT:
        receipt_care.put_new(desk, work, order, receipts, "receipt.keep")
        return
    due = _due(desk, work, order)
    opened = [_opened(work, order, receipt, due) for receipt in receipts]
    receipt_care.put_new(desk, work, order, opened, "receipt.send")


def _doer(desk: Desk, work: Work, order: Order) -> Callable[[Receipt], None]:
    """Return what does to one living receipt what the order's sweep says."""
    match order.sweeping:
        case Sweep.OPEN:
            return partial(_open, desk, work, order, _due(desk, work, order))
        case Sweep.RECALL | Sweep.VOID:
            return partial(_end, desk, work, order, ReceiptMove(order.sweeping.value))
        case Sweep.LAPSE:
            assert order.event is not None
            return partial(_lapse, desk, work, order, event_care.get(work.connection, order.event))
        case Sweep.CARRY:
            return partial(_carry, desk, work, order)
        case _:
            raise AssertionError(order.sweeping)


def _open(desk: Desk, work: Work, order: Order, due: dict[Step, int], receipt: Receipt) -> None:
    _, change = receipt_care.put(desk, work, order, _opened(work, order, receipt, due), "receipt.send")
    if receipt.away:
        work.send_to(change, receipt.away, labels.of_event(desk, receipt.event))


def _end(desk: Desk, work: Work, order: Order, move: ReceiptMove, receipt: Receipt) -> None:
    if (receipt.state, move) in receipt_rules.MOVES:
        receipt_care.put(desk, work, order, receipt_rules.moved(receipt, move), f"receipt.{move}")


def _lapse(desk: Desk, work: Work, order: Order, event: Event, receipt: Receipt) -> None:
    if covered(event, receipt):
        after, action, told = _checked_with(work, event, receipt), "receipt.check", {"event": event.code}
    else:
        state = EventState.VOID if event.state is EventState.VOID else EventState.CLOSED
        after, action = receipt_rules.lapsed(receipt, state.value, order.reason), "receipt.lapse"
        told = {"step": receipt.step.value, "state": state.value, "reason": order.reason}
    _, change = receipt_care.put(desk, work, order, after, action, params=told)
    if receipt.away:
        work.send_to(change, receipt.away, labels.of_event(desk, receipt.event))


def covered(event: Event, receipt: Receipt) -> bool:
    """Return whether the check that its event passed speaks for a receipt; a void event's check speaks for none."""
    void = event.state is EventState.VOID
    return not void and receipt_rules.is_covered(receipt, event.checker, event.hops.get(Hop.CHECKED))


def _checked_with(work: Work, event: Event, receipt: Receipt) -> Receipt:
    how = Climbed(at=event.hops[Hop.CHECKED], received_at=work.at_ns, account=event.checker)
    return receipt_rules.reached(receipt, Step.CHECKED, how, Who.CHECKER)


def _carry(desk: Desk, work: Work, order: Order, receipt: Receipt) -> None:
    carried = replace(receipt, event=order.event, came_from=order.came_from)
    receipt_care.put(desk, work, order, carried, "receipt.carry", params={"event": order.event})


def _due(desk: Desk, work: Work, order: Order) -> dict[Step, int]:
    """Return the deadlines of receipts sent now: whom a stop of the centre kept waiting has all his time yet."""
    event = None if order.event is None else event_care.get(work.connection, order.event)
    return order_drafts.due(desk, order, event, work.at_ns)


def _receipt(desk: Desk, work: Work, order: Order, place: int, one: Recipient) -> Receipt:
    return Receipt(
        order=order.number, place=place, event=order.event, recipient=one.code, role=one.role, task=one.task,
        state=ReceiptState.KEPT, over_capacity=one.over_capacity_reason, away=recipients.away(desk, one.code),
        came_from=order.came_from, changed_at=work.at_ns,
    )  # fmt: skip


def _opened(work: Work, order: Order, receipt: Receipt, due: dict[Step, int]) -> Receipt:
    sent = Climbed(at=work.at_ns, received_at=work.at_ns, account=order.issued_by, seat=order.issued_seat)
    return receipt_rules.started(receipt, work.at_ns, due, sent)


def _people(connection: Connection, order: Order) -> tuple[Recipient, ...]:
    found = ADDRESSES.get(connection, order.number)
    assert found is not None, "an order that is being addressed has its address: they are written in one transaction"
    return found.recipients


def _unreached(connection: Connection, order: Order) -> list[str]:
    """Return who will carry one more order when the sweep has come to them: what the guard counts already (D4)."""
    if order.state is not OrderState.SENT:
        return []
    if order.sweeping is Sweep.ADDRESS:
        return [one.code for one in _people(connection, order)[order.swept :]]
    if order.sweeping is Sweep.OPEN:
        return [one.recipient for one in order_table.living_after(connection, order.number, order.swept, 10_000)]
    return []


def _remember(desk: Desk, work: Work, order: Order, unreached: Sequence[str]) -> None:
    work.after_commit(partial(_keep, desk, order, frozenset(unreached)))


def _forget(desk: Desk, number: int) -> None:
    desk.sweeps.pop(number, None)


def _keep(desk: Desk, order: Order, unreached: frozenset[str]) -> None:
    if order.sweeping is None:
        desk.sweeps.pop(order.number, None)
    else:
        desk.sweeps[order.number] = unreached
