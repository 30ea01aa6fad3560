"""A desk without a window, and its end: its timers must not go off in another test, over what is left of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent

from chengyun_console.desk import Desk


@contextmanager
def ending(desk: Desk) -> Iterator[None]:
    """Destroy a desk with all that belongs to it, whatever becomes of the test."""
    try:
        yield
    finally:
        desk.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
