"""Holds the officer's window, and puts another in its place when language or theme changes; the session runs on."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.shell import carried
from chengyun_console.shell.window import ConsoleWindow
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme, redress
from chengyun_widgets.toast import MessageTone


class Stage(QObject):
    """Every widget is made with its words and colours, so another language means another window.

    Session, desk and beat are the same before and after: no value, alarm or answer is missed meanwhile.
    """

    window_did_change = Signal()
    """`window` is another one."""
    page_comes = Signal()
    """A page that does not stand yet begins to come."""

    def __init__(self, desk: Desk, tick: FrameTick, *, page: str = "F1", seat: str = "", account: str = "") -> None:
        super().__init__()
        self._desk, self._tick = desk, tick
        self._seat = seat
        self.window = ConsoleWindow(desk, tick, page=page, seat=seat, account=account)
        self.window.coming.goal_did_change.connect(self.page_comes)
        # Queued: the key that asked for it is still being handled by the window that goes.
        desk.appearance_did_change.connect(self._change, Qt.ConnectionType.QueuedConnection)

    def _change(self) -> None:
        """Make the window anew in the language and theme wanted now. Nothing is painted in between."""
        language, theme = self._desk.wanted_appearance()
        worn = (self._desk.texts.language, self._desk.theme.tokens.name)
        if worn == (language, theme):
            return
        before = self.window
        luggage = carried.pack(before, before.deeds)
        self._desk.wear(load_theme(theme), Texts(language))
        if theme != worn[1]:
            redress(_application(), self._desk.theme)
        self.window = ConsoleWindow(self._desk, self._tick, page=before.page, seat=self._seat)
        self.window.coming.goal_did_change.connect(self.page_comes)
        self.window.rooms.make_like(before.rooms)
        self._put_in_place(before)
        carried.unpack(luggage, self.window, self.window.deeds)
        self.window.place_overlays()
        carried.refocus(luggage, self.window)
        if before.lock.is_locked:
            # Another language opens no lock.
            self.window.lock.lock()
        self.window.wall.replace(before.wall)
        self._tell(language if language != worn[0] else theme)
        # The pause was wanted: it is no delay of the GUI thread.
        self._tick.watch.forgive()
        self.window_did_change.emit()

    def _put_in_place(self, before: ConsoleWindow) -> None:
        """Show the new window where the old one is; that one goes without being closed, which would end the beat."""
        window = self.window
        window.setGeometry(before.geometry())
        window.setWindowState(before.windowState())
        window.setVisible(before.isVisible())
        window.take_present()
        if before.isActiveWindow():
            window.activateWindow()
        before.hide()
        # What comes there comes here, with the keys that were kept for it.
        before.coming.abandon()
        before.rooms.settle()
        before.deleteLater()

    def _tell(self, chosen: str) -> None:
        setting = self._desk.say(f"console.setting.{chosen}")
        self.window.deeds.tell(MessageTone.NOTE, self._desk.say("console.setting_now", setting=setting))


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
