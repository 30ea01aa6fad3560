"""A panel that is made while a window is in front takes nothing away from it."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from chengyun_widgets.panel import Panel
from chengyun_widgets.theme import load_theme


class Shown(QObject):
    """Takes down every widget that is shown as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(type(watched).__name__)
        return False


def test_that_no_part_of_a_new_panel_is_ever_a_window(qtbot: QtBot, qapp: QApplication) -> None:
    """A page made late took the keyboard from the window: every key was lost until the officer clicked."""
    watch = Shown()
    qapp.installEventFilter(watch)
    qtbot.addWidget(Panel(load_theme("night"), "title", "note"))
    qapp.removeEventFilter(watch)
    assert watch.windows == []
