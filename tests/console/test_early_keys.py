"""A key pressed right after the key of a page, before that page had its first frame, is not lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.frame_turns import Steps, finish
from chengyun_console.pages.orders.page import OrdersPage
from chengyun_console.pages.vitals.page import VitalsPage
from chengyun_core.model import command
from tests.console import task_samples
from tests.console.conftest import Room
from tests.console.event_samples import put_events, several


@pytest.fixture
def early(desk_room: Room) -> Room:
    """Events and orders have come; F1 is in front and no other page has painted anything."""
    desk_room.session.enter(allowed=(*command.KIND_OF.values(),))
    put_events(desk_room.session, *several())
    task_samples.put_orders(desk_room.session)
    desk_room.beat()
    assert desk_room.window.stack.front == "F1"
    return desk_room


def press(room: Room, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(room.window.focusWidget() or room.window, key)


def test_that_a_letter_after_the_key_of_a_page_is_about_what_that_page_has_in_focus(early: Room) -> None:
    assert early.desk.event_focus.number is None
    press(early, Qt.Key.Key_F3, Qt.Key.Key_G)
    assert early.window.event_desk.grade.isVisible()


def test_that_enter_after_the_key_of_a_page_acts_on_its_first_row(early: Room) -> None:
    press(early, Qt.Key.Key_F4, Qt.Key.Key_Return)
    assert early.desk.order_focus.number == 17
    assert early.window.focusWidget() is early.window.stack.of(OrdersPage).card.matrix.matrix.rows


def test_that_a_page_that_had_its_frame_is_not_painted_once_more_for_a_key(early: Room) -> None:
    press(early, Qt.Key.Key_F4)
    early.beat()
    painted: list[float] = []
    lists = early.window.stack.page()
    assert lists is not None
    lists.steps = lambda _links, now_s: iter([painted.append(now_s)])  # type: ignore[assignment,method-assign]
    press(early, Qt.Key.Key_2)
    assert painted == []


def test_that_the_vital_in_focus_stays_when_the_keyboard_comes_in_the_middle_of_the_first_frame(early: Room) -> None:
    """As when a page comes: a key then was once about the first row of the table."""
    early.desk.select_vital(3)
    stack, links = early.window.stack, early.session.links()
    stack.show_now("F2", with_keyboard=False)
    frame = stack.steps(links, early.now_s)
    next(frame)
    finish(stack.steps(links, early.now_s))
    stack.focus_front()
    assert early.desk.vital == 3
    finish(frame)
    assert early.desk.vital == 3
    assert stack.of(VitalsPage).table.current_row() == 3


def test_that_a_frame_under_way_is_ended_before_another_one_of_that_page_begins(early: Room) -> None:
    window, told = early.window, []
    press(early, Qt.Key.Key_F4)
    early.beat()
    page = window.stack.page()
    assert page is not None

    def steps(_links: object, now_s: float) -> Steps:
        for pane in range(3):
            told.append((now_s, pane))
            yield

    page.steps = steps  # type: ignore[method-assign]
    links = early.session.links()
    first, second = window.stack.steps(links, 1.0), window.stack.steps(links, 2.0)
    next(first)
    finish(second)
    finish(first)
    assert told == [(now_s, pane) for now_s in (1.0, 2.0) for pane in range(3)]


def test_that_a_frame_that_fails_is_told_and_the_next_one_begins_anew(early: Room) -> None:
    window = early.window
    page = window.stack.page()
    assert page is not None
    page.steps = lambda _links, _now_s: (1 // 0 for _ in "x")  # type: ignore[method-assign,assignment]
    with pytest.raises(ZeroDivisionError):
        finish(window.stack.steps(early.session.links(), 1.0))
    page.steps = lambda _links, _now_s: iter([None])  # type: ignore[method-assign,assignment]
    assert len(list(window.stack.steps(early.session.links(), 2.0))) == 1
