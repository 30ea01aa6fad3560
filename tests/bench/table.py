"""The table of all vitals, filtered and sorted: our order of indices against QSortFilterProxyModel, interleaved."""

import os
import statistics
import sys
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QApplication, QTableView
from typing_extensions import override

from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_resources.reference.city import tables
from chengyun_widgets.column_model import Column, ColumnKind, TableData
from chengyun_widgets.column_table import ColumnTable
from chengyun_widgets.theme import apply_theme, load_theme
from tests.bench.figures import interleaved, spread

GOAL_MS = 16.7
"""One frame at 60 Hz."""
ROUNDS, REPEATS = 5, 2
TEXT = "sw"
COLUMNS = (
    Column(key="band", title="Band", kind=ColumnKind.MARK),
    Column(key="code", title="Code"),
    Column(key="name", title="Name"),
    Column(key="value", title="Value", kind=ColumnKind.NUMBER, is_right=True),
    Column(key="unit", title="Unit"),
)


class PlainModel(QAbstractTableModel):
    """The same rows as Qt's examples hold them: a list of tuples, asked cell by cell."""

    def __init__(self, rows: list[tuple[object, ...]]) -> None:
        super().__init__()
        self._rows = rows

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return self._rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None


class Proxy:
    """QSortFilterProxyModel over the plain model, shown by a QTableView."""

    def __init__(self, data: TableData) -> None:
        cells = [data.severity.tolist(), *(data.cells[column.key].tolist() for column in COLUMNS[1:])]
        self._model = PlainModel(list(zip(*cells, strict=True)))
        self._proxy = QSortFilterProxyModel()
        self._proxy.setSourceModel(self._model)
        self._proxy.setFilterKeyColumn(1)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.view = QTableView()
        self.view.setModel(self._proxy)
        self._is_odd = False

    def sort(self, at: int) -> None:
        """Order by a column, the other way round each time: an order that stands already costs nothing."""
        self._is_odd = not self._is_odd
        self._proxy.sort(at, Qt.SortOrder.DescendingOrder if self._is_odd else Qt.SortOrder.AscendingOrder)

    def filter(self) -> None:
        """Narrow to a text, and show all again: two changes."""
        self._proxy.setFilterFixedString(TEXT)
        self._proxy.setFilterFixedString("")


class Ours:
    """The console's table over columns, filtered by the catalogue's own search as on page F2."""

    def __init__(self, data: TableData, view: CatalogueView) -> None:
        self._catalogue = view
        self.view = ColumnTable(load_theme())
        self.view.set_columns(COLUMNS)
        self.view.set_data(data)
        self._is_odd = False

    def sort(self, at: int) -> None:
        """Order by a column, the other way round each time."""
        self._is_odd = not self._is_odd
        self.view.sort_by(COLUMNS[at].key, descending=self._is_odd)

    def filter(self) -> None:
        """Narrow to a text by name, initials, pinyin or code, and show all again: two changes."""
        mask = np.zeros(self._catalogue.count, bool)
        mask[list(self._catalogue.search(TEXT, self._catalogue.count))] = True
        self.view.set_filter(mask)
        self.view.set_filter(None)


def made_data(view: CatalogueView) -> TableData:
    """Return the reference city's rows with values as a morning may have them."""
    chance = np.random.default_rng(2026)
    vitals = view.catalogue.vitals
    severity = (chance.random(view.count) > 0.99).astype(np.uint8) * 4
    cells: dict[str, NDArray[np.generic]] = {
        "band": np.full(view.count, "", object),
        "code": np.array([vital.code for vital in vitals], object),
        "name": np.array([vital.name for vital in vitals], object),
        "value": chance.normal(100.0, 30.0, view.count),
        "unit": np.array([vital.unit for vital in vitals], object),
    }
    return TableData(
        cells=cells,
        severity=severity,
        is_stale=np.zeros(view.count, bool),
        still=frozenset(("code", "name", "unit")),
    )


def sides_of(ours: Ours, proxy: Proxy) -> dict[str, tuple[Callable[[], None], Callable[[], None]]]:
    """Return what is measured: (ours, Qt's), by what it does."""
    sides: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
        f"sort by {column.key}": (lambda at=at: ours.sort(at), lambda at=at: proxy.sort(at))  # type: ignore[misc]
        for at, column in enumerate(COLUMNS)
    }
    return {**sides, "filter by text and lift": (ours.filter, proxy.filter)}


def main() -> int:
    """Print a line per deed; 0 when each of ours fits into a frame."""
    app = QApplication.instance() or QApplication(sys.argv)
    assert isinstance(app, QApplication)
    apply_theme(app, load_theme())
    view = CatalogueView(build(tables(), Numbers(), 1)[0])
    view.use_search_keys(view.search_keys())
    data = made_data(view)
    ours, proxy = Ours(data, view), Proxy(data)
    for shown in (ours.view, proxy.view):
        shown.resize(1200, 700)
        shown.show()
    print(f"{view.count} rows, {len(COLUMNS)} columns; ms per change, medians of {ROUNDS} rounds with least and most")
    is_reached = True
    for name, (one, other) in sides_of(ours, proxy).items():
        taken = interleaved({"ours": one, "qt": other}, rounds=ROUNDS, repeats=REPEATS)
        is_reached &= statistics.median(taken["ours"]) * 1000 <= GOAL_MS
        times = statistics.median(taken["qt"]) / statistics.median(taken["ours"])
        print(
            f"  {name:24} ours {spread(taken['ours'], '.2f', 1000.0)}   "
            f"QSortFilterProxyModel {spread(taken['qt'], '.1f', 1000.0)}   {times:.0f} times"
        )
    print(f"goal: each within one frame of {GOAL_MS} ms: {'reached' if is_reached else 'MISSED'}")
    return 0 if is_reached else 1


if __name__ == "__main__":
    sys.exit(main())
