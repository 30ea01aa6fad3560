"""A list of facts that need somebody: shape, title, second line, age, status; rows flash, fold and indent."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.fact_model import FactModel, FactRow, Flash, Fold
from chengyun_widgets.fact_painting import ROW_PX, FactDelegate, fold_rect
from chengyun_widgets.painted import paint_focus_ring
from chengyun_widgets.presence import Presence, paint_notice
from chengyun_widgets.theme import Theme

__all__ = ["ROW_PX", "FactList"]
_FAST_S = 0.5
_SLOW_S = 1.0
_LEAST_PX = 2 * ROW_PX
_ARROWS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class FactList(QListView):
    """Set the rows whenever something changed: selection and scroll stay with their keys. `tick` makes rows flash."""

    row_was_opened = Signal(str)
    """Key of the row that was double-clicked, or chosen with Enter."""
    fold_was_asked = Signal(str, bool)
    """Key of a row and whether its rows are to be shown: Right and Left, or a click on its arrow."""
    current_did_change = Signal(str)
    """Key of the row that is now current, "" for none."""
    row_was_marked = Signal(str)
    """Key of the row whose mark is to be turned: Space, or a click with Ctrl. Only of a list that is markable."""
    range_was_marked = Signal(object)
    """Tuple of the keys that are to be marked, and no others: Shift with an arrow, or a click with Shift."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._facts = FactModel(self)
        self._phase = (False, False)
        self._presence, self._notice = Presence.FRESH, ""
        self._is_markable, self._anchor = False, ""
        self.setModel(self._facts)
        self._delegate = FactDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        self.doubleClicked.connect(self._open)
        self.selectionModel().currentChanged.connect(lambda *_: self.current_did_change.emit(self.current_key()))

    @property
    def flash_phase(self) -> tuple[bool, bool]:
        """Whether fast and slow flashing rows are in their bright half."""
        return self._phase

    def rows(self) -> tuple[FactRow, ...]:
        """Return all rows in order, scrolled out of sight or not."""
        found = (self._facts.row_at(place) for place in range(self._facts.rowCount()))
        return tuple(row for row in found if row is not None)

    def set_rows(self, rows: Sequence[FactRow]) -> None:
        """Show these rows. A list scrolled to its top stays there and shows what is new; else what is seen stays put.

        Raises:
            ValueError: two rows have the same key.
        """
        bar, top = self.verticalScrollBar(), self.indexAt(self.viewport().rect().topLeft())
        anchor = self._facts.row_at(top.row()) if bar.value() > 0 else None
        offset = self.visualRect(top).top() if anchor else 0
        self._facts.set_rows(rows)
        place = self._facts.place_of(anchor.key) if anchor else -1
        if place >= 0:
            self.executeDelayedItemsLayout()
            bar.setValue(bar.value() + self.visualRect(self._facts.index(place)).top() - offset)

    def content_px(self) -> int:
        """Return the height at which every row is seen without scrolling; of an empty list, that of its notice."""
        rows = sum(self.sizeHintForRow(place) for place in range(self._facts.rowCount()))
        return max(_LEAST_PX, rows) + 2 * self.frameWidth()

    def show_notice(self, presence: Presence, text: str) -> None:
        """Say what an EMPTY or REFUSED list means; FRESH and STALE show the rows (set `is_stale` on those that are)."""
        if (presence, text) != (self._presence, self._notice):
            self._presence, self._notice = presence, text
            self.viewport().update()

    def set_markable(self, *, is_markable: bool) -> None:
        """Let rows be marked for a deed on many; which ones are is told by the rows themselves (`is_marked`)."""
        self._is_markable = is_markable

    def tick(self, now_s: float) -> None:
        """Move the flash phase to monotonic time `now_s`; paints only when a phase turns and a row flashes."""
        phase = (int(now_s / _FAST_S) % 2 == 0, int(now_s / _SLOW_S) % 2 == 0)
        if phase != self._phase:
            self._phase = phase
            for place in range(self._facts.rowCount()):
                row = self._facts.row_at(place)
                if row is not None and row.flash is not Flash.NONE:
                    self.update(self._facts.index(place))

    def current_key(self) -> str:
        """Return the key of the current row, "" for none."""
        row = self._facts.row_at(self.currentIndex().row())
        return row.key if row else ""

    def select(self, key: str) -> bool:
        """Make a row current and bring it into view; returns whether it is in the list."""
        place = self._facts.place_of(key)
        if place >= 0:
            self.setCurrentIndex(self._facts.index(place))
        return place >= 0

    def clear_current(self) -> None:
        """Leave no row current: what was chosen is not in the list any more."""
        self.selectionModel().clear()

    def set_theme(self, theme: Theme) -> None:
        """Change to another theme at once."""
        self.theme = theme
        self.viewport().update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_markable and self._mark_by_key(event):
            return
        if event.key() != Qt.Key.Key_Shift:
            self._anchor = ""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self._fold(self.currentIndex(), is_open=event.key() == Qt.Key.Key_Right)
        elif event.text() and event.text().isprintable():
            # Single letters are actions of the page (A, U, S), not a search in the list.
            event.ignore()
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if self._is_markable and self._mark_by_click(index, event.modifiers()):
            return
        self._anchor = ""
        super().mousePressEvent(event)
        row = self._facts.row_at(index.row())
        if row is None or row.fold is Fold.NONE or event.button() != Qt.MouseButton.LeftButton:
            return
        if row.is_heading or fold_rect(QRectF(self.visualRect(index)), row).contains(event.position()):
            self.fold_was_asked.emit(row.key, row.fold is Fold.CLOSED)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event)
        event.accept()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        is_covered = self._presence in (Presence.EMPTY, Presence.REFUSED)
        if not is_covered:
            super().paintEvent(event)
        painter = QPainter(self.viewport())
        rect = QRectF(self.viewport().rect())
        if is_covered:
            painter.fillRect(rect, self.theme.colour(Colour.PANEL))
            paint_notice(painter, self.theme, rect, self._presence, self._notice)
        if self.hasFocus() and (is_covered or not self.currentIndex().isValid()):
            paint_focus_ring(painter, self.theme, rect)
        painter.end()

    def _mark_by_key(self, event: QKeyEvent) -> bool:
        """Turn the mark of the current row, or stretch the marks by one row; return whether the key meant that."""
        by = _ARROWS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Space and self.current_key():
            self.row_was_marked.emit(self.current_key())
        elif by is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._stretch_to(self._next(by))
        else:
            return False
        return True

    def _mark_by_click(self, index: QModelIndex, held: Qt.KeyboardModifier) -> bool:
        row = self._facts.row_at(index.row())
        if row is None or row.is_heading:
            return False
        if held & Qt.KeyboardModifier.ShiftModifier:
            self._stretch_to(index.row())
        elif held & Qt.KeyboardModifier.ControlModifier:
            self.setCurrentIndex(index)
            self.row_was_marked.emit(row.key)
        else:
            return False
        return True

    def _next(self, by: int) -> int:
        """Return the place of the next row that is no heading, that of the current one at an end."""
        here = self.currentIndex().row()
        places = range(here + by, -1 if by < 0 else self._facts.rowCount(), by)
        rows = ((place, self._facts.row_at(place)) for place in places)
        return next((place for place, row in rows if row is not None and not row.is_heading), here)

    def _stretch_to(self, place: int) -> None:
        """Mark everything from where the stretching began to a place, which becomes current."""
        self._anchor = self._anchor if self._facts.place_of(self._anchor) >= 0 else self.current_key()
        ends = sorted((max(0, self._facts.place_of(self._anchor)), place))
        rows = (self._facts.row_at(at) for at in range(ends[0], ends[1] + 1))
        self.setCurrentIndex(self._facts.index(place))
        self.range_was_marked.emit(tuple(row.key for row in rows if row is not None and not row.is_heading))

    def _fold(self, index: QModelIndex, *, is_open: bool) -> None:
        """Show or hide the rows beneath; Left on one of them goes up to the row it belongs to."""
        row = self._facts.row_at(index.row())
        if row is None:
            return
        if row.fold is (Fold.CLOSED if is_open else Fold.OPEN):
            self.fold_was_asked.emit(row.key, is_open)
        elif not is_open and row.depth:
            above = (self._facts.row_at(place) for place in range(index.row() - 1, -1, -1))
            parent = next((other for other in above if other is not None and other.depth < row.depth), None)
            self.select(parent.key if parent else row.key)

    def _open(self, index: QModelIndex) -> None:
        row = self._facts.row_at(index.row())
        if row is not None:
            self.row_was_opened.emit(row.key)
