"""A matrix of who has climbed how far: rows are people or units, columns the steps of one ladder; it scrolls."""

from itertools import accumulate

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import Colour
from chengyun_widgets import ladder_painting
from chengyun_widgets.ladder_painting import HEADER_PX, HEADING_PX, ROW_PX
from chengyun_widgets.ladder_record import MatrixRecord, MatrixRow
from chengyun_widgets.painted import Painted
from chengyun_widgets.presence import Presence, paint_notice
from chengyun_widgets.theme import Theme

_CELL_PX = 76
_LEAST_CELL_PX = 66
_LEAST_WHO_PX = 150
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class LadderMatrix(QWidget):
    """A function of its record. Arrows go from row to row, Enter opens one, Space or Ctrl+click asks to mark it."""

    current_did_change = Signal(str)
    """Key of the row that is now current, "" for none."""
    row_was_opened = Signal(str)
    row_was_marked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = _Rows(theme, self)
        self._header = _Header(theme, self.rows)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self.rows)
        self.rows.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._area, 1)
        self.setFocusProxy(self.rows)

    def show_record(self, record: MatrixRecord) -> None:
        """Show a record; an equal one costs nothing. The current row stays with its key."""
        if self.rows.show_record(record):
            self._header.update()

    def show_notice(self, presence: Presence, text: str) -> None:
        """Say what a matrix without rows means."""
        self.rows.show_notice(presence, text)

    def current_key(self) -> str:
        """Return the key of the current row, "" for none."""
        return self.rows.current_key()

    def select(self, key: str) -> bool:
        """Make a row current and bring it into view; return whether it is there."""
        return self.rows.select(key)

    def content_px(self) -> int:
        """Return the height at which every row is seen without scrolling."""
        return HEADER_PX + max(ROW_PX, round(self.rows.tops[-1])) + 2

    def bring_into_view(self, rect: QRect) -> None:
        """Scroll so that a part of the rows is seen."""
        self._area.ensureVisible(0, rect.top(), 0, 0)
        self._area.ensureVisible(0, rect.bottom(), 0, 0)

    def set_theme(self, theme: Theme) -> None:
        """Change to another theme at once."""
        self._header.set_theme(theme)
        self.rows.set_theme(theme)


class _Header(Painted):
    def __init__(self, theme: Theme, rows: "_Rows") -> None:
        super().__init__(theme)
        self._rows = rows
        self.setFixedHeight(HEADER_PX)

    @override
    def paint(self, painter: QPainter) -> None:
        record = self._rows.record
        rects = self._rows.rects(0, HEADER_PX)
        names = list(zip(rects, (record.who, *record.columns), strict=False))
        if names:
            ladder_painting.paint_header(painter, self.theme, rects[0], names)
        painter.fillRect(QRectF(0, HEADER_PX - 1, self.width(), 1), self.theme.colour(Colour.LINE))


class _Rows(Painted):
    def __init__(self, theme: Theme, matrix: LadderMatrix) -> None:
        super().__init__(theme)
        self._matrix = matrix
        self.record = MatrixRecord(who="", columns=())
        self.tops: list[float] = [0.0]
        self._current = ""
        self._notice = (Presence.EMPTY, "")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_record(self, record: MatrixRecord) -> bool:
        if record == self.record:
            return False
        before, self.record = self.record, record
        self.tops = list(accumulate((_height(row) for row in record.rows), initial=0.0))
        self.setMinimumHeight(max(ROW_PX, round(self.tops[-1])))
        if [row.key for row in before.rows] != [row.key for row in record.rows]:
            self._keep_current()
            self.update()
        else:
            self._repaint_changed(before)
        self._tell()
        return True

    def show_notice(self, presence: Presence, text: str) -> None:
        if (presence, text) != self._notice:
            self._notice = presence, text
            self.update()

    def current_key(self) -> str:
        return self._current

    def select(self, key: str) -> bool:
        place = self._place(key)
        if place < 0:
            return False
        if key != self._current:
            self._current = key
            self.update()
            self._tell()
            self._matrix.current_did_change.emit(key)
        self._matrix.bring_into_view(self._rect(place).toRect())
        return True

    def rects(self, y: float, height: float) -> list[QRectF]:
        """Return the rectangles of the title and of each column at a height."""
        count, width = max(1, len(self.record.columns)), float(self.width())
        cell = max(float(_LEAST_CELL_PX), min(float(_CELL_PX) * 1.4, (width - _LEAST_WHO_PX * 1.6) / count))
        who = max(float(_LEAST_WHO_PX), width - cell * count)
        cell = (width - who) / count
        return [QRectF(0, y, who, height), *(QRectF(who + at * cell, y, cell, height) for at in range(count))]

    @override
    def sizeHint(self) -> QSize:
        return QSize(_LEAST_WHO_PX + 8 * _CELL_PX, self.minimumHeight())

    @override
    def paint(self, painter: QPainter) -> None:
        if not self.record.rows:
            paint_notice(painter, self.theme, QRectF(self.rect()), *self._notice)
        for place, row in enumerate(self.record.rows):
            rect = self._rect(place)
            if rect.intersects(self.dirty_rect):
                self._paint_row(painter, rect, row)

    @override
    def focus_rect(self) -> QRectF:
        # The current row says where the keyboard is; without one the whole does.
        return QRectF(0, -9, 0, 0) if self._current else QRectF(self.rect())

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self._current:
            self._step(1)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _STEPS:
            self._step(_STEPS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._step(len(self.record.rows) * (1 if key == Qt.Key.Key_End else -1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current and not event.modifiers():
            self._matrix.row_was_opened.emit(self._current)
        elif key == Qt.Key.Key_Space and self._current:
            self._matrix.row_was_marked.emit(self._current)
        else:
            # Single letters and digits are actions of the page.
            event.ignore()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._at(event.position().toPoint())
        if row is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self.select(row.key)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._matrix.row_was_marked.emit(row.key)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self._at(event.position().toPoint())
        if row is not None:
            self._matrix.row_was_opened.emit(row.key)

    def _paint_row(self, painter: QPainter, rect: QRectF, row: MatrixRow) -> None:
        is_current = row.key == self._current and not row.is_heading
        ladder_painting.paint_row(painter, self.theme, rect, row, current=is_current, focused=self.hasFocus())
        title, *cells = self.rects(rect.y(), rect.height())
        ladder_painting.paint_title(painter, self.theme, rect if row.is_heading else title, row, current=is_current)
        for place, cell in zip(cells, row.cells, strict=False):
            ladder_painting.paint_cell(painter, self.theme, place, cell, current=is_current)

    def _repaint_changed(self, before: MatrixRecord) -> None:
        """Clocks move every second: only the rows that say something else are painted again."""
        for place, (old, new) in enumerate(zip(before.rows, self.record.rows, strict=True)):
            if old != new:
                self.update(self._rect(place).toAlignedRect())

    def _keep_current(self) -> None:
        if self._current and self._place(self._current) < 0:
            self._current = ""
            self._matrix.current_did_change.emit("")
        elif not self._current and self.hasFocus():
            # The keyboard was here before the rows: the first of them is the one that keys mean.
            self._step(1)

    def _step(self, by: int) -> None:
        keys = [row.key for row in self.record.rows if not row.is_heading]
        if not keys:
            return
        at = keys.index(self._current) + by if self._current in keys else 0
        self.select(keys[min(len(keys) - 1, max(0, at))])

    def _at(self, point: QPoint) -> MatrixRow | None:
        found = (row for place, row in enumerate(self.record.rows) if self._rect(place).contains(point.toPointF()))
        row = next(found, None)
        return None if row is None or row.is_heading else row

    def _place(self, key: str) -> int:
        return next((at for at, row in enumerate(self.record.rows) if row.key == key and not row.is_heading), -1)

    def _rect(self, place: int) -> QRectF:
        return QRectF(0, self.tops[place], self.width(), self.tops[place + 1] - self.tops[place])

    def _tell(self) -> None:
        """Tell a screen reader the current row, and how many there are."""
        row = next((row for row in self.record.rows if row.key == self._current), None)
        if row is None:
            self.setAccessibleDescription(str(sum(not each.is_heading for each in self.record.rows)))
            return
        told = zip(self.record.columns, row.cells, strict=False)
        cells = (f"{name} {cell.text} {cell.word}".strip() for name, cell in told if cell.text or cell.word)
        self.setAccessibleDescription("\n".join((f"{row.title} {row.badge} {row.note}".strip(), *cells)))


def _height(row: MatrixRow) -> float:
    return float(HEADING_PX if row.is_heading else ROW_PX)
