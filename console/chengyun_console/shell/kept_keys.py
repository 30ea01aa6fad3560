"""Keys that were pressed before what they are for was there: kept as values, and pressed again in their order."""

from dataclasses import dataclass
from typing import Any

import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

_NOT_ALONE = frozenset({
    Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock, Qt.Key.Key_Control, Qt.Key.Key_Meta, Qt.Key.Key_NumLock,
    Qt.Key.Key_Shift,
})  # fmt: skip
"""Mean something only together with another key, which tells of them itself."""
_PAD, _SHIFT = Qt.KeyboardModifier.KeypadModifier, Qt.KeyboardModifier.ShiftModifier


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptKey:
    """One press of a key, as Qt told of it."""

    key: int
    modifiers: int
    text: str
    is_repeat: bool
    """The key was held down."""


def kept(event: QKeyEvent) -> KeptKey | None:
    """Return the press as a value; None for a key that means nothing alone."""
    if event.key() in _NOT_ALONE:
        return None
    return KeptKey(
        key=event.key(), modifiers=event.modifiers().value, text=event.text(), is_repeat=event.isAutoRepeat()
    )  # fmt: skip


def press_again(window: QWidget, key: KeptKey) -> None:
    """Press a key where the keyboard is now, as Qt does: whoever has the keyboard may want it, else a shortcut does.

    Qt itself offers no way to hand a key in a second time: an event that is sent reaches no shortcut.
    """
    focus: QWidget | None = window.focusWidget()
    target = focus if focus is not None else window
    if not _sent(target, QEvent.Type.ShortcutOverride, key):
        shortcut = _shortcut(window, target, key)
        if shortcut is not None:
            if shortcut.autoRepeat() or not key.is_repeat:
                shortcut.activated.emit()
            return
    _sent(target, QEvent.Type.KeyPress, key)
    if shiboken6.isValid(target):
        _sent(target, QEvent.Type.KeyRelease, key)


def _sent(target: QWidget, kind: QEvent.Type, key: KeptKey) -> bool:
    """Send an event of a key; return whether somebody took it."""
    event = QKeyEvent(kind, key.key, Qt.KeyboardModifier(key.modifiers), key.text, key.is_repeat)
    if kind is QEvent.Type.ShortcutOverride:
        event.ignore()
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def _shortcut(window: QWidget, target: QWidget, key: KeptKey) -> QShortcut | None:
    """Return the shortcut that the key stands for, the nearest to the keyboard of several."""
    pressed = _sequences(key)
    found = [one for one in window.findChildren(QShortcut) if _means(one, pressed) and _acts(one, target)]
    return max(found, key=lambda one: _depth(one.parent()), default=None)


def _sequences(key: KeptKey) -> tuple[QKeySequence, ...]:
    """Return what a key may be called: `?` needs Shift to be typed and is written without it."""
    modifiers = Qt.KeyboardModifier(key.modifiers) & ~_PAD
    called = dict.fromkeys((modifiers, modifiers & ~_SHIFT) if key.text.strip() else (modifiers,))
    return tuple(QKeySequence(key.key | one.value) for one in called)


def _means(shortcut: QShortcut, pressed: tuple[QKeySequence, ...]) -> bool:
    exact = QKeySequence.SequenceMatch.ExactMatch
    own = shortcut.keys()
    return any(one.matches(key) == exact for one in own for key in pressed)


def _acts(shortcut: QShortcut, target: QWidget) -> bool:
    """Return whether a shortcut acts while `target` has the keyboard."""
    owner = shortcut.parent()
    if not shortcut.isEnabled() or not isinstance(owner, QWidget) or not (owner.isVisible() and owner.isEnabled()):
        return False
    match shortcut.context():
        case Qt.ShortcutContext.WidgetShortcut:
            return owner is target
        case Qt.ShortcutContext.WidgetWithChildrenShortcut:
            return owner is target or owner.isAncestorOf(target)
        case _:
            return owner.window() is target.window()


def _depth(widget: Any) -> int:
    depth = 0
    while widget is not None:
        widget, depth = widget.parent(), depth + 1
    return depth
