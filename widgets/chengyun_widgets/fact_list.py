"""A list of facts that need somebody: shape, title, second line, age, status; unacknowledged rows flash."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, Opacity, TypeSize
from chengyun_widgets.fact_model import ROW_ROLE, FactModel, FactRow, Flash
from chengyun_widgets.lettering import RIGHT, text_width, write
from chengyun_widgets.painted import paint_focus_ring
from chengyun_widgets.presence import Presence, paint_notice
from chengyun_widgets.shapes import MARK_PX, mark_rect, paint_mark
from chengyun_widgets.theme import Theme

ROW_PX = 49
_FAST_S = 0.5
_SLOW_S = 1.0
_STATUS_PX = 76


class FactList(QListView):
    """Set the rows whenever something changed: selection and scroll stay with their keys. `tick` makes rows flash."""

    row_was_opened = Signal(str)
    """Key of the row that was double-clicked, or chosen with Enter."""
    current_did_change = Signal(str)
    """Key of the row that is now current, "" for none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._facts = FactModel(self)
        self._phase = (False, False)
        self._presence, self._notice = Presence.FRESH, ""
        self.setModel(self._facts)
        self._delegate = FactDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
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

    def show_notice(self, presence: Presence, text: str) -> None:
        """Say what an EMPTY or REFUSED list means; FRESH and STALE show the rows (set `is_stale` on those that are)."""
        if (presence, text) != (self._presence, self._notice):
            self._presence, self._notice = presence, text
            self.viewport().update()

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

    def set_theme(self, theme: Theme) -> None:
        """Change to another theme at once."""
        self.theme = theme
        self.viewport().update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.text() and event.text().isprintable():
            # Single letters are actions of the page (A, U, S), not a search in the list.
            event.ignore()
        else:
            super().keyPressEvent(event)

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

    def _open(self, index: QModelIndex) -> None:
        row = self._facts.row_at(index.row())
        if row is not None:
            self.row_was_opened.emit(row.key)


class FactDelegate(QStyledItemDelegate):
    """Paints one row of a FactList."""

    def __init__(self, view: FactList) -> None:
        super().__init__(view)
        self._view = view

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, ROW_PX)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: FactRow = index.data(ROW_ROLE)
        area: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        rect = QRectF(area)
        painter.save()
        self._paint_ground(painter, rect, row, is_selected=bool(state & QStyle.StateFlag.State_Selected))
        paint_mark(
            painter, self._view.theme, mark_rect(SPACE_PX * 3, rect.center().y()), row.severity, stale=row.is_stale
        )
        self._write(painter, rect, row)
        if state & QStyle.StateFlag.State_HasFocus:
            paint_focus_ring(painter, self._view.theme, rect.adjusted(0, 0, 0, -1))
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRectF, row: FactRow, *, is_selected: bool) -> None:
        theme, (fast, slow) = self._view.theme, self._view.flash_phase
        if is_selected:
            painter.fillRect(rect, theme.colour(Colour.ACCENT_WASH))
            painter.fillRect(QRectF(rect.x(), rect.y(), 3, rect.height()), theme.colour(Colour.ACCENT))
        if row.flash is Flash.FAST:
            wash = theme.fill(row.severity)
            wash.setAlphaF(theme.tokens.opacities[Opacity.WASH_FLASH if fast else Opacity.WASH])
            painter.fillRect(rect, wash)
        elif row.flash is Flash.SLOW:
            line = theme.fill(row.severity)
            line.setAlphaF(1.0 if slow else 0.35)
            painter.setPen(QPen(line, 1.0, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(4.5, 2.5, -4.5, -4.5))
        painter.fillRect(QRectF(rect.x(), rect.bottom() - 1, rect.width(), 1), theme.colour(Colour.LINE))

    def _write(self, painter: QPainter, rect: QRectF, row: FactRow) -> None:
        theme = self._view.theme
        body, small = theme.font(TypeSize.LEAD), theme.font(TypeSize.SMALL)
        second = theme.colour(Colour.TEXT_SECOND)
        inner = rect.adjusted(SPACE_PX * 3, 0, -SPACE_PX * 3, -1)
        right = inner.right() - max(_STATUS_PX if rect.width() > 320 else 0, text_width(body, row.status))
        write(painter, QRectF(inner.x(), inner.y(), inner.width(), inner.height()), row.status, body,
              theme.colour(row.status_colour), RIGHT)  # fmt: skip
        # As wide as its text: on a narrow screen the name needs every pixel the age leaves.
        age_px = text_width(body, row.age)
        age = QRectF(right - SPACE_PX * 4 - age_px, inner.y(), age_px + SPACE_PX, inner.height())
        write(painter, age, row.age, body, second, RIGHT)
        left = inner.x() + MARK_PX + SPACE_PX * 5
        line = QRectF(left, inner.y() + 4, age.left() - SPACE_PX * 2 - left, 21)
        title_ink = theme.colour(Colour.TEXT_THIRD if row.is_struck or row.is_stale else Colour.TEXT)
        taken = write(painter, line, row.title, body, title_ink)
        write(painter, line.translated(0, 20), row.detail, small, second)
        if row.is_struck:
            painter.fillRect(QRectF(left, line.center().y(), taken, 1), title_ink)
