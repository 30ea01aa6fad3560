"""A scrolling list of what happened, newest first: two times, a sentence of as many lines as it takes, who did it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QPainter, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import write
from chengyun_widgets.painted import Painted, paint_focus_ring
from chengyun_widgets.theme import Theme

_STAMP_PX = 76
_LINE_PX = 18
_DAY_PX = 24
_GAP_PX = 6
_SPOKEN = 1000
_WRAP = Qt.AlignmentFlag.AlignLeft.value | Qt.AlignmentFlag.AlignTop.value | Qt.TextFlag.TextWordWrap.value


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLine:
    """One thing that happened. `day` heads those of one date; `happened` tells another time than `stamp`'s."""

    key: str
    stamp: str
    day: str
    text: str
    who: str = ""
    happened: str = ""
    colour: Colour = Colour.TEXT


class TimeLines(QScrollArea):
    """Given oldest first, as they are kept; heights are measured once per line and width, also of thousands."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = _Lines(theme, self)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self.text)
        self.text.setAutoFillBackground(False)

    def show_lines(self, lines: Sequence[TimeLine]) -> None:
        """Show these lines; equal ones cost nothing, and what is read stays where it is when newer ones come."""
        bar, before = self.verticalScrollBar(), self.text.minimumHeight()
        if self.text.show_lines(tuple(lines)) and bar.value() > 0:
            bar.setMaximum(max(0, self.text.minimumHeight() - self.viewport().height()))
            bar.setValue(bar.value() + self.text.minimumHeight() - before)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.text.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.text.update()

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if self.hasFocus():
            self.text.update()


class _Lines(Painted):
    def __init__(self, theme: Theme, area: QWidget) -> None:
        super().__init__(theme)
        self._area = area
        self._lines: tuple[TimeLine, ...] = ()
        self._heights: dict[tuple[str, str], float] = {}
        self._tops: list[float] = []
        self._wide = -1

    def show_lines(self, lines: tuple[TimeLine, ...]) -> bool:
        newest = lines[::-1]
        if newest == self._lines:
            return False
        self._lines = newest
        spoken = (f"{line.stamp} {line.text} {line.happened} {line.who}".strip() for line in newest[:_SPOKEN])
        self.setAccessibleDescription("\n".join(spoken))
        self._fit()
        self.update()
        return True

    @override
    def paint(self, painter: QPainter) -> None:
        for place, line in enumerate(self._lines):
            top, end = self._tops[place], self._tops[place + 1]
            if end >= self.dirty_rect.top() and top <= self.dirty_rect.bottom():
                self._paint_line(painter, line, top, heads=self._heads(place))
        if self._area.hasFocus():
            paint_focus_ring(painter, self.theme, QRectF(self.visibleRegion().boundingRect()))

    @override
    def theme_did_change(self) -> None:
        self._heights.clear()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.width() != self._wide:
            self._wide = self.width()
            self._heights.clear()
            self._fit()

    def _heads(self, place: int) -> bool:
        day = self._lines[place].day
        return bool(day) and (place == 0 or day != self._lines[place - 1].day)

    def _fit(self) -> None:
        heights = [
            self._text_height(line) + _LINE_PX + _GAP_PX + (_DAY_PX if self._heads(place) else 0)
            for place, line in enumerate(self._lines)
        ]
        self._tops = list(accumulate(heights, initial=float(SPACE_PX)))
        self.setMinimumHeight(round(self._tops[-1] + SPACE_PX))

    def _text_height(self, line: TimeLine) -> float:
        key = (line.key, line.text)
        if key not in self._heights:
            room = QRectF(0, 0, self._room(), 10_000)
            font = self.theme.font(TypeSize.BODY)
            taken = QFontMetricsF(font).boundingRect(room, _WRAP, line.text).height()
            self._heights[key] = max(float(_LINE_PX), taken)
        return self._heights[key]

    def _room(self) -> float:
        return max(80.0, self.width() - SPACE_PX * 8 - _STAMP_PX)

    def _paint_line(self, painter: QPainter, line: TimeLine, top: float, *, heads: bool) -> None:
        theme, small = self.theme, self.theme.font(TypeSize.SMALL)
        left = SPACE_PX * 4.0
        if heads:
            day = QRectF(left, top, self.width() - left * 2, _DAY_PX - 4)
            write(painter, day, line.day, small, theme.colour(Colour.TEXT_SECOND))
            painter.fillRect(QRectF(left, top + _DAY_PX - 4, day.width(), 1), theme.colour(Colour.LINE))
            top += _DAY_PX
        height = self._text_height(line)
        body = theme.font(TypeSize.BODY)
        write(painter, QRectF(left, top, _STAMP_PX, _LINE_PX), line.stamp, body, theme.colour(Colour.TEXT_SECOND))
        painter.setFont(body)
        painter.setPen(theme.colour(line.colour))
        painter.drawText(QRectF(left + _STAMP_PX, top, self._room(), height), _WRAP, line.text)
        x = left + _STAMP_PX
        if line.happened:
            rect = QRectF(x, top + height, self._room(), _LINE_PX)
            x += write(painter, rect, line.happened, small, theme.colour(Colour.ACCENT)) + SPACE_PX * 2
        write(
            painter, QRectF(x, top + height, self.width() - x - left, _LINE_PX), line.who, small,
            theme.colour(Colour.TEXT_THIRD),
        )  # fmt: skip
