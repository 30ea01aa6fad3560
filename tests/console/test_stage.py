"""Another language or theme while the console runs: nothing under way is lost, and nothing of the old window stays."""

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.preferences import PreferenceFile, Preferences
from chengyun_console.session.session import Session
from chengyun_console.shell.wall_window import WallWindow
from chengyun_core.mirror.tree import NodeKind
from chengyun_core.model.command import CommentAlarm
from chengyun_resources.texts import Texts
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.theme import load_theme
from tests.console.staged import StagedRoom, staged
from tests.console.still_session import StillSession, alarm

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def stage_room(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[StagedRoom]:
    """Before sign-on, in Chinese at night, twelve vitals known."""
    with staged(qtbot, tmp_path) as room:
        room.session.offer_seats(("A-01", "一号席", ""), ("A-03", "三号席", ""))
        yield room


@pytest.fixture
def seated(stage_room: StagedRoom) -> StagedRoom:
    """Signed on at A-03 with two alarms."""
    room = stage_room
    room.session.enter(allowed=("alarm.acknowledge", "alarm.comment", "alarm.shelve", "threshold.propose"))
    room.session.put({vital: 10.0 + vital for vital in range(12)})
    room.session.put_alarms(alarm(1, 0), alarm(2, 5))
    room.beat()
    return room


def press(room: StagedRoom, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is, and let what was queued by it happen."""
    QTest.keyClick(room.stage.window.focusWidget() or room.stage.window, key, modifiers)
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    room.window = room.stage.window


def switch_language(room: StagedRoom) -> None:
    """Press the key of the language."""
    press(room, Qt.Key.Key_L, CTRL_SHIFT)


def switch_theme(room: StagedRoom) -> None:
    """Press the key of the theme."""
    press(room, Qt.Key.Key_T, CTRL_SHIFT)


def test_that_every_page_room_and_sheet_can_stand_when_the_language_changes(seated: StagedRoom) -> None:
    before = seated.stage.window
    for name in before.rooms.missing():
        before.rooms.make(name)
    switch_language(seated)
    assert seated.stage.window is not before
    assert seated.stage.window.rooms.missing() == ()
    assert seated.desk.texts.language == "en"


def test_that_a_key_brings_the_other_language_at_once_and_the_seat_keeps_it(seated: StagedRoom) -> None:
    room, before = seated, seated.window
    switch_language(room)
    assert room.window is not before
    assert room.window.cockpit.alarms.accessibleName() == "Alarms"
    assert room.window.message._passing.text == "Kept: language: English."
    assert PreferenceFile(room.desk.profile, "A-03").read().language == "en"
    switch_language(room)
    assert room.window.cockpit.alarms.accessibleName() == "告警"


def test_that_a_key_brings_the_day_at_once(seated: StagedRoom, qapp: QApplication) -> None:
    room = seated
    switch_theme(room)
    room.beat()
    day = load_theme("day")
    assert qapp.palette().window().color() == day.colour(Colour.GROUND)
    picture = room.window.grab().toImage()
    assert picture.pixelColor(room.window.width() // 2, room.window.height() - 60).lightnessF() > 0.8
    assert PreferenceFile(room.desk.profile, "A-03").read().theme == "day"


def test_that_page_selection_filters_and_the_way_the_table_is_sorted_stay(seated: StagedRoom) -> None:
    room = seated
    press(room, Qt.Key.Key_F2)
    room.beat()
    vitals = room.window.vitals
    vitals.open_vital(7)
    vitals.table.sort_by("value", descending=True)
    vitals.filters.text.setText("V")
    assert room.desk.names is not None
    sector = room.desk.names.view.place_of(7)[0].code
    vitals.filters.sector.setCurrentIndex(vitals.filters.sector.findData(sector))
    room.beat()
    vitals.table.setFocus()
    assert vitals.table.current_row() == 7
    switch_language(room)
    room.beat()
    after = room.window.vitals
    assert room.window.page == "F2"
    assert room.desk.vital == 7
    assert after.table.current_row() == 7
    assert after.filters.text.text() == "V"
    assert after.filters.sector.currentData() == sector
    assert (after.table.rows.sort_key, after.table.rows.is_descending) == ("value", True)
    assert room.window.focusWidget() is after.table


def test_that_a_table_nobody_has_seen_is_not_made_for_the_switch(seated: StagedRoom) -> None:
    switch_language(seated)
    assert seated.window.vitals._columns is None


def test_that_a_table_seen_before_keeps_its_filter_while_another_page_is_in_front(seated: StagedRoom) -> None:
    room = seated
    press(room, Qt.Key.Key_F2)
    room.beat()
    room.window.vitals.filters.sector.setCurrentIndex(2)
    chosen = room.window.vitals.filters.sector.currentData()
    press(room, Qt.Key.Key_F1)
    switch_language(room)
    press(room, Qt.Key.Key_F2)
    room.beat()
    assert room.window.vitals.filters.sector.currentData() == chosen


def test_that_the_place_in_the_tree_stays(seated: StagedRoom) -> None:
    room = seated
    assert room.desk.names is not None
    node = room.desk.names.view.layer(NodeKind.TRACK).nodes[0]
    room.window.cockpit.open_node(node)
    switch_theme(room)
    after = room.window.cockpit.descent.node
    assert after is not None
    assert after.code == node.code


def test_that_a_half_written_comment_is_asked_for_again_with_its_text(seated: StagedRoom) -> None:
    room = seated
    room.desk.select_alarm(1)
    room.window.do((BY_ID["alarm.comment"],))
    QTest.keyClicks(room.window.asker.field, "halfway th")
    question = room.window.asker._question.text()
    switch_language(room)
    assert room.window.asker.isVisible()
    assert room.window.asker._question.text() != question
    assert room.window.focusWidget() is room.window.asker.field
    QTest.keyClicks(room.window.asker.field, "ere")
    press(room, Qt.Key.Key_Return)
    sent = room.session.sent.commands[-1]
    assert isinstance(sent, CommentAlarm)
    assert sent.text == "halfway there"


def test_that_an_open_threshold_form_keeps_what_was_written(seated: StagedRoom) -> None:
    room = seated
    room.desk.select_alarm(1)
    room.window.cockpit.alarms.focus_list()
    press(room, Qt.Key.Key_T)
    assert room.window.form.isVisible()
    room.window.form.fields["high_red"].setText("321")
    room.window.form.reason.setText("flood season")
    room.window.form.reason.setFocus()
    switch_theme(room)
    assert room.window.form.isVisible()
    assert room.window.form.fields["high_red"].text() == "321"
    assert room.window.form.reason.text() == "flood season"
    assert room.window.focusWidget() is room.window.form.reason
    press(room, Qt.Key.Key_Escape)
    assert room.window.form.isHidden()


def test_that_open_overlays_lie_over_the_page_again(seated: StagedRoom) -> None:
    room = seated
    press(room, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert room.window.unfolded.isVisible()
    where = room.window.unfolded.geometry()
    switch_language(room)
    assert room.window.unfolded.isVisible()
    assert room.window.unfolded.geometry() == where
    assert room.window.focusWidget() is room.window.unfolded.list


def test_that_a_card_shows_the_same_thing_in_the_other_language(seated: StagedRoom) -> None:
    room = seated
    assert room.desk.names is not None
    kpi = room.desk.names.view.catalogue.kpis[0]
    room.window.drills.kpi.open_for(kpi, room.window.page_area())
    room.window.command_bar.card.open_for(3, room.window.page_area())
    switch_language(room)
    room.beat()
    assert room.window.drills.kpi.isVisible()
    assert room.window.drills.kpi.kpi == kpi
    assert room.window.command_bar.card.isVisible()
    assert room.desk.vital == 3


def test_that_a_locked_seat_stays_locked(seated: StagedRoom) -> None:
    room = seated
    room.window.lock.lock()
    switch_language(room)
    assert room.desk.texts.language == "zh_CN", "no key acts while the seat is locked"
    room.desk.choose_next("language")
    QApplication.processEvents()
    room.window = room.stage.window
    assert room.desk.texts.language == "en"
    assert room.window.lock.is_locked
    room.session.confirm_ended.emit(None)
    assert not room.window.lock.is_locked


def test_that_an_open_wall_is_open_after_the_switch_and_there_is_one(seated: StagedRoom) -> None:
    room = seated
    room.window.wall.open()
    switch_language(room)
    walls = [window for window in QApplication.topLevelWidgets() if isinstance(window, WallWindow)]
    assert [wall.isVisible() for wall in walls if wall.isVisible()] == [True]
    assert room.window.wall.window is not None
    room.window.wall.close()


def test_that_an_answer_on_its_way_is_told_in_the_new_window(seated: StagedRoom) -> None:
    room = seated
    room.desk.select_alarm(1)
    room.window.deeds.send(CommentAlarm(alarm=1, text="x"), "a comment")
    switch_language(room)
    room.session.end_command()
    assert "a comment" in room.window.message._passing.text


def test_that_keys_work_and_news_come_after_the_switch(seated: StagedRoom) -> None:
    room = seated
    switch_language(room)
    room.session.put_alarms(alarm(3, 9))
    room.beat()
    press(room, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert room.desk.alarm() is not None
    press(room, Qt.Key.Key_A)
    assert room.window.chooser.isVisible()
    assert len(room.window.cockpit.alarms.page_alarms()) == 3


def test_that_the_window_that_went_is_gone_with_everything_in_it(seated: StagedRoom) -> None:
    room = seated
    gone = [weakref.ref(thing) for thing in (room.window, room.window.cockpit, room.window.vitals.trend)]
    room.session.sent.windows.clear()
    room.session.sent.asks.clear()
    widgets = len(QApplication.allWidgets())
    for _ in range(2):
        switch_language(room)
        room.session.sent.windows.clear()
        room.session.sent.asks.clear()
    gc.collect()
    assert [ref() for ref in gone] == [None, None, None]
    assert len(QApplication.allWidgets()) <= widgets + 5


def test_that_the_sign_on_screen_switches_too_and_the_seat_taken_keeps_it(stage_room: StagedRoom) -> None:
    room = stage_room
    PreferenceFile(room.desk.profile, "A-03").write(Preferences(vitals_range_minutes=360))
    account, password = room.window.sign_on.findChildren(QLineEdit)[:2]
    account.setText("zhang")
    password.setText("secret")
    password.setFocus()
    room.window.sign_on._seats.choose("A-03")
    switch_language(room)
    account, password = room.window.sign_on.findChildren(QLineEdit)[:2]
    assert (account.text(), password.text()) == ("zhang", "secret")
    assert room.window.focusWidget() is password
    room.session.offer_seats(("A-01", "一号席", ""), ("A-03", "三号席", ""))
    assert room.window.sign_on._seats.chosen() == "A-03"
    room.session.enter()
    kept = PreferenceFile(room.desk.profile, "A-03").read()
    assert (kept.language, kept.vitals_range_minutes) == ("en", 360)
    assert room.desk.texts.language == "en"


def test_that_the_sign_on_screen_has_buttons_for_both_with_their_keys(stage_room: StagedRoom) -> None:
    room = stage_room
    buttons = {text.split()[-1]: one for one in room.window.sign_on.findChildren(QPushButton) if (text := one.text())}
    QTest.mouseClick(buttons["Ctrl+Shift+L"], Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert room.desk.texts.language == "en"


def test_that_the_seat_that_is_taken_brings_its_own_language_and_theme(stage_room: StagedRoom) -> None:
    room = stage_room
    PreferenceFile(room.desk.profile, "A-03").write(Preferences(language="en", theme="day"))
    room.session.enter()
    QApplication.processEvents()
    assert (room.desk.texts.language, room.desk.theme.tokens.name) == ("en", "day")
    assert room.stage.window.page == "F1"


def test_that_a_language_given_at_the_start_holds_until_another_is_chosen(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    session = StillSession()
    desk = Desk(cast("Session", session), tmp_path, load_theme("night"), Texts("en"), Preferences())
    session.enter()
    desk.take_seat(PreferenceFile(tmp_path, "A-03"))
    assert desk.wanted_appearance() == ("en", "night")
    desk.choose_next("language")
    assert desk.wanted_appearance() == ("zh_CN", "night")


def test_that_a_screen_that_is_switched_during_a_refused_disk_stays_switched(
    seated: StagedRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = seated
    monkeypatch.setattr(PreferenceFile, "write", lambda *_: False)
    switch_theme(room)
    assert room.desk.theme.tokens.name == "day"
    room.beat()
    assert room.desk.theme.tokens.name == "day"
