"""What a session leaves in this program's memory is forgotten when it ends or another begins (RS15)."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QClipboard, QGuiApplication, QPixmapCache

from chengyun_console.session.session import Session


class Residue(QObject):
    """Takes back what was copied here (telephone numbers, words of fields) and the pictures Qt keeps.

    What was copied while another program was in front is that program's and stays: not every platform tells whose the
    clipboard is. Thumbnails forget by themselves (`Thumbnails`).
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_ours = False
        self._clipboard = QGuiApplication.clipboard()
        self._clipboard.dataChanged.connect(self._on_copied)
        session.sign_on_ended.connect(self.forget)

    def forget(self, _ended: object = None) -> None:
        """Forget; harmless when there is nothing."""
        if self._is_ours:
            for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection):
                self._clipboard.clear(mode)
        self._is_ours = False
        QPixmapCache.clear()

    def _on_copied(self) -> None:
        self._is_ours = QGuiApplication.focusWindow() is not None
