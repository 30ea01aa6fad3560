"""Keeps what is typed at most a second after it was typed, also for who never pauses (E10)."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

KEEP_MS = 1000


class DraftKeeper(QObject):
    """`touch` with every letter: the first one begins the second, later ones do not put it off."""

    def __init__(self, keep: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._keep = keep
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(KEEP_MS)
        self.timer.timeout.connect(keep)

    def touch(self) -> None:
        """Something was typed."""
        if not self.timer.isActive():
            self.timer.start()

    def now(self) -> None:
        """Keep it at once: the form is being left."""
        self.timer.stop()
        self._keep()

    def stop(self) -> None:
        """Forget what was typed last: it was sent, or filled in by the program."""
        self.timer.stop()
