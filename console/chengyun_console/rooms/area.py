"""The part of the window in which single letters are about a consultation."""

from PySide6.QtWidgets import QWidget


class RoomArea(QWidget):
    """A room's matrix, pictures and record; whoever binds keys asks `is_in_room`."""


def is_in_room(widget: QWidget | None) -> bool:
    """Return whether the keyboard is in a consultation."""
    while widget is not None and not isinstance(widget, RoomArea):
        widget = widget.parentWidget()
    return widget is not None
