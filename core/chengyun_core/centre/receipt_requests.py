"""What recipients ask for: return, extension, void, suspension; given or refused by another person (T4, 数字城管)."""

from dataclasses import replace

from chengyun_core.centre import order_care, receipt_care, recipients
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.receipt_seen import as_seen, subjects_of_orders
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import receipt_rules
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.order import Receipt, RequestKind, RequestState, SideRequest, key_of
from chengyun_core.model.receipt_commands import AskSideRequest, DecideSideRequest, WithdrawSideRequest
from chengyun_core.model.receipt_rules import ReceiptMove
from chengyun_core.store import counters, request_table
from chengyun_core.wire.envelope import Done

LONGEST_DAYS = 90
_WITH_TIME = frozenset({RequestKind.EXTEND, RequestKind.SUSPEND})


def subjects_of_asker(desk: Desk, work: Work, command: WithdrawSideRequest) -> tuple[Subject, ...]:
    """Return the recipient who asked."""
    request = request_table.get(work.connection, command.request)
    return () if request is None else (recipients.subject(desk.city, request.recipient),)


def subjects_of_decider(desk: Desk, work: Work, command: DecideSideRequest) -> tuple[Subject, ...]:
    """Return the place of the order it is about."""
    request = request_table.get(work.connection, command.request)
    return () if request is None else subjects_of_orders(desk, work, (request.order,))


def ask(desk: Desk, work: Work, caller: Caller, command: AskSideRequest) -> Done:
    """Ask; one request of a receipt waits at a time."""
    reason = clean(command.reason, field="reason", required=True)
    order, receipt = as_seen(desk, work, command.order, command.place, command.version)
    receipt_rules.may_ask(receipt, command.kind)
    until = _checked_until(desk, work, command.kind, command.until)
    request = SideRequest(
        number=counters.take(work.connection, request_table.COUNTER, 1), order=receipt.order, place=receipt.place,
        recipient=receipt.recipient, kind=command.kind, reason=reason, until=until, asked_at=work.at_ns,
        asked_by=caller.account, asked_seat=order_care.seat_of(caller),
    )  # fmt: skip
    told = {"kind": request.kind.value, "reason": reason, "until": until or "", "recipient": request.recipient}
    change = work.note("side_request.ask", request_table.KIND, request.number, request.version, request, params=told)
    request_table.add(work.connection, request, change)
    receipt_care.put(desk, work, order, replace(receipt, request=request.number), "receipt.request", params=told)
    return Done(change=change, key=str(request.number), version=request.version)


def withdraw(desk: Desk, work: Work, caller: Caller, command: WithdrawSideRequest) -> Done:
    """Take a request back."""
    request = _as_seen(desk, work, command.request, command.version)
    ended, change = _decided(work, caller, request, RequestState.WITHDRAWN, "", "side_request.withdraw")
    order, receipt = (
        order_care.get(work, request.order),
        receipt_care.get(work.connection, request.order, request.place),
    )
    receipt_care.put(desk, work, order, replace(receipt, request=None), "receipt.request", params={"kind": "withdrawn"})
    return Done(change=change, key=str(ended.number), version=ended.version)


def decide(desk: Desk, work: Work, caller: Caller, command: DecideSideRequest) -> Done:
    """Give or refuse a request: never one's own, nor that of who handles it, nor for a unit one signs for."""
    reason = clean(command.reason, field="reason", required=not command.given)
    request = _as_seen(desk, work, command.request, command.version)
    receipt = receipt_care.get(work.connection, request.order, request.place)
    _check_other_person(desk, caller, request, receipt)
    state = RequestState.GIVEN if command.given else RequestState.REFUSED
    until = _checked_until(desk, work, request.kind, command.until or request.until) if command.given else request.until
    action = "side_request.give" if command.given else "side_request.refuse"
    decided, change = _decided(work, caller, replace(request, until=until), state, reason, action)
    _apply(desk, work, decided, replace(receipt, request=None))
    return Done(change=change, key=str(decided.number), version=decided.version)


def _apply(desk: Desk, work: Work, request: SideRequest, receipt: Receipt) -> None:
    order = order_care.get(work, request.order)
    told = {"kind": request.kind.value, "reason": request.decided_reason, "until": request.until or ""}
    if request.state is not RequestState.GIVEN:
        receipt_care.put(desk, work, order, receipt, "receipt.denied", params=told)
        return
    after = _given(receipt, request, work.at_ns)
    receipt_care.put(desk, work, order, after, f"receipt.{_DEEDS[request.kind]}", params=told)
    if after.state in receipt_rules.ENDED:
        receipt_care.ended(desk, work, order)


def _given(receipt: Receipt, request: SideRequest, at_ns: int) -> Receipt:
    match request.kind:
        case RequestKind.RETURN:
            return replace(receipt_rules.moved(receipt, ReceiptMove.RETURN), returned_reason=request.reason)
        case RequestKind.VOID:
            return receipt_rules.moved(receipt, ReceiptMove.VOID)
        case RequestKind.EXTEND:
            return receipt_rules.extended(receipt, request.until or at_ns)
        case RequestKind.SUSPEND:
            return receipt_rules.suspended(receipt, at_ns, request.until or at_ns)


def _decided(
    work: Work, caller: Caller, request: SideRequest, state: RequestState, reason: str, action: str
) -> tuple[SideRequest, int]:  # fmt: skip
    decided = replace(
        request, state=state, decided_at=work.at_ns, decided_by=caller.account,
        decided_seat=order_care.seat_of(caller), decided_reason=reason, version=request.version + 1,
    )  # fmt: skip
    told = {
        "kind": request.kind.value, "asked_by": request.asked_by, "reason": reason, "recipient": request.recipient,
    }  # fmt: skip
    change = work.note(action, request_table.KIND, decided.number, decided.version, decided, params=told)
    request_table.replace(work.connection, decided, change)
    return decided, change


def _checked_until(desk: Desk, work: Work, kind: RequestKind, until: int | None) -> int | None:
    if kind not in _WITH_TIME:
        return None
    latest = work.at_ns + LONGEST_DAYS * 86_400 * NS_PER_S
    if until is None or not work.at_ns < until <= latest:
        raise Refused("receipt.bad_until", until=desk.shown(until), latest=desk.shown(latest))
    return until


def _check_other_person(desk: Desk, caller: Caller, request: SideRequest, receipt: Receipt) -> None:
    signs = recipients.post(desk.city, request.recipient)
    own = caller.account == request.asked_by or caller.account in receipt_rules.handlers_of(receipt)
    if own or any(holding.post == signs for holding in caller.holdings):
        raise Refused("receipt.own_request", request=request.number, receipt=key_of(receipt))


def _as_seen(desk: Desk, work: Work, number: int, version: int) -> SideRequest:
    request = request_table.get(work.connection, number)
    if request is None:
        raise Refused("receipt.unknown_request", request=number)
    if request.state is not RequestState.WAITING or request.version != version:
        raise Refused(
            "receipt.request_decided", request=number, state=request.state.value, who=request.decided_by,
            at=desk.shown(request.decided_at),
        )  # fmt: skip
    return request


_DEEDS = {
    RequestKind.RETURN: "return", RequestKind.VOID: "void", RequestKind.EXTEND: "extend",
    RequestKind.SUSPEND: "suspend",
}  # fmt: skip
