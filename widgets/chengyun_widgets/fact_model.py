"""The rows of a fact list as an item model that changes by key and is never reset."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage
from typing_extensions import override

from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.plain_tip import plain_tip

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex


class Flash(Enum):
    """How a row calls: FAST (filled, unacknowledged), SLOW (outline, returned but unacknowledged) or not at all."""

    NONE = "none"
    FAST = "fast"
    SLOW = "slow"


class Fold(Enum):
    """Whether a row has rows beneath it, and whether they are shown."""

    NONE = "none"
    CLOSED = "closed"
    OPEN = "open"


class Ground(Enum):
    """What lies under a row: HATCHED is suppressed by design, CROSSED out of service."""

    PLAIN = "plain"
    HATCHED = "hatched"
    CROSSED = "crossed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One row. `is_struck` is a shelved row; its countdown goes into `age`. `key` is unique in the list.

    `depth` indents rows that belong to the one above; `badges` are short words in frames after the title; `is_link`
    draws a broken chain in place of the severity's shape; `is_heading` is a low row that names those beneath it.
    `is_marked` is chosen together with others for one deed on all of them.
    A row with a `picture` (88 × 60 px at most), or with the word on a `plate` that stands for one, is higher.
    """

    key: str
    severity: Severity
    title: str
    detail: str = ""
    age: str = ""
    status: str = ""
    status_colour: Colour = Colour.TEXT_SECOND
    flash: Flash = Flash.NONE
    is_struck: bool = False
    is_stale: bool = False
    spoken: str = ""
    depth: int = 0
    fold: Fold = Fold.NONE
    ground: Ground = Ground.PLAIN
    badges: tuple[str, ...] = ()
    is_link: bool = False
    is_heading: bool = False
    is_marked: bool = False
    picture: QImage | None = None
    plate: str = ""


class FactModel(QAbstractListModel):
    """Rows in the order given. `set_rows` finds what came, went, moved and changed, and says exactly that."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[FactRow] = []
        self._place: dict[str, int] = {}

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken or " ".join(filter(None, (row.title, *row.badges, row.detail, row.age, row.status)))
        if role == Qt.ItemDataRole.ToolTipRole:
            # Whatever the row has no room for: names and badges give way on a narrow screen.
            lines = (" ".join((row.title, *row.badges)), row.detail, " ".join(filter(None, (row.age, row.status))))
            return plain_tip("\n".join(filter(None, lines)))
        return None

    def row_at(self, place: int) -> FactRow | None:
        """Return the row at a place, None outside the list."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def place_of(self, key: str) -> int:
        """Return the place of a key, -1 when it is not there."""
        return self._place.get(key, -1)

    def set_rows(self, rows: Sequence[FactRow]) -> None:
        """Show these rows.

        Raises:
            ValueError: two rows have the same key; says which.
        """
        wanted = {row.key: row for row in rows}
        if len(wanted) != len(rows):
            twice = sorted(key for key, count in Counter(row.key for row in rows).items() if count > 1)
            raise ValueError(f"keys of a fact list must be unique, given twice: {twice[:5]}")
        self._take_out(wanted.keys())
        self._put_in_order([row.key for row in rows if row.key in self._place])
        self._put_in(rows)
        self._change(rows)

    def _take_out(self, wanted: Collection[str]) -> None:
        gone = [place for place, row in enumerate(self._rows) if row.key not in wanted]
        for first, last in reversed(_runs(gone)):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self._index()
            self.endRemoveRows()

    def _put_in_order(self, keys: list[str]) -> None:
        if keys == [row.key for row in self._rows]:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [self._rows[index.row()].key for index in before]
        self._rows = [self._rows[self._place[key]] for key in keys]
        self._index()
        self.changePersistentIndexList(before, [self.index(self._place[key]) for key in held])
        self.layoutChanged.emit()

    def _put_in(self, rows: Sequence[FactRow]) -> None:
        fresh = [place for place, row in enumerate(rows) if row.key not in self._place]
        for first, last in _runs(fresh):
            self.beginInsertRows(QModelIndex(), first, last)
            self._rows[first:first] = rows[first : last + 1]
            self._index()
            self.endInsertRows()

    def _change(self, rows: Sequence[FactRow]) -> None:
        changed = [place for place, row in enumerate(rows) if row != self._rows[place]]
        self._rows = list(rows)
        for first, last in _runs(changed):
            self.dataChanged.emit(self.index(first), self.index(last))

    def _index(self) -> None:
        self._place = {row.key: place for place, row in enumerate(self._rows)}


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Join rising places into runs (first, last)."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
