"""Columns of short rows side by side: who is on each shift, and in red, before it happens, the places nobody fills."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.lettering import RIGHT, text_width, write, write_lines
from chengyun_widgets.painted import Painted
from chengyun_widgets.shapes import mark_rect
from chengyun_widgets.step_list import Sign, paint_sign
from chengyun_widgets.theme import Theme

_HEAD_PX = 52
_LACK_PX = 44
_LABEL_PX = 64
_SIGN_PX = 12
_WIDE_PX = 300
"""From this width on a row has room for the time beside the word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One row. A `lack` is a place nobody fills: its title takes two lines in red; else `label` groups the rows."""

    key: str
    title: str
    label: str = ""
    note: str = ""
    status: str = ""
    more: str = ""
    """Stands after the status where there is room."""
    sign: Sign = Sign.NONE
    colour: Colour = Colour.TEXT_SECOND
    is_lack: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardColumn:
    """One column with its head. `is_now` lights its upper edge."""

    key: str
    title: str
    note: str = ""
    status: str = ""
    colour: Colour = Colour.TEXT_SECOND
    is_now: bool = False
    rows: tuple[BoardRow, ...] = ()


class ShiftBoard(QScrollArea):
    """A function of its columns. Arrows go through the rows, Left and Right from column to column."""

    row_was_chosen = Signal(str, str)
    """Key of the column and of the row that are now current."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = _Columns(theme, self)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self.text)
        self.text.setAutoFillBackground(False)

    def show_columns(self, columns: tuple[BoardColumn, ...], name: str) -> None:
        """Show these columns; what was chosen stays chosen while it is there."""
        self.text.show_columns(columns, name)

    @property
    def chosen(self) -> tuple[str, str]:
        """Return the key of the column and the row that are chosen, empty ones when none is."""
        return self.text.chosen

    def choose(self, column: str, row: str) -> None:
        """Choose a row when it is there."""
        self.text.choose(column, row)

    def set_theme(self, theme: Theme) -> None:
        """Change to another theme at once."""
        self.text.set_theme(theme)


class _Columns(Painted):
    def __init__(self, theme: Theme, area: ShiftBoard) -> None:
        super().__init__(theme)
        self._area = area
        self.columns: tuple[BoardColumn, ...] = ()
        self.chosen: tuple[str, str] = ("", "")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_columns(self, columns: tuple[BoardColumn, ...], name: str) -> None:
        self.setAccessibleName(name)
        if columns == self.columns:
            return
        self.columns = columns
        if self._place() is None:
            self.chosen = next(((column.key, row.key) for column in columns for row in column.rows), ("", ""))
        self._fit()
        self._speak()
        self.update()

    def choose(self, column: str, row: str) -> None:
        self.chosen = (column, row)
        place = self._place()
        if place is None:
            return
        rect = self._rects(place[0])[place[1]]
        self._area.ensureVisible(0, round(rect.center().y()), 0, TARGET_PX * 2)
        self._speak()
        self._area.row_was_chosen.emit(column, row)
        self.update()

    def click_targets(self) -> list[QRectF]:
        """Return where a click chooses a row."""
        return [rect for at in range(len(self.columns)) for rect in self._rects(at)]

    @override
    def paint(self, painter: QPainter) -> None:
        for at, column in enumerate(self.columns):
            area = self._area_of(at)
            if at:
                painter.fillRect(QRectF(area.x() - 1, 0, 1, self.height()), self.theme.colour(Colour.LINE))
            self._paint_head(painter, QRectF(area.x(), 0, area.width(), _HEAD_PX), column)
            for rect, row in zip(self._rects(at), column.rows, strict=True):
                if self.dirty_rect.intersects(rect):
                    self._paint_row(painter, rect, row, is_chosen=(column.key, row.key) == self.chosen)

    @override
    def sizeHint(self) -> QSize:
        return QSize(720, self.minimumHeight())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def focus_rect(self) -> QRectF:
        place, seen = self._place(), QRectF(self.visibleRegion().boundingRect())
        row = self._rects(place[0])[place[1]] if place is not None else QRectF()
        return row if seen.intersects(row) else seen

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        across = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        down = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if (across or down) and self.columns and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move(across, down)
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        for at, column in enumerate(self.columns):
            for rect, row in zip(self._rects(at), column.rows, strict=True):
                if rect.contains(event.position()):
                    self.setFocus()
                    self.choose(column.key, row.key)

    def _move(self, across: int, down: int) -> None:
        place = self._place()
        at, row = (0, -1) if place is None else place
        if place is None:
            across, down = 0, 1
        at = min(max(0, at + across), len(self.columns) - 1)
        rows = self.columns[at].rows
        if rows:
            self.choose(self.columns[at].key, rows[min(max(0, row + down), len(rows) - 1)].key)

    def _place(self) -> tuple[int, int] | None:
        for at, column in enumerate(self.columns):
            for place, row in enumerate(column.rows):
                if (column.key, row.key) == self.chosen:
                    return at, place
        return None

    def _speak(self) -> None:
        """Tell who does not see the board what is chosen, then what is lacking, then everybody."""
        place = self._place()
        rows = [self.columns[place[0]].rows[place[1]]] if place is not None else []
        every = [row for column in self.columns for row in column.rows]
        ordered = [*rows, *sorted(every, key=lambda row: not row.is_lack)]
        told = (" ".join(filter(None, (row.label, row.title, row.note, row.status, row.more))) for row in ordered)
        self.setAccessibleDescription("\n".join(told))

    def _area_of(self, at: int) -> QRectF:
        width = self.width() / max(1, len(self.columns))
        return QRectF(at * width, 0, width, self.height())

    def _rects(self, at: int) -> list[QRectF]:
        area, y, found = self._area_of(at), float(_HEAD_PX), []
        for row in self.columns[at].rows:
            height = self._high(row, area.width())
            found.append(QRectF(area.x(), y, area.width(), height))
            y += height
        return found

    def _high(self, row: BoardRow, width: float) -> int:
        """Return the height of a row: a lack takes two lines where one has no room for its sentence."""
        room = width - SPACE_PX * 7 - _SIGN_PX
        wide = row.is_lack and text_width(self.theme.font(TypeSize.SMALL, bold=True), row.title) > room
        return _LACK_PX if wide else TARGET_PX

    def _fit(self) -> None:
        width = self._area_of(0).width()
        highest = max((sum(self._high(row, width) for row in column.rows) for column in self.columns), default=0)
        self.setMinimumHeight(_HEAD_PX + highest + SPACE_PX)

    def _paint_head(self, painter: QPainter, rect: QRectF, column: BoardColumn) -> None:
        theme = self.theme
        if column.is_now:
            painter.fillRect(rect, theme.colour(Colour.RAISED))
            painter.fillRect(QRectF(rect.x(), rect.y(), rect.width(), 2), theme.colour(Colour.ACCENT))
        painter.fillRect(QRectF(rect.x(), rect.bottom() - 1, rect.width(), 1), theme.colour(Colour.LINE))
        inner = rect.adjusted(SPACE_PX * 3, SPACE_PX, -SPACE_PX * 3, -SPACE_PX)
        upper = QRectF(inner.x(), inner.y(), inner.width(), 24)
        lower = QRectF(inner.x(), inner.y() + 24, inner.width(), 18)
        small = theme.font(TypeSize.SMALL)
        status_px = text_width(small, column.status)
        write(painter, upper, column.status, small, theme.colour(column.colour), RIGHT)
        title = upper.adjusted(0, 0, -status_px - SPACE_PX * 2, 0)
        write(painter, title, column.title, theme.font(TypeSize.LEAD, bold=True), theme.colour(Colour.TEXT))
        write(painter, lower, column.note, small, theme.colour(Colour.TEXT_SECOND))

    def _paint_row(self, painter: QPainter, rect: QRectF, row: BoardRow, *, is_chosen: bool) -> None:
        theme = self.theme
        if is_chosen:
            painter.fillRect(rect, theme.colour(Colour.ACCENT_WASH))
            painter.fillRect(QRectF(rect.x(), rect.y(), 3, rect.height()), theme.colour(Colour.ACCENT))
        small, body = theme.font(TypeSize.SMALL), theme.font(TypeSize.BODY)
        inner = rect.adjusted(SPACE_PX * 3, 0, -SPACE_PX * 2, 0)
        if row.is_lack:
            self._paint_lack(painter, inner, row, is_chosen=is_chosen)
            return
        quiet = theme.colour(Colour.FIGURE if is_chosen else Colour.TEXT_SECOND)
        write(painter, QRectF(inner.x(), inner.y(), _LABEL_PX, inner.height()), row.label, small, quiet)
        x = inner.x() + _LABEL_PX
        self._paint_sign(painter, mark_rect(x, inner.center().y(), _SIGN_PX), row)
        x += _SIGN_PX + SPACE_PX * 2
        told = f"{row.status} {row.more}" if row.more and rect.width() >= _WIDE_PX else row.status
        ink = quiet if row.colour is Colour.TEXT_SECOND else theme.colour(row.colour)
        taken = write(painter, inner, told, small, ink, RIGHT)
        room = QRectF(x, inner.y(), max(0.0, inner.right() - taken - SPACE_PX * 2 - x), inner.height())
        name = write(painter, room, row.title, body, theme.colour(Colour.TEXT))
        write(painter, room.adjusted(name + SPACE_PX * 2, 0, 0, 0), row.note, small, quiet)

    def _paint_lack(self, painter: QPainter, inner: QRectF, row: BoardRow, *, is_chosen: bool) -> None:
        theme = self.theme
        self._paint_sign(painter, mark_rect(inner.x(), inner.center().y(), _SIGN_PX), row)
        room = inner.adjusted(_SIGN_PX + SPACE_PX * 2, 2, 0, -2)
        ink = theme.colour(Colour.TEXT if is_chosen else row.colour)
        write_lines(painter, room, row.title, theme.font(TypeSize.SMALL, bold=True), ink)

    def _paint_sign(self, painter: QPainter, place: QRectF, row: BoardRow) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.is_lack or row.sign is Sign.CROSSED:
            painter.setPen(QPen(self.theme.colour(row.colour), 1.8))
            painter.drawLine(place.topLeft(), place.bottomRight())
            painter.drawLine(place.topRight(), place.bottomLeft())
        elif row.sign is Sign.TAKEN:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.colour(Colour.TEXT_SECOND))
            painter.drawEllipse(place.adjusted(1, 1, -1, -1))
        elif row.sign is not Sign.NONE:
            paint_sign(painter, self.theme, place.adjusted(1, 1, -1, -1), row.sign)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
