"""A line edit that leaves every key to an input method while that composes: Enter takes the candidate, Esc drops it."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override


class ComposingLine(QLineEdit):
    """Subclasses override `key_was_pressed`, which is called for keys that no input method wants."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_composing = False

    def key_was_pressed(self, event: QKeyEvent) -> None:
        """Handle a key; what is not handled goes to the line."""
        super().keyPressEvent(event)

    @override
    def event(self, event: QEvent) -> bool:
        if self._is_composing and event.type() == QEvent.Type.ShortcutOverride:
            # Not even Esc or Ctrl+K of the window: they would throw away what is being composed.
            event.accept()
            return True
        return super().event(event)

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._is_composing = False
        super().focusOutEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_composing:
            event.accept()
        else:
            self.key_was_pressed(event)
