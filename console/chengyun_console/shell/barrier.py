"""Lets no key, click or touch through to anything but one widget, in any window of the console."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from chengyun_console.shell.lock_sheet import LockSheet

_KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.InputMethod})
BARRED = _KEYS | {
    QEvent.Type.KeyRelease,
    QEvent.Type.Shortcut,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove,
    QEvent.Type.HoverEnter,
    QEvent.Type.HoverMove,
    QEvent.Type.Enter,
    QEvent.Type.Wheel,
    QEvent.Type.ContextMenu,
    QEvent.Type.ToolTip,
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
    QEvent.Type.TouchEnd,
    QEvent.Type.TabletPress,
    QEvent.Type.TabletMove,
    QEvent.Type.TabletRelease,
    QEvent.Type.Gesture,
    QEvent.Type.NativeGesture,
    QEvent.Type.DragEnter,
    QEvent.Type.Drop,
}
"""What an officer can do to a widget; painting, time and news go through."""


class Barrier(QObject):
    """Installed on the application only while it is needed: it sees every event there is."""

    def __init__(self, sheet: LockSheet) -> None:
        super().__init__(sheet)
        self._sheet = sheet

    def close(self) -> None:
        """Let nothing through from now on; menus and lists that are open go away."""
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        _application().installEventFilter(self)

    def open(self) -> None:
        """Let everything through."""
        _application().removeEventFilter(self)

    @override
    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in BARRED or self._is_inside(target):
            return False
        if kind in _KEYS:
            # Something behind the sheet has the keyboard: what was typed is lost to it, the next key is not.
            self._sheet.take_focus()
        return True

    def _is_inside(self, target: QObject) -> bool:
        """Windows of the system pass: what they bring is asked again at the widget it is for."""
        if isinstance(target, QShortcut):
            return False
        if isinstance(target, QWidget):
            return target is self._sheet or self._sheet.isAncestorOf(target)
        return True


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
