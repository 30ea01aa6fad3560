"""A scrolling list of what happened, newest first: two times, a sentence of as many lines as it takes, who did it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
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
    """Given oldest first, as they are kept; heights are measured once per line and width, also of thousands.

    Where lines can be chosen, arrows and clicks go from one to the next; Enter or a double click opens one.
    """

    line_was_chosen = Signal(str)
    """Key of the line that is now chosen."""
    line_was_opened = Signal(str)
    """Key of the line that was opened."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, is_choosable: bool = False) -> None:
        super().__init__(parent)
        self.is_choosable = is_choosable
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

    @property
    def chosen(self) -> str:
        """Return the key of the line that is chosen, empty when none is, or it is not here any more."""
        return self.text.chosen if self.text.place_of(self.text.chosen) is not None else ""

    def choose(self, key: str) -> None:
        """Choose a line and bring it into sight."""
        place = self.text.place_of(key)
        if place is None or not self.is_choosable:
            return
        self.text.chosen = key
        rect = self.text.rect_at(place)
        self.ensureVisible(0, round(rect.center().y()), 0, round(rect.height() / 2) + SPACE_PX)
        self.text.update()
        self.line_was_chosen.emit(key)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if not self.is_choosable or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
        elif by:
            self.choose(self.text.key_beside(by))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.chosen:
            self.line_was_opened.emit(self.chosen)
        else:
            super().keyPressEvent(event)

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
    def __init__(self, theme: Theme, area: TimeLines) -> None:
        super().__init__(theme)
        self._area = area
        self._lines: tuple[TimeLine, ...] = ()
        self._heights: dict[tuple[str, str], float] = {}
        self._tops: list[float] = []
        self._wide = -1
        self.chosen = ""

    def place_of(self, key: str) -> int | None:
        return next((place for place, line in enumerate(self._lines) if key and line.key == key), None)

    def key_beside(self, by: int) -> str:
        """Return the key of the line above or below the chosen one; of none chosen that of the newest."""
        if not self._lines:
            return ""
        place = self.place_of(self.chosen)
        return self._lines[0 if place is None else max(0, min(len(self._lines) - 1, place + by))].key

    def rect_at(self, place: int) -> QRectF:
        """Return where a line stands, without the day above it."""
        top = self._tops[place] + (_DAY_PX if self._heads(place) else 0)
        return QRectF(0, top - _GAP_PX / 2, self.width(), self._tops[place + 1] - top)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        key = self._key_at(event.position().y())
        if self._area.is_choosable and key:
            self._area.setFocus()
            self._area.choose(key)
        else:
            super().mousePressEvent(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        key = self._key_at(event.position().y())
        if self._area.is_choosable and key:
            self._area.line_was_opened.emit(key)
        else:
            super().mouseDoubleClickEvent(event)

    def _key_at(self, y: float) -> str:
        return next((line.key for place, line in enumerate(self._lines) if self.rect_at(place).contains(1, y)), "")

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
                if line.key == self.chosen:
                    painter.fillRect(self.rect_at(place), self.theme.colour(Colour.ACCENT_WASH))
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
