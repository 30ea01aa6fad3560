"""A console as its own process that writes down what is on its screen: for hands outside, who see only pictures.

python -m tests.support.watched_console FILE ARGUMENTS…: the console of `chengyun_console.main` with these arguments.
"""

import json
import sys
import threading
from pathlib import Path

from PySide6.QtCore import QMetaObject, QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from chengyun_console.main import main

LOOK_MS = 100


class Eye(QObject):
    """Looks at every visible widget ten times a second; what it saw last is in the file, whole."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    @Slot()
    def open(self) -> None:
        """Begin to look; in the GUI thread."""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_MS)

    def _look(self) -> None:
        seen = [
            _seen(widget)
            for window in QApplication.topLevelWidgets()
            if window.isVisible()
            for widget in (window, *window.findChildren(QWidget))
            if widget.isVisible()
        ]
        focus = QApplication.focusWidget()
        draft = self._file.with_suffix(".draft")
        draft.write_text(json.dumps({"focus": _seen(focus) if focus else None, "seen": seen}), "utf-8")
        draft.replace(self._file)
        self._take_picture()
        self._take_words()

    def _take_words(self) -> None:
        """Commit what somebody composed into the field that has the keyboard, as an input method does."""
        composed, focus = self._file.with_suffix(".words"), QApplication.focusWidget()
        if composed.exists() and focus is not None:
            committed = QInputMethodEvent()
            committed.setCommitString(composed.read_text("utf-8"))
            QApplication.sendEvent(focus, committed)
            composed.unlink()

    def _take_picture(self) -> None:
        """Take the whole screen, dialogues and all, when somebody asked for it by a file that names where to."""
        asked = self._file.with_suffix(".picture")
        if asked.exists():
            QApplication.primaryScreen().grabWindow(0).save(asked.read_text("utf-8"), "PNG")
            asked.unlink()


def _seen(widget: QWidget) -> dict[str, object]:
    place = widget.mapToGlobal(QPoint(0, 0))
    return {
        "kind": type(widget).__name__,
        "name": widget.accessibleName(),
        "said": widget.accessibleDescription(),
        "text": _text(widget),
        "rect": [place.x(), place.y(), widget.width(), widget.height()],
        "rows": _rows(widget) if isinstance(widget, QAbstractItemView) else [],
    }


def _text(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        return widget.text()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    return widget.currentText() if isinstance(widget, QComboBox) else widget.windowTitle()


def _rows(view: QAbstractItemView) -> list[dict[str, object]]:
    """Return the rows of a list that are in view: text and place on the screen."""
    model, found = view.model(), []
    for at in range(model.rowCount() if model is not None else 0):
        index = model.index(at, 0)
        rect = view.visualRect(index)
        if not view.viewport().rect().contains(rect.center()):
            continue
        place = view.viewport().mapToGlobal(rect.center())
        told = model.data(index, Qt.ItemDataRole.AccessibleTextRole) or model.data(index)
        found.append({"text": str(told), "at": [place.x(), place.y()]})
    return found


def _watch(file: Path) -> None:
    """Wait until there is an application, and put the eye into its thread."""
    while (app := QApplication.instance()) is None:
        threading.Event().wait(0.05)
    eye = Eye(file)
    eye.moveToThread(app.thread())
    app.eye = eye  # type: ignore[attr-defined]  # it lives as long as the application
    QMetaObject.invokeMethod(eye, "open", Qt.ConnectionType.QueuedConnection)


if __name__ == "__main__":
    threading.Thread(target=_watch, args=(Path(sys.argv[1]),), daemon=True).start()
    sys.exit(main(sys.argv[2:]))
