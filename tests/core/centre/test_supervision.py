"""The board by lateness × grade, urging by several channels, numbered sheets, the scorecard at once (WF6)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.model.order import Channel, ReceiptState, RequestKind, Step
from chengyun_core.model.receipt_commands import (
    AskSideRequest,
    CheckReceipt,
    DecideSideRequest,
    EscalateReceipts,
    ReceiptSeen,
    UrgeReceipts,
)
from chengyun_core.model.scales import EventGrade
from chengyun_core.model.scorecard import Measure
from chengyun_core.model.supervision_rules import Why
from chengyun_core.wire.order_asks import AskBoard, AskReceipts, AskScorecard, Board, Receipts, ReceiptView, Scorecard
from tests.core.centre.order_stand import OrderStand, draft

CHECKED = (Step.SIGNED, Step.ARRIVED, Step.HANDLING, Step.FED_BACK)


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[OrderStand]:
    with OrderStand(tmp_path) as made:
        yield made


def _seen(stand: OrderStand, *keys: tuple[int, int]) -> tuple[ReceiptSeen, ...]:
    return tuple(ReceiptSeen(order=o, place=p, version=stand.receipt(o, p).version) for o, p in keys)


def test_that_the_board_is_sorted_by_lateness_times_grade_and_says_why(stand: OrderStand) -> None:
    grave = stand.open_event(grade=EventGrade.MAJOR)
    stand.send(draft("U-FIRE"))
    stand.room.clock.advance(20)
    stand.send(draft("U-WATER", event=grave.number))
    stand.climb(Step.SIGNED, order=2)
    stand.room.clock.advance(600)
    board = stand.ask("supervision.board", AskBoard(), Board)
    told = [(line.standing.receipt.recipient, line.standing.why, round(line.standing.late_s)) for line in board.lines]
    # 301 s late × 3 (重大) weighs more than 561 s × 1.
    assert told == [("U-WATER", (Why.UNARRIVED,), 301), ("U-FIRE", (Why.UNSIGNED,), 561)]
    assert board.lines[0].event_code == grave.code
    assert stand.ask("supervision.board", AskBoard(recipient="U-FIRE"), Board).lines == board.lines[1:]
    assert stand.ask("supervision.board", AskBoard(centre="500106"), Board).lines == ()


def test_that_returned_and_silent_ones_stand_on_it_too(stand: OrderStand) -> None:
    stand.send(draft("U-WATER", template="none"), draft("U-FIRE", template="none"))
    ask = AskSideRequest(order=1, place=1, version=1, kind=RequestKind.RETURN, reason="非本单位职责")
    assert stand.code(ask, stand.unit()) == ""
    assert stand.code(DecideSideRequest(request=1, version=1, given=True), stand.chief) == ""
    stand.room.clock.advance(31 * 60)
    board = stand.ask("supervision.board", AskBoard(), Board)
    assert [line.standing.why for line in board.lines] == [(Why.RETURNED,), (Why.SILENT,)]
    pages = {
        view: [one.recipient for one in stand.ask("receipt.page", AskReceipts(view=view), Receipts).receipts]
        for view in (ReceiptView.RETURNED, ReceiptView.SILENT, ReceiptView.OVERDUE)
    }
    assert pages == {ReceiptView.RETURNED: ["U-WATER"], ReceiptView.SILENT: ["U-FIRE"], ReceiptView.OVERDUE: []}


def test_that_urging_many_tells_which_were_left_and_why(stand: OrderStand) -> None:
    stand.send(draft("U-WATER", "U-POLICE"))
    seen = _seen(stand, (1, 1), (1, 2))
    stand.climb(Step.SIGNED, Step.FED_BACK, place=2, unit="U-POLICE")
    again = (*seen, *_seen(stand, (1, 2)), ReceiptSeen(order=9, place=1, version=1))
    done = stand.room.done(UrgeReceipts(receipts=again, channels=(Channel.PHONE, Channel.MESSAGE)), stand.officer)
    assert done.left == (("1.2", "receipt.changed"), ("1.2", "receipt.behind"), ("9.1", "receipt.unknown"))
    assert stand.receipt().reminded == 1
    row = next(change for change in stand.room.published if change.action == "receipt.urge")
    assert row.params["channels"] == "phone message"
    assert stand.code(UrgeReceipts(receipts=seen, channels=())) == "supervision.no_channel"
    assert stand.code(UrgeReceipts(receipts=(), channels=(Channel.PHONE,))) == "supervision.page_size"


def test_that_a_sheet_is_numbered_names_one_unit_and_stands_on_the_board(stand: OrderStand) -> None:
    stand.send(draft("U-WATER"), draft("U-WATER"), draft("U-FIRE"))
    stand.room.clock.advance(120)
    both = EscalateReceipts(receipts=_seen(stand, (1, 1), (3, 1)), reason="多次催办无果")
    assert stand.code(both) == "supervision.one_unit"
    own = EscalateReceipts(receipts=_seen(stand, (1, 1), (2, 1)), reason="多次催办无果", answer_min=20)
    done = stand.room.done(own, stand.officer)
    assert done.key == "督办〔2027〕1"
    assert [stand.receipt(order).supervision for order in (1, 2, 3)] == ["督办〔2027〕1", "督办〔2027〕1", ""]
    assert stand.code(own) == "supervision.nothing_left"
    board = stand.ask("supervision.board", AskBoard(recipient="U-WATER"), Board)
    assert [(sheet.code, sheet.unit, sheet.receipts) for sheet in board.sheets] == [
        ("督办〔2027〕1", "U-WATER", ("1.1", "2.1"))
    ]
    assert board.sheets[0].answer_by == stand.room.clock.utc_ns() + 20 * 60 * 10**9
    fire = EscalateReceipts(receipts=_seen(stand, (3, 1)), reason="无人签收")
    assert stand.room.done(fire, stand.officer).key == "督办〔2027〕2"


def test_that_reminders_of_the_clock_do_not_make_a_supervisor_s_picture_stale(stand: OrderStand) -> None:
    stand.send()
    seen = _seen(stand, (1, 1))
    stand.room.clock.advance(60)
    stand.room.tend()
    assert stand.code(EscalateReceipts(receipts=seen, reason="r")) == ""


def test_that_a_scorecard_changes_at_once_and_shows_what_it_is_made_of(stand: OrderStand) -> None:
    from_ns = stand.room.clock.utc_ns()
    ask = AskScorecard(units=("U-WATER", "U-FIRE"), from_ns=from_ns, to_ns=from_ns + 10**15)

    def told(place: int = 0) -> dict[Measure, tuple[int, int]]:
        scores = stand.ask("unit.scorecard", ask, Scorecard).scores
        return {one.measure: (one.numerator, one.denominator) for one in scores[place].ratios}

    assert set(told().values()) == {(0, 0)}
    stand.send(draft(), draft(), draft("U-WATER", template="desk"))
    stand.climb(*CHECKED, order=1)
    stand.room.done(
        CheckReceipt(order=1, place=1, version=stand.receipt(1).version, passed=False, reason="漏"), stand.officer
    )
    stand.climb(Step.FED_BACK, order=1)
    stand.room.done(CheckReceipt(order=1, place=1, version=stand.receipt(1).version, passed=True), stand.officer)
    stand.room.clock.advance(120)
    stand.climb(Step.SIGNED, order=2)
    assert told() == {
        Measure.SIGNED: (1, 2), Measure.ON_TIME: (0, 0), Measure.ONCE: (0, 1), Measure.RETURNED: (0, 3),
        Measure.CHECKS_PASSED: (1, 2), Measure.URGED: (0, 3), Measure.SUPERVISED: (0, 3), Measure.EXTENDED: (0, 3),
    }  # fmt: skip
    stand.room.clock.advance(3600)
    assert told()[Measure.SIGNED] == (1, 3)
    assert told()[Measure.ON_TIME] == (0, 1)
    assert set(told(1).values()) == {(0, 0)}
    assert stand.receipt(1).state is ReceiptState.DONE
    reply = stand.room.ask("unit.scorecard", AskScorecard(units=(), from_ns=0, to_ns=1), stand.officer)
    assert reply.code == "scorecard.units"


def test_that_urging_supervising_and_giving_time_show_on_the_scorecard_at_once(stand: OrderStand) -> None:
    """WF6: what a supervisor does to a unit is on its scorecard with the next question, not with the next shift."""
    from_ns = stand.room.clock.utc_ns()
    ask = AskScorecard(units=("U-WATER",), from_ns=from_ns, to_ns=from_ns + 10**15)

    def told() -> dict[Measure, int]:
        (score,) = stand.ask("unit.scorecard", ask, Scorecard).scores
        return {one.measure: one.numerator for one in score.ratios}

    stand.send(draft(), draft())
    stand.room.done(UrgeReceipts(receipts=_seen(stand, (1, 1)), channels=(Channel.PHONE,)), stand.officer)
    assert (told()[Measure.URGED], told()[Measure.SUPERVISED]) == (1, 0)
    stand.room.done(EscalateReceipts(receipts=_seen(stand, (1, 1), (2, 1)), reason="无人签收"), stand.officer)
    assert told()[Measure.SUPERVISED] == 2
    stand.climb(Step.SIGNED)
    until = stand.room.clock.utc_ns() + 3600 * 10**9
    wanted = AskSideRequest(
        order=1, place=1, version=stand.receipt().version, kind=RequestKind.EXTEND, reason="水深", until=until
    )
    assert stand.code(wanted, stand.unit()) == ""
    assert told()[Measure.EXTENDED] == 0
    assert stand.code(DecideSideRequest(request=1, version=1, given=True), stand.chief) == ""
    assert told()[Measure.EXTENDED] == 1
