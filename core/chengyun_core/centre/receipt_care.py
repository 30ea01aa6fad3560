"""Receipts as the centre keeps them: written with journal row, table row and timer; what follows from each climb."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import event_care, labels, order_drafts, plan_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model import deadline_rules, receipt_rules
from chengyun_core.model.audit import Actor
from chengyun_core.model.event import Hop
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import Order, OrderState, Receipt, ReceiptState, RequestState, Step, key_of
from chengyun_core.store import order_table, request_table
from chengyun_core.store.order_table import Stored

KIND = "receipt"
TIMER = "receipt"
RESUMES = "receipt_resume"
_OF_WHAT_LIVES_ON = frozenset({Hop.SIGNED, Hop.ARRIVED})
"""Hops that go to the event another was merged into; feedback and check are its own lead's."""


def get(connection: Connection, order: int, place: int) -> Receipt:
    """Return a receipt; raise Refused `receipt.unknown`."""
    found = order_table.receipt(connection, order, place)
    if found is None:
        raise Refused("receipt.unknown", receipt=f"{order}.{place}")
    return found


def put(
    desk: Desk, work: Work, order: Order, receipt: Receipt, action: str, *,
    params: Mapping[str, object] | None = None, actor: Actor | None = None,
) -> tuple[Receipt, int]:  # fmt: skip
    """Write a known receipt anew; return it, one version further, and its journal number. Its timer follows COMMIT."""
    after = replace(_without_moot_request(work, receipt), version=receipt.version + 1)
    stored = _noted(desk, work, order, after, action, params=params, actor=actor)
    order_table.replace_receipt(work.connection, stored)
    if after.state in plan_care.FELL:
        plan_care.receipt_climbed(desk, work, after)
    return stored.receipt, stored.change


def put_new(desk: Desk, work: Work, order: Order, receipts: Iterable[Receipt], action: str) -> None:
    """Write the first records of receipts; what has to reach another centre first goes into the outbox."""
    stored = [_noted(desk, work, order, receipt, action) for receipt in receipts]
    order_table.add_receipts(work.connection, stored)
    for one in stored:
        if one.receipt.away and one.receipt.state is ReceiptState.OPEN:
            work.send_to(one.change, one.receipt.away, labels.of_event(desk, one.receipt.event))


def _noted(
    desk: Desk, work: Work, order: Order, receipt: Receipt, action: str, *,
    params: Mapping[str, object] | None = None, actor: Actor | None = None,
) -> Stored:  # fmt: skip
    template = order_drafts.deadlines_of(desk, order)
    after = replace(receipt, call_at=deadline_rules.call_at(receipt, template), changed_at=work.at_ns)
    told = {"order": order.code, "recipient": receipt.recipient, **(params or {})}
    change = work.note(action, KIND, key_of(after), after.version, after, params=told, actor=actor)
    work.after_commit(partial(wait_for, desk, after))
    return Stored(after, deadline_rules.due_at(after), change)


def _without_moot_request(work: Work, receipt: Receipt) -> Receipt:
    """End the request of a receipt that has ended or was fed back: there is nothing left to decide."""
    over = receipt.state in receipt_rules.ENDED or receipt.step is Step.FED_BACK
    if receipt.request is None or not over:
        return receipt
    request = request_table.get(work.connection, receipt.request)
    if request is not None and request.state is RequestState.WAITING:
        moot = replace(
            request, state=RequestState.WITHDRAWN, decided_at=work.at_ns, decided_by=work.actor.account,
            version=request.version + 1,
        )  # fmt: skip
        change = work.note("side_request.moot", request_table.KIND, moot.number, moot.version, moot)
        request_table.replace(work.connection, moot, change)
    return replace(receipt, request=None)


def climbed(desk: Desk, work: Work, order: Order, receipt: Receipt, step: Step) -> None:
    """Have follow what follows from a receipt's reaching a step: the event's hop, and the plan's step.

    receipt: as it was written. The lead's hop of the check waits for every lead receipt of the event.
    """
    hop = receipt_rules.hop_of(receipt, step)
    if receipt.event is not None and hop is not None:
        _tell_event(desk, work, receipt, step, hop)
    plan_care.receipt_climbed(desk, work, receipt)
    if receipt.state in receipt_rules.ENDED:
        ended(desk, work, order)


def ended(desk: Desk, work: Work, order: Order) -> None:
    """Count the order's ended receipts anew; with the last one it is done, if it was sent."""
    count = order_table.count_ended(work.connection, order.number)
    now = order_table.get(work.connection, order.number)
    if now is None or now.state is not OrderState.SENT or count == now.ended:
        return
    done = count == now.recipients
    state = OrderState.DONE if done else OrderState.SENT
    put_order(desk, work, replace(now, ended=count, state=state), "order.done" if done else "order.progress")


def put_order(
    desk: Desk, work: Work, order: Order, action: str, params: Mapping[str, object] | None = None
) -> tuple[Order, int]:  # fmt: skip
    """Write an order's new record; return it, one version further, and its journal number."""
    del desk
    after = replace(order, changed_at=work.at_ns, version=order.version + 1)
    told = {"order": order.code, **(params or {})}
    change = work.note(action, "order", after.number, after.version, after, params=told)
    order_table.replace(work.connection, after, change)
    return after, change


def wait_for(desk: Desk, receipt: Receipt) -> None:
    """Wait on the clock that never steps for the next rung, or for the end of a suspension (RF12)."""
    key = key_of(receipt)
    suspended = receipt.state is ReceiptState.SUSPENDED
    desk.due.wait((TIMER, key), receipt.call_at if receipt.state is ReceiptState.OPEN else None)
    desk.due.wait((RESUMES, key), receipt.resume_at if suspended else None)


def load(desk: Desk, connection: Connection) -> None:
    """Wait for the rungs of every receipt that is climbed, at start."""
    for receipt, _ in order_table.living_receipts(connection):
        wait_for(desk, receipt)


def _tell_event(desk: Desk, work: Work, receipt: Receipt, step: Step, hop: Hop) -> None:
    assert receipt.event is not None
    how = receipt.climbed[step]
    who: dict[str, str] = {}
    if step is Step.FED_BACK:
        who = {"handler": how.account}
    if step is Step.CHECKED:
        if not _leads_all_checked(work.connection, receipt.event):
            return
        who = {"checker": how.account}
    number = receipt.event
    if hop in _OF_WHAT_LIVES_ON:
        number = event_care.survivor(work.connection, receipt.event).number
    event_care.reached(desk, work, number, hop, how.at, **who)


def _leads_all_checked(connection: Connection, event: int) -> bool:
    """Return whether no lead receipt of the event still has to pass its check; those given back count for nothing."""
    leads = (one for one in order_table.receipts_of_event(connection, event) if receipt_rules.leads(one))
    return all(one.state not in (ReceiptState.KEPT, ReceiptState.OPEN, ReceiptState.SUSPENDED) for one in leads)
