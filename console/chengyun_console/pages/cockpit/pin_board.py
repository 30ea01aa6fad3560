"""The board the pinned charts lie on: as many columns as the room takes, every chart on the cells its size asks for."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget
from typing_extensions import override

from chengyun_console.layouts import tiling


class PinBoard(QScrollArea):
    """Scrolls down when there are more charts than can be read at once: none becomes too small for its line."""

    def __init__(self) -> None:
        super().__init__()
        self._room = _Room()
        self._sizes: tuple[int, ...] = ()
        self.setWidget(self._room)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # QScrollArea lets its widget fill itself with the ground colour.
        self._room.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    @property
    def room(self) -> QWidget:
        """The widget the charts lie in."""
        return self._room

    @property
    def cells(self) -> tuple[tiling.Cell, ...]:
        """Where each chart lies."""
        return self._room.cells

    def show_tiles(self, tiles: Sequence[QWidget], sizes: Sequence[int]) -> None:
        """Lay these charts, each with its size (1, 2 or 4 cells); those laid before are the caller's to delete."""
        self._sizes = tuple(sizes)
        for tile in tiles:
            tile.setParent(self._room)
            tile.show()
        for before, after in pairwise(tiles):
            # Tab goes through the charts as the eye does, not as they were made.
            QWidget.setTabOrder(before, after)
        self._room.tiles = tuple(tiles)
        self._choose_columns()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_columns()

    def _choose_columns(self) -> None:
        columns = tiling.columns_for(self.width(), self.height(), self._sizes)
        self._room.lay(tiling.cells(self._sizes, columns), columns)


class _Room(QWidget):
    """Divides itself evenly among cells."""

    def __init__(self) -> None:
        super().__init__()
        self.tiles: tuple[QWidget, ...] = ()
        self.cells: tuple[tiling.Cell, ...] = ()
        self._columns = 1

    def lay(self, cells: tuple[tiling.Cell, ...], columns: int) -> None:
        """Lay the tiles on these cells, none lower than a chart can be read at."""
        self.cells, self._columns = cells, columns
        self.setMinimumHeight(tiling.row_count(cells) * tiling.LEAST_HEIGHT_PX)
        self._place()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        rows = max(1, tiling.row_count(self.cells))
        for tile, cell in zip(self.tiles, self.cells, strict=False):
            left, right = (self.width() * at // self._columns for at in (cell.column, cell.column + cell.columns))
            top, bottom = (self.height() * at // rows for at in (cell.row, cell.row + cell.rows))
            tile.setGeometry(QRect(left, top, right - left, bottom - top))
