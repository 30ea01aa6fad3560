"""The part of the window in which single letters are about video."""

from PySide6.QtWidgets import QWidget


class VideoArea(QWidget):
    """Panes and what belongs to them; whoever binds keys asks `is_in_video`."""


def is_in_video(widget: QWidget | None) -> bool:
    """Return whether the keyboard is in panes of video, or in the list beside them."""
    while widget is not None and not isinstance(widget, VideoArea):
        widget = widget.parentWidget()
    return widget is not None
