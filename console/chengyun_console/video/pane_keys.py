"""What keys mean while panes of video have the keyboard: digits are grids, or presets while a camera is steered."""

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent


class PaneKey(Enum):
    """What a key asks of the panes."""

    ONE = "one"
    FOUR = "four"
    NINE = "nine"
    SIXTEEN = "sixteen"
    ON = "on"
    """The next cameras."""
    BACK = "back"
    MOVE = "move"
    """An arrow, or plus and minus, while a camera is steered."""
    PRESET = "preset"
    KEEP_PRESET = "keep_preset"
    """Where a steered camera looks becomes a position it can be sent to."""


_GRIDS = {
    Qt.Key.Key_1: PaneKey.ONE, Qt.Key.Key_4: PaneKey.FOUR, Qt.Key.Key_9: PaneKey.NINE, Qt.Key.Key_0: PaneKey.SIXTEEN,
}  # fmt: skip
_PAGES = {Qt.Key.Key_PageDown: PaneKey.ON, Qt.Key.Key_PageUp: PaneKey.BACK}
DIRECTIONS: dict[Qt.Key, tuple[float, float, float]] = {
    Qt.Key.Key_Left: (-1.0, 0.0, 0.0), Qt.Key.Key_Right: (1.0, 0.0, 0.0),
    Qt.Key.Key_Up: (0.0, 1.0, 0.0), Qt.Key.Key_Down: (0.0, -1.0, 0.0),
    Qt.Key.Key_Plus: (0.0, 0.0, 1.0), Qt.Key.Key_Equal: (0.0, 0.0, 1.0), Qt.Key.Key_Minus: (0.0, 0.0, -1.0),
    Qt.Key.Key_Underscore: (0.0, 0.0, -1.0),
}  # fmt: skip
"""Key → right, up, in."""
DIGITS = range(1, 10)
"""Positions that have a key."""
_MODIFIERS = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier


def meant(event: QKeyEvent, *, is_steering: bool) -> PaneKey | None:
    """Return what a key asks; None: it is not the panes'."""
    key = Qt.Key(event.key())
    if event.modifiers() & ~_MODIFIERS:
        return None
    if is_steering and key in DIRECTIONS:
        return PaneKey.MOVE
    if is_steering and digit_of(event) is not None:
        return PaneKey.PRESET
    if is_steering and key == Qt.Key.Key_P:
        return PaneKey.KEEP_PRESET
    return _PAGES.get(key) or _GRIDS.get(key)


def digit_of(event: QKeyEvent) -> int | None:
    """Return the digit 1 … 9 that was pressed."""
    digit = int(event.key()) - int(Qt.Key.Key_0)
    return digit if digit in DIGITS else None
