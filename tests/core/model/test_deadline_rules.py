"""Deadline templates as data and the rungs of T3: remind at 60 s, again, call at 120 s, then the superior."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model import deadline_rules
from chengyun_core.model.catalogue_check import check
from chengyun_core.model.deadline_rules import RUNGS, TEMPLATES, Rung, call_at, parsed, rung_now
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import Receipt, Step
from tests.core.model.test_receipt_rules import SENT_AT, climbed, sent
from tests.support.small_tables import small_tables

HOUSE = TEMPLATES["1-5-30"]


def _seconds(receipt: Receipt) -> list[float]:
    """Return after how many seconds from sending each rung is climbed when nobody stirs."""
    found = []
    for rung in range(len(RUNGS)):
        at = call_at(receipt_with(receipt, rung), HOUSE)
        assert at is not None
        found.append((at - SENT_AT) / 1e9)
    return found


def receipt_with(receipt: Receipt, rung: int) -> Receipt:
    """Return the receipt with so many rungs climbed."""
    return replace(receipt, rung=rung)


def test_that_an_unsigned_order_is_reminded_of_at_60_and_90_called_at_120_and_told_upwards_at_180() -> None:
    assert _seconds(sent()) == [60, 90, 120, 180]
    assert [rung for rung, _ in RUNGS] == [Rung.REMIND, Rung.REMIND_AGAIN, Rung.CALL, Rung.SUPERIOR]
    assert call_at(receipt_with(sent(), 4), HOUSE) is None


def test_that_signing_ends_the_calling_for_the_signature_and_the_next_deadline_counts() -> None:
    assert _seconds(climbed(sent(), Step.SIGNED)) == [300, 450, 600, 900]
    assert call_at(climbed(sent(), Step.HANDLING), HOUSE) is None


def test_that_after_a_stop_the_loudest_rung_that_is_due_is_climbed_once() -> None:
    assert [rung_now(sent(), HOUSE, SENT_AT + s * 10**9) for s in (59, 60, 100, 125, 10_000)] == [0, 1, 2, 3, 4]


@given(st.integers(0, 4), st.integers(0, 10_000))
def test_that_the_next_call_is_after_every_rung_that_is_due(rung: int, seconds: int) -> None:
    now = SENT_AT + seconds * 10**9
    due = rung_now(sent(), HOUSE, now)
    at = call_at(receipt_with(sent(), max(rung, due)), HOUSE)
    assert at is None or at > now or max(rung, due) > due


def test_that_a_catalogue_adds_templates_and_replaces_the_house_s() -> None:
    told = deadline_rules.templates(
        {"deadline.flood": "signed=2 arrived=15", "deadline.1-5-30": "signed=3", "name": "x"}
    )
    assert told["flood"].minutes == {Step.SIGNED: 2.0, Step.ARRIVED: 15.0}
    assert told["1-5-30"].minutes == {Step.SIGNED: 3.0}
    assert told["none"].due_from(SENT_AT) == {}
    # One that cannot be read is told at import and harms no order.
    assert "bad" not in deadline_rules.templates({"deadline.bad": "soon"})


def test_that_an_import_names_the_fact_that_cannot_be_read() -> None:
    tables = small_tables()
    tables["facts"] += [
        {"key": "deadline.flood", "value": "signed=2"}, {"key": "deadline.bad", "value": "signed=2 arrived=x"},
        {"key": "order_text.x", "value": " "},
    ]  # fmt: skip
    told = [(fault.column, fault.code, fault.params.get("part")) for fault in check(tables)]
    assert told == [("value", "catalogue.bad_deadlines", "arrived=x"), ("value", "catalogue.order_text_empty", None)]


@pytest.mark.parametrize("text", ["signed", "signed=", "signed=x", "signed=0", "signed=nan", "signed=1e9", "sent=1",
                                  "seen=1", "signed=5 arrived=1"])  # fmt: skip
def test_that_a_template_that_cannot_be_read_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parsed("flood", text)
    assert caught.value.reason.code == "order.bad_deadlines"
    assert caught.value.reason.params["template"] == "flood"


def test_that_an_orders_own_minutes_go_before_the_templates_and_no_step_is_due_before_a_lower_one() -> None:
    short = HOUSE.with_own({Step.FED_BACK: 20.0})
    assert short.minutes == {Step.SIGNED: 1.0, Step.ARRIVED: 5.0, Step.HANDLING: 20.0, Step.FED_BACK: 20.0}
    slow = HOUSE.with_own({Step.ARRIVED: 45.0})
    assert slow.minutes == {Step.SIGNED: 1.0, Step.ARRIVED: 45.0, Step.HANDLING: 45.0}


@pytest.mark.parametrize(
    "own", [{Step.SENT: 5.0}, {Step.SIGNED: 0.0}, {Step.SIGNED: 1e9}, {Step.SIGNED: 9.0, Step.ARRIVED: 5.0}]
)
def test_that_an_orders_own_minutes_that_mean_nothing_are_refused(own: dict[Step, float]) -> None:
    with pytest.raises(Refused) as refused:
        deadline_rules.checked_own(own)
    assert refused.value.reason.code == "order.bad_deadlines"
