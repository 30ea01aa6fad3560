"""P while a camera is steered: a digit, a name, and the camera keeps where it looks; its own positions are told."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt

from chengyun_console.video.steering import Steering
from chengyun_core.model.camera import LONGEST_PRESET, Preset
from chengyun_core.model.failure import Reason
from chengyun_core.wire.camera_asks import AskPresets, Presets, PtzMoved, SendToPreset
from tests.console.conftest import Room
from tests.console.video_stand import Stand, steering_the_nearest


@pytest.fixture
def stand(desk_room: Room) -> Iterator[Stand]:
    """The cameras nearest to event 7, the first of them in the officer's hand."""
    made = steering_the_nearest(desk_room)
    yield made
    desk_room.desk.video.stop()


def steering(stand: Stand) -> Steering:
    return stand.panes.steering


def told(stand: Stand) -> str:
    message = stand.room.window.message.message
    return message.text if message is not None else ""


def give_name(stand: Stand, name: str) -> None:
    """Type a name into the line that is asked for and send it."""
    assert stand.room.window.asker.isVisible()
    stand.room.window.asker.field.setText(name)
    stand.press(Qt.Key.Key_Return)


def test_that_a_steered_camera_is_asked_what_it_knows_and_the_head_says_it(stand: Stand) -> None:
    asks = stand.room.session.sent.asks
    assert asks["ptz.presets"][1] == AskPresets(camera="CAM-0000")
    assert "2 码头" in stand.panes.head()
    known = (Preset(number=2, name="码头"), Preset(number=3, name="桥下"), Preset(number=40, name="远处"))
    stand.room.session.answer_ask("ptz.presets", Presets(presets=known))
    assert "3 桥下" in stand.panes.head()
    assert "远处" not in stand.panes.head()  # no key calls it


def test_that_a_camera_that_cannot_be_asked_keeps_the_positions_of_its_row(stand: Stand) -> None:
    stand.room.session.answer_ask("ptz.presets", Reason(code="onvif.no_ptz"))
    assert [one.number for one in steering(stand).presets] == [1, 2]


def test_that_p_a_digit_and_a_name_keep_where_the_camera_looks(stand: Stand) -> None:
    session = stand.room.session
    stand.press(Qt.Key.Key_P)
    assert stand.room.window.deeds.is_asking
    stand.press(Qt.Key.Key_3)
    give_name(stand, " 桥下  积水点 ")
    ask = session.sent.asks["ptz.keep"][1]
    assert ask == SendToPreset(camera="CAM-0000", preset=3, keep=True, name="桥下 积水点")
    session.sent.asks.pop("ptz.presets")
    session.answer_ask("ptz.keep", PtzMoved())
    assert told(stand) == "朝天门 沿江 00 现在的方位已设为预置位 3 桥下 积水点。"
    assert session.sent.asks["ptz.presets"][1] == AskPresets(camera="CAM-0000")
    assert stand.panes.grid.hasFocus()
    assert steering(stand).is_held


def test_that_the_question_says_which_position_would_be_written_over(stand: Stand) -> None:
    stand.press(Qt.Key.Key_P)
    notes = stand.room.window.chooser._notes
    assert notes[1] == "覆盖 码头"
    assert notes[4] == "空"


def test_that_a_name_too_long_and_a_refusal_are_told_and_nothing_is_kept(stand: Stand) -> None:
    session = stand.room.session
    stand.press(Qt.Key.Key_P)
    stand.press(Qt.Key.Key_1)
    give_name(stand, "长" * (LONGEST_PRESET + 1))
    assert "ptz.keep" not in session.sent.asks
    assert "最多 32 个字" in told(stand)
    stand.press(Qt.Key.Key_P)
    stand.press(Qt.Key.Key_1)
    give_name(stand, "全景")
    session.answer_ask("ptz.keep", Reason(code="ptz.demo_still", params={"camera": "朝天门"}))
    assert told(stand) == stand.room.desk.say("ptz.demo_still", camera="朝天门")


def test_that_esc_leaves_the_name_unwritten_and_p_means_nothing_when_nobody_steers(stand: Stand) -> None:
    stand.press(Qt.Key.Key_P)
    stand.press(Qt.Key.Key_3)
    stand.press(Qt.Key.Key_Escape)
    assert not stand.room.window.deeds.is_asking
    steering(stand).give()
    stand.room.window.deeds.cancel()
    stand.panes.grid.setFocus()
    stand.press(Qt.Key.Key_P)
    assert not stand.room.window.chooser.isVisible()
    assert "ptz.keep" not in stand.room.session.sent.asks
