"""Orders to many are written, opened and ended some at a time; nobody is left out (0256), on either database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.centre import order_sweeps
from chengyun_core.model.command import GiveApproval
from chengyun_core.model.event import EventState
from chengyun_core.model.event_commands import MergeEvent, VoidEvent
from chengyun_core.model.order import OrderState, Receipt, ReceiptState, Step, Sweep
from chengyun_core.model.order_commands import OrderDraft, RecallOrder, ReleaseOrder, SendOrders, VoidOrder
from chengyun_core.model.receipt_commands import ReadReceipt, SignReceipt
from chengyun_core.model.scales import EventGrade
from chengyun_core.store import order_table
from tests.core.centre.order_stand import OrderStand, draft

FIRST = order_sweeps.AT_ONCE
MANY = 2 * FIRST + 15


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[OrderStand]:
    with OrderStand(tmp_path) as made:
        yield made


def to_many(last: str = "U-WATER", **fields: object) -> OrderDraft:
    """Return a draft to as many posts as take three turns, and to one unit at the end."""
    return draft(*(f"500103.unit.{place}" for place in range(100, 99 + MANY)), last, **fields)


def _receipts(stand: OrderStand, order: int = 1) -> list[Receipt]:
    with stand.room.ledger.reading() as connection:
        return order_table.receipts_of(connection, order)


def _states(stand: OrderStand, order: int = 1) -> set[tuple[ReceiptState, Step]]:
    return {(one.state, one.step) for one in _receipts(stand, order)}


def _swept(stand: OrderStand) -> int:
    """Go on until nothing is left to do; return how many turns that took."""
    turns = 0
    while stand.room.desk.sweeps:
        order_sweeps.tend(stand.room.desk, stand.room.ledger)
        turns += 1
    return turns


def test_that_an_order_to_many_is_answered_when_all_its_recipients_are_durable(stand: OrderStand) -> None:
    stand.open_event()
    done = stand.send(to_many(event=1))
    order = stand.order()
    assert (done.key, order.recipients, order.sweeping, order.swept) == ("1", MANY, Sweep.ADDRESS, FIRST)
    assert len(_receipts(stand)) == FIRST
    stand.restart()
    order_sweeps.tend(stand.room.desk, stand.room.ledger)
    assert stand.order().swept == 2 * FIRST
    stand.room.ledger.close()
    stand.restart()
    stand.room.clock.advance(600)
    assert _swept(stand) == 1
    receipts = _receipts(stand)
    assert [one.recipient for one in receipts] == [one.code for one in to_many().recipients]
    assert [one.place for one in receipts] == list(range(1, MANY + 1))
    assert _states(stand) == {(ReceiptState.OPEN, Step.SENT)}
    assert (stand.order().sweeping, stand.order().state, stand.event().orders) == (None, OrderState.SENT, 1)
    late = receipts[-1]
    assert late.due[Step.SIGNED] - late.climbed[Step.SENT].at == 60 * 10**9, "whom the stop kept waiting has his minute"
    assert stand.room.desk.due._waited[("receipt", f"1.{MANY}")][0] == late.call_at


def test_that_of_a_batch_to_many_all_is_checked_before_anything_is_written(stand: OrderStand) -> None:
    twice = stand.code(_sends(to_many(), draft("U-WATER"), to_many("U-NOBODY")))
    assert twice == "order.unknown_recipient"
    assert stand.room.desk.sweeps == {}
    capacity = stand.room.desk.city.units["U-WATER"].capacity
    full = stand.room.do(_sends(*[to_many() for _ in range(capacity + 1)]), stand.officer)
    assert (full.code, full.params["load"]) == ("unit.full", str(capacity))
    with stand.room.ledger.reading() as connection:
        assert order_table.get(connection, 1) is None


def test_that_a_promised_receipt_fills_its_unit_before_it_is_written_over_a_restart_too(stand: OrderStand) -> None:
    capacity = stand.room.desk.city.units["U-WATER"].capacity
    stand.send(*[to_many() for _ in range(capacity)])
    stand.restart()
    assert stand.code(_sends(draft("U-WATER"))) == "unit.full"
    _swept(stand)
    assert stand.code(_sends(draft("U-WATER"))) == "unit.full"
    assert [len(_receipts(stand, number)) for number in range(1, capacity + 1)] == [MANY] * capacity


def test_that_what_is_kept_back_leaves_in_turns_and_only_what_was_reached_can_be_signed(stand: OrderStand) -> None:
    stand.send(to_many(), hold=True)
    _swept(stand)
    assert _states(stand) == {(ReceiptState.KEPT, Step.SENT)}
    stand.room.done(ReleaseOrder(order=1, version=stand.order().version), stand.officer)
    assert (stand.order().state, stand.order().sweeping) == (OrderState.SENT, Sweep.OPEN)
    unit = stand.unit("U-WATER")
    late = SignReceipt(order=1, place=MANY, version=stand.receipt(place=MANY).version)
    assert stand.code(late, unit) == "receipt.not_open"
    _swept(stand)
    assert _states(stand) == {(ReceiptState.OPEN, Step.SENT)}
    stand.climb(Step.SIGNED, place=MANY)


def test_that_a_second_person_who_says_so_at_once_has_the_order_whole(stand: OrderStand) -> None:
    stand.send(to_many(critical="closure"))
    stand.room.done(GiveApproval(approval=1, version=1), stand.chief)
    _swept(stand)
    assert (len(_receipts(stand)), stand.order().state) == (MANY, OrderState.SENT)
    assert _states(stand) == {(ReceiptState.OPEN, Step.SENT)}


@pytest.mark.parametrize(("deed", "state"), [(RecallOrder, ReceiptState.RECALLED), (VoidOrder, ReceiptState.VOID)])
def test_that_an_order_ended_while_it_leaves_ends_for_all(
    stand: OrderStand, deed: type[RecallOrder | VoidOrder], state: ReceiptState
) -> None:
    stand.send(to_many())
    stand.room.done(deed(order=1, version=stand.order().version, reason="发错了"), stand.chief)
    assert len(_receipts(stand)) == MANY
    unit = stand.unit("U-WATER")
    last = stand.receipt(place=MANY)
    assert last.state is ReceiptState.OPEN
    assert stand.code(SignReceipt(order=1, place=MANY, version=last.version), unit) == "order.ended"
    assert stand.room.done(ReadReceipt(order=1, place=MANY), unit).change == 0
    stand.room.clock.advance(300)
    stand.restart()
    stand.room.tend()
    assert "receipt.remind" not in stand.actions(), "nobody is called for what is over"
    _swept(stand)
    assert _states(stand) == {(state, Step.SENT)}
    assert stand.order().ended == MANY


def test_that_an_event_s_end_reaches_all_recipients_of_its_orders(stand: OrderStand) -> None:
    stand.open_event(state=EventState.HANDLING, grade=EventGrade.GENERAL)
    stand.open_event()
    stand.send(to_many(event=1))
    merge = MergeEvent(event=1, version=stand.event().version, into=2, into_version=1, reason="同一处")
    stand.room.done(merge, stand.officer)
    assert (stand.order().event, stand.order().sweeping) == (2, Sweep.CARRY)
    stand.restart()
    _swept(stand)
    assert {(one.event, one.came_from) for one in _receipts(stand)} == {(2, (1,))}
    void = VoidEvent(event=2, version=stand.event(2).version, reason="误报")
    stand.room.done(void, stand.officer)
    stand.room.done(GiveApproval(approval=1, version=1), stand.chief)
    assert stand.order().state is OrderState.LAPSED
    stand.restart()
    _swept(stand)
    assert {(one.state, one.lapsed_with) for one in _receipts(stand)} == {(ReceiptState.LAPSED, "void")}
    assert not [key for key in stand.room.desk.due._waited if key[0] == "receipt"]


def _sends(*drafts: OrderDraft) -> SendOrders:
    return SendOrders(drafts=drafts)
