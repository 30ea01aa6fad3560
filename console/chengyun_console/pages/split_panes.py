"""A splitter whose sizes are kept in the seat's preferences."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_resources.theme.tokens import SPACE_PX


class SplitPanes(QSplitter):
    """`name` is its key among the preferences; `shares` divide the room as long as nobody moved a handle."""

    def __init__(self, desk: Desk, name: str, orientation: Qt.Orientation, shares: tuple[int, ...]) -> None:
        super().__init__(orientation)
        self._desk, self._name, self._shares = desk, name, shares
        self.setHandleWidth(SPACE_PX * 2)
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self._on_moved)

    def restore(self) -> None:
        """Take the sizes this seat keeps, or the shares; scaled to the room there is."""
        kept = self._desk.preferences.splitters.get(self._name, ())
        parts = kept if len(kept) == self.count() and sum(kept) > 0 else self._shares
        across = self.orientation() is Qt.Orientation.Horizontal
        room = (self.width() if across else self.height()) - self.handleWidth() * (self.count() - 1)
        self.setSizes([max(1, room * part // sum(parts)) for part in parts])

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.restore()

    def _on_moved(self, _position: int, _index: int) -> None:
        kept = {**self._desk.preferences.splitters, self._name: tuple(self.sizes())}
        self._desk.preferences = replace(self._desk.preferences, splitters=kept)
