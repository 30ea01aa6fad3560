"""Rows in order of their figure, each with a bar: who stands where among its like."""

import math
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QScrollArea, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, Severity, TypeSize
from chengyun_widgets.lettering import LEFT, RIGHT, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.shapes import mark_rect, paint_mark
from chengyun_widgets.theme import Theme

_NAME_SHARE = 0.34
_VALUE_PX = 108
_PLACE_PX = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class RankRow:
    """One row. `value` NaN: none. `is_own`: the one that was asked about; a stale row is hollow."""

    key: str
    name: str
    value: float
    text: str
    severity: Severity = Severity.NONE
    is_stale: bool = False
    is_own: bool = False


def ranked(rows: tuple[RankRow, ...]) -> tuple[RankRow, ...]:
    """Return the rows greatest first; those without a value last, in their order."""
    return tuple(sorted(rows, key=lambda row: (math.isnan(row.value), 0.0 if math.isnan(row.value) else -row.value)))


def span_of(rows: tuple[RankRow, ...]) -> tuple[float, float]:
    """Return what the bars run from and to: zero is within when the figures are of its size, else it would say nothing.

    Levels above sea, pressures and dates differ by little of themselves: bars from zero would all look alike.
    """
    values = [row.value for row in rows if math.isfinite(row.value)]
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    if low >= 0.0 and (low <= 0.5 * high or high == 0.0):
        low = 0.0
    elif high <= 0.0 and high >= 0.5 * low:
        high = 0.0
    else:
        low -= (high - low) * 0.1
    return (low, high) if high > low else (low - 1.0, low)


class RankBars(QScrollArea):
    """A function of its rows. Up/Down choose one, Enter or a double click opens it."""

    row_was_chosen = Signal(str)
    row_was_opened = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars = _Bars(theme, self)
        self._own = ""
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self.bars)
        self.bars.setAutoFillBackground(False)

    def show_rows(self, rows: tuple[RankRow, ...], title: str) -> None:
        """Show rows as they are ordered; the chosen one stays chosen. Another own row is brought into view."""
        own = next((at for at, row in enumerate(rows) if row.is_own), None)
        is_other = own is not None and rows[own].key != self._own
        self.bars.show_rows(rows, title)
        if own is not None and is_other:
            self._own = rows[own].key
            # The rows have their height only after the layout was done.
            QTimer.singleShot(0, self, partial(self._show_place, own))

    def _show_place(self, at: int) -> None:
        self.ensureVisible(0, at * TARGET_PX + TARGET_PX // 2, 0, TARGET_PX * 2)

    def set_theme(self, theme: Theme) -> None:
        """Change to another theme at once."""
        self.bars.set_theme(theme)


class _Bars(Painted):
    def __init__(self, theme: Theme, area: RankBars) -> None:
        super().__init__(theme)
        self._area = area
        self.rows: tuple[RankRow, ...] = ()
        self.chosen = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_rows(self, rows: tuple[RankRow, ...], title: str) -> None:
        if rows == self.rows:
            return
        self.rows = rows
        self.setMinimumHeight(len(rows) * TARGET_PX)
        self.setAccessibleName(title)
        self.setAccessibleDescription("\n".join(f"{at}. {row.name} {row.text}" for at, row in enumerate(rows, 1)))
        self.update()

    @override
    def paint(self, painter: QPainter) -> None:
        low, high = span_of(self.rows)
        for at, row in enumerate(self.rows):
            rect = QRectF(0, at * TARGET_PX, self.width(), TARGET_PX)
            if self.dirty_rect.intersects(rect):
                self._paint_row(painter, rect, at + 1, row, (low, high))

    def _paint_row(self, painter: QPainter, rect: QRectF, place: int, row: RankRow, span: tuple[float, float]) -> None:
        theme, font = self.theme, self.theme.font(TypeSize.SMALL, bold=row.is_own)
        if row.key == self.chosen or row.is_own:
            painter.fillRect(rect, theme.colour(Colour.ACCENT_WASH if row.key == self.chosen else Colour.RAISED))
        second = theme.colour(Colour.TEXT_SECOND)
        name_px = rect.width() * _NAME_SHARE
        number = QRectF(0, rect.top(), _PLACE_PX, rect.height())
        write(painter, number, str(place), font, second, RIGHT)
        name = QRectF(_PLACE_PX + SPACE_PX * 2, rect.top(), name_px - SPACE_PX * 2, rect.height())
        write(painter, name, row.name, font, theme.colour(Colour.TEXT), LEFT)
        left = _PLACE_PX + name_px + SPACE_PX
        bar = QRectF(left, rect.top() + 8, max(1.0, rect.width() - left - _VALUE_PX - SPACE_PX * 2), rect.height() - 16)
        self._paint_bar(painter, bar, row, span)
        ink = second if row.is_stale else theme.ink(row.severity)
        value = QRectF(rect.right() - _VALUE_PX - SPACE_PX * 2, rect.top(), _VALUE_PX, rect.height())
        taken = write(painter, value, row.text, font, ink, RIGHT)
        if row.severity or row.is_stale:
            square = mark_rect(value.right() - taken - 18, rect.center().y(), 12)
            paint_mark(painter, theme, square, row.severity, stale=row.is_stale)

    def _paint_bar(self, painter: QPainter, bar: QRectF, row: RankRow, span: tuple[float, float]) -> None:
        if not math.isfinite(row.value):
            return
        low, high = span
        zero = min(max(0.0, low), high)
        ends = sorted(bar.left() + (value - low) / (high - low) * bar.width() for value in (zero, row.value))
        whole = QRectF(QPointF(ends[0], bar.top()), QPointF(max(ends[1], ends[0] + 1.0), bar.bottom()))
        ink = self.theme.colour(Colour.ACCENT if row.is_own else Colour.ORNAMENT)
        if row.is_stale:
            painter.setPen(QPen(ink, 1.0, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(whole)
        else:
            painter.fillRect(whole, ink)

    @override
    def sizeHint(self) -> QSize:
        return QSize(360, self.minimumHeight())

    @override
    def focus_rect(self) -> QRectF:
        at = self._chosen_place()
        return QRectF(self.rect()) if at < 0 else QRectF(0, at * TARGET_PX, self.width(), TARGET_PX)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self.rows:
            at = min(max(self._chosen_place() + step, 0), len(self.rows) - 1)
            self._choose(at)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._chosen_place() >= 0:
            self._area.row_was_opened.emit(self.chosen)
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = int(event.position().y() // TARGET_PX)
        if event.button() == Qt.MouseButton.LeftButton and 0 <= at < len(self.rows):
            self._choose(at)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._chosen_place() >= 0:
            self._area.row_was_opened.emit(self.chosen)

    def _choose(self, at: int) -> None:
        self.chosen = self.rows[at].key
        self._area.ensureVisible(0, at * TARGET_PX + TARGET_PX // 2, 0, TARGET_PX)
        self._area.row_was_chosen.emit(self.chosen)
        self.update()

    def _chosen_place(self) -> int:
        return next((at for at, row in enumerate(self.rows) if row.key == self.chosen), -1)
