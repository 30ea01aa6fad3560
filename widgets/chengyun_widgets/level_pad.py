"""A small table of choices: one row a question, its levels beside each other; digits choose and go on."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.lettering import CENTRE, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme

_NAME_PX = 92
_ROW_PX = TARGET_PX + SPACE_PX


@dataclass(frozen=True, slots=True, kw_only=True)
class PadRow:
    """One question: its key, its name, and the words of its levels from 1 on."""

    key: str
    name: str
    levels: tuple[str, ...]


class LevelPad(Painted):
    """Up and Down change the row, digits and Left/Right the level, Enter confirms all of it."""

    did_change = Signal()
    was_confirmed = Signal()

    def __init__(self, theme: Theme, rows: tuple[PadRow, ...]) -> None:
        super().__init__(theme)
        self._rows = rows
        self._values: dict[str, int] = {}
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(_ROW_PX * len(rows))
        self._speak()

    @property
    def values(self) -> dict[str, int]:
        """Return the levels chosen, from 1 on, by key; rows without one are left out."""
        return dict(self._values)

    def set_values(self, values: Mapping[str, int]) -> None:
        """Choose these levels; told to nobody."""
        known = {row.key: len(row.levels) for row in self._rows}
        self._values = {key: level for key, level in values.items() if 1 <= level <= known.get(key, 0)}
        self._speak()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(_NAME_PX + 4 * 110, self.height())

    @override
    def focus_rect(self) -> QRectF:
        return QRectF(0, self._at * _ROW_PX, self.width(), _ROW_PX)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.key() - Qt.Key.Key_0
        row = self._rows[self._at]
        if 1 <= digit <= len(row.levels):
            self._choose(self._at, digit)
            self._go(1)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._go(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = -1 if event.key() == Qt.Key.Key_Left else 1
            level = self._values.get(row.key, 0) + step
            self._choose(self._at, max(1, min(len(row.levels), level)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.was_confirmed.emit()
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        place, level = self._cell_at(event.position())
        if level:
            self._at = place
            self._choose(place, level)

    @override
    def paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, row in enumerate(self._rows):
            name = QRectF(0, place * _ROW_PX, _NAME_PX, _ROW_PX)
            write(painter, name, row.name, self.theme.font(TypeSize.BODY), self.theme.colour(Colour.TEXT_SECOND))
            for level, word in enumerate(row.levels, 1):
                self._paint_cell(painter, place, level, word)

    def _paint_cell(self, painter: QPainter, place: int, level: int, word: str) -> None:
        row, theme, cell = self._rows[place], self.theme, self._cell(place, level)
        is_chosen = self._values.get(row.key) == level
        painter.setPen(QPen(theme.colour(Colour.ACCENT if is_chosen else Colour.OUTLINE), 1.0))
        painter.setBrush(theme.colour(Colour.ACCENT_FILL if is_chosen else Colour.SUNKEN))
        painter.drawRoundedRect(cell, RADIUS_PX, RADIUS_PX)
        ink = theme.colour(Colour.ON_ACCENT if is_chosen else Colour.TEXT)
        write(painter, cell.adjusted(2, 0, -2, 0), f"{level} {word}", theme.font(TypeSize.BODY), ink, CENTRE)

    def _cell(self, place: int, level: int) -> QRectF:
        count = len(self._rows[place].levels)
        wide = (self.width() - _NAME_PX - SPACE_PX) / count
        left = _NAME_PX + (level - 1) * wide
        return QRectF(left + 1.5, place * _ROW_PX + 2.5, wide - SPACE_PX, _ROW_PX - SPACE_PX - 1)

    def _cell_at(self, at: QPointF) -> tuple[int, int]:
        """Return row and level at a point; level 0 where there is none."""
        place = min(len(self._rows) - 1, max(0, int(at.y() // _ROW_PX)))
        for level in range(1, len(self._rows[place].levels) + 1):
            if self._cell(place, level).adjusted(0, -3, 0, 3).contains(at):
                return place, level
        return place, 0

    def _choose(self, place: int, level: int) -> None:
        self._values[self._rows[place].key] = level
        self._speak()
        self.update()
        self.did_change.emit()

    def _go(self, step: int) -> None:
        self._at = max(0, min(len(self._rows) - 1, self._at + step))
        self._speak()
        self.update()

    def _speak(self) -> None:
        told = [f"{row.name} {row.levels[self._values[row.key] - 1]}" for row in self._rows if row.key in self._values]
        self.setAccessibleDescription("\n".join(told))
