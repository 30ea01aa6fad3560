"""The window as an officer uses it: sign-on, keys, lost daemons, the strip."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from chengyun_console.lettered import Lettered
from chengyun_console.preferences import PreferenceFile, latest_seat
from chengyun_console.shell.page_table import PAGES
from chengyun_core.mirror.links import Reach
from chengyun_core.model.alarm import NoteCode
from chengyun_core.model.command import AcknowledgeAlarm, ShelveAlarm, UnacknowledgeAlarm, UnshelveAlarm
from chengyun_core.model.scales import WarningColour
from tests.console.conftest import Room
from tests.console.still_session import START_NS, S, alarm
from tests.support.small_city import small_city


def texts(room: Room) -> str:
    """Return every label's text on the window."""
    return "\n".join(label.text() for label in room.window.findChildren(QLabel) if label.isVisible())


def press(room: Room, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(QApplication.focusWidget() or room.window, key, modifiers)
    QApplication.processEvents()


def test_that_before_sign_on_the_strip_shows_the_bands_and_no_page_opens(room: Room) -> None:
    room.session.hear()
    room.session.show_city(small_city(12))
    room.session.put({0: 120.0, 1: 60.0}, band={0: 4, 1: 2})
    room.beat()
    assert "1" in [count.text for count in room.window.strip.ticker._counts]
    press(room, Qt.Key.Key_F2)
    assert room.window.stack.currentWidget() is room.window.sign_on


def test_that_an_idle_screen_shows_the_alarms_it_may_read_and_opens_none(room: Room) -> None:
    room.session.hear()
    room.session.show_city(small_city(12))
    room.session.put({0: 120.0}, band={0: 4})
    room.session.put_alarms(alarm(1, 0))
    room.beat()
    assert room.window.strip.ticker._texts.waiting == "未确认 1"
    room.window.strip.ticker.item_was_opened.emit("1.4.4")
    assert room.window.stack.currentWidget() is room.window.sign_on


def test_that_a_refused_sign_on_is_told_in_place_and_the_password_is_asked_again(room: Room) -> None:
    room.session.hear()
    room.session.offer_seats(("A-01", "一号席", ""), ("A-02", "二号席", "zhang"))
    screen = room.window.sign_on
    screen._account.setText("officer")
    screen._password.setText("wrong")
    screen.submit()
    assert room.session.sent.sign_ons == [("officer", "wrong", "A-01")]
    room.session.refuse_sign_on("console.not_allowed", action="console.action.shelve")
    assert "无权搁置" in texts(room)
    assert screen._password.text() == ""
    assert screen._enter.isEnabled()


def test_that_nothing_is_sent_while_account_or_password_is_missing(room: Room) -> None:
    room.session.offer_seats(("A-01", "一号席", ""))
    room.window.sign_on.submit()
    assert room.session.sent.sign_ons == []
    assert "请输入账号" in texts(room)


def test_that_the_frame_tells_centre_watch_lights_clock_and_feed(desk_room: Room) -> None:
    told = texts(desk_room)
    for part in (
        "重庆市",
        "李值班",
        "席位 A-03",
        "14:32:08",
        "7月18日 周六",
        "367,412 点/秒",
        "离线 1.8%",
        "审计链 1,234",
    ):
        assert part in told


def test_that_demo_data_is_said_to_be_demo_data(desk_room: Room) -> None:
    assert "演示数据" not in texts(desk_room)
    desk_room.session.hear(demo="flood_2020")
    desk_room.beat()
    assert "演示数据 · 2020 年 8 月洪峰" in texts(desk_room)


def test_that_only_pages_that_are_built_are_on_the_rail(desk_room: Room) -> None:
    shown = [page.key for page in desk_room.window.rail._pages]
    assert shown == [row.id for row in PAGES if row.on_rail]
    assert shown[:3] == ["F1", "F2", "F3"]


def test_that_ctrl_j_goes_to_the_gravest_unacknowledged_alarm_and_a_digit_acknowledges_it(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(1, 2, WarningColour.YELLOW), alarm(2, 3, WarningColour.RED))
    room.beat()
    room.desk.select_alarm(1)
    press(room, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert room.desk.alarm() == alarm(2, 3, WarningColour.RED)
    press(room, Qt.Key.Key_A)
    assert room.window.chooser.isVisible()
    press(room, Qt.Key.Key_1)
    sent = room.session.sent.commands
    assert sent == [AcknowledgeAlarm(alarm=2, version=1, note_code=NoteCode.VERIFYING)]
    room.session.end_command()
    assert "流水 42" in room.window.message._passing.text


def test_that_shelving_asks_for_how_long_and_why_and_the_graver_the_shorter(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(7, 3, WarningColour.RED))
    room.beat()
    press(room, Qt.Key.Key_S)
    assert room.window.chooser._notes == ("5 分钟", "10 分钟", "15 分钟", "至恢复为止")
    press(room, Qt.Key.Key_3)
    press(room, Qt.Key.Key_2)
    assert room.session.sent.commands == [ShelveAlarm(alarm=7, version=1, minutes=15, reason="传感器故障")]


def test_that_s_takes_a_shelved_alarm_from_the_shelf(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(7, 3, shelved_at=START_NS, shelved_until=START_NS + 900 * S, version=4))
    room.beat()
    room.desk.select_alarm(7)
    press(room, Qt.Key.Key_S)
    assert room.session.sent.commands == [UnshelveAlarm(alarm=7, version=4)]


def test_that_u_takes_an_acknowledgement_back_with_a_reason(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(7, 3, acked_at=START_NS, acked_by="officer", acked_seat="A-03", version=2))
    room.beat()
    room.desk.select_alarm(7)
    press(room, Qt.Key.Key_U)
    press(room, Qt.Key.Key_1)
    assert room.session.sent.commands == [UnacknowledgeAlarm(alarm=7, version=2, reason="误操作")]


def test_that_a_refusal_of_the_centre_is_shown_and_stays(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(7, 3))
    room.beat()
    press(room, Qt.Key.Key_A)
    press(room, Qt.Key.Key_2)
    room.session.end_command(outcome="refused", code="console.not_allowed", action="console.action.acknowledge")
    room.beat(30.0)
    assert room.window.message.isVisible()
    assert "无权确认" in room.window.message._held[-1].text
    press(room, Qt.Key.Key_Escape)
    assert not room.window.message.isVisible()


def test_that_a_move_the_life_cycle_forbids_is_refused_before_anything_is_sent(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(7, 3))
    room.beat()
    room.desk.select_alarm(7)
    press(room, Qt.Key.Key_U)
    assert room.session.sent.commands == []
    assert room.window.message._held[-1].text == "不能撤销确认：此告警未确认。"


def test_that_a_session_without_the_permission_is_told_so(room: Room) -> None:
    room.session.hear()
    room.session.show_city(small_city(12))
    room.session.enter(allowed=())
    room.session.put({0: 1.0})
    room.session.put_alarms(alarm(1, 3))
    room.beat()
    press(room, Qt.Key.Key_A)
    assert room.session.sent.commands == []
    assert "无权确认" in room.window.message._held[-1].text


def test_that_letters_typed_into_the_search_do_nothing_to_alarms(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(7, 3))
    room.beat()
    press(room, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(QApplication.focusWidget(), "asu/")
    assert room.window.command_bar.search.field.text() == "asu/"
    assert not room.window.chooser.isVisible()
    assert room.session.sent.commands == []


def test_that_the_search_finds_by_initials_and_opens_the_vital_on_f2(desk_room: Room) -> None:
    room = desk_room
    press(room, Qt.Key.Key_Slash)
    assert room.window.command_bar.search.isVisible()
    QTest.keyClicks(QApplication.focusWidget(), "dpgl")
    press(room, Qt.Key.Key_Return)
    assert room.window.command_bar.card.isVisible()
    press(room, Qt.Key.Key_Return)
    room.beat()
    assert room.window.stack.currentWidget() is room.window.vitals
    assert room.desk.names.vital(room.desk.vital).name == "大坪管廊 CH₄"
    assert room.window.vitals.table.current_row() == room.desk.vital


def test_that_escape_leaves_one_thing_at_a_time(desk_room: Room) -> None:
    room = desk_room
    room.window.cockpit.open_node(room.desk.names.view.sectors()[0])
    press(room, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    press(room, Qt.Key.Key_Escape)
    assert not room.window.command_bar.search.isVisible()
    assert room.window.cockpit.descent.node is not None
    press(room, Qt.Key.Key_Escape)
    assert room.window.cockpit.descent.node is None


def test_that_ctrl_l_unfolds_the_strip_and_enter_opens_the_alarm(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(1, 2, WarningColour.YELLOW), alarm(2, 3, WarningColour.RED))
    press(room, Qt.Key.Key_F2)
    press(room, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    room.beat()
    assert room.window.unfolded.isVisible()
    room.window.unfolded.list.select("1")
    press(room, Qt.Key.Key_Return)
    assert not room.window.unfolded.isVisible()
    assert room.window.stack.currentWidget() is room.window.cockpit
    assert room.desk.alarm().number == 1


def test_that_unacknowledged_red_and_orange_alarms_are_pinned_on_the_strip(desk_room: Room) -> None:
    room = desk_room
    acked = {"acked_at": START_NS, "acked_by": "x", "acked_seat": "A-01"}
    room.session.put_alarms(
        alarm(1, 1, WarningColour.RED),
        alarm(2, 2, WarningColour.ORANGE),
        alarm(3, 3, WarningColour.YELLOW),
        alarm(4, 4, WarningColour.RED, **acked),
    )
    room.beat()
    items = room.window.strip.ticker._items.values()
    assert {item.key for item in items if item.is_pinned} == {"1.4.4", "2.3.3"}
    assert [count.text for count in room.window.strip.ticker._counts] == ["2", "1", "1", "0"]
    red = next(item for item in items if item.key == "1.4.4")
    assert (red.word, red.head) == ("红", "")
    assert red.text == "渝中 重庆北站 客流 120.00 m 高于 100.00"
    assert room.window.strip.ticker._tails["1.4.4"] == "未确认 01:02"


@pytest.mark.parametrize("page", ["F1", "F2"])
def test_that_a_lost_ingest_makes_values_hollow_and_comes_back_by_itself(desk_room: Room, page: str) -> None:
    room = desk_room
    room.window.show_page(page)
    room.beat()
    room.session.hear(ingest=Reach.LOST)
    room.beat(1.0)
    assert "采集失联" in texts(room)
    if page == "F1":
        assert room.window.cockpit.pinned._charts[0].view._record.presence.value == "stale"
    else:
        assert room.window.vitals._columns.is_stale.all()
    room.session.hear()
    room.session.put(dict.fromkeys(range(12), 11.0))
    room.beat()
    assert "采集失联" not in texts(room)
    if page == "F1":
        assert room.window.cockpit.pinned._charts[0].view._record.presence.value == "fresh"
    else:
        assert not room.window.vitals._columns.is_stale.any()


def test_that_a_lost_centre_says_what_still_works_and_alarms_keep_their_last_state(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(1, 1))
    room.beat()
    room.session.hear(centre=Reach.LOST)
    room.beat()
    assert "实时数值仍在更新" in room.window.message._passing.text
    assert "中心失联，告警为" in texts(room)
    rows = room.window.cockpit.alarms._list._facts
    assert rows.row_at(0).is_stale


def test_that_signing_off_goes_back_to_the_seats_and_no_key_acts(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(1, 1))
    press(room, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert room.window.stack.currentWidget() is room.window.sign_on
    press(room, Qt.Key.Key_F2)
    assert room.window.stack.currentWidget() is room.window.sign_on


def test_that_names_from_imported_tables_are_never_read_as_markup(room: Room) -> None:
    label = Lettered(room.desk.theme, text="<b>寸滩</b>")
    room.qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_that_the_language_is_switched_through_the_search_and_kept(desk_room: Room) -> None:
    room = desk_room
    press(room, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(QApplication.focusWidget(), "english")
    with room.qtbot.waitSignal(room.desk.appearance_did_change):
        press(room, Qt.Key.Key_Return)
    assert PreferenceFile(room.desk.profile, "A-03").read().language == "en"
    assert latest_seat(room.desk.profile) == "A-03"
