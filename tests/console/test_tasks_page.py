"""F4: lists, one order with its live receipts, and the deeds on them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console import waiting
from chengyun_console.pages.orders.lists import LISTS
from chengyun_console.pages.orders.page import OrdersPage
from chengyun_console.paper import panes
from chengyun_console.paper.printed import PrintedTable
from chengyun_core.model import command
from chengyun_core.model.order import Channel, RequestState, Step, key_of
from chengyun_core.model.receipt_commands import (
    ArriveReceipt,
    DecideSideRequest,
    EscalateReceipts,
    SignReceipt,
    UrgeReceipts,
)
from chengyun_widgets.ladder_record import CellMark
from tests.console import task_samples
from tests.console.conftest import Room
from tests.console.still_session import S


@pytest.fixture
def tasks(desk_room: Room) -> Room:
    """The page of tasks in front, with orders of one evening."""
    desk_room.session.enter(allowed=(*command.KIND_OF.values(),))
    task_samples.put_orders(desk_room.session)
    desk_room.window.show_page("F4")
    desk_room.beat()
    desk_room.beat()
    return desk_room


def page_of(room: Room) -> OrdersPage:
    return room.window.stack.of(OrdersPage)


def marks(room: Room, key: str) -> dict[Step, CellMark]:
    rows = page_of(room).card.matrix.matrix.rows.record.rows
    row = next(row for row in rows if row.key == key)
    return dict(zip(Step, (cell.mark for cell in row.cells), strict=True))


def press(room: Room, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(room.window.focusWidget() or room.window, key)


def test_that_the_first_order_is_shown_with_the_standing_of_every_step(tasks: Room) -> None:
    """T2: what nobody told stays empty; what an officer told is not drawn like what the unit told."""
    assert tasks.desk.order_focus.number == 17
    lead, told, late = marks(tasks, "17.1"), marks(tasks, "17.2"), marks(tasks, "17.3")
    assert lead[Step.ARRIVED] is CellMark.DONE
    assert lead[Step.HANDLING] is CellMark.RUNNING
    assert (told[Step.READ], told[Step.SIGNED]) == (CellMark.PASSED, CellMark.FOR_HIM)
    assert (late[Step.SIGNED], late[Step.ARRIVED]) == (CellMark.LATE, CellMark.AHEAD)
    assert set(marks(tasks, "17.4").values()) == {CellMark.DONE, CellMark.NONE}


def test_that_a_clock_that_runs_out_turns_late_by_itself(tasks: Room) -> None:
    assert marks(tasks, "17.2")[Step.ARRIVED] is CellMark.RUNNING
    tasks.beat(61.0)
    assert marks(tasks, "17.2")[Step.ARRIVED] is CellMark.LATE


def test_that_the_card_asks_for_the_whole_order_once_for_each_version(tasks: Room) -> None:
    task_samples.answer_order(tasks.session)
    tasks.beat()
    assert "tasks order" not in tasks.session.sent.asks
    assert "两艘冲锋舟" in page_of(tasks).card.lines.text.accessibleDescription()
    _whole, rows = task_samples.moving()
    tasks.session.put_fact("receipt", "17.3", replace(rows[2], version=9), version=9)
    tasks.beat()
    assert "tasks order" in tasks.session.sent.asks


def test_that_a_receipt_that_ended_stays_in_the_matrix_of_its_order(tasks: Room) -> None:
    task_samples.answer_order(tasks.session)
    del tasks.session.facts.receipts["17.1"]
    tasks.session.facts.through += 1
    tasks.beat()
    assert marks(tasks, "17.1")[Step.ARRIVED] is CellMark.DONE


def test_that_urging_is_two_keys_and_takes_every_marked_receipt(tasks: Room) -> None:
    tasks.desk.order_focus.mark(frozenset({"17.2", "17.3"}))
    press(tasks, Qt.Key.Key_U, Qt.Key.Key_2)
    (sent,) = tasks.session.sent.commands
    assert isinstance(sent, UrgeReceipts)
    assert [(row.order, row.place) for row in sent.receipts] == [(17, 2), (17, 3)]
    assert sent.channels == (Channel.CONSOLE, Channel.PHONE)


def test_that_all_of_one_unit_are_marked_by_one_key_and_supervised_together(tasks: Room) -> None:
    tasks.desk.order_focus.select(17, 2)
    press(tasks, Qt.Key.Key_A)
    assert tasks.desk.order_focus.marked == {"16.1", "17.2"}
    press(tasks, Qt.Key.Key_E, Qt.Key.Key_1)
    (sent,) = tasks.session.sent.commands
    assert isinstance(sent, EscalateReceipts)
    assert len(sent.receipts) == 2
    assert sent.reason == "超时未签收"


def test_that_receipts_of_two_units_do_not_go_on_one_sheet(tasks: Room) -> None:
    tasks.desk.order_focus.mark(frozenset({"17.2", "17.3"}))
    press(tasks, Qt.Key.Key_E)
    assert tasks.session.sent.commands == []
    assert not tasks.window.deeds.is_asking


def test_that_a_request_is_decided_with_another_time_by_two_keys(tasks: Room) -> None:
    tasks.desk.order_focus.select(17, 2)
    press(tasks, Qt.Key.Key_X, Qt.Key.Key_2)
    (sent,) = tasks.session.sent.commands
    assert sent == DecideSideRequest(request=7, version=1, given=True, until=tasks.session.clock.utc_ns() + 900 * S)


def test_that_enter_signs_an_own_receipt_and_a_digit_tells_the_next_step(tasks: Room) -> None:
    whole = task_samples.order(21)
    row = task_samples.receipt(21, 1, "500000.duty_officer")
    tasks.session.put_fact("order", "21", whole)
    tasks.session.put_fact("receipt", key_of(row), row)
    page_of(tasks).lists.show_list("received")
    tasks.desk.order_focus.select(21, 1)
    tasks.beat()
    page_of(tasks).lists.list.setFocus()
    press(tasks, Qt.Key.Key_Return, Qt.Key.Key_2)
    assert tasks.session.sent.commands[-2:] == [
        SignReceipt(order=21, place=1, version=2), ArriveReceipt(order=21, place=1, version=2)
    ]  # fmt: skip


def test_that_a_strangers_receipt_is_not_signed_and_the_officer_is_told_how_to_confirm(tasks: Room) -> None:
    tasks.desk.order_focus.select(17, 3)
    press(tasks, Qt.Key.Key_2)
    assert tasks.session.sent.commands == []
    assert "C" in tasks.window.message.accessibleName() + tasks.window.message.accessibleDescription()


def test_that_the_board_shows_the_heaviest_first_and_its_clocks_go_on(tasks: Room) -> None:
    page_of(tasks).lists.show_list("board")
    tasks.beat()
    tasks.session.answer_ask("tasks board", task_samples.board())
    tasks.beat()
    rows = page_of(tasks).lists.list.rows()
    assert [row.key for row in rows] == ["17.4", "17.3", "17.5", "17.2"]
    before = rows[1].age
    tasks.beat()
    assert page_of(tasks).lists.list.rows()[1].age > before


def test_that_the_badge_counts_what_waits_for_this_officer(tasks: Room) -> None:
    assert waiting.orders(tasks.desk) == 3  # two that are late, one request
    answered = replace(task_samples.request(), state=RequestState.GIVEN)
    del tasks.session.facts.requests[answered.number]
    assert waiting.orders(tasks.desk) == 2


def test_that_the_brackets_go_through_the_lists(tasks: Room) -> None:
    press(tasks, Qt.Key.Key_BracketLeft)
    assert page_of(tasks).lists.shown == LISTS[-1]
    press(tasks, Qt.Key.Key_BracketRight)
    assert page_of(tasks).lists.shown == LISTS[0]


def test_that_matrix_and_lists_go_to_paper_with_their_words(tasks: Room) -> None:
    """No shape is needed on paper: every cell has its word, and a grade is no colour."""
    page = page_of(tasks)
    tables = [block for block in panes.printed_of(page.card, tasks.desk).blocks if isinstance(block, PrintedTable)]
    (table,) = (table for table in tables if len(table.columns) == len(Step) + 1)
    rows = {row.cells[0].split()[0]: row.cells for row in table.rows}
    assert rows["U-03"][4].endswith("超时")
    assert "代报" in rows["U-02"][4]
    (listed,) = panes.printed_of(page.lists, tasks.desk).blocks
    assert isinstance(listed, PrintedTable)
    assert [row.cells[0] for row in listed.rows] == ["重大", "较大", ""]


def test_that_letters_in_the_matrix_over_an_event_are_about_the_receipt(tasks: Room) -> None:
    """WF2 step 9: C confirms for the silent unit; on the page below it would take command of the event."""
    room = tasks
    room.desk.event_focus.select(next(iter(room.session.facts.events)))
    room.window.show_page("F3")
    room.beat()
    press(room, Qt.Key.Key_T)
    room.beat()
    matrix = room.window.tasks.matrix
    assert matrix.isVisible()
    matrix.pane.setFocus()
    press(room, Qt.Key.Key_C)
    assert room.window.tasks.receipt_form.isVisible()
    assert room.session.sent.commands == []
    room.window.tasks.receipt_form.close_over()
    matrix.pane.setFocus()
    press(room, Qt.Key.Key_T)
    assert matrix.isHidden()
