"""A splitter whose sizes are kept in the seat's preferences, moved by mouse or arrow keys."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.painted import paint_focus_ring

STEP_PX = 16
_TO = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class LaidSplit(QSplitter):
    """Divides by `sizes()` scaled to the room there is, and hands what an officer moved to `keep`."""

    locked_was_tried = Signal()
    """Somebody tried to move a divider that is locked."""

    def __init__(
        self,
        desk: Desk,
        orientation: Qt.Orientation,
        sizes: Callable[[], tuple[int, ...]],
        keep: Callable[[tuple[int, ...]], None],
        *,
        is_locked: bool = False,
    ) -> None:
        super().__init__(orientation)
        self.desk, self.is_locked = desk, is_locked
        self._sizes, self._keep = sizes, keep
        self.setHandleWidth(SPACE_PX * 2)
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self._on_moved)

    def restore(self) -> None:
        """Take the sizes that are kept; scaled to the room there is."""
        parts = self._sizes()
        across = self.orientation() is Qt.Orientation.Horizontal
        room = (self.width() if across else self.height()) - self.handleWidth() * (self.count() - 1)
        self.setSizes([max(1, room * part // sum(parts)) for part in parts])

    def step(self, handle: QSplitterHandle, by_px: int) -> None:
        """Move a divider by px."""
        at = self.indexOf(handle)
        before = (handle.x() if self.orientation() is Qt.Orientation.Horizontal else handle.y()) + by_px
        self.moveSplitter(before, at)

    @override
    def createHandle(self) -> QSplitterHandle:
        return _Handle(self)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.restore()

    def _on_moved(self, _position: int, _index: int) -> None:
        self._keep(tuple(self.sizes()))


class SplitPanes(LaidSplit):
    """`name` is its key among the preferences; `shares` divide the room as long as nobody moved a handle."""

    def __init__(self, desk: Desk, name: str, orientation: Qt.Orientation, shares: tuple[int, ...]) -> None:
        super().__init__(desk, orientation, self._kept, self._put)
        self._name, self._shares = name, shares

    def _kept(self) -> tuple[int, ...]:
        kept = self.desk.preferences.splitters.get(self._name, ())
        return kept if len(kept) == self.count() and sum(kept) > 0 else self._shares

    def _put(self, sizes: tuple[int, ...]) -> None:
        kept = {**self.desk.preferences.splitters, self._name: sizes}
        self.desk.preferences = replace(self.desk.preferences, splitters=kept)


class _Handle(QSplitterHandle):
    """Reached by Tab; arrow keys move it. A locked one says so instead of moving."""

    def __init__(self, split: LaidSplit) -> None:
        super().__init__(split.orientation(), split)
        self._split = split
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(split.desk.say("console.layout.divider"))
        if split.is_locked:
            self.setCursor(Qt.CursorShape.ArrowCursor)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        across = self.orientation() is Qt.Orientation.Horizontal
        mine = (Qt.Key.Key_Left, Qt.Key.Key_Right) if across else (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if event.key() not in mine or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
        elif self._split.is_locked:
            self._split.locked_was_tried.emit()
        else:
            self._split.step(self, STEP_PX * _TO[Qt.Key(event.key())])

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._split.is_locked:
            self._split.locked_was_tried.emit()
        else:
            super().mousePressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._split.is_locked:
            super().mouseMoveEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            paint_focus_ring(painter, self._split.desk.theme, QRectF(self.rect()))
            painter.end()
