"""The seats as one chooses among them at the log-in: who holds each since when, and how much falls there now."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import RIGHT, text_width, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme

ROW_PX = 48
_CODE_PX = 88
_LINE_PX = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """One seat. `holder` is the account that holds it (empty: free), `who` its name; the rest is what is known."""

    code: str
    name: str
    holder: str
    who: str = ""
    since: str = ""
    """Since when, in words."""
    load: str = ""
    """What falls there now, in words; empty: not known."""
    relief: str = ""
    """Why relief is suggested; told in place of the load."""

    @property
    def held_by(self) -> str:
        """Return how the holder is called; empty when nobody holds it."""
        return (self.who or self.holder) if self.holder else ""


class SeatList(Painted):
    """Seats, one per row, chosen by arrows or a click."""

    seat_was_chosen = Signal(str)

    def __init__(self, theme: Theme, free: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._free = free
        self._rows: tuple[SeatRow, ...] = ()
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_rows(self, rows: tuple[SeatRow, ...]) -> None:
        """Show these seats; the choice stays on the same seat."""
        chosen = self.chosen()
        self._rows = rows
        self._at = next((at for at, row in enumerate(rows) if row.code == chosen), 0)
        self.setMinimumHeight(len(rows) * ROW_PX)
        self._tell_chosen()
        self.update()

    def chosen(self) -> str:
        """Return the code of the chosen seat, empty when there is none."""
        return self._rows[self._at].code if self._rows else ""

    def row(self) -> SeatRow | None:
        """Return the chosen seat."""
        return self._rows[self._at] if self._rows else None

    def choose(self, code: str) -> None:
        """Put the choice on a seat when it is there."""
        at = next((at for at, row in enumerate(self._rows) if row.code == code), None)
        if at is not None:
            self._move(at)

    @override
    def paint(self, painter: QPainter) -> None:
        for at, row in enumerate(self._rows):
            rect = QRectF(0, at * ROW_PX, self.width(), ROW_PX)
            if self.dirty_rect.intersects(rect):
                self._paint_row(painter, rect, row, is_chosen=at == self._at)

    @override
    def sizeHint(self) -> QSize:
        return QSize(420, max(1, len(self._rows)) * ROW_PX)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Up:
                self._move(self._at - 1)
            case Qt.Key.Key_Down:
                self._move(self._at + 1)
            case _:
                super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        self._move(int(event.position().y() // ROW_PX))

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def _paint_row(self, painter: QPainter, rect: QRectF, row: SeatRow, *, is_chosen: bool) -> None:
        theme = self.theme
        if is_chosen:
            painter.fillRect(rect, theme.colour(Colour.ACCENT_WASH))
            painter.fillRect(QRectF(rect.x(), rect.y(), 3, rect.height()), theme.colour(Colour.ACCENT))
        painter.fillRect(QRectF(rect.x(), rect.bottom() - 1, rect.width(), 1), theme.colour(Colour.LINE))
        quiet = theme.colour(Colour.FIGURE if is_chosen else Colour.TEXT_SECOND)
        ink = theme.colour(Colour.TEXT)
        lead, small = theme.font(TypeSize.LEAD), theme.font(TypeSize.SMALL)
        inner = rect.adjusted(SPACE_PX * 3, 3, -SPACE_PX * 3, -3)
        upper, lower = QRectF(inner), QRectF(inner)
        upper.setHeight(_LINE_PX)
        lower.setTop(inner.bottom() - _LINE_PX + 2)
        told = row.held_by or self._free
        write(painter, inner, row.code, theme.font(TypeSize.LEAD, bold=True), ink)
        write(painter, upper, told, lead, ink if row.holder else quiet, RIGHT)
        write(painter, lower, row.since, small, quiet, RIGHT)
        name = upper.adjusted(_CODE_PX, 0, -text_width(lead, told) - SPACE_PX * 2, 0)
        below = lower.adjusted(_CODE_PX, 0, -text_width(small, row.since) - SPACE_PX * 2, 0)
        if not (row.load or row.relief):
            name.setHeight(inner.height())
        write(painter, name, row.name, lead, ink)
        relief = theme.colour(Colour.TEXT if is_chosen else Colour.ORANGE_TEXT)
        write(painter, below, row.relief or row.load, small, relief if row.relief else quiet)

    def _tell_chosen(self) -> None:
        """Tell who does not see the rows which seat the choice is on."""
        row = self.row()
        parts = (row.code, row.name, row.held_by or self._free, row.since, row.relief or row.load) if row else ()
        self.setAccessibleDescription(" ".join(part for part in parts if part))

    def _move(self, at: int) -> None:
        if 0 <= at < len(self._rows):
            self._at = at
            self._tell_chosen()
            self.update()
            self.seat_was_chosen.emit(self._rows[at].code)
