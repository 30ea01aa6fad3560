"""A camera moves while its key is down and never longer: not when Shift goes first, not when the keyboard goes away."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.video.steering import REPEAT_MS
from chengyun_core.model.camera import PtzLock
from chengyun_core.model.camera_commands import GivePtz
from chengyun_core.wire.camera_asks import MovePtz
from tests.console.conftest import Room
from tests.console.still_session import START_NS
from tests.console.video_stand import Stand, steering_the_nearest

NO, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
STILL = (0.0, 0.0, 0.0)


@pytest.fixture
def stand(desk_room: Room) -> Iterator[Stand]:
    """The nearest camera to event 7 is in the officer's hand, and the keyboard at its pane."""
    made = steering_the_nearest(desk_room)
    made.panes.grid.setFocus()
    assert made.panes.steering.is_held
    yield made
    desk_room.desk.video.stop()


def told(stand: Stand) -> tuple[float, float, float] | None:
    """Return how the camera was told to move since the last look, None when it was told nothing."""
    asked = stand.room.session.sent.asks.pop("ptz.move", None)
    if asked is None:
        return None
    assert isinstance(asked[1], MovePtz)
    return asked[1].x, asked[1].y, asked[1].zoom


@pytest.mark.parametrize(
    ("down", "held", "up", "zoom"),
    [
        (Qt.Key.Key_Plus, SHIFT, Qt.Key.Key_Equal, 1.0),  # Shift is let go of first
        (Qt.Key.Key_Minus, NO, Qt.Key.Key_Underscore, -0.4),  # Shift is pressed while the key is down
        (Qt.Key.Key_Underscore, SHIFT, Qt.Key.Key_Minus, -1.0),
        (Qt.Key.Key_Equal, NO, Qt.Key.Key_Plus, 0.4),
    ],
)
def test_that_a_zoom_ends_with_its_key_whatever_shift_does_meanwhile(
    stand: Stand, down: Qt.Key, held: Qt.KeyboardModifier, up: Qt.Key, zoom: float
) -> None:
    QTest.keyPress(stand.panes.grid, down, held)
    assert told(stand) == (0.0, 0.0, zoom)
    QTest.keyRelease(stand.panes.grid, up)
    assert told(stand) == STILL
    QTest.qWait(2 * REPEAT_MS)
    assert told(stand) is None


def test_that_a_camera_stands_still_once_the_keyboard_is_elsewhere_and_stays_in_hand(stand: Stand) -> None:
    QTest.keyPress(stand.panes.grid, Qt.Key.Key_Left)
    assert told(stand) == (-0.4, 0.0, 0.0)
    stand.sheet.list.field.setFocus()
    QApplication.processEvents()
    assert told(stand) == STILL
    QTest.qWait(2 * REPEAT_MS)
    assert told(stand) is None
    assert stand.panes.steering.is_held


def test_that_two_keys_move_aslant_and_the_one_that_stays_goes_on(stand: Stand) -> None:
    QTest.keyPress(stand.panes.grid, Qt.Key.Key_Left, SHIFT)
    QTest.keyPress(stand.panes.grid, Qt.Key.Key_Up, SHIFT)
    assert told(stand) == (-1.0, 1.0, 0.0)
    QTest.keyRelease(stand.panes.grid, Qt.Key.Key_Left, SHIFT)
    assert told(stand) == (0.0, 1.0, 0.0)
    QTest.qWait(2 * REPEAT_MS)
    assert told(stand) == (0.0, 1.0, 0.0), "a camera stops by itself unless it is told again"
    QTest.keyRelease(stand.panes.grid, Qt.Key.Key_Up)
    assert told(stand) == STILL


def test_that_a_camera_is_given_back_standing_still(stand: Stand) -> None:
    QTest.keyPress(stand.panes.grid, Qt.Key.Key_Right)
    told(stand)
    stand.press(Qt.Key.Key_Escape)
    assert told(stand) == STILL
    assert stand.room.session.sent.commands[-1] == GivePtz(camera="CAM-0000")
    QTest.keyRelease(stand.panes.grid, Qt.Key.Key_Right)
    assert told(stand) is None


def test_that_a_camera_somebody_else_took_is_moved_no_more_and_that_is_told(stand: Stand) -> None:
    QTest.keyPress(stand.panes.grid, Qt.Key.Key_Down)
    told(stand)
    theirs = PtzLock(camera="CAM-0000", account="chief", name="李明", seat="A-01", post="", since=START_NS)
    stand.room.session.put_fact("ptz_lock", "CAM-0000", theirs, version=2)
    assert not stand.panes.steering.is_held
    QTest.qWait(2 * REPEAT_MS)
    assert told(stand) is None
    message = stand.room.window.message.message
    assert message is not None
    assert "朝天门" in message.text
