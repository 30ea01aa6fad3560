"""A table model over numpy columns: what is on screen is an order of indices, never a copy of the data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

Index = QModelIndex | QPersistentModelIndex


class ColumnKind(Enum):
    """What a column holds."""

    TEXT = "text"
    """str objects or numpy strings."""
    NUMBER = "number"
    """float64, NaN for none; written with the row's decimals."""
    MARK = "mark"
    """Strings painted beside the shape of the row's severity; sorts by severity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the table. `width` is in px."""

    key: str
    title: str
    kind: ColumnKind = ColumnKind.TEXT
    width: int = 120
    is_right: bool = False


def _no_ages(_row: int) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableData:
    """All rows as columns of one length n, shared with whoever fills them (changed in place, then `refresh`).

    `cells` maps a column's key to its array; `severity` uint8[n]; `is_stale` bool[n]; `decimals` int8[n]; `ages` says
    the age of a stale row and is asked for visible rows only. `sort_keys` replaces a column's array when sorting, such
    as pinyin for names, or seconds for a written age. `still` names the columns whose texts never change in place: they
    are put in order once, and sorting by one of them afterwards costs what sorting small numbers costs.
    """

    cells: Mapping[str, NDArray[np.generic]]
    severity: NDArray[np.uint8]
    is_stale: NDArray[np.bool_]
    decimals: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, dtype=np.int8))
    ages: Callable[[int], str] = _no_ages
    sort_keys: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)
    still: frozenset[str] = frozenset()


class ColumnModel(QAbstractTableModel):
    """Rows on screen = `order`, int64[m] indices into the data. Sorting and filtering replace the order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()
        self.data_columns = TableData(cells={}, severity=np.zeros(0, np.uint8), is_stale=np.zeros(0, np.bool_))
        self.order: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self.sort_key, self.is_descending = "", False
        self._wanted: NDArray[np.bool_] | None = None
        self._still_ranks: dict[str, NDArray[np.float64]] = {}

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.order)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.order) or index.column() >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(int(self.order[index.row()]), self.columns[index.column()])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            row = int(self.order[index.row()])
            age = self.data_columns.ages(row) if self.data_columns.is_stale[row] else ""
            return f"{self.columns[index.column()].title} {self.text(row, self.columns[index.column()])} {age}".strip()
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.is_right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def text(self, row: int, column: Column) -> str:
        """Return what a cell says."""
        cell = self.data_columns.cells[column.key][row]
        if column.kind is not ColumnKind.NUMBER:
            return str(cell)
        value, decimals = float(cell), self.data_columns.decimals
        if not np.isfinite(value):
            return "—"
        return f"{value:.{int(decimals[row]) if len(decimals) else 2}f}"

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Set which columns there are; done once, before data."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    def set_data(self, data: TableData) -> None:
        """Take over other arrays, for a new catalogue.

        Raises:
            ValueError: an array has another length, or a column has no array; says which.
        """
        count = len(data.severity)
        for column in self.columns:
            if column.key not in data.cells:
                raise ValueError(f"table data has no array for column {column.key!r}")
        lengths = {key: len(array) for key, array in data.cells.items()} | {"is_stale": len(data.is_stale)}
        wrong = {key: length for key, length in lengths.items() if length != count}
        if wrong:
            raise ValueError(f"table data: severity has {count} rows, but {wrong}")
        self._still_ranks.clear()
        if count == len(self.data_columns.severity):
            self.data_columns = data
            self.resort()
            self.refresh()
            return
        # Rows have no identity but their index: with another number of them none of the old indices means the same.
        self.beginResetModel()
        self.data_columns, self._wanted = data, None
        self.order = self._ordered()
        self.endResetModel()

    def refresh(self) -> None:
        """Say that values changed in place: one ranged dataChanged for the whole table."""
        if len(self.order) and self.columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.order) - 1, len(self.columns) - 1))

    def set_filter(self, wanted: NDArray[np.bool_] | None) -> None:
        """Show only rows where bool[n] is true; None shows all."""
        self._wanted = None if wanted is None else wanted.copy()
        self.resort()

    def sort_by(self, key: str, *, descending: bool) -> None:
        """Order by a column; rows without a value come last either way. "" keeps the order of the data."""
        self.sort_key, self.is_descending = key, descending
        self.resort()

    def resort(self) -> None:
        """Bring the rows into order again after live values changed; selection stays with its rows."""
        order = self._ordered()
        if np.array_equal(order, self.order):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        place = np.full(len(self.data_columns.severity), -1, dtype=np.int64)
        place[order] = np.arange(len(order))
        places = [int(place[self.order[index.row()]]) for index in before]
        self.order = order
        after = [
            self.index(at, index.column()) if at >= 0 else QModelIndex()
            for at, index in zip(places, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def place_of(self, row: int) -> int:
        """Return where a data row stands on screen, -1 when it is filtered out."""
        places = np.flatnonzero(self.order == row)
        return int(places[0]) if len(places) else -1

    def _ordered(self) -> NDArray[np.int64]:
        count = len(self.data_columns.severity)
        rows = np.arange(count) if self._wanted is None else np.flatnonzero(self._wanted)
        column = next((column for column in self.columns if column.key == self.sort_key), None)
        if column is None:
            return rows.astype(np.int64)
        rank = self._rank(column)[rows]
        return rows[np.argsort(-rank if self.is_descending else rank, kind="stable")].astype(np.int64)

    def _rank(self, column: Column) -> NDArray[np.float64]:
        """Return what rows are ordered by, float64[n]; NaN, which numpy puts last either way, for a row without any."""
        if column.kind is ColumnKind.MARK:
            return self.data_columns.severity.astype(np.float64)
        values = self.data_columns.sort_keys.get(column.key, self.data_columns.cells[column.key])
        if np.issubdtype(values.dtype, np.number):
            numbers = values.astype(np.float64)
            numbers[~np.isfinite(numbers)] = np.nan
            return numbers
        if column.key not in self.data_columns.still:
            return _text_rank(values)
        if column.key not in self._still_ranks:
            self._still_ranks[column.key] = _text_rank(values)
        return self._still_ranks[column.key]


def _text_rank(values: NDArray[np.generic]) -> NDArray[np.float64]:
    """Return the place of each text among all of them, equal texts alike; NaN for an empty one."""
    texts = values.astype(np.str_)
    rank = np.unique(texts, return_inverse=True)[1].astype(np.float64)
    rank[texts == ""] = np.nan
    return rank
