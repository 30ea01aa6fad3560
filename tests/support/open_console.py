"""A console of one profile in this process: session, desk and a real window, closed with everything it holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_console.shell.window import ConsoleWindow
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme


@contextmanager
def open_console(qtbot: QtBot, profile: Path) -> Iterator[tuple[ConsoleWindow, Session, Desk]]:
    """Show the window before sign-on, its session running."""
    session = Session(profile)
    desk = Desk(session, profile, load_theme("night"), Texts("zh_CN"), Preferences())
    tick = FrameTick()
    window = ConsoleWindow(desk, tick)
    window.resize(1366, 768)
    qtbot.addWidget(window)
    window.show()
    session.start()
    tick.start()
    yield window, session, desk
    tick.stop()
    session.stop()
    # A second console of the same test takes this one's window with it when it goes.
    if shiboken6.isValid(window):
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
