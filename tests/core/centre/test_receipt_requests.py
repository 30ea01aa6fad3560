"""Side requests: asked by the recipient, decided by another person, and what becomes of receipt, order and ledger."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.model.order import OrderState, ReceiptState, RequestKind, RequestState, SideRequest, Step
from chengyun_core.model.order_commands import VoidOrder
from chengyun_core.model.receipt_commands import (
    AskSideRequest,
    DecideSideRequest,
    SettleReceipt,
    SignReceipt,
    WithdrawSideRequest,
)
from chengyun_core.store import request_table
from chengyun_core.wire.order_asks import AskLedger, Ledger
from tests.core.centre.order_stand import OrderStand, draft

HOUR = 3600 * 10**9


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[OrderStand]:
    with OrderStand(tmp_path) as made:
        yield made


def _ask(stand: OrderStand, kind: RequestKind, *, order: int = 1, hours: float | None = None) -> str:
    until = None if hours is None else stand.room.clock.utc_ns() + round(hours * HOUR)
    version = stand.receipt(order).version
    command = AskSideRequest(order=order, place=1, version=version, kind=kind, reason="无设备", until=until)
    return stand.code(command, stand.unit())


def _decide(stand: OrderStand, number: int = 1, *, given: bool = True, reason: str = "") -> str:
    return stand.code(DecideSideRequest(request=number, version=1, given=given, reason=reason), stand.chief)


def _request(stand: OrderStand, number: int = 1) -> SideRequest:
    with stand.room.ledger.reading() as connection:
        found = request_table.get(connection, number)
    assert found is not None
    return found


def test_that_an_extension_promises_a_new_time_and_is_counted(stand: OrderStand) -> None:
    stand.send()
    assert _ask(stand, RequestKind.EXTEND, hours=5) == "receipt.needs_step"
    stand.climb(Step.SIGNED)
    assert _ask(stand, RequestKind.EXTEND) == "receipt.bad_until"
    assert _ask(stand, RequestKind.EXTEND, hours=-1) == "receipt.bad_until"
    assert _ask(stand, RequestKind.EXTEND, hours=5) == ""
    assert _ask(stand, RequestKind.RETURN) == "receipt.request_waits"
    assert _decide(stand) == ""
    receipt = stand.receipt()
    until = _request(stand).until
    assert (receipt.promised_at, receipt.extended, receipt.request) == (until, 1, None)
    assert {receipt.due[step] for step in (Step.ARRIVED, Step.HANDLING, Step.FED_BACK)} == {until}
    stand.room.clock.advance(4 * 3600)
    stand.room.tend()
    assert "receipt.remind" not in stand.actions()


def test_that_nobody_decides_about_his_own(stand: OrderStand) -> None:
    stand.send()
    stand.climb(Step.SIGNED)
    assert _ask(stand, RequestKind.EXTEND, hours=5) == ""
    decide = DecideSideRequest(request=1, version=1, given=True)
    assert stand.code(decide, stand.unit()) == "permission.no_post"
    assert stand.code(decide, stand.officer) == "permission.no_post"
    both = stand.room.officer("both", "500103.unit.1", "500103.watch_chief", seat="A-06")
    assert stand.code(decide, both) == "receipt.own_request"
    assert stand.code(decide, stand.chief) == ""


def test_that_who_asked_does_not_decide_after_the_unit_got_another_post(stand: OrderStand) -> None:
    stand.send()
    both = stand.room.officer("both", "500103.unit.1", "500103.watch_chief", seat="A-06")
    ask = AskSideRequest(order=1, place=1, version=1, kind=RequestKind.RETURN, reason="无设备")
    assert stand.code(ask, both) == ""
    city = stand.room.desk.city
    moved = replace(city.units["U-WATER"], post="500103.unit.9")
    stand.room.desk.city = replace(city, units={**city.units, "U-WATER": moved})
    assert stand.code(DecideSideRequest(request=1, version=1, given=True), both) == "receipt.own_request"


def test_that_a_refusal_needs_a_reason_and_leaves_everything_as_it_was(stand: OrderStand) -> None:
    stand.send()
    before = stand.receipt().due
    assert _ask(stand, RequestKind.RETURN) == ""
    assert _decide(stand, given=False) == "text.missing.reason"
    assert _decide(stand, given=False, reason="本职") == ""
    assert (stand.receipt().state, stand.receipt().due) == (ReceiptState.OPEN, before)
    assert _decide(stand) == "receipt.request_decided"
    assert (_request(stand).state, _request(stand).decided_by) == (RequestState.REFUSED, "chief")


def test_that_a_return_waits_until_somebody_else_has_it(stand: OrderStand) -> None:
    stand.send(draft("U-WATER", "U-POLICE"))
    assert _ask(stand, RequestKind.RETURN) == ""
    assert _decide(stand) == ""
    receipt = stand.receipt()
    assert (receipt.state, receipt.returned_reason, stand.order().ended) == (ReceiptState.RETURNED, "无设备", 1)
    assert stand.code(SignReceipt(order=1, place=1, version=receipt.version), stand.unit()) == "receipt.not_open"
    stand.send(draft("U-FIRE", instead_of="1.1"))
    assert stand.receipt().settled == stand.order(2).code
    settle = SettleReceipt(order=1, place=1, version=stand.receipt().version, reason="r")
    assert stand.code(settle) == "receipt.not_returned"


def test_that_an_order_whose_only_recipient_was_let_off_is_done(stand: OrderStand) -> None:
    stand.send()
    assert _ask(stand, RequestKind.VOID) == ""
    assert _decide(stand) == ""
    assert (stand.receipt().state, stand.order().state) == (ReceiptState.VOID, OrderState.DONE)


def test_that_a_returned_one_may_be_let_go_with_a_reason(stand: OrderStand) -> None:
    stand.send()
    assert _ask(stand, RequestKind.RETURN) == ""
    assert _decide(stand) == ""
    version = stand.receipt().version
    assert stand.code(SettleReceipt(order=1, place=1, version=version, reason=" ")) == "text.missing.reason"
    assert stand.code(SettleReceipt(order=1, place=1, version=version, reason="已由业主自修")) == ""
    assert stand.receipt().settled == "已由业主自修"


def test_that_only_who_asked_withdraws(stand: OrderStand) -> None:
    stand.send()
    assert _ask(stand, RequestKind.RETURN) == ""
    assert stand.code(WithdrawSideRequest(request=1, version=1), stand.unit("U-POLICE")) == "permission.not_owner"
    assert stand.code(WithdrawSideRequest(request=1, version=1), stand.unit()) == ""
    assert (_request(stand).state, stand.receipt().request) == (RequestState.WITHDRAWN, None)
    assert _decide(stand) == "receipt.request_decided"


def test_that_what_ended_or_was_fed_back_needs_no_decision_any_more(stand: OrderStand) -> None:
    stand.send(draft(), draft())
    for order in (1, 2):
        stand.climb(Step.SIGNED, order=order)
        assert _ask(stand, RequestKind.EXTEND, order=order, hours=9) == ""
    stand.climb(Step.FED_BACK)
    assert stand.code(VoidOrder(order=2, version=1, reason="误发"), stand.chief) == ""
    assert [_request(stand, number).state for number in (1, 2)] == [RequestState.WITHDRAWN] * 2
    assert (stand.receipt(1).request, stand.receipt(2).request) == (None, None)


def test_that_the_ledger_tells_counts_and_what_they_are_a_share_of(stand: OrderStand) -> None:
    from_ns = stand.room.clock.utc_ns()
    stand.send(draft("U-WATER", "U-POLICE"), draft("U-WATER"))
    assert _ask(stand, RequestKind.RETURN) == ""
    assert _decide(stand) == ""
    assert _ask(stand, RequestKind.VOID, order=2) == ""
    ask = AskLedger(from_ns=from_ns, to_ns=from_ns + HOUR)
    told = stand.ask("side_request.ledger", ask, Ledger)
    assert {(row.kind, row.state): row.count for row in told.counts} == {
        (RequestKind.RETURN, RequestState.GIVEN): 1, (RequestKind.VOID, RequestState.WAITING): 1,
    }  # fmt: skip
    assert (told.receipts, [one.number for one in told.requests]) == (3, [2, 1])
    assert {unit.recipient: (sum(row.count for row in unit.counts), unit.receipts) for unit in told.units} == {
        "U-WATER": (2, 2)
    }
    one = stand.ask(
        "side_request.ledger", AskLedger(from_ns=from_ns, to_ns=from_ns + HOUR, recipient="U-POLICE"), Ledger
    )
    assert (one.receipts, one.requests) == (1, ())
    reply = stand.room.ask("side_request.ledger", AskLedger(from_ns=5, to_ns=5), stand.officer)
    assert reply.code == "scorecard.period"
