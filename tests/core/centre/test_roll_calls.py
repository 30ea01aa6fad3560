"""Roll calls: windows, late answers, answers by radio, an end by itself that names the missing, over restarts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.centre import order_facts, roll_calls
from chengyun_core.model.order import Channel, RollCall
from chengyun_core.model.receipt_commands import AnswerRollCall, EndRollCall, NoteRollAnswer, StartRollCall
from chengyun_core.wire.order_asks import AskRollCall, RollCallTold
from tests.core.centre.order_stand import OrderStand

WHO = ("U-WATER", "U-POLICE", "U-FIRE")


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[OrderStand]:
    with OrderStand(tmp_path) as made:
        yield made


def _call(stand: OrderStand, number: int = 1) -> RollCall:
    with stand.room.ledger.reading() as connection:
        found = roll_calls.LOG.get(connection, number)
    assert found is not None
    return found


def test_that_it_ends_by_itself_and_names_the_missing(stand: OrderStand) -> None:
    stand.room.done(StartRollCall(title="防汛点名", called=WHO), stand.officer)
    stand.room.clock.advance(30)
    answer = AnswerRollCall(call=1, code="U-WATER", words="在岗 12 人")
    assert stand.code(answer, stand.unit("U-POLICE")) == "permission.not_owner"
    assert [stand.code(answer, stand.unit()) for _ in range(2)] == ["", ""]
    stand.room.clock.advance(60)
    by_radio = NoteRollAnswer(call=1, code="U-FIRE", channel=Channel.RADIO, words="消防到", said_by="王")
    assert stand.code(by_radio) == ""
    told = stand.ask("roll_call.get", AskRollCall(call=1), RollCallTold)
    assert [(one.code, one.late, one.on_behalf) for one in told.answers] == [
        ("U-WATER", False, False), ("U-FIRE", True, True),
    ]  # fmt: skip
    assert told.missing == ("U-POLICE",)
    stand.restart()
    stand.room.clock.advance(30)
    late = NoteRollAnswer(call=1, code="U-POLICE", channel=Channel.PHONE, words="到", said_by="赵")
    assert stand.code(late) == "roll_call.over"
    stand.room.tend()
    call = _call(stand)
    assert (call.ended_at, roll_calls.missing(call)) == (stand.room.clock.utc_ns(), ("U-POLICE",))
    assert call.words == {"U-WATER": "在岗 12 人", "U-FIRE": "消防到"}
    assert stand.actions("roll_answer") == ["roll_call.answer", "roll_call.note"]


def test_that_it_ends_with_the_last_answer(stand: OrderStand) -> None:
    stand.room.done(StartRollCall(title="点名", called=WHO[:2]), stand.officer)
    for code in WHO[:2]:
        assert stand.code(AnswerRollCall(call=1, code=code), stand.unit(code)) == ""
    assert set(_call(stand).answered) == set(WHO[:2])
    assert stand.code(AnswerRollCall(call=1, code="U-WATER"), stand.unit()) == "roll_call.over"
    assert stand.code(EndRollCall(call=1, version=1)) == "roll_call.over"


def test_that_no_one_named_means_every_centre_below(stand: OrderStand) -> None:
    stand.room.done(StartRollCall(title="全市点名"), stand.officer)
    assert _call(stand).called == ("500103.duty_officer", "500106.duty_officer")
    stand.room.officer("yuzhong", "500103.duty_officer", seat="Y-01")
    assert stand.code(EndRollCall(call=1, version=2)) == "roll_call.changed"
    assert stand.code(EndRollCall(call=1, version=1)) == ""


def test_that_a_call_that_makes_no_sense_is_refused(stand: OrderStand) -> None:
    found = [
        stand.code(StartRollCall(title=title, called=called, window_s=window))
        for title, called, window in (("", WHO, 60), ("t", ("U-NO",), 60), ("t", WHO, 5), ("t", WHO, 121),
                                      ("t", ("U-FIRE",) * 2, 60))
    ]  # fmt: skip
    assert found == [
        "text.missing.title", "order.unknown_recipient", "roll_call.windows", "roll_call.windows", "roll_call.called",
    ]  # fmt: skip
    stand.room.done(StartRollCall(title="点名", called=WHO[:1]), stand.officer)
    stranger = NoteRollAnswer(call=1, code="U-FIRE", channel=Channel.RADIO, words="到")
    assert stand.code(stranger) == "roll_call.not_called"
    assert stand.code(AnswerRollCall(call=7, code="U-FIRE"), stand.unit("U-FIRE")) == "roll_call.unknown"


def test_that_a_console_that_joins_is_told_what_runs_and_who_has_answered(stand: OrderStand) -> None:
    stand.room.done(StartRollCall(title="点名", called=WHO), stand.officer)
    assert stand.code(AnswerRollCall(call=1, code="U-WATER"), stand.unit()) == ""
    with stand.room.ledger.reading() as connection:
        told = [(change.kind, change.key) for change in order_facts.living(connection)]
    assert told == [("roll_call", "1"), ("roll_answer", "1.U-WATER")]
