"""What an officer sends to the wall from F5 and F6: an event, its map and cameras; whatever the screen does (RF28)."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.layouts.labels import Labels
from chengyun_console.pages.command.page import CommandPage
from chengyun_console.shell.wall_page import WallPage
from chengyun_console.shell.wall_stage import WallStage
from chengyun_core.wire.event_asks import Timeline
from tests.console import event_samples
from tests.console.conftest import Room
from tests.console.test_wall import DESK, HALL, FakeScreens, _open, _paint, _said, _wall, hall

__all__ = ["hall"]
"""The room with a second screen in the hall is the wall's own fixture."""


@pytest.fixture
def sent(hall: Room) -> tuple[Room, WallPage]:
    """An event in command on F6, sent to the open wall."""
    event_samples.put_events(hall.session, *event_samples.several())
    page = _open(hall)
    QTest.keyClick(hall.window, Qt.Key.Key_F6)
    hall.beat()
    QTest.keyClick(hall.window, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
    _paint(hall)
    return hall, page


def _stage(page: WallPage) -> WallStage:
    assert page.stage is not None
    return page.stage


def test_that_what_f6_shows_goes_to_the_wall_and_stays_there(sent: tuple[Room, WallPage]) -> None:
    room, page = sent
    shown = room.desk.event_focus.record
    assert shown is not None
    assert shown.code in _said(room)
    assert _stage(page).isVisible()
    assert shown.title in _stage(page).head.text()
    assert _stage(page).map.canvas.view == room.window.stack.of(CommandPage).map.canvas.view
    other = next(number for number in room.session.facts.events if number != shown.number)
    room.desk.event_focus.select(other)
    _paint(room)
    assert shown.title in _stage(page).head.text()


def test_that_its_line_of_time_is_the_events(sent: tuple[Room, WallPage]) -> None:
    room, page = sent
    room.session.answer_ask("wall.lines", Timeline(lines=event_samples.lines()))
    _paint(room)
    assert _stage(page).timeline.accessibleDescription().count("\n") >= len(event_samples.lines()) - 1


def test_that_the_cockpit_comes_back_when_it_is_sent(sent: tuple[Room, WallPage]) -> None:
    room, page = sent
    QTest.keyClick(room.window, Qt.Key.Key_F1)
    QTest.keyClick(room.window, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
    assert page.cockpit.isVisible()
    assert not _stage(page).isVisible()


@pytest.mark.parametrize(("label", "is_said", "is_shown"), [("normal", True, True), ("dim", False, True)])
def test_that_a_dim_event_is_told_without_its_title(hall: Room, label: str, is_said: bool, is_shown: bool) -> None:
    event_samples.put_events(hall.session, *event_samples.several())
    page = _open(hall)
    page._desk.labels = Labels({"event": label})
    QTest.keyClick(hall.window, Qt.Key.Key_F6)
    hall.beat()
    QTest.keyClick(hall.window, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
    _paint(hall)
    shown = hall.desk.event_focus.record
    assert shown is not None
    assert _stage(page).head.isVisible() is is_shown
    assert (shown.title in _stage(page).head.text()) is is_said


def test_that_a_wall_that_shows_no_events_says_so(hall: Room) -> None:
    event_samples.put_events(hall.session, *event_samples.several())
    page = _open(hall)
    page._desk.labels = Labels({"event": "hide"})
    QTest.keyClick(hall.window, Qt.Key.Key_F6)
    hall.beat()
    QTest.keyClick(hall.window, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
    assert _said(hall) == hall.desk.say("console.wall.no_events")
    assert page.stage is None


def test_that_an_unplugged_screen_takes_nothing_of_what_was_sent(sent: tuple[Room, WallPage]) -> None:
    room, page = sent
    shown = room.desk.event_focus.record
    assert shown is not None
    screens = _wall(room).screens
    assert isinstance(screens, FakeScreens)
    room.desk.preferences = replace(room.desk.preferences, wall_open=True)
    screens.become(DESK)
    _paint(room)
    window = _wall(room).window
    assert window is not None
    assert window.width() > 0
    assert window.height() > 0
    assert _stage(page).isVisible()
    assert shown.title in _stage(page).head.text()
    screens.become(DESK, HALL)
    _paint(room)
    assert _stage(page).isVisible()
