"""Reminders by the centre's clock: louder by rungs, silent at once when signed, over restarts and stops."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.centre import due_work, receipt_clock
from chengyun_core.model.order import ReceiptState, RequestKind, Step
from chengyun_core.model.receipt_commands import AskSideRequest, DecideSideRequest, ResumeReceipt
from tests.core.centre.order_stand import OrderStand, draft


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[OrderStand]:
    with OrderStand(tmp_path) as made:
        yield made


def _rungs(stand: OrderStand) -> list[tuple[str, str]]:
    told = [change.params for change in stand.room.published if change.action == "receipt.remind"]
    return [(params["rung"], params["late_s"]) for params in told]


def _pass(stand: OrderStand, *seconds: float) -> None:
    for step in seconds:
        stand.room.clock.advance(step)
        stand.room.tend()


def test_that_silence_is_reminded_of_again_called_and_told_to_the_superior(stand: OrderStand) -> None:
    stand.send()
    _pass(stand, 59.9)
    assert _rungs(stand) == []
    _pass(stand, 0.1, 30, 30, 60, 600)
    assert _rungs(stand) == [("remind", "0"), ("remind_again", "30"), ("call", "60"), ("superior", "120")]
    receipt = stand.receipt()
    assert (receipt.reminded, receipt.escalated, receipt.superior, receipt.call_at) == (4, 3, "U-BUREAU", None)
    assert all(change.account == "centre" for change in stand.room.published if change.action == "receipt.remind")


def test_that_every_channel_stops_at_the_signature(stand: OrderStand) -> None:
    """oncall#4654: reminders went on after the acknowledgement."""
    stand.send()
    _pass(stand, 60)
    stand.climb(Step.DELIVERED, Step.READ)
    _pass(stand, 0)
    assert _rungs(stand) == [("remind", "0")]
    stand.climb(Step.SIGNED)
    _pass(stand, 60, 120)
    assert len(_rungs(stand)) == 1
    _pass(stand, 120)
    assert _rungs(stand)[1:] == [("remind", "63")]


def test_that_each_recipient_is_reminded_for_himself(stand: OrderStand) -> None:
    """oncall#3870: one reminder for many items hid which of them waited."""
    stand.send(draft("U-WATER", "U-POLICE"))
    stand.climb(Step.SIGNED)
    _pass(stand, 60)
    told = [change for change in stand.room.published if change.action == "receipt.remind"]
    assert [(change.key, change.params["recipient"]) for change in told] == [("1.2", "U-POLICE")]


def test_that_a_restart_forgets_no_rung_and_a_stop_of_hours_calls_once(stand: OrderStand) -> None:
    stand.send()
    _pass(stand, 60)
    stand.restart()
    _pass(stand, 30)
    assert _rungs(stand) == [("remind", "0"), ("remind_again", "30")]
    stand.restart()
    _pass(stand, 4 * 3600)
    assert _rungs(stand)[2:] == [("superior", str(4 * 3600 + 30))]
    _pass(stand, 3600)
    assert len(_rungs(stand)) == 3


def test_that_more_than_one_turn_takes_are_all_reminded_of_turn_by_turn(stand: OrderStand) -> None:
    count = due_work.AT_ONCE + 3
    posts = tuple(f"500103.duty_officer.{number}" for number in range(count))
    stand.send(draft(*posts))
    stand.room.clock.advance(60)
    turns = [receipt_clock.tend(stand.room.desk, stand.room.ledger) for _ in range(3)]
    assert turns == [due_work.AT_ONCE, 3, 0]
    assert len(_rungs(stand)) == count


def test_that_a_clock_put_back_neither_stops_nor_repeats_a_rung(stand: OrderStand) -> None:
    stand.send()
    _pass(stand, 60)
    real = stand.room.clock.utc_ns
    stand.room.clock.utc_ns = lambda: real() - 3600 * 10**9  # type: ignore[method-assign]
    _pass(stand, 30)
    assert [rung for rung, _ in _rungs(stand)] == ["remind", "remind_again"]
    _pass(stand, 1)
    assert len(_rungs(stand)) == 2


def test_that_a_suspended_one_is_left_in_peace_and_goes_on_with_the_time_it_had_left(stand: OrderStand) -> None:
    stand.send()
    stand.climb(Step.SIGNED)
    due = stand.receipt().due[Step.ARRIVED]
    until = stand.room.clock.utc_ns() + 3600 * 10**9
    ask = AskSideRequest(order=1, place=1, version=stand.receipt().version, kind=RequestKind.SUSPEND, reason="停电",
                         until=until)  # fmt: skip
    assert stand.code(ask, stand.unit()) == ""
    assert stand.code(DecideSideRequest(request=1, version=1, given=True), stand.chief) == ""
    assert stand.receipt().state is ReceiptState.SUSPENDED
    stand.restart()
    _pass(stand, 3599)
    assert _rungs(stand) == []
    _pass(stand, 1)
    assert (stand.receipt().state, stand.receipt().due[Step.ARRIVED]) == (ReceiptState.OPEN, due + 3600 * 10**9)
    assert stand.code(ResumeReceipt(order=1, place=1, version=stand.receipt().version)) == "receipt.not_possible"


def test_that_a_recalled_or_held_order_reminds_nobody(stand: OrderStand) -> None:
    stand.send(hold=True)
    _pass(stand, 3600)
    assert _rungs(stand) == []
