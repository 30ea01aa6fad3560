"""Boxes of words between consoles: bounded, taken once, and the measure of who is still there."""

import pytest

from chengyun_core.centre.mailboxes import MOST_WORDS, Mailboxes
from chengyun_core.model.failure import Refused
from chengyun_core.model.room import SignalKind
from chengyun_core.wire.room_asks import SendSignal

S = 10**9


def _word(data: str = "x") -> SendSignal:
    return SendSignal(room=1, code="A", to="B", kind=SignalKind.OFFER, data=data)


def test_that_words_wait_in_order_until_they_are_known_to_have_come() -> None:
    boxes = Mailboxes()
    boxes.are_in(1, ["A", "B"])
    assert [boxes.put(1, "B", _word(data)) for data in "xyz"] == [1, 2, 3]
    first = boxes.take(1, "B", 0)
    assert [word.data for word in first] == ["x", "y", "z"]
    assert boxes.take(1, "B", 0) == first, "an answer that was lost on its way is told again"
    assert [word.data for word in boxes.take(1, "B", first[1].number)] == ["z"]
    assert boxes.take(1, "A", 0) == ()


def test_that_a_number_of_an_earlier_run_loses_nothing() -> None:
    boxes = Mailboxes()
    boxes.are_in(1, ["B"])
    boxes.put(1, "B", _word())
    assert len(boxes.take(1, "B", 900)) == 1


def test_that_a_full_box_refuses_and_forgets_nothing() -> None:
    boxes = Mailboxes()
    boxes.are_in(1, ["B"])
    for _ in range(MOST_WORDS):
        boxes.put(1, "B", _word())
    with pytest.raises(Refused, match="box_full"):
        boxes.put(1, "B", _word())
    assert len(boxes.take(1, "B", 0)) == MOST_WORDS


def test_that_who_does_not_ask_becomes_silent_and_who_left_does_not() -> None:
    boxes = Mailboxes()
    boxes.are_in(1, ["A", "B"])
    assert boxes.silent(100 * S, 5 * S) == [], "who was never heard counts from the first look"
    boxes.was_heard(1, "A", 104 * S)
    assert boxes.silent(106 * S, 5 * S) == [(1, "B", 6 * S)]
    boxes.are_in(1, ["A"])
    assert boxes.silent(108 * S, 5 * S) == []
    boxes.close(1)
    assert boxes.is_empty()
