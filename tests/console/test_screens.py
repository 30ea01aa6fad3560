"""Windows are as large as their screen allows: when nothing is kept of them, and when it becomes smaller under them."""

from typing import cast

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chengyun_console.layouts.placement import Box, ScreenBox, WindowPlace
from chengyun_console.shell import screens
from chengyun_console.shell.screens import Screens, put_back, put_right

LAPTOP = Box(x=0, y=0, width=1366, height=768)


class OneScreen:
    """One screen, as large as the test says."""

    def __init__(self, area: Box = LAPTOP) -> None:
        self.area = area

    def all(self) -> tuple[ScreenBox, ...]:
        """Return it."""
        return (ScreenBox(name="eDP-1", area=self.area),)

    def primary(self) -> str:
        """Return its name."""
        return "eDP-1"

    def of(self, _window: QWidget) -> str:
        """Return its name: every window is on it."""
        return "eDP-1"


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A window of the size a console begins with, as small as the console may become."""
    made = QWidget()
    made.setMinimumSize(1024, 640)
    made.resize(1920, 1080)
    qtbot.addWidget(made)
    return made


def right(window: QWidget, screen: OneScreen) -> tuple[int, int, int, int]:
    put_right(window, cast("Screens", screen), full_screen=False)
    rect = window.geometry()
    return rect.x(), rect.y(), rect.width(), rect.height()


@pytest.mark.parametrize("kept", [
    None,
    WindowPlace(screen="eDP-1", width=1920, height=1080),
    WindowPlace(screen="HDMI-1", x=1920, width=3840, height=2160),
])  # fmt: skip
def test_that_a_window_opens_no_larger_than_its_screen_though_nobody_manages_windows(
    window: QWidget, kept: WindowPlace | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "Screens", OneScreen)
    put_back(window, kept)
    assert window.geometry() == QRect(0, 0, 1366, 768)
    assert window.isMaximized() == (kept is None)


def test_that_a_window_shrinks_with_its_screen_and_otherwise_stays(window: QWidget) -> None:
    window.show()
    screen = OneScreen(Box(x=0, y=0, width=1920, height=1080))
    window.setGeometry(100, 50, 1500, 900)
    assert right(window, screen) == (100, 50, 1500, 900)
    screen.area = LAPTOP
    assert right(window, screen) == (0, 0, 1366, 768)
    assert right(window, screen) == (0, 0, 1366, 768)


def test_that_a_window_beside_its_screen_comes_back_where_one_can_grip_it(window: QWidget) -> None:
    window.show()
    window.setGeometry(3000, -200, 1100, 700)
    left, top, width, height = right(window, OneScreen())
    assert (top, width, height) == (0, 1100, 700)
    assert left < LAPTOP.width


def test_that_a_change_of_a_screen_s_size_is_told_once_things_have_settled(qtbot: QtBot) -> None:
    watched = Screens()
    screen = QGuiApplication.primaryScreen()
    with qtbot.waitSignal(watched.did_change, timeout=2_000):
        screen.availableGeometryChanged.emit(screen.availableGeometry())
        screen.availableGeometryChanged.emit(screen.availableGeometry())
    watched.deleteLater()
