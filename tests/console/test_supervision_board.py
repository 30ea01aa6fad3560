"""The supervision board on F4 (WF6): live, filtered by reason, marked by unit, with the scorecard beneath it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.pages.orders.page import OrdersPage
from chengyun_core.model import command
from chengyun_core.model.order import Channel, Climbed, RequestKind, SideRequest, Step
from chengyun_core.model.receipt_commands import UrgeReceipts
from chengyun_core.model.supervision_rules import Why
from chengyun_core.wire.codec import pack
from chengyun_core.wire.envelope import Done, Reply
from chengyun_core.wire.order_asks import AskScorecard
from tests.console import task_samples
from tests.console.conftest import Room
from tests.console.still_session import START_NS, S

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def board(desk_room: Room) -> Room:
    """The board in front, as the centre told it: 17.4 returned, 17.3 and 17.5 unsigned, 17.2 silent."""
    desk_room.session.enter(allowed=(*command.KIND_OF.values(),))
    task_samples.put_orders(desk_room.session)
    desk_room.window.show_page("F4")
    desk_room.beat()
    desk_room.window.tasks.doers()["tasks.supervision"]()
    desk_room.session.answer_ask("tasks board", task_samples.board())
    desk_room.beat()
    return desk_room


def lists_of(room: Room):
    return room.window.stack.of(OrdersPage).lists


def keys(room: Room) -> list[str]:
    return [row.key for row in lists_of(room).list.rows()]


def press(room: Room, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(room.window.focusWidget() or room.window, key, held)
    room.beat()


def offered(room: Room) -> list[str]:
    return [name for name, button in room.window.stack.of(OrdersPage).card.deeds.buttons.items() if button.isVisible()]


def test_that_the_way_to_the_board_ends_at_its_heaviest_row(board: Room) -> None:
    assert keys(board) == ["17.4", "17.3", "17.5", "17.2"]
    assert (board.desk.order_focus.number, board.desk.order_focus.place) == (17, 4)
    assert board.window.focusWidget() is lists_of(board).list


def test_that_reasons_filter_with_their_counts_and_one_key_goes_through_them(board: Room) -> None:
    filters = lists_of(board).filters
    assert {why: button.isVisible() for why, button in filters.buttons.items()} == {
        None: True, Why.UNSIGNED: True, Why.UNARRIVED: False, Why.UNHANDLED: False, Why.NOT_FED_BACK: False,
        Why.RETURNED: True, Why.SILENT: True,
    }  # fmt: skip
    seen = []
    for _ in range(4):
        press(board, Qt.Key.Key_S)
        seen.append(keys(board))
    assert seen == [["17.3", "17.5"], ["17.4"], ["17.3", "17.5", "17.2"], ["17.4", "17.3", "17.5", "17.2"]]
    filters.buttons[Why.RETURNED].click()
    assert keys(board) == ["17.4"]


def test_that_what_was_signed_leaves_the_board_before_the_centre_is_asked_again(board: Room) -> None:
    row = board.session.facts.receipts["17.3"]
    now = board.desk.now_ns()
    signed = Climbed(at=now, received_at=now, account="wang", seat="U-03")
    after = replace(row, step=Step.SIGNED, climbed={**row.climbed, Step.SIGNED: signed}, version=9)
    board.session.put_fact("receipt", "17.3", after, version=9)
    board.beat()
    assert keys(board) == ["17.4", "17.5", "17.2"]


def test_that_what_became_late_joins_the_board_before_the_centre_is_asked_again(board: Room) -> None:
    board.session.put_fact("order", "21", task_samples.order(21))
    board.session.put_fact("receipt", "21.1", task_samples.receipt(21, 1, "U-01"))
    board.beat()
    assert "21.1" in keys(board)


def test_that_shift_marks_a_range_and_urging_takes_it(board: Room) -> None:
    press(board, Qt.Key.Key_Down)
    press(board, Qt.Key.Key_Down, SHIFT)
    assert board.desk.order_focus.marked == {"17.3", "17.5"}
    assert [row.key for row in lists_of(board).list.rows() if row.is_marked] == ["17.3", "17.5"]
    press(board, Qt.Key.Key_U)
    press(board, Qt.Key.Key_6)
    (sent,) = (one for one in board.session.sent.commands if isinstance(one, UrgeReceipts))
    assert [(one.order, one.place) for one in sent.receipts] == [(17, 3), (17, 5)]
    assert sent.channels == (Channel.CONSOLE, Channel.PHONE, Channel.MESSAGE)


def test_that_all_of_a_unit_are_those_on_the_board_and_not_its_orders_in_time(board: Room) -> None:
    """16.1 is U-02's too, and fed back in time: nobody urges for it."""
    board.desk.order_focus.select(17, 2)
    press(board, Qt.Key.Key_A)
    assert board.desk.order_focus.marked == {"17.2"}
    press(board, Qt.Key.Key_A, SHIFT)
    assert board.desk.order_focus.marked == {"17.2", "17.3", "17.4", "17.5"}
    press(board, Qt.Key.Key_A, SHIFT)
    assert board.desk.order_focus.marked == frozenset()


def test_that_a_sheet_is_told_by_the_number_it_got(board: Room) -> None:
    press(board, Qt.Key.Key_Down)
    press(board, Qt.Key.Key_E)
    press(board, Qt.Key.Key_1)
    done = Done(change=812, key="督办〔2026〕13")
    command_id = f"command-{len(board.session.sent.commands)}"
    board.session.command_ended.emit(command_id, Reply(id="", outcome="done", body=pack(done)))
    assert "督办〔2026〕13" in board.window.message.accessibleName()


def test_that_marks_do_not_follow_to_another_list(board: Room) -> None:
    press(board, Qt.Key.Key_A, SHIFT)
    press(board, Qt.Key.Key_BracketRight)
    assert board.desk.order_focus.marked == frozenset()


def test_that_the_scorecard_is_asked_for_again_when_a_receipt_of_the_unit_changed(board: Room) -> None:
    board.desk.order_focus.select(17, 2)
    board.beat()
    kind, ask, _answer = board.session.sent.asks["tasks scorecard"]
    assert (kind, ask.units) == ("unit.scorecard", ("U-02",))
    assert isinstance(ask, AskScorecard)
    board.session.answer_ask("tasks scorecard", task_samples.scorecard("U-02", supervised=0))
    board.beat()
    assert "tasks scorecard" not in board.session.sent.asks
    row = board.session.facts.receipts["17.2"]
    board.session.put_fact("receipt", "17.2", replace(row, version=9, reminded=3), version=9)
    board.beat()
    board.session.answer_ask("tasks scorecard", task_samples.scorecard("U-02", supervised=1))
    board.beat()
    cells = lists_of(board).unit.grid.cells
    assert [(cell.made_of, cell.is_new) for cell in cells if cell.made_of == "1/12"] == [("1/12", True)]
    assert sum(cell.is_new for cell in cells) == 1


def test_that_a_row_says_how_often_it_was_put_off_and_what_was_promised(board: Room) -> None:
    told = next(row for row in lists_of(board).list.rows() if row.key == "17.2")
    assert told.detail.startswith("延期 1 次，承诺 14:52")


def test_that_only_deeds_that_make_sense_are_offered(board: Room) -> None:
    board.desk.order_focus.select(17, 4)
    board.beat()
    assert "order.settle" in offered(board)
    assert not {"order.check", "order.release", "order.resume", "order.sign", "order.urge"} & set(offered(board))
    board.desk.order_focus.select(16, 1)
    board.beat()
    assert "order.check" in offered(board)
    assert "order.urge" not in offered(board), "it was fed back: nothing is owed"


def test_that_one_may_not_decide_a_request_of_ones_own_unit_and_is_told_why(board: Room) -> None:
    asked = SideRequest(
        number=9, order=21, place=1, recipient="500000.duty_officer", kind=RequestKind.EXTEND, reason="等待物资",
        until=START_NS + 3600 * S, asked_at=START_NS, asked_by="wang", asked_seat="B-01",
    )  # fmt: skip
    row = replace(task_samples.receipt(21, 1, "500000.duty_officer", (Step.SIGNED, 5)), request=9)
    board.session.put_fact("order", "21", task_samples.order(21))
    board.session.put_fact("receipt", "21.1", row)
    board.session.put_fact("side_request", "9", asked)
    board.desk.order_focus.select(21, 1)
    board.beat()
    assert "order.decide" not in offered(board)
    press(board, Qt.Key.Key_X)
    assert not board.window.deeds.is_asking
    assert "须由另一人审批" in board.window.message.accessibleName()


def test_that_the_ledger_shows_each_kind_and_unit_with_its_share(board: Room) -> None:
    lists = lists_of(board)
    lists.show_list("requests")
    board.beat()
    board.session.answer_ask("tasks ledger", task_samples.ledger())
    board.beat()
    rows = {row.key: row for row in lists.list.rows()}
    assert (rows["ledger kind extend"].age, rows["ledger kind extend"].status) == ("9/268", "3.4%")
    assert (rows["ledger unit U-02"].age, rows["ledger unit U-02"].status) == ("9/48", "18.8%")
    assert rows["16.1"].status == board.desk.say("request.state.given")
    lists.list.select("ledger unit U-02")
    board.beat()
    assert board.desk.order_focus.number == 17, "a line of the ledger is no order"
    assert lists.list.current_key() == "ledger unit U-02", "who reads the ledger is not taken away from there"


def test_that_the_outbox_tells_what_has_not_left_its_age_and_why(board: Room) -> None:
    lists = lists_of(board)
    lists.show_list("outbox")
    board.beat()
    board.session.answer_ask("tasks outbox", task_samples.outbox())
    board.beat()
    rows = lists.list.rows()
    assert [row.key for row in rows] == ["outbox waiting", "17.5", "outbox delivered", "17.3"]
    assert rows[1].status == "待发"
    assert "队列 2 条" in rows[1].detail
    assert "自动重试" in rows[1].detail
