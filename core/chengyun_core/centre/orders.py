"""Orders: what officers do with them as a whole: send, release, recall, make void; and the second person's word."""

from dataclasses import replace

from chengyun_core.centre import order_care, order_sweeps, receipt_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.order_drafts import MOST_DRAFTS
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import receipt_rules
from chengyun_core.model.approval import Approval, ApprovalState
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import PostKind, Subject
from chengyun_core.model.order import Order, OrderState, ReceiptState, Step, Sweep, key_of, parsed_key
from chengyun_core.model.order_commands import OrderDraft, RecallOrder, ReleaseOrder, SendOrders, VoidOrder
from chengyun_core.model.permission import centre_of, kind_of
from chengyun_core.store import account_table, event_table, order_table
from chengyun_core.store import journal as journal_rows
from chengyun_core.wire.envelope import Done

DeedOnOrder = ReleaseOrder | RecallOrder | VoidOrder
_PROGRESS = frozenset({"order.carry", "order.progress", order_sweeps.PROGRESS})
"""What a receipt's end or the centre itself writes into an order does not make an officer's picture of it stale."""


def subjects_of_new(desk: Desk, work: Work, command: SendOrders) -> tuple[Subject, ...]:
    """Return the centres a batch touches: where each order is carried out, where its event is, whose return it settles.

    An unknown one is left out here, and refused to the permitted.
    """
    found = [code for draft in command.drafts[:MOST_DRAFTS] for code in _touched(work, draft)]
    known = (code for code in dict.fromkeys(found) if code in desk.city.centres)
    return tuple(Subject(name=code, path=desk.city.path(code)) for code in known)


def subjects(desk: Desk, work: Work, command: DeedOnOrder) -> tuple[Subject, ...]:
    """Return the centre of an order; an unknown one has no place, and is refused to the permitted."""
    order = order_table.get(work.connection, command.order)
    return () if order is None else (Subject(name=order.code, path=desk.city.path(order.centre)),)


def send(desk: Desk, work: Work, caller: Caller, command: SendOrders) -> Done:
    """Send orders, all or none."""
    orders = order_care.send(desk, work, caller, command.drafts, hold=command.hold)
    waits = any(order.state is OrderState.WAITING for order in orders)
    numbers = " ".join(str(order.number) for order in orders)
    return Done(change=work.noted, key=numbers, version=1, warnings=("order.waits",) if waits else ())


def release(desk: Desk, work: Work, caller: Caller, command: ReleaseOrder) -> Done:
    """Release a held order; a critical one waits for its second person from now on."""
    order = _as_seen(desk, work, command)
    if order.state is not OrderState.HELD:
        raise Refused("order.not_held", order=order.code, state=order.state.value)
    if order.critical:
        return _wait(desk, work, caller, order)
    sent = order_care.leave(desk, work, order, "order.release")
    return Done(change=work.noted, key=str(sent.number), version=sent.version)


def recall(desk: Desk, work: Work, caller: Caller, command: RecallOrder) -> Done:  # noqa: ARG001 - see HANDLERS
    """Take an order back; once somebody has read it, it is refused with who and when (T7)."""
    reason = clean(command.reason, field="reason", required=True)
    order = _as_seen(desk, work, command)
    if order.state is OrderState.HELD:
        ended, change = order_care.end_kept(desk, work, order, OrderState.RECALLED, "order.recall", reason)
        return Done(change=change, key=str(ended.number), version=ended.version)
    if order.state is OrderState.SENT:
        _check_unread(desk, work, order)
    return _end(desk, work, order, OrderState.RECALLED, "order.recall", reason)


def void(desk: Desk, work: Work, caller: Caller, command: VoidOrder) -> Done:
    """Make an order void with all that is still open of it."""
    reason = clean(command.reason, field="reason", required=True)
    order = _as_seen(desk, work, command)
    if order.issued_by == caller.account:
        raise Refused("order.void_own", order=order.code)
    if order.state is OrderState.HELD:
        ended, change = order_care.end_kept(desk, work, order, OrderState.VOID, "order.void", reason)
        return Done(change=change, key=str(ended.number), version=ended.version)
    return _end(desk, work, order, OrderState.VOID, "order.void", reason)


def second_given(desk: Desk, work: Work, approval: Approval, command: ReleaseOrder) -> None:
    """Send a critical order, now that a second person gave it; one of the two must be a watch chief above it (T8)."""
    order = order_care.get(work, command.order)
    if order.state is not OrderState.WAITING or order.approval != approval.number:
        raise Refused("order.not_waiting", order=order.code, state=order.state.value)
    if not any(_is_chief(desk, work, account, order) for account in (approval.asked_by, approval.decided_by)):
        raise Refused("order.needs_chief", order=order.code)
    order_care.leave(desk, work, order, "order.approved")


def second_not_given(desk: Desk, work: Work, approval: Approval, command: ReleaseOrder) -> None:
    """End an order whose second person said no, or nothing in time."""
    order = order_table.get(work.connection, command.order)
    if order is None or order.state is not OrderState.WAITING or order.approval != approval.number:
        return
    reason = approval.reason or approval.state.value
    state = OrderState.RECALLED if approval.state is ApprovalState.WITHDRAWN else OrderState.REFUSED
    order_care.end_kept(desk, work, order, state, "order.refused", reason)


def _wait(desk: Desk, work: Work, caller: Caller, order: Order) -> Done:
    number = order_care.ask_second(desk, work, caller, order)
    waiting = replace(order, state=OrderState.WAITING, approval=number)
    after, change = receipt_care.put_order(desk, work, waiting, "order.wait")
    return Done(change=change, key=str(after.number), version=after.version, warnings=("order.waits",))


def _end(desk: Desk, work: Work, order: Order, state: OrderState, action: str, reason: str) -> Done:
    if order.state is OrderState.WAITING:
        # What waits for a second person ends with its request: one of the two must not outlive the other.
        raise Refused("order.waits_for_second", order=order.code, approval=order.approval)
    if order.state is not OrderState.SENT:
        raise Refused("order.ended", order=order.code, state=order.state.value)
    sweep = Sweep.RECALL if state is OrderState.RECALLED else Sweep.VOID
    order = order_sweeps.finished(desk, work, order)
    ended = order_sweeps.begin(desk, work, replace(order, state=state, reason=reason), sweep)
    after, change = receipt_care.put_order(desk, work, ended, action, {"reason": reason})
    return Done(change=change, key=str(after.number), version=after.version)


def _check_unread(desk: Desk, work: Work, order: Order) -> None:
    receipt = order_table.first_under_way(work.connection, order.number)
    if receipt is None:
        return
    if receipt.state is not ReceiptState.OPEN:
        raise Refused("order.under_way", order=order.code, receipt=key_of(receipt), state=receipt.state.value)
    first = min((step for step in receipt.climbed if _is_read(step)), key=receipt_rules.rank)
    how = receipt.climbed[first]
    raise Refused(
        "order.already_read", order=order.code, recipient=receipt.recipient, who=how.account, at=desk.shown(how.at),
        step=first.value,
    )  # fmt: skip


def _is_read(step: Step) -> bool:
    return receipt_rules.rank(step) >= receipt_rules.rank(Step.READ)


def _as_seen(desk: Desk, work: Work, command: DeedOnOrder) -> Order:
    """Return the order if it still is what the officer saw; else raise Refused with who did what when (RF23)."""
    order = order_care.get(work, command.order)
    last = journal_rows.last_of(work.connection, "order", str(order.number), other_than=_PROGRESS)
    if last is not None and last.version > command.version:
        raise Refused(
            "order.changed", order=order.code, who=last.account, seat=last.seat, what=last.action,
            at=desk.shown(last.at_ns), at_ns=last.at_ns, version=order.version,
        )  # fmt: skip
    if command.version > order.version:
        raise Refused("order.unseen", order=order.code, version=order.version)
    return order


def _is_chief(desk: Desk, work: Work, account: str, order: Order) -> bool:
    record = account_table.get(work.connection, account)
    posts = () if record is None else record.posts
    way = desk.city.path(order.centre)
    return any(kind_of(post) is PostKind.WATCH_CHIEF and centre_of(post) in way for post in posts)


def _touched(work: Work, draft: OrderDraft) -> tuple[str, ...]:
    event = None if draft.event is None else event_table.get(work.connection, draft.event)
    key = parsed_key(draft.instead_of)
    replaced = None if key is None else order_table.get(work.connection, key[0])
    return (draft.centre, event.centre if event else "", replaced.centre if replaced else "")
