"""A console whose window is put in the place of another one: what every language and every theme does."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.preferences import Preferences
from chengyun_console.session.listener import is_there
from chengyun_console.session.session import Session
from chengyun_console.shell.stage import Stage
from chengyun_core.model.failure import Reason
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import apply_theme, load_theme
from tests.console.conftest import Room
from tests.console.still_session import StillSession
from tests.support.small_city import small_city

SILENT = Reason(code="session.no_answer", params={"daemon": "centre", "kind": "x"})


class StagedRoom(Room):
    """A room whose window may become another one; `window` is the one that stands."""

    stage: Stage

    def change(self, what: str) -> None:
        """Take the next `language` or `theme`, and let the former window go for good."""
        before = self.window
        self.desk.choose_next(what)
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.window = self.stage.window
        assert self.window is not before

    def answer_all(self, told: object = SILENT) -> list[str]:
        """Answer everything that was asked as a session does: who is gone hears nothing. Return whom it found."""
        heard = []
        for slot, (_kind, _ask, answer) in list(self.session.sent.asks.items()):
            if is_there(answer):
                heard.append(slot)
                answer(told)
        return heard


@contextmanager
def staged(qtbot: QtBot, profile: Path) -> Iterator[StagedRoom]:
    """Show a window before sign-on, in Chinese at night; everything is undone afterwards."""
    app = cast("QApplication", QApplication.instance())
    apply_theme(app, load_theme("night"))
    session = StillSession()
    desk = Desk(cast("Session", session), profile, load_theme("night"), Texts("zh_CN"), Preferences())
    tick = FrameTick()
    stage = Stage(desk, tick)
    stage.window.resize(1366, 768)
    stage.window.show()
    made = StagedRoom(stage.window, session, desk, tick, qtbot)
    made.stage = stage
    session.hear()
    session.show_city(small_city(12, period_s=5.0))
    try:
        yield made
    finally:
        stage.window.close()
        stage.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        app.setStyleSheet("")
