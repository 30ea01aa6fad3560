"""A console window on a still session: no threads, no clock but the test's."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_console.shell.window import ConsoleWindow
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme
from tests.console.still_session import S, StillSession
from tests.support.small_city import small_city


@dataclass
class Room:
    """The window with everything behind it, and the beat in the test's hand."""

    window: ConsoleWindow
    session: StillSession
    desk: Desk
    tick: FrameTick
    qtbot: QtBot
    now_s: float = 0.0

    def beat(self, seconds: float = 1.0) -> None:
        """Let time pass and paint two beats: one frame of the pages."""
        self.session.clock.advance(seconds)
        self.now_s += seconds
        for _ in range(2):
            self.tick.beat(self.now_s)
        QApplication.processEvents()


@cache
def _texts(language: str) -> Texts:
    """Return the words of a language: to read all catalogues takes longer than most tests."""
    return Texts(language)


def made_room(qtbot: QtBot, profile: Path, preferences: Preferences = Preferences(), language: str = "zh_CN") -> Room:  # noqa: B008 - frozen
    """Return a shown window of 1920 × 1080."""
    session = StillSession()
    desk = Desk(cast("Session", session), profile, load_theme("night"), _texts(language), preferences)
    tick = FrameTick()
    window = ConsoleWindow(desk, tick)
    window.resize(1920, 1080)
    qtbot.addWidget(window)
    window.show()
    return Room(window, session, desk, tick, qtbot)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    """A window before sign-on, nothing heard yet."""
    made = made_room(qtbot, tmp_path)
    yield made
    made.window.close()
    made.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def desk_room(room: Room) -> Room:
    """Signed on at A-03, both daemons live, twelve vitals with values."""
    room.session.hear()
    room.session.show_city(small_city(12, period_s=5.0))
    room.session.enter()
    room.session.put({vital: 10.0 + vital for vital in range(12)})
    room.session.put_alarms()
    room.beat()
    return room


__all__ = ["Room", "S", "made_room"]
