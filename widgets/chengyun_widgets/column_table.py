"""A table of thousands of live rows: sorted and filtered by indices, painted straight from the columns."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QAccessible, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, TypeSize
from chengyun_widgets.column_model import Column, ColumnKind, ColumnModel, TableData
from chengyun_widgets.column_painting import MARK_ROOM_PX, ColumnPainting
from chengyun_widgets.lettering import text_width
from chengyun_widgets.line_style import LineStyle
from chengyun_widgets.plain_tip import plain_tip
from chengyun_widgets.theme import Theme


class ColumnTable(QTableView):
    """Click a header to sort (again: the other way round). Enter or a double click opens a row.

    Space or Ctrl+click asks to mark a row; which ones are marked is told by `set_marks`, and is drawn as chips.
    """

    row_was_opened = Signal(int)
    """Index into the data of the row that was opened."""
    row_was_marked = Signal(int)
    """Index into the data of the row whose mark is to be set or taken away."""
    current_did_change = Signal(int)
    """Index into the data of the row that is now current, -1 for none."""
    sort_did_change = Signal(str, bool)
    """Column key and whether it is descending."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.marks: Mapping[int, LineStyle] = {}
        self.rows = ColumnModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(ColumnDelegate(self))
        self.painting = ColumnPainting(self)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self._dress_headers()
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        self.selectionModel().currentRowChanged.connect(lambda *_: self.current_did_change.emit(self.current_row()))

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Set which columns there are, once, before data. The last one takes the room that is left."""
        self.rows.set_columns(columns)
        for place, column in enumerate(columns):
            self.setColumnWidth(place, column.width)

    def set_data(self, data: TableData) -> None:
        """Take over the arrays (see TableData). They are read when painted: change them in place, then `refresh`.

        Raises:
            ValueError: lengths differ, or a column has no array.
        """
        current = self.current_row()
        self.rows.set_data(data)
        if 0 <= current < len(data.severity):
            self.select_row(current)

    def refresh(self) -> None:
        """Say that values changed in place; once per tick. Only what is visible is painted."""
        self.rows.refresh()

    def set_filter(self, wanted: NDArray[np.bool_] | None) -> None:
        """Show only rows where bool[n] is true; None shows all."""
        self.rows.set_filter(wanted)

    def sort_by(self, key: str, *, descending: bool = False) -> None:
        """Order by a column ("" for the order of the data) and show the arrow in its header."""
        self.rows.sort_by(key, descending=descending)
        keys = [column.key for column in self.rows.columns]
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(keys.index(key) if key in keys else -1, order)
        self.sort_did_change.emit(key, descending)

    def set_marks(self, marks: Mapping[int, LineStyle]) -> None:
        """Draw these data rows as marked, each with the line it has elsewhere."""
        if marks != self.marks:
            self.marks = dict(marks)
            self.viewport().update()

    def resort(self) -> None:
        """Bring the rows into order again; call about once a second when sorted by a live column."""
        self.rows.resort()

    def current_row(self) -> int:
        """Return the current row as an index into the data, -1 for none."""
        place = self.currentIndex().row()
        return int(self.rows.order[place]) if 0 <= place < len(self.rows.order) else -1

    def select_row(self, row: int) -> bool:
        """Make a data row current and bring it into view; returns False when it is filtered out."""
        place = self.rows.place_of(row)
        if place >= 0:
            self.setCurrentIndex(self.rows.index(place, 0))
        return place >= 0

    def carried(self) -> object:
        """Return what the rows are sorted by, for a table that takes this one's place."""
        return self.rows.sort_key, self.rows.is_descending

    def take_carried(self, kept: object) -> None:
        """Sort like the table before, when there is such a column."""
        match kept:
            case (str(key), bool(descending)) if any(column.key == key for column in self.rows.columns):
                self.sort_by(key, descending=descending)

    def visible_rows(self) -> NDArray[np.int64]:
        """Return the data rows on screen, top to bottom, for whoever fetches only what is seen."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        return self.rows.order[max(0, first) : len(self.rows.order) if last < 0 else last + 1]

    def set_theme(self, theme: Theme) -> None:
        """Change to another theme at once."""
        self.theme = theme
        self.viewport().update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        try:
            self.painting.paint(painter, event.region())
        finally:
            painter.end()

    @override
    def dataChanged(
        self,
        first: QModelIndex | QPersistentModelIndex,
        last: QModelIndex | QPersistentModelIndex,
        roles: Sequence[int] = (),
    ) -> None:
        """Paint again what can have changed: most of a row never does, and to write it is most of what a row costs."""
        if QAccessible.isActive():
            super().dataChanged(first, last, roles)
        self.viewport().update(self.painting.changed())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Space and self.current_row() >= 0:
            self.row_was_marked.emit(self.current_row())
        elif event.text() and event.text().isprintable():
            # Single letters are actions of the page, not a search in the table.
            event.ignore()
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ctrl+click marks; the row becomes current as with any click, so that keys go on from there."""
        wants_mark = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        index = self.indexAt(event.position().toPoint())
        if not (wants_mark and index.isValid() and event.button() == Qt.MouseButton.LeftButton):
            super().mousePressEvent(event)
            return
        self.row_was_marked.emit(int(self.rows.order[index.row()]))
        self.setCurrentIndex(index)

    def _dress_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(TARGET_PX)
        header = self.horizontalHeader()
        header.setStretchLastSection(True)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.setMinimumSectionSize(TARGET_PX)
        header.sectionClicked.connect(self._header_was_clicked)

    def _header_was_clicked(self, place: int) -> None:
        column = self.rows.columns[place]
        if column.key == self.rows.sort_key:
            self.sort_by(column.key, descending=not self.rows.is_descending)
        else:
            # The first click on a figure or a severity asks for the greatest.
            self.sort_by(column.key, descending=column.kind is not ColumnKind.TEXT)

    def _open(self, place: int) -> None:
        if 0 <= place < len(self.rows.order):
            self.row_was_opened.emit(int(self.rows.order[place]))


class ColumnDelegate(QStyledItemDelegate):
    """Tells the whole of a cell that has no room for it; cells are painted by the view (column_painting)."""

    def __init__(self, view: ColumnTable) -> None:
        super().__init__(view)
        self._view = view

    @override
    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Show the whole of a cell that has no room for it."""
        if event.type() is not QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        text = self.cut_text(index)
        QToolTip.showText(event.globalPos(), plain_tip(text), view)
        return bool(text)

    def cut_text(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """Return the text of a cell when its column is too narrow for it, nothing when it is not."""
        model, column = self._view.rows, self._view.rows.columns[index.column()]
        text = model.text(int(model.order[index.row()]), column)
        mark = MARK_ROOM_PX if column.kind is ColumnKind.MARK else 0
        room = self._view.columnWidth(index.column()) - SPACE_PX * 4 - mark
        return text if text_width(self._view.theme.font(TypeSize.BODY), text) > room else ""
