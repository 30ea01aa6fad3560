"""A splitter whose sizes are kept in the seat's preferences."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter

from chengyun_console.desk import Desk
from chengyun_resources.theme.tokens import SPACE_PX


class SplitPanes(QSplitter):
    """`name` is its key among the preferences; `shares` are the sizes before anybody moved it."""

    def __init__(self, desk: Desk, name: str, orientation: Qt.Orientation, shares: tuple[int, ...]) -> None:
        super().__init__(orientation)
        self._desk, self._name, self._shares = desk, name, shares
        self.setHandleWidth(SPACE_PX * 2)
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self._on_moved)

    def restore(self) -> None:
        """Take the sizes kept, or the shares."""
        kept = self._desk.preferences.splitters.get(self._name, ())
        self.setSizes(list(kept if len(kept) == self.count() else self._shares))
        for at, share in enumerate(self._shares):
            self.setStretchFactor(at, share)

    def _on_moved(self, _position: int, _index: int) -> None:
        kept = {**self._desk.preferences.splitters, self._name: tuple(self.sizes())}
        self._desk.preferences = replace(self._desk.preferences, splitters=kept)
