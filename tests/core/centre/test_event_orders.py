"""What becomes of an event's orders when it is closed, made void or merged: decision 0255, on either database."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.model.approval import ApprovalState
from chengyun_core.model.command import GiveApproval
from chengyun_core.model.event import Event, EventState, Hop
from chengyun_core.model.event_commands import CloseEvent, MergeEvent, SplitEvent, VoidEvent
from chengyun_core.model.order import OrderState, Receipt, ReceiptState, RequestKind, Step
from chengyun_core.model.receipt_commands import (
    AskSideRequest,
    CheckReceipt,
    DecideSideRequest,
    FeedBackReceipt,
    SignReceipt,
)
from chengyun_core.model.scales import EventGrade
from chengyun_core.model.scorecard import Measure
from chengyun_core.wire.event_asks import AskTimeline, Timeline
from chengyun_core.wire.order_asks import AskScorecard, Scorecard
from tests.core.centre.order_stand import OrderStand, draft, own_step

S = Step
HOUR_NS = 3600 * 10**9


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[OrderStand]:
    with OrderStand(tmp_path) as made:
        yield made


def _checked(stand: OrderStand, **fields: object) -> Event:
    """Return an event that only has to be closed, of a grade one officer may make void."""
    return stand.open_event(state=EventState.CHECKED, grade=EventGrade.GENERAL, **fields)


def _close(stand: OrderStand, number: int = 1, reason: str = "") -> tuple[str, ...]:
    return stand.room.done(
        CloseEvent(event=number, version=stand.event(number).version, reason=reason), stand.officer
    ).warnings


def _merge(stand: OrderStand, number: int, into: int) -> tuple[str, ...]:
    merge = MergeEvent(
        event=number, version=stand.event(number).version, into=into, into_version=stand.event(into).version,
        reason="同一处",
    )  # fmt: skip
    return stand.room.done(merge, stand.officer).warnings


def _split(stand: OrderStand, number: int) -> None:
    split = SplitEvent(event=number, version=stand.event(number).version, reason="并错了")
    stand.room.done(split, stand.officer)


def _lapsed(receipt: Receipt) -> tuple[ReceiptState, Step, str, str]:
    return receipt.state, receipt.step, receipt.lapsed_with, receipt.lapsed_reason


def _waits_for_nobody(stand: OrderStand) -> bool:
    return not [key for key, _ in stand.room.desk.due._waited.items() if key[0].startswith("receipt")]


def test_that_closing_over_what_was_not_fed_back_needs_a_reason_and_lets_it_lapse(stand: OrderStand) -> None:
    _checked(stand)
    stand.send(draft("U-WATER", "U-POLICE", event=1))
    stand.climb(S.SIGNED, S.FED_BACK)
    stand.room.done(CheckReceipt(order=1, place=1, version=stand.receipt().version, passed=True), stand.officer)
    stand.climb(S.SIGNED, place=2, unit="U-POLICE")
    bare = stand.room.do(CloseEvent(event=1, version=stand.event().version), stand.officer)
    assert (bare.code, bare.params["count"]) == ("event.receipts_open", "1")
    assert _close(stand, reason="水已止住，交警撤离").count("event.receipts_lapsed") == 1
    assert stand.receipt(place=1).state is ReceiptState.DONE
    told = stand.receipt(place=2)
    assert _lapsed(told) == (ReceiptState.LAPSED, S.SIGNED, "closed", "水已止住，交警撤离")
    assert (stand.order().state, stand.order().ended) == (OrderState.LAPSED, 2)
    assert _waits_for_nobody(stand)
    tail = stand.room.ledger.tail
    stand.room.clock.advance(86_400)
    stand.room.tend()
    stand.restart()
    stand.room.tend()
    assert "receipt.remind" not in stand.actions()[tail:]
    late = SignReceipt(order=1, place=2, version=told.version)
    assert stand.code(late, stand.unit("U-POLICE")) == "receipt.not_open"


def _fed_back(stand: OrderStand, checker: str, *, solved: bool = True) -> None:
    """Bring about an event whose one order was fed back, and which somebody checked ten minutes later."""
    checked_at = stand.room.clock.utc_ns() + 600 * 10**9
    _checked(stand, checker=checker, hops={Hop.CHECKED: checked_at})
    stand.send(draft("U-WATER", event=1))
    stand.climb(S.SIGNED)
    told = own_step(S.FED_BACK, stand.receipt(), stand.room.clock.utc_ns())
    assert isinstance(told, FeedBackReceipt)
    stand.room.done(replace(told, feedback=replace(told.feedback, solved=solved)), stand.unit("U-WATER"))
    stand.room.clock.advance(900)


def test_that_the_check_an_event_passed_speaks_for_what_was_fed_back_before_it(stand: OrderStand) -> None:
    _fed_back(stand, "second")
    assert "event.receipts_lapsed" not in _close(stand)
    receipt = stand.receipt()
    assert (receipt.state, receipt.step, stand.order().state) == (ReceiptState.DONE, S.CHECKED, OrderState.DONE)
    how = receipt.climbed[S.CHECKED]
    assert (how.account, how.at) == ("second", stand.event().hops[Hop.CHECKED])
    assert _waits_for_nobody(stand)


def test_that_nobody_s_own_check_of_an_event_speaks_for_his_own_feedback(stand: OrderStand) -> None:
    _fed_back(stand, "u-water")
    assert "event.receipts_lapsed" in _close(stand)
    assert _lapsed(stand.receipt()) == (ReceiptState.LAPSED, S.FED_BACK, "closed", "")
    assert stand.order().state is OrderState.LAPSED


def test_that_what_was_fed_back_unsolved_needs_a_reason_and_lapses(stand: OrderStand) -> None:
    _fed_back(stand, "second", solved=False)
    bare = stand.room.do(CloseEvent(event=1, version=stand.event().version), stand.officer)
    assert (bare.code, bare.params["count"]) == ("event.receipts_open", "1")
    _close(stand, reason="转挂账")
    assert _lapsed(stand.receipt()) == (ReceiptState.LAPSED, S.FED_BACK, "closed", "转挂账")


def test_that_what_was_fed_back_after_the_check_is_not_called_done(stand: OrderStand) -> None:
    _checked(stand, checker="second", hops={Hop.CHECKED: stand.room.clock.utc_ns()})
    stand.send(draft("U-WATER", event=1))
    stand.room.clock.advance(60)
    stand.climb(S.SIGNED, S.FED_BACK)
    assert "event.receipts_lapsed" in _close(stand)
    assert _lapsed(stand.receipt()) == (ReceiptState.LAPSED, S.FED_BACK, "closed", "")


def test_that_an_event_without_open_orders_ends_without_a_word_about_them(stand: OrderStand) -> None:
    _checked(stand)
    stand.send(draft("U-WATER", event=1))
    stand.climb(S.SIGNED, S.FED_BACK)
    stand.room.done(CheckReceipt(order=1, place=1, version=stand.receipt().version, passed=True), stand.officer)
    assert stand.order().state is OrderState.DONE
    assert "event.receipts_lapsed" not in _close(stand)
    assert (stand.order().state, stand.receipt().state) == (OrderState.DONE, ReceiptState.DONE)


def test_that_a_void_event_lets_everybody_go_whatever_he_waited_for(stand: OrderStand) -> None:
    _checked(stand)
    stand.send(draft("U-WATER", event=1))
    stand.send(draft("U-POLICE", event=1), hold=True)
    stand.send(draft("U-FIRE", event=1, critical="closure"))
    for order, kind in ((4, RequestKind.SUSPEND), (5, RequestKind.RETURN)):
        stand.send(draft("U-BUREAU", event=1))
        stand.climb(S.SIGNED, order=order, unit="U-BUREAU")
        until = stand.room.clock.utc_ns() + HOUR_NS if kind is RequestKind.SUSPEND else None
        ask = AskSideRequest(
            order=order, place=1, version=stand.receipt(order).version, kind=kind, reason="r", until=until
        )  # fmt: skip
        stand.room.done(ask, stand.unit("U-BUREAU"))
        stand.room.done(DecideSideRequest(request=order - 3, version=1, given=True), stand.chief)
    void = VoidEvent(event=1, version=stand.event().version, reason="误报")
    assert stand.room.done(void, stand.officer).warnings == ("event.receipts_lapsed",)
    for order in (1, 2, 3, 4):
        receipt = stand.receipt(order)
        assert (receipt.state, receipt.lapsed_with, receipt.lapsed_reason) == (ReceiptState.LAPSED, "void", "误报")
        assert stand.order(order).state is OrderState.LAPSED
    back = stand.receipt(5)
    assert (back.state, back.settled) == (ReceiptState.RETURNED, "误报")
    assert stand.order(5).state is OrderState.DONE
    assert _waits_for_nobody(stand)
    approval = next(row for row in reversed(stand.room.published) if row.kind == "approval")
    assert approval.action == "approval.lapse"
    reply = stand.room.do(GiveApproval(approval=1, version=1), stand.chief)
    assert (reply.code, reply.params["state"]) == ("approval.decided", ApprovalState.WITHDRAWN.value)


def test_that_a_scorecard_counts_what_lapsed_apart_and_as_it_stood_then(stand: OrderStand) -> None:
    _checked(stand)
    _checked(stand)
    stand.send(draft("U-WATER", event=1), draft("U-WATER", event=2), draft("U-WATER", event=1))
    stand.climb(S.SIGNED)
    stand.room.clock.advance(90)
    _close(stand, reason="已无必要")
    stand.room.done(VoidEvent(event=2, version=stand.event(2).version, reason="误报"), stand.officer)
    stand.room.clock.advance(4 * 3600)
    now = stand.room.clock.utc_ns()
    (score,) = stand.ask(
        "unit.scorecard", AskScorecard(units=("U-WATER",), from_ns=now - 30 * HOUR_NS, to_ns=now), Scorecard
    ).scores
    counted = {ratio.measure: (ratio.numerator, ratio.denominator) for ratio in score.ratios}
    assert (score.receipts, score.lapsed) == (3, 3)
    # One signed in time, one that had a minute and did not within 90 s; the void event's counts for nothing.
    assert counted[Measure.SIGNED] == (1, 2)
    # Nobody missed a deadline that had not come when the event was closed.
    assert counted[Measure.ON_TIME] == (0, 0)
    assert counted[Measure.ONCE] == (0, 0)


def test_that_a_merged_event_s_orders_go_on_in_the_one_it_lives_on_in(stand: OrderStand) -> None:
    kept, merged = stand.open_event(), stand.open_event()
    stand.send(draft("U-WATER", "U-POLICE", event=2), draft("U-FIRE", event=2))
    stand.climb(S.SIGNED, S.FED_BACK, order=2, unit="U-FIRE")
    stand.room.done(CheckReceipt(order=2, place=1, version=stand.receipt(2).version, passed=True), stand.officer)
    assert _merge(stand, merged.number, kept.number) == ("event.receipts_carried",)
    assert (stand.order().event, stand.order().came_from, stand.order(2).event) == (1, (2,), 2)
    assert [stand.receipt(1, place).event for place in (1, 2)] == [1, 1]
    assert (stand.event(1).orders, stand.event(2).orders) == (1, 2)
    stand.room.clock.advance(61)
    stand.room.tend()
    assert stand.receipt().reminded == 1, "its clock runs on"
    stand.climb(S.SIGNED, S.FED_BACK)
    assert Hop.SIGNED in stand.event(1).hops
    assert (stand.event(1).state, Hop.FED_BACK in stand.event(1).hops) == (EventState.HANDLING, False)
    lines = stand.ask("event.timeline", AskTimeline(event=2), Timeline).lines
    assert {("timeline.receipt.carry", "1.1"), ("timeline.receipt.feed_back", "1.1")} <= {
        (line.code, line.key) for line in lines
    }
    assert ("timeline.receipt.remind", "1.1") in {
        (line.code, line.key) for line in stand.ask("event.timeline", AskTimeline(event=1), Timeline).lines
    }


def test_that_a_split_brings_back_what_is_still_open_over_a_second_merging_too(stand: OrderStand) -> None:
    for _ in range(3):
        stand.open_event()
    stand.send(draft("U-WATER", event=1), draft("U-POLICE", event=2))
    _merge(stand, 1, 2)
    _merge(stand, 2, 3)
    assert [(stand.order(n).event, stand.order(n).came_from) for n in (1, 2)] == [(3, (1, 2)), (3, (2,))]
    stand.restart()
    _split(stand, 2)
    assert [(stand.order(n).event, stand.order(n).came_from) for n in (1, 2)] == [(2, (1,)), (2, ())]
    _merge(stand, 2, 3)
    _split(stand, 1)
    assert [(stand.order(n).event, stand.order(n).came_from) for n in (1, 2)] == [(1, ()), (3, (2,))]
    assert [stand.receipt(n).event for n in (1, 2)] == [1, 3]
    stand.climb(S.SIGNED)
    assert (Hop.SIGNED in stand.event(1).hops, Hop.SIGNED in stand.event(3).hops) == (True, False)


def test_that_what_was_carried_lapses_with_the_event_it_came_to(stand: OrderStand) -> None:
    stand.open_event()
    _checked(stand)
    stand.send(draft("U-WATER", event=1))
    _merge(stand, 1, 2)
    bare = stand.room.do(CloseEvent(event=2, version=stand.event(2).version), stand.officer)
    assert bare.code == "event.receipts_open"
    _close(stand, 2, reason="已撤离")
    assert _lapsed(stand.receipt()) == (ReceiptState.LAPSED, S.SENT, "closed", "已撤离")
    _split(stand, 1)
    assert (stand.order().event, stand.receipt().event) == (2, 2), "what is over stays where it ended"
