"""How long nobody has touched key, mouse or screen. Listens at the windows, not at every event of the program."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QWindow
from typing_extensions import override

_TOUCHES = frozenset({
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.TabletPress,
    QEvent.Type.TabletMove,
})  # fmt: skip


class IdleWatch(QObject):
    """Told the time by `idle_s`. The Chinese input method keeps its keys to itself: the moving cursor tells of them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._touched = True
        self._since_s = 0.0
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.focusWindowChanged.connect(self.watch)
        QGuiApplication.inputMethod().cursorRectangleChanged.connect(self.touch)

    def watch(self, window: QWindow | None) -> None:
        """Listen at a window; at the same one twice is once."""
        if window is not None:
            window.installEventFilter(self)

    def touch(self) -> None:
        """Somebody is there."""
        self._touched = True

    def idle_s(self, now_s: float) -> float:
        """Return the seconds since the last touch."""
        if self._touched:
            self._touched, self._since_s = False, now_s
        return now_s - self._since_s

    @override
    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self._touched = True
        return False
