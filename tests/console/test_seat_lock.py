"""The idle lock: pages covered, nothing behind them acts, strip and lamps go on, only the own password opens it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from chengyun_console.session.answers import SignOnEnded
from chengyun_core.mirror.links import Reach
from chengyun_core.model.failure import Reason
from tests.console.conftest import Room
from tests.console.still_session import alarm

CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def lock(room: Room) -> None:
    """Lock by key."""
    QTest.keyClick(room.window, Qt.Key.Key_L, CTRL_ALT)


def give(room: Room, password: str) -> None:
    """Type a password into the sheet."""
    QTest.keyClicks(room.window.lock.sheet.password, password)
    QTest.keyClick(room.window.lock.sheet.password, Qt.Key.Key_Return)


def targets(room: Room) -> list[QWidget]:
    """Return what an officer could hit while the sheet is there."""
    window = room.window
    return [
        window,
        window.cockpit.alarms,
        window.strip.ticker,
        window.rail,
        *window.top_bar._lights,
        window.vitals.table,
    ]


def test_that_the_key_covers_the_pages_and_only_them(desk_room: Room) -> None:
    lock(desk_room)
    window = desk_room.window
    sheet = window.lock.sheet.geometry()
    assert window.lock.is_locked
    assert sheet.top() == window.strip.geometry().bottom() + 1
    assert sheet.bottom() == window.status_bar.geometry().top() - 1
    assert (sheet.left(), sheet.width()) == (0, window.width())
    assert window.childAt(sheet.center()) in {window.lock.sheet, *window.lock.sheet.findChildren(QWidget)}


def test_that_no_key_and_no_click_behind_the_sheet_acts(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(1, 3))
    room.desk.select_alarm(1)
    room.beat()
    lock(room)
    asked: list[str] = []
    room.desk.sound_was_asked.connect(asked.append)
    room.window.strip.unfold_was_asked.connect(lambda: asked.append("unfold"))
    room.window.strip.item_was_opened.connect(asked.append)
    room.window.top_bar.light_was_asked.connect(lambda *_told: asked.append("light"))
    for target in targets(room):
        for key in (Qt.Key.Key_A, Qt.Key.Key_1, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_F2, Qt.Key.Key_F12):
            QTest.keyClick(target, key)
        QTest.keyClick(target, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        for x in range(10, max(11, target.width()), 320):
            QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=QPoint(x, target.height() // 2))
    room.beat()
    assert room.session.sent.commands == []
    assert asked == []
    assert room.window.page == "F1"
    assert room.window.command_bar.search.isHidden()
    assert room.window.deeds.is_asking is False


def test_that_the_same_clicks_do_act_when_it_is_open(desk_room: Room) -> None:
    asked: list[str] = []
    desk_room.desk.sound_was_asked.connect(asked.append)
    QTest.keyClick(desk_room.window, Qt.Key.Key_F12)
    QTest.keyClick(desk_room.window, Qt.Key.Key_F2)
    assert (asked, desk_room.window.page) == (["silence"], "F2")


def test_that_strip_lamps_and_clock_go_on(desk_room: Room) -> None:
    lock(desk_room)
    clock = desk_room.window.top_bar._clock.text()
    desk_room.session.put_alarms(alarm(1, 3))
    desk_room.session.hear(ingest=Reach.LOST)
    desk_room.beat()
    assert desk_room.window.top_bar._clock.text() != clock
    assert len(desk_room.window.strip.ticker._items) == 1
    assert desk_room.window.strip.isEnabled()


def test_that_the_own_password_opens_it_and_what_was_typed_is_there(desk_room: Room) -> None:
    room = desk_room
    QTest.keyClick(room.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    field = room.window.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "cun")
    lock(room)
    give(room, "right")
    assert room.session.sent.sign_ons == [("officer", "right", "A-03")]
    assert room.window.lock.is_locked
    room.session.confirm_ended.emit(None)
    assert not room.window.lock.is_locked
    assert room.window.focusWidget() is field
    assert field.property("text") == "cun"


def test_that_a_wrong_password_says_so_and_keeps_lock_and_seat(desk_room: Room) -> None:
    lock(desk_room)
    give(desk_room, "wrong")
    desk_room.session.confirm_ended.emit(Reason(code="session.wrong_password"))
    sheet = desk_room.window.lock.sheet
    assert desk_room.window.lock.is_locked
    assert sheet._answer.text() == desk_room.desk.say("session.wrong_password")
    assert sheet.password.text() == ""
    assert desk_room.session.signed_on is not None


def test_that_an_empty_password_is_not_sent(desk_room: Room) -> None:
    lock(desk_room)
    give(desk_room, "")
    assert desk_room.session.sent.sign_ons == []


def test_that_tab_stays_within_the_sheet(desk_room: Room) -> None:
    lock(desk_room)
    sheet = desk_room.window.lock.sheet
    for _ in range(5):
        QTest.keyClick(desk_room.window.focusWidget(), Qt.Key.Key_Tab)
        focus = desk_room.window.focusWidget()
        assert focus is not None
        assert sheet.isAncestorOf(focus)


def idle(room: Room, minutes: int, *, step_min: int = 1) -> None:
    """Let minutes pass without anybody there."""
    for _ in range(minutes // step_min):
        room.beat(60.0 * step_min)


def test_that_it_locks_after_the_minutes_of_the_preference_and_a_touch_begins_them_anew(desk_room: Room) -> None:
    room = desk_room
    room.desk.preferences = replace(room.desk.preferences, idle_lock_minutes=5)
    idle(room, 4)
    handle = room.window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_Shift)
    idle(room, 5)
    assert not room.window.lock.is_locked
    idle(room, 1)
    assert room.window.lock.is_locked


def test_that_it_locks_after_ten_minutes_when_nobody_chose_otherwise(desk_room: Room) -> None:
    """RS13. The last touch is noted at the first beat."""
    idle(desk_room, 10)
    assert not desk_room.window.lock.is_locked
    idle(desk_room, 1)
    assert desk_room.window.lock.is_locked


def test_that_the_sheet_says_why_f12_does_nothing_while_it_does_nothing(desk_room: Room) -> None:
    asked: list[str] = []
    desk_room.desk.sound_was_asked.connect(asked.append)
    lock(desk_room)
    QTest.keyClick(desk_room.window, Qt.Key.Key_F12)
    assert asked == []
    assert "F12" in desk_room.window.lock.sheet.no_silence.text()
    assert desk_room.window.lock.sheet.no_silence.isVisible()


@pytest.mark.parametrize("why", ["off", "centre", "demo", "nobody"])
def test_that_it_never_locks_where_nobody_could_open_it_or_wants_it(desk_room: Room, why: str) -> None:
    room = desk_room
    if why == "off":
        room.desk.preferences = replace(room.desk.preferences, idle_lock_minutes=0)
    elif why == "nobody":
        room.session.sign_off()
    else:
        room.session.hear(centre=Reach.LOST if why == "centre" else Reach.LIVE, demo="storm" if why == "demo" else "")
    idle(room, 40, step_min=10)
    assert not room.window.lock.is_locked


def test_that_losing_the_seat_leads_to_the_sign_on_screen(desk_room: Room) -> None:
    lock(desk_room)
    desk_room.session.signed_on = None
    desk_room.session.sign_on_ended.emit(SignOnEnded(signed_on=None, failed=Reason(code="session.expired")))
    assert not desk_room.window.lock.is_locked
    assert desk_room.window.stack.currentWidget() is desk_room.window.sign_on


def test_that_a_second_factor_the_centre_asks_for_is_given_at_the_lock_too(desk_room: Room) -> None:
    room = desk_room
    lock(room)
    sheet = room.window.lock.sheet
    assert not sheet.code.isVisible()
    give(room, "a long password")
    room.session.confirm_ended.emit(Reason(code="session.second_factor"))
    assert sheet.code.isVisible()
    QTest.keyClicks(sheet.password, "a long password")
    QTest.keyClick(sheet.password, Qt.Key.Key_Tab)
    assert sheet.code.hasFocus()
    QTest.keyClicks(sheet.code, "287082")
    QTest.keyClick(sheet.code, Qt.Key.Key_Return)
    assert [code for code, _over in room.session.sent.ways] == ["", "287082"]
    room.session.confirm_ended.emit(None)
    assert not room.window.lock.is_locked
    lock(room)
    assert not sheet.code.isVisible()
    assert sheet.code.text() == ""
