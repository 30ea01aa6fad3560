"""A page asked for before its turn comes in steps: its frame at once, and what is done meanwhile done after it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from chengyun_console.frame_turns import finish
from chengyun_console.pages.command.page import CommandPage
from chengyun_console.pages.events.page import EventsPage
from chengyun_console.pages.plans.page import PlansPage
from chengyun_console.shell import page_stack
from chengyun_console.shell.coming_cover import MOST_KEPT
from chengyun_console.shell.page_table import PAGES, Kind
from chengyun_console.shell.stage import Stage
from chengyun_core.model import command
from tests.console import task_samples
from tests.console.conftest import Room
from tests.console.event_samples import put_events, several
from tests.console.test_rooms import MOST_WIDGETS

KEYS_OF_PAGES = (
    Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F5, Qt.Key.Key_F6, Qt.Key.Key_F7, Qt.Key.Key_F8,
)  # fmt: skip


@pytest.fixture
def early(desk_room: Room) -> Iterator[Room]:
    """The console beats; events and orders have come; F1 is in front and no other page was made."""
    desk_room.session.enter(allowed=(*command.KIND_OF.values(),))
    put_events(desk_room.session, *several())
    task_samples.put_orders(desk_room.session)
    desk_room.beat()
    desk_room.tick.start()
    yield desk_room
    desk_room.tick.stop()


@pytest.fixture
def told(early: Room) -> list[str]:
    """What the officer is told in the message line."""
    sentences: list[str] = []
    early.desk.message_came.connect(lambda text, _is_trouble: sentences.append(text))
    return sentences


def press(room: Room, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(room.window.focusWidget() or room.window, key, modifiers)


def test_that_the_frame_of_a_page_stands_at_once_with_a_word_in_each_pane(early: Room) -> None:
    press(early, Qt.Key.Key_F6)
    cover = early.window.stack.cover
    assert cover.isVisible()
    assert cover.geometry() == early.window.stack.rect()
    assert early.window.focusWidget() is cover
    titles = {part.title for part in cover._parts}
    assert titles == {early.desk.say(code) for code in (
        "maps.title", "panes.title", "command.plan", "command.receipts", "command.timeline")}  # fmt: skip
    assert all(cover.rect().contains(part.rect.toAlignedRect()) for part in cover._parts)
    assert cover.accessibleName() == early.desk.say("coming.page", page=early.desk.say("console.page.F6"))
    assert early.window.page == "F6"
    assert "F6" not in early.window.stack.standing


def test_that_the_panes_to_come_lie_where_they_will_be(early: Room) -> None:
    press(early, Qt.Key.Key_F6)
    frames = {part.title: part.rect.toAlignedRect() for part in early.window.stack.cover._parts}
    early.beat()
    page = early.window.stack.of(CommandPage)
    for title, pane in (("maps.title", page.map), ("panes.title", page.video), ("command.receipts", page.receipts)):
        frame, real = frames[early.desk.say(title)], QRect(pane.mapTo(page, pane.rect().topLeft()), pane.size())
        shared = frame.intersected(real)
        assert shared.width() * shared.height() > 0.7 * real.width() * real.height(), title


@pytest.mark.parametrize("key", KEYS_OF_PAGES)
def test_that_a_page_comes_with_its_room_and_has_the_keyboard(early: Room, key: Qt.Key) -> None:
    press(early, key)
    assert early.window.stack.front == "F1"
    early.beat()
    window = early.window
    page = window.stack.page()
    assert window.stack.front == window.page == key.name.removeprefix("Key_")
    assert window.stack.currentWidget() is page
    assert not window.stack.cover.isVisible()
    assert page is not None
    assert page.isAncestorOf(window.focusWidget())
    assert window.rooms.stand_for(window.page)


@pytest.mark.parametrize("key", KEYS_OF_PAGES)
def test_that_no_turn_of_the_loop_makes_more_than_a_part_of_it(early: Room, key: Qt.Key) -> None:
    press(early, key)
    steps, made = early.window.coming.steps(0.0), []
    while early.window.coming.goal:
        before = len(QApplication.allWidgets())
        next(steps, None)
        made.append(len(QApplication.allWidgets()) - before)
    assert max(made) <= MOST_WIDGETS
    assert sum(made) > 50, "it stood already"


def test_that_the_frames_of_the_window_go_on_between_the_steps(early: Room, qtbot: QtBot) -> None:
    press(early, Qt.Key.Key_F6)
    seen: list[str] = []
    early.tick.page_ticked.connect(lambda _now_s: seen.append(early.window.coming.goal))
    qtbot.waitUntil(lambda: early.window.stack.front == "F6", timeout=20_000)
    assert "F6" in seen


def test_that_a_letter_pressed_meanwhile_is_about_what_the_page_has_in_focus(early: Room) -> None:
    assert early.desk.event_focus.number is None
    press(early, Qt.Key.Key_F3, Qt.Key.Key_G)
    assert not early.window.stack.cover.isHidden()
    early.beat()
    assert early.desk.event_focus.number is not None
    assert early.window.event_desk.grade.isVisible()


def test_that_no_key_pressed_meanwhile_reaches_the_page_before(early: Room) -> None:
    chosen = early.desk.alarm()
    press(early, Qt.Key.Key_F3, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Space)
    assert early.window.stack.front == "F1"
    assert not early.window.card.isVisible()
    assert early.desk.alarm() is chosen
    assert early.session.sent.commands == []
    early.beat()
    assert not early.window.card.isVisible()
    assert early.session.sent.commands == []


def test_that_words_typed_meanwhile_stand_in_the_field_of_the_page(early: Room) -> None:
    press(early, Qt.Key.Key_F7)
    QTest.keyClicks(early.window.focusWidget(), "flood 7?")
    early.beat()
    field = early.window.focusWidget()
    assert field is early.window.stack.of(PlansPage).library.field
    assert isinstance(field, QLineEdit)
    assert field.text() == "flood 7?"


def test_that_a_page_asked_for_twice_is_made_once_and_its_key_goes_on_to_the_next_pane(early: Room) -> None:
    made: list[str] = []
    early.window.stack.page_was_made.connect(made.append)
    press(early, Qt.Key.Key_F6, Qt.Key.Key_F6)
    early.beat()
    page = early.window.stack.of(CommandPage)
    assert made.count("F6") == 1
    fronts = page._fronts()
    assert [front.hasFocus() or front.isAncestorOf(early.window.focusWidget()) for front in fronts].index(True) == 1


def test_that_an_impatient_click_on_the_rail_goes_to_no_other_pane(early: Room) -> None:
    for _ in range(3):
        early.window.rail.page_was_asked.emit("F6")
    early.beat()
    page = early.window.stack.of(CommandPage)
    assert early.window.focusWidget() is page._fronts()[0]


def test_that_two_pages_one_after_the_other_come_in_their_order_with_their_keys(early: Room) -> None:
    made: list[str] = []
    early.window.stack.page_was_made.connect(made.append)
    press(early, Qt.Key.Key_F4, Qt.Key.Key_F3, Qt.Key.Key_G)
    for _ in range(3):
        early.beat()
    assert [page for page in made if page in ("F3", "F4")] == ["F4", "F3"]
    assert early.window.stack.front == "F3"
    assert early.window.event_desk.grade.isVisible()


def test_that_a_click_meanwhile_waits_for_the_keys_before_it(early: Room) -> None:
    press(early, Qt.Key.Key_F3, Qt.Key.Key_Down)
    early.window.rail.page_was_asked.emit("F1")
    assert early.window.stack.goal == "F3"
    early.beat()
    assert early.window.stack.front == "F1"
    assert "F3" in early.window.stack.standing


def test_that_what_leads_to_something_on_a_page_is_done_when_it_is_there(early: Room) -> None:
    number = several()[2].number
    early.window.routes.open_event(number)
    assert early.window.stack.cover.isVisible()
    assert early.desk.event_focus.number != number
    early.beat()
    assert early.window.stack.front == "F3"
    assert early.desk.event_focus.number == number


def test_that_who_needs_the_page_itself_has_it_whole_and_in_front(early: Room) -> None:
    early.window.show_page("F3")
    page = early.window.stack.of(EventsPage)
    assert early.window.stack.currentWidget() is page
    assert not early.window.stack.cover.isVisible()


@pytest.mark.parametrize("steps_before", range(6))
def test_that_a_page_that_comes_may_be_asked_for_by_its_room_that_others_make(early: Room, steps_before: int) -> None:
    """In the first seconds the room of a page is made in quiet moments, too: it asks for its page, which comes."""
    window = early.window
    press(early, Qt.Key.Key_F3)
    steps = window.coming.steps(0.0)
    for _ in range(steps_before):
        next(steps, None)
    window.rooms.make("events")
    assert window.coming.goal == "F3"
    early.beat()
    assert window.stack.front == "F3"
    assert window.rooms.stand_for("F3")
    assert not window.stack.cover.isVisible()


def test_that_a_page_that_stands_is_shown_at_once(early: Room) -> None:
    for name in early.window.rooms.names_for("F3"):
        early.window.rooms.make(name)
    press(early, Qt.Key.Key_F3)
    assert early.window.stack.front == "F3"
    assert not early.window.stack.cover.isVisible()


def test_that_without_a_beat_nobody_waits_for_steps(early: Room) -> None:
    early.tick.stop()
    press(early, Qt.Key.Key_F3)
    assert early.window.stack.front == "F3"


def test_that_more_keys_than_anybody_presses_are_told(early: Room, told: list[str]) -> None:
    press(early, Qt.Key.Key_F3, *[Qt.Key.Key_Shift, Qt.Key.Key_Down] * (MOST_KEPT + 3))
    early.beat()
    assert told == [early.desk.say("coming.lost", count=3)]


def broken(monkeypatch: pytest.MonkeyPatch, page: str) -> list[bool]:
    """Let a page fail as long as the list is not empty."""
    fails, row = [True], next(row for row in PAGES if row.id == page)

    def load() -> Kind:
        if fails:
            raise NameError("a page that is broken")
        return row.load()

    rows = tuple(replace(one, load=load) if one is row else one for one in PAGES)
    monkeypatch.setattr(page_stack, "PAGES", rows)
    return fails


def test_that_a_page_that_cannot_be_made_leaves_all_as_it_was_and_says_so(
    early: Room, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fails, focus = broken(monkeypatch, "F4"), early.window.focusWidget()
    press(early, Qt.Key.Key_F4, Qt.Key.Key_Down, Qt.Key.Key_Return)
    with pytest.raises(NameError):
        finish(early.window.coming.steps(0.0))
    page = early.desk.say("console.page.F4")
    assert told == [early.desk.say("coming.failed", page=page, count=2)]
    assert early.window.stack.goal == early.window.stack.front == "F1"
    assert not early.window.stack.cover.isVisible()
    assert early.window.focusWidget() is focus
    assert not early.window.card.isVisible()
    fails.clear()
    press(early, Qt.Key.Key_F4)
    early.beat()
    assert early.window.stack.front == "F4"


def test_that_after_a_page_that_cannot_be_made_the_next_one_asked_for_comes(
    early: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, "F4")
    press(early, Qt.Key.Key_F4, Qt.Key.Key_Down)
    early.window.rail.page_was_asked.emit("F3")
    with pytest.raises(NameError):
        finish(early.window.coming.steps(0.0))
    early.beat()
    assert early.window.stack.front == "F3"


def steps_into(room: Room) -> None:
    """Do a few of the steps: the page is half made."""
    steps = room.window.coming.steps(0.0)
    for _ in range(6):
        next(steps)


def test_that_signing_off_in_between_forgets_page_and_keys(early: Room, told: list[str]) -> None:
    press(early, Qt.Key.Key_F3, Qt.Key.Key_G)
    steps_into(early)
    early.session.sign_off()
    early.beat()
    assert early.window.stack.goal == ""
    assert early.window.stack.currentWidget() is early.window.sign_on
    assert not early.window.stack.cover.isVisible()
    early.session.enter(allowed=(*command.KIND_OF.values(),))
    early.beat()
    assert early.window.stack.front == "F1"
    assert not early.window.stack.cover.kept
    assert told == []


def test_that_a_seat_that_is_locked_in_between_presses_no_key(early: Room, told: list[str]) -> None:
    press(early, Qt.Key.Key_F3, Qt.Key.Key_G)
    steps_into(early)
    early.window.lock.lock()
    early.beat()
    assert early.window.stack.front == "F3"
    assert early.window.lock.sheet.isAncestorOf(early.window.focusWidget())
    assert "events" not in early.window.rooms.standing() or not early.window.event_desk.grade.isVisible()
    assert told == [early.desk.say("coming.lost", count=1)]


def test_that_in_a_window_closed_in_between_nothing_comes_any_more(early: Room, told: list[str]) -> None:
    press(early, Qt.Key.Key_F3, Qt.Key.Key_G)
    steps_into(early)
    early.window.close()
    for _ in range(50):
        QApplication.processEvents()
    assert early.window.stack.front == "F1"
    assert "F3" not in early.window.stack.standing
    assert early.window.stack.cover.isHidden()
    assert not early.window.stack.cover.kept
    assert told == []
    early.window.rooms.settle()  # what is half made has no parent that would take it along


def test_that_another_language_in_between_keeps_page_and_keys(early: Room, qtbot: QtBot) -> None:
    early.window.hide()
    stage = Stage(early.desk, early.tick)
    stage.window.show()
    stage.window.take_present()
    stage.window.activateWindow()
    qtbot.waitUntil(stage.window.isActiveWindow)
    try:
        QTest.keyClick(stage.window.focusWidget(), Qt.Key.Key_F3)
        QTest.keyClick(stage.window.focusWidget(), Qt.Key.Key_G)
        early.desk.choose_next("language")
        QCoreApplication.sendPostedEvents(stage, QEvent.Type.MetaCall)
        assert early.desk.texts.language == "en"
        assert stage.window.page == "F3"
        early.beat()
        assert stage.window.stack.front == "F3"
        assert stage.window.event_desk.grade.isVisible()
    finally:
        stage.window.close()
        for one in (stage.window, stage):
            one.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_that_a_page_wanted_from_the_start_comes_in_steps_too(early: Room) -> None:
    made: list[str] = []
    early.window.stack.page_was_made.connect(made.append)
    early.session.sign_off()
    early.window.stack._first = "F3"
    early.session.enter(allowed=(*command.KIND_OF.values(),))
    assert early.window.page == "F3"
    assert made == []
    early.beat()
    assert early.window.stack.front == "F3"
