"""Carries one item of a list or grid with the pressed mouse: tells where it is held and where it was let go."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

NOTHING = -1
_BEYOND_PX = 16
"""So far outside its widget an item is carried away; nearer, the hand may only have slipped over the edge."""


class Carry(QObject):
    """Watches a widget and changes nothing of it. What is let go where nobody wants it stays where it is.

    The widget goes on having the mouse while the button is down, so it needs no drag of the window system's.
    """

    is_carried = Signal(int, QPoint)
    """The item, and where it is held, in px of the screen."""
    was_let_go = Signal(int, QPoint)

    def __init__(self, source: QWidget, item_at: Callable[[QPoint], int], *, within: bool = False) -> None:
        """`source`: the widget that gets the mouse. `item_at` returns the item at a point of it, -1 for none.

        `within`: carrying begins inside the widget as well; else only outside, where it does not move its own content.
        """
        super().__init__(source)
        self._source, self._item_at, self._within = source, item_at, within
        self._pressed: QPoint | None = None
        self._item = NOTHING
        self._is_carrying = False
        source.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QMouseEvent):
            return False
        at = event.position().toPoint()
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() == Qt.MouseButton.LeftButton:
                self._pressed, self._item, self._is_carrying = at, self._item_at(at), False
            case QEvent.Type.MouseMove if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
                return self._move(at, event.globalPosition().toPoint())
            case QEvent.Type.MouseButtonRelease if event.button() == Qt.MouseButton.LeftButton:
                self._end(event.globalPosition().toPoint())
        return False

    def _move(self, at: QPoint, on_screen: QPoint) -> bool:
        """Return whether the widget is to know nothing of it: it would select or shift what the hand passes over."""
        if self._item == NOTHING or self._pressed is None:
            return False
        far = (at - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        away = not self._source.rect().adjusted(-_BEYOND_PX, -_BEYOND_PX, _BEYOND_PX, _BEYOND_PX).contains(at)
        if not self._is_carrying and (away or (self._within and far)):
            self._is_carrying = True
            self._source.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._is_carrying:
            self.is_carried.emit(self._item, on_screen)
        return self._is_carrying

    def _end(self, on_screen: QPoint) -> None:
        item, carried = self._item, self._is_carrying
        self._pressed, self._item, self._is_carrying = None, NOTHING, False
        if carried:
            self._source.unsetCursor()
            self.was_let_go.emit(item, on_screen)
