"""The risk strip on the window: what an item says, what keys mean on it, its classes, its books, and a lost centre."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_core.mirror.links import Reach
from chengyun_core.model.scales import WarningColour
from tests.console.conftest import Room
from tests.console.still_session import START_NS, alarm

ACKED = {"acked_at": START_NS, "acked_by": "x", "acked_seat": "A-01"}


def press(room: Room, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or room.window, key, modifiers)
    QApplication.processEvents()


def test_that_an_item_says_colour_in_words_place_value_and_limit_state_and_age(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(1, 1, WarningColour.YELLOW, **ACKED), alarm(2, 2, WarningColour.RED))
    room.beat()
    ticker = room.window.strip.ticker
    yellow, red = ticker._items["1.2.2"], ticker._items["2.4.4"]
    assert (yellow.word, red.word) == ("黄", "红")
    assert yellow.head == "防汛抗旱"
    assert yellow.text.startswith("渝中 ")
    assert "120" in yellow.text
    assert "100" in yellow.text
    assert ticker._tails["1.2.2"] == "已确认 01:02"
    assert ticker._tails["2.4.4"] == "未确认 01:02"
    room.beat(60)
    assert ticker._tails["2.4.4"] == "未确认 02:02"


def test_that_an_acknowledgement_changes_the_state_and_moves_nothing(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(*(alarm(number, number, WarningColour.YELLOW) for number in range(1, 9)))
    room.beat()
    lane = room.window.strip.ticker._lane
    before = {slot.key: (slot.x, slot.width) for slot in lane.slots}
    room.session.put_alarms(alarm(1, 1, WarningColour.YELLOW, version=2, **ACKED))
    room.beat(0.0)
    after = {slot.key: (slot.x, slot.width) for slot in lane.slots}
    assert "1.2.2" in before
    assert after == before
    assert room.window.strip.ticker._tails["1.2.2"].startswith("已确认")


def test_that_a_acknowledges_the_item_the_arrows_are_on(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(*(alarm(number, number, WarningColour.YELLOW) for number in (1, 2, 3)))
    room.beat()
    room.desk.select_alarm(3)
    ticker = room.window.strip.ticker
    ticker.setFocus(Qt.FocusReason.TabFocusReason)
    room.qtbot.waitUntil(ticker.hasFocus, timeout=10_000)
    press(room, Qt.Key.Key_Right)
    wanted = ticker._aim.partition(".")[0]
    press(room, Qt.Key.Key_A)
    press(room, Qt.Key.Key_1)
    (command,) = room.session.sent.commands
    assert str(command.alarm) == wanted
    assert wanted != "3"


def test_that_a_lost_centre_is_told_on_the_strip_with_its_time(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(1, 1, WarningColour.RED))
    room.session.hear(centre=Reach.LOST)
    room.beat()
    assert room.window.strip.ticker._texts.stale.startswith("中心失联，止于 14:32")
    assert room.window.strip.ticker._items["1.4.4"].is_pinned
    room.session.hear()
    room.beat()
    assert room.window.strip.ticker._texts.stale == ""


def test_that_the_list_shows_the_classes_and_the_books_of_the_strip(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(*(alarm(number, number, WarningColour.BLUE) for number in range(1, 4)))
    room.beat()
    for _ in range(100):
        room.beat(0.25)
    press(room, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    room.beat()
    unfolded = room.window.unfolded
    assert unfolded.books.text() == "已播 3/3 · 候播 0 · 提前撤下 0 · 漏 0"
    assert [(one.code, one.count) for one in unfolded.classes._switches] == [
        (1, "3"),
        (2, ""),
        (3, "0"),
        (4, "0"),
        (5, ""),
    ]
    unfolded.classes.setFocus()
    press(room, Qt.Key.Key_1)
    room.beat()
    assert room.window.strip.ticker.classes == frozenset({2, 3, 4, 5})
    assert unfolded.list.model().rowCount() == 0
    assert unfolded._title.text() == "全部告警 3（筛去 3）"


def test_that_a_filter_hides_nothing_that_waits_and_is_grave(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(1, 1, WarningColour.BLUE), alarm(2, 2, WarningColour.ORANGE))
    press(room, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    room.window.strip.alarms.set_classes(frozenset())
    room.beat()
    assert room.window.unfolded.list.model().rowCount() == 1
    assert [item.key for item, _rect in room.window.strip.ticker._pinned_rects()] == ["2.3.3"]


def test_that_a_minimised_window_counts_nothing_as_shown(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(1, 1, WarningColour.BLUE))
    room.beat()
    before = room.window.strip.ticker.sequence()
    room.window.showMinimized()
    for _ in range(30):
        room.window.strip.tick(room.now_s + 1)
        room.now_s += 0.25
    assert room.window.strip.ticker.sequence() == before
    room.window.showNormal()
