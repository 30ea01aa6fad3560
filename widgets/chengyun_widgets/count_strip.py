"""A row of figures over their names: how much there is of each kind at one glance; nothing of a kind is grey."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import LEFT, text_width, write
from chengyun_widgets.painted import Painted, is_activating
from chengyun_widgets.theme import Theme

HEIGHT_PX = 52
_CELL_PX = 76


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRecord:
    """One figure. `note` stands small beside it, such as how many of them are done."""

    key: str
    name: str
    figure: str
    note: str = ""
    colour: Colour = Colour.FIGURE


class CountStrip(Painted):
    """A function of its records. Left and Right choose one, Enter or a click tells which."""

    count_was_opened = Signal(str)
    """Key of the count that was chosen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._records: tuple[CountRecord, ...] = ()
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(HEIGHT_PX)

    def show_counts(self, records: tuple[CountRecord, ...]) -> None:
        """Show these figures."""
        if records == self._records:
            return
        self._records = records
        self._at = min(self._at, max(0, len(records) - 1))
        spoken = (" ".join(filter(None, (row.name, row.figure, row.note))) for row in records)
        self.setAccessibleDescription("\n".join(spoken))
        self.update()

    def click_targets(self) -> list[QRectF]:
        """Return where a click means something."""
        return [self._cell(at) for at in range(len(self._records))]

    @override
    def paint(self, painter: QPainter) -> None:
        theme = self.theme
        for at, row in enumerate(self._records):
            cell = self._cell(at).adjusted(SPACE_PX * 2, SPACE_PX, 0, -SPACE_PX)
            upper = QRectF(cell.x(), cell.y(), cell.width(), 26)
            taken = write(painter, upper, row.figure, theme.font(TypeSize.FIGURE, bold=True), theme.colour(row.colour))
            note = upper.adjusted(taken + SPACE_PX, 5, 0, 0)
            write(painter, note, row.note, theme.font(TypeSize.SMALL), theme.colour(Colour.TEXT_SECOND), LEFT)
            lower = QRectF(cell.x(), cell.y() + 26, cell.width(), 18)
            write(painter, lower, row.name, theme.font(TypeSize.SMALL), theme.colour(Colour.TEXT_SECOND))

    @override
    def focus_rect(self) -> QRectF:
        return self._cell(self._at) if self._records else QRectF(self.rect())

    @override
    def sizeHint(self) -> QSize:
        return QSize(len(self._records) * _CELL_PX, HEIGHT_PX)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is not None and self._records:
            self._at = min(max(0, self._at + by), len(self._records) - 1)
            self.update()
        elif is_activating(event) and self._records:
            self.count_was_opened.emit(self._records[self._at].key)
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = [at for at in range(len(self._records)) if self._cell(at).contains(event.position())]
        if found:
            self._at = found[0]
            self.update()
            self.count_was_opened.emit(self._records[self._at].key)

    def _cell(self, at: int) -> QRectF:
        """Return the room of a figure: as wide as its words ask for, all the same share of what is left over."""
        wanted = [self._wanted(row) for row in self._records]
        spare = max(0.0, (self.width() - sum(wanted)) / max(1, len(wanted)))
        spare = min(spare, float(SPACE_PX * 6))
        left = sum(wanted[:at]) + spare * at
        return QRectF(left, 0, wanted[at] + spare, self.height())

    def _wanted(self, row: CountRecord) -> float:
        theme = self.theme
        figure = text_width(theme.font(TypeSize.FIGURE, bold=True), row.figure) + SPACE_PX
        note = text_width(theme.font(TypeSize.SMALL), row.note)
        return max(figure + note, text_width(theme.font(TypeSize.SMALL), row.name)) + SPACE_PX * 3 + RADIUS_PX
