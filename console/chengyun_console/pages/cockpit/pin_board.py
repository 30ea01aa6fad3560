"""The board the pinned charts lie on: as many columns as the room takes, every chart on the cells its size asks for."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget
from typing_extensions import override

from chengyun_console.layouts import tiling


class PinBoard(QScrollArea):
    """Scrolls down when there are more charts than can be read at once: none becomes too small for its line."""

    def __init__(self) -> None:
        super().__init__()
        self.room = QWidget()
        self._tiles: tuple[QWidget, ...] = ()
        self._sizes: tuple[int, ...] = ()
        self._columns = 0
        self._grid = QGridLayout(self.room)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self.setWidget(self.room)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # QScrollArea lets its widget fill itself with the ground colour.
        self.room.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    @property
    def cells(self) -> tuple[tiling.Cell, ...]:
        """Where each chart lies."""
        return tiling.cells(self._sizes, self._columns) if self._columns else ()

    def show_tiles(self, tiles: Sequence[QWidget], sizes: Sequence[int]) -> None:
        """Lay these charts, each with its size (1, 2 or 4 cells); those laid before are the caller's to delete."""
        self._tiles, self._sizes = tuple(tiles), tuple(sizes)
        self._lay()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._sizes and self._fitting() != self._columns:
            self._lay()

    def _fitting(self) -> int:
        return tiling.columns_for(self.width(), self.height(), self._sizes)

    def _lay(self) -> None:
        while self._grid.count():
            self._grid.takeAt(0)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
            self._grid.setRowMinimumHeight(row, 0)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
        self._columns = self._fitting()
        placed = self.cells
        for tile, cell in zip(self._tiles, placed, strict=True):
            self._grid.addWidget(tile, cell.row, cell.column, cell.rows, cell.columns)
            tile.show()
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 1)
        for row in range(tiling.row_count(placed)):
            self._grid.setRowStretch(row, 1)
            self._grid.setRowMinimumHeight(row, tiling.LEAST_HEIGHT_PX)
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Tab goes through the charts as the eye does, not as they were made."""
        for before, after in zip(self._tiles, self._tiles[1:], strict=False):
            QWidget.setTabOrder(before, after)
