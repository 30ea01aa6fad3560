"""The command bar: what it finds, what it does, what it denies and why, and the input method's own keys."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.actions.table import BY_ID
from chengyun_console.actions.verbs import VERBS
from chengyun_console.choosing import told
from chengyun_console.preferences import choices_of
from chengyun_console.wording.spoken import spoken_phrases
from chengyun_core.model.command import AcknowledgeAlarm, SwitchThresholdSet
from chengyun_core.model.places import Post
from chengyun_core.model.scales import WarningColour
from chengyun_widgets.trend import TrendView
from tests.console.conftest import Room
from tests.console.still_session import START_NS, alarm
from tests.support.small_city import small_city

ACKED = {"acked_at": START_NS, "acked_by": "x", "acked_seat": "A-01"}
EVERYTHING = ("alarm.acknowledge", "alarm.shelve", "session.sign_off", "threshold_set.switch")


def press(room: Room, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or room.window, key, modifiers)
    QApplication.processEvents()


def search(room: Room, text: str) -> list[str]:
    """Open the bar as an officer does, type, and return the keys of the rows found."""
    press(room, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    room.window.command_bar.search.field.setText(text)
    QApplication.processEvents()
    return list(room.window.command_bar.search._found)


@pytest.fixture
def bar_room(desk_room: Room) -> Room:
    """Vital 1 red and 5 orange with alarms; the words of actions known as the session makes them."""
    room, view = desk_room, desk_room.desk.names.view
    view.use_search_keys(view.search_keys(spoken_phrases()), spoken_phrases())
    room.session.put({1: 120.0, 5: 90.0}, band={1: 4, 5: 3})
    room.session.put_alarms(alarm(7, 1), alarm(9, 5, WarningColour.ORANGE, **ACKED))
    room.beat()
    return room


@pytest.mark.parametrize(("typed", "first"), [
    ("cqbz", "vital:1"), ("渝中 红", "vital:1"), ("yz hong", "vital:1"), ("cheng", "vital:5"),
    ("fxkh", "place:track:T1"), ("渝中", "place:centre:500103"), ("#7", "alarm:7"), ("zkfxt", "action:strip.unfold"),
    ("退出", "action:session.sign_off"), ("threshold.switch", "action:threshold.switch_set"),
])  # fmt: skip
def test_that_what_is_typed_is_found_first(bar_room: Room, typed: str, first: str) -> None:
    assert search(bar_room, typed)[0] == first


def test_that_words_of_state_narrow_to_what_is_so(bar_room: Room) -> None:
    assert {key for key in search(bar_room, "未确认") if key.startswith("vital")} == {"vital:1"}
    assert {key for key in search(bar_room, "异常") if key.startswith("vital")} == {"vital:1", "vital:5"}


def test_that_a_place_is_gone_to_and_a_centre_narrows_every_pane(bar_room: Room) -> None:
    room = bar_room
    search(room, "管廊燃气")
    press(room, Qt.Key.Key_Return)
    assert room.window.cockpit.descent.node.code == "ST3"
    search(room, "渝中")
    press(room, Qt.Key.Key_Return)
    assert room.desk.scope.scope.code == "500103"


def test_that_rows_show_the_key_of_what_they_do(bar_room: Room) -> None:
    search(bar_room, "")
    rows = {key: found.row for key, found in bar_room.window.command_bar.search._found.items()}
    for key, row in rows.items():
        assert row.status == " / ".join(BY_ID[key.removeprefix("action:")].keys)
    assert rows["action:alarm.next"].status == "Ctrl+J"


def test_that_what_this_seat_may_not_do_says_so_and_is_not_done(bar_room: Room) -> None:
    room = bar_room
    search(room, "切换阈值")
    assert "无权" in room.window.command_bar.search._found["action:threshold.switch_set"].denied
    room.window.command_bar.search.list.select("action:threshold.switch_set")
    press(room, Qt.Key.Key_Return)
    assert room.window.command_bar.search.isVisible()
    assert "无权" in room.window.message._held[-1].text
    assert room.session.sent.previews == []


def test_that_what_was_chosen_lately_comes_first_and_is_kept(bar_room: Room) -> None:
    room = bar_room
    search(room, "dpgl")
    press(room, Qt.Key.Key_Return)
    press(room, Qt.Key.Key_Escape)
    assert search(room, "")[0] == "vital:2"
    assert room.desk.preferences.recent == ("vital:2",)
    press(room, Qt.Key.Key_Escape)
    search(room, "v000")
    assert next(iter(room.window.command_bar.search._found)) == "vital:2"


def test_that_a_recent_choice_that_is_gone_is_left_out(bar_room: Room) -> None:
    bar_room.desk.keep(replace(bar_room.desk.preferences, recent=("vital:99", "place:track:T9", "action:gone")))
    assert all(key.startswith("action:") and key != "action:gone" for key in search(bar_room, ""))


def test_that_every_verb_does_an_action_of_the_table_and_none_is_listed_before_it_exists() -> None:
    assert all(verb.action in BY_ID for verb in VERBS)
    assert not {"video", "mode"} & {verb.name for verb in VERBS}
    assert [verb.name for verb in VERBS] == sorted(verb.name for verb in VERBS)


@pytest.mark.parametrize(
    ("typed", "name", "holds", "offered"),
    [("/idle 5", "idle_lock_minutes", 5, 1), ("/scale 2", "wall_scale", 2.0, 2), ("/volume 2", "sound_volume", 25, 1)],
)
def test_that_a_setting_is_chosen_from_its_values_and_kept(
    bar_room: Room, typed: str, name: str, holds: float, offered: int
) -> None:
    verb = typed.split(maxsplit=1)[0]
    every = len(search(bar_room, f"{verb} "))
    assert every == len(choices_of(name))
    press(bar_room, Qt.Key.Key_Escape)
    assert len(search(bar_room, typed)) == offered
    press(bar_room, Qt.Key.Key_Return)
    assert getattr(bar_room.desk.preferences, name) == holds
    assert told(bar_room.desk, name, holds) in bar_room.window.message.accessibleName()


def test_that_the_slash_key_begins_a_command_and_verbs_complete(bar_room: Room) -> None:
    room = bar_room
    press(room, Qt.Key.Key_Slash)
    assert room.window.command_bar.search.field.text() == "/"
    assert set(room.window.command_bar.search._found) >= {"verb:ack", "verb:page", "verb:theme", "do:next:"}
    QTest.keyClicks(room.window.command_bar.search.field, "ac")
    assert list(room.window.command_bar.search._found) == ["verb:ack"]
    press(room, Qt.Key.Key_Return)
    assert room.window.command_bar.search.field.text() == "/ack "
    assert list(room.window.command_bar.search._found) == ["do:ack:7"]


@pytest.mark.parametrize("typed", ["/ack 7", "/ack 重庆北", "/ack cqbz", "/ACK cqbz"])
def test_that_ack_with_number_or_name_asks_for_the_note_and_acknowledges(bar_room: Room, typed: str) -> None:
    room = bar_room
    search(room, typed)
    press(room, Qt.Key.Key_Return)
    assert room.window.chooser.isVisible()
    press(room, Qt.Key.Key_1)
    (command,) = room.session.sent.commands
    assert isinstance(command, AcknowledgeAlarm)
    assert command.alarm == 7


def test_that_an_alarm_that_cannot_be_acknowledged_says_why(bar_room: Room) -> None:
    room = bar_room
    assert search(room, "/ack 9") == ["do:ack:9"]
    press(room, Qt.Key.Key_Return)
    assert room.window.command_bar.search.isVisible()
    assert "已确认" in room.window.message._held[-1].text
    assert not room.window.chooser.isVisible()


def test_that_a_verb_this_seat_may_not_use_says_so(bar_room: Room) -> None:
    room = bar_room
    room.session.enter(allowed=("session.sign_off",))
    assert search(room, "/ack 7") == ["verb:ack"]
    assert "无权确认" in room.window.command_bar.search._found["verb:ack"].denied


def test_that_pages_are_gone_to_by_their_name(bar_room: Room) -> None:
    room = bar_room
    search(room, "/page f2")
    press(room, Qt.Key.Key_Return)
    assert room.window.stack.currentWidget() is room.window.vitals


def test_that_language_and_theme_are_set_not_toggled(bar_room: Room) -> None:
    room = bar_room
    for _ in range(2):
        search(room, "/theme day")
        press(room, Qt.Key.Key_Return)
        assert room.desk.preferences.theme == "day"
    search(room, "/lang en")
    press(room, Qt.Key.Key_Return)
    assert room.desk.preferences.language == "en"


def test_that_a_threshold_set_is_chosen_by_name_and_previewed_first(bar_room: Room) -> None:
    room = bar_room
    permission = BY_ID["threshold.switch_set"].permission
    room.session.enter(allowed=(permission,))
    assert search(room, "/set 汛期") == ["do:set:flood"]
    press(room, Qt.Key.Key_Return)
    assert [code for code, _answer in room.session.sent.previews] == ["flood"]
    assert not any(isinstance(command, SwitchThresholdSet) for command in room.session.sent.commands)
    assert search(room, "/set 平时") == ["do:set:normal"]
    assert "正在使用" in room.window.command_bar.search._found["do:set:normal"].denied


def test_that_a_letter_typed_repaints_no_chart_under_the_box(bar_room: Room) -> None:
    search(bar_room, "c")
    charts = bar_room.window.cockpit.findChildren(TrendView)
    before = [chart.paint_count for chart in charts]
    bar_room.window.command_bar.search.field.setText("cq")
    QApplication.processEvents()
    assert any(chart.isVisible() for chart in charts)
    assert [chart.paint_count for chart in charts] == before


def test_that_what_is_no_command_is_searched_for(bar_room: Room) -> None:
    assert search(bar_room, "/dpgl")[0] == "vital:2"
    assert search(bar_room, "/nonsense") == []


def test_that_keys_belong_to_the_input_method_while_it_composes(bar_room: Room) -> None:
    room = bar_room
    search(room, "")
    field = room.window.command_bar.search.field
    current = room.window.command_bar.search.list.current_key()
    QApplication.sendEvent(field, QInputMethodEvent("sqs", []))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Escape):
        press(room, key)
        assert room.window.command_bar.search.isVisible()
        assert room.window.command_bar.search.list.current_key() == current
    assert field.text() == ""
    press(room, Qt.Key.Key_F2)
    assert room.window.stack.currentWidget() is room.window.cockpit
    commit = QInputMethodEvent("", [])
    commit.setCommitString("重庆北站")
    QApplication.sendEvent(field, commit)
    assert next(iter(room.window.command_bar.search._found)) in ("vital:1", "alarm:7")
    press(room, Qt.Key.Key_Escape)
    assert not room.window.command_bar.search.isVisible()


def test_that_the_card_of_a_vital_says_everything_about_it(bar_room: Room) -> None:
    room = bar_room
    city = small_city(12)
    post = Post(code=city.vitals[1].owner_post, name="防汛跑道长", centre="500000", phone="023-6000", holder="张三")
    room.session.show_city(replace(city, posts=(*[p for p in city.posts if p.code != post.code], post)))
    room.session.put({vital: 10.0 + vital for vital in range(12)})
    room.session.put({1: 120.0}, band={1: 4})
    search(room, "cqbz")
    press(room, Qt.Key.Key_Return)
    room.beat()
    card = room.window.command_bar.card
    assert card.isVisible()
    assert room.desk.vital == 1
    told = "\n".join(f"{line.label} {line.text}" for part in card.sheet.text.sections for line in part.lines)
    for said in ("渝中", "防汛", "张三", "023-6000", "平时", "红 100", "设备1", "未确认", "V0001", "14:32"):
        assert said in told
    asked = next(one for one in room.session.sent.windows if one.slot == "vital-card")
    assert (asked.vital, asked.to_ns - asked.from_ns) == (1, 6 * 3600 * 1_000_000_000)
    room.session.answer_windows((3600, 40.0), (1800, 60.0))
    room.beat()
    assert len(card._series) >= 2
    press(room, Qt.Key.Key_A)
    assert room.window.chooser.isVisible()
    press(room, Qt.Key.Key_Escape)
    card.setFocus()
    press(room, Qt.Key.Key_Return)
    assert room.window.stack.currentWidget() is room.window.vitals


def test_that_a_vital_without_an_alarm_or_data_has_a_card_too(bar_room: Room) -> None:
    room = bar_room
    search(room, "v0003")
    press(room, Qt.Key.Key_Return)
    room.beat()
    told = "\n".join(line.text for part in room.window.command_bar.card.sheet.text.sections for line in part.lines)
    assert "无告警" in told
