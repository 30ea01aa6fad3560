"""A waterfall of hops: one bar per hop from the one before it to itself, a tick where its budget ends, on one axis.

The axis is logarithmic: the first hops take seconds and the last ones hours, and both have to be read.
"""

import math
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import RIGHT, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.presence import Presence, paint_notice
from chengyun_widgets.theme import Theme

ROW_PX = 26
_NAME_PX = 92
_CLOCK_PX = 68
_TOLD_PX = 210
_LEAST_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FallRecord:
    """One hop. Seconds count from the first hop; `end_s` None: not reached. `limit_s`: where its budget ends."""

    name: str
    clock: str = ""
    begin_s: float = 0.0
    end_s: float | None = None
    limit_s: float | None = None
    is_late: bool = False
    told: str = ""
    budget: str = ""


class HopFall(Painted):
    """A function of its records; each row says in words what its bar shows."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._records: tuple[FallRecord, ...] = ()
        self._empty = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_records(self, records: tuple[FallRecord, ...], empty: str = "") -> None:
        """Show these hops; `empty` is the sentence when there are none."""
        if (records, empty) == (self._records, self._empty):
            return
        self._records, self._empty = records, empty
        spoken = (" ".join(filter(None, (row.name, row.clock, row.told, row.budget))) for row in records)
        self.setAccessibleDescription("\n".join(spoken) or empty)
        self.setMinimumHeight(len(records) * ROW_PX + SPACE_PX * 4)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, self.minimumHeight())

    @override
    def paint(self, painter: QPainter) -> None:
        if not self._records:
            paint_notice(painter, self.theme, QRectF(self.rect()), Presence.EMPTY, self._empty)
            return
        y = SPACE_PX * 2.0
        for record in self._records:
            self._paint_row(painter, record, y)
            y += ROW_PX

    def _paint_row(self, painter: QPainter, record: FallRecord, y: float) -> None:
        theme, font = self.theme, self.theme.font(TypeSize.BODY)
        left = SPACE_PX * 4.0
        ink = theme.colour(Colour.TEXT if record.end_s is not None else Colour.TEXT_THIRD)
        write(painter, QRectF(left, y, _NAME_PX, ROW_PX), record.name, font, ink)
        clock = QRectF(left + _NAME_PX, y, _CLOCK_PX, ROW_PX)
        write(painter, clock, record.clock or "—", font, theme.colour(Colour.TEXT_SECOND))
        self._paint_bar(painter, record, y)
        late = Colour.RED_TEXT if record.is_late else Colour.TEXT_SECOND
        room = QRectF(self.width() - left - _TOLD_PX, y, _TOLD_PX, ROW_PX)
        told = "  ".join(part for part in (record.told, record.budget) if part)
        write(painter, room, told, theme.font(TypeSize.SMALL), theme.colour(late), RIGHT)

    def _paint_bar(self, painter: QPainter, record: FallRecord, y: float) -> None:
        theme, lane = self.theme, self._lane()
        middle = y + ROW_PX / 2
        painter.fillRect(QRectF(lane.left(), middle, lane.width(), 1), theme.colour(Colour.LINE))
        if record.end_s is not None:
            begin, end = self._x(record.begin_s), self._x(record.end_s)
            colour = theme.colour(Colour.RED if record.is_late else Colour.TRACE)
            painter.fillRect(QRectF(begin, middle - 4, max(3.0, end - begin), 8), colour)
        if record.limit_s is not None:
            painter.fillRect(QRectF(self._x(record.limit_s) - 1, middle - 8, 2, 16), theme.colour(Colour.TEXT))

    def _lane(self) -> QRectF:
        left = SPACE_PX * 4 + _NAME_PX + _CLOCK_PX + SPACE_PX
        return QRectF(left, 0, max(40.0, self.width() - left - _TOLD_PX - SPACE_PX * 6), 1)

    def _x(self, seconds: float) -> float:
        ends = [max(row.end_s or 0.0, row.limit_s or 0.0) for row in self._records]
        whole = math.log1p(max(_LEAST_S, *ends))
        lane = self._lane()
        return lane.left() + lane.width() * math.log1p(max(0.0, seconds)) / whole
