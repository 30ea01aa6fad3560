"""What happened, on one line of time: a tick and a short label per thing, in lanes that nothing shares."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QToolTip
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import text_width, write
from chengyun_widgets.painted import Painted, is_activating
from chengyun_widgets.plain_tip import plain_tip
from chengyun_widgets.presence import Presence, paint_notice
from chengyun_widgets.theme import Theme

LANE_PX = 18
_GAP_PX = 10.0
_EDGE_PX = SPACE_PX * 3.0
_FOOT_PX = 8.0
"""From the axis to the nearest lane below it."""
_NEAR_PX = 6.0
_AHEAD = 0.04
"""Share of the line that lies after now, so that the newest thing is not at the edge."""
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class StripMark:
    """One thing that happened. `label` is written beside its tick, `tip` tells the whole of it."""

    key: str
    at_ns: int
    label: str
    tip: str = ""
    colour: Colour = Colour.TEXT_SECOND
    weight: int = 0
    """Where room is short the weightier keep their labels; between equals the newer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where a label stands: `lane` counts from the axis, above it 0, 1, …, below it -1, -2, …"""

    mark: StripMark
    x: float
    left: float
    width: float
    lane: int


def written(
    marks: Sequence[StripMark], places: Sequence[float], widths: Sequence[float], room: tuple[float, float], lanes: int
) -> tuple[Written, ...]:
    """Return the labels that find room, none over another; all in px.

    Args:
        marks: in the order of time.
        places: x of each tick.
        widths: width of each label.
        room: left and right end of what can be written on.
        lanes: lanes above the axis, and as many below.
    """
    order = sorted(range(len(marks)), key=lambda at: (-marks[at].weight, -marks[at].at_ns))
    sides = tuple(lane for step in range(lanes) for lane in (step, -1 - step))
    taken: dict[int, list[tuple[float, float]]] = {lane: [] for lane in sides}
    found = []
    for at in order:
        left = min(places[at], room[1] - widths[at])
        if left < room[0]:
            continue
        # Neighbours in time alternate between above and below, so that both sides fill evenly.
        lane = next((one for one in (sides if at % 2 == 0 else _turned(sides))
                     if _is_free(taken[one], left, left + widths[at])), None)  # fmt: skip
        if lane is not None:
            taken[lane].append((left, left + widths[at]))
            found.append(Written(mark=marks[at], x=places[at], left=left, width=widths[at], lane=lane))
    return tuple(sorted(found, key=lambda one: one.x))


def _turned(sides: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(-1 - lane for lane in sides)


def _is_free(taken: list[tuple[float, float]], left: float, right: float) -> bool:
    return all(right + _GAP_PX <= begin or end + _GAP_PX <= left for begin, end in taken)


class TimeStrip(Painted):
    """Arrows go from one thing to the next, Home and End to the ends, Enter or a double click opens one."""

    mark_was_chosen = Signal(str)
    mark_was_opened = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._marks: tuple[StripMark, ...] = ()
        self._now_ns = 0
        self._now_text = self._empty = ""
        self.chosen = ""
        """Key of the mark that is chosen; empty: none."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(2 * LANE_PX + SPACE_PX * 6)

    def show_marks(self, marks: Sequence[StripMark], now_ns: int, now_text: str, empty: str = "") -> None:
        """Show these, oldest first, up to now; `empty` is the sentence when there are none. The same costs nothing."""
        told = (tuple(marks), now_text, empty)
        moved = abs(self._x_of(now_ns) - self._x_of(self._now_ns)) if self._marks else 0.0
        if told == (self._marks, self._now_text, self._empty) and moved < 1.0:
            return
        (self._marks, self._now_text, self._empty), self._now_ns = told, now_ns
        self.setAccessibleDescription("\n".join(mark.tip or mark.label for mark in self._marks) or empty)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 4 * LANE_PX + SPACE_PX * 6)

    def choose(self, key: str) -> None:
        """Choose a mark by its key."""
        if key != self.chosen and any(mark.key == key for mark in self._marks):
            self.chosen = key
            self.update()
            self.mark_was_chosen.emit(key)

    def labels(self) -> tuple[Written, ...]:
        """Return what is written now and where; the chosen one first of all."""
        font = self.theme.font(TypeSize.SMALL)
        weighed = [self._weighed(mark) for mark in self._marks]
        places = [self._x_of(mark.at_ns) for mark in weighed]
        widths = [text_width(font, mark.label) + 1.0 for mark in weighed]
        return written(weighed, places, widths, (_EDGE_PX, self.width() - _EDGE_PX), self._lanes())

    def _weighed(self, mark: StripMark) -> StripMark:
        if mark.key != self.chosen:
            return mark
        return StripMark(
            key=mark.key, at_ns=mark.at_ns, label=mark.label, tip=mark.tip, colour=Colour.ACCENT, weight=99
        )

    def _lanes(self) -> int:
        return 2 if self.height() >= 4 * LANE_PX + SPACE_PX * 3 else 1

    def _axis_y(self) -> float:
        return self._lanes() * LANE_PX + (self.height() - 2 * self._lanes() * LANE_PX - _FOOT_PX) / 2

    def _x_of(self, at_ns: int) -> float:
        if not self._marks:
            return _EDGE_PX
        begin = self._marks[0].at_ns
        span = max(1, self._now_ns - begin, self._marks[-1].at_ns - begin) * (1 + _AHEAD)
        return _EDGE_PX + (at_ns - begin) / span * (self.width() - 2 * _EDGE_PX)

    @override
    def paint(self, painter: QPainter) -> None:
        self._paint_frame(painter)
        if not self._marks:
            paint_notice(painter, self.theme, QRectF(self.rect()), Presence.EMPTY, self._empty)
            return
        self._paint_axis(painter)
        labels = self.labels()
        told = {one.mark.key for one in labels}
        for mark in self._marks:
            if mark.key not in told:
                self._paint_tick(painter, self._x_of(mark.at_ns), mark.colour, -SPACE_PX, SPACE_PX)
        for one in labels:
            self._paint_label(painter, one)

    def _paint_frame(self, painter: QPainter) -> None:
        """It stands on a page without a head of its own, framed as panels are."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.colour(Colour.LINE), 1.0))
        painter.setBrush(self.theme.colour(Colour.PANEL))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_axis(self, painter: QPainter) -> None:
        theme, y, now_x = self.theme, self._axis_y(), self._x_of(self._now_ns)
        painter.setPen(QPen(theme.colour(Colour.OUTLINE), 1.0))
        painter.drawLine(QPointF(_EDGE_PX, y), QPointF(self.width() - _EDGE_PX, y))
        painter.setPen(QPen(theme.colour(Colour.ACCENT), 1.0))
        painter.drawLine(QPointF(now_x, y - SPACE_PX), QPointF(now_x, y + SPACE_PX))

    def _paint_label(self, painter: QPainter, one: Written) -> None:
        y, lane = self._axis_y(), one.lane
        if lane >= 0:
            top = y - (lane + 1) * LANE_PX - SPACE_PX
            self._paint_tick(painter, one.x, one.mark.colour, top + LANE_PX - y, 0.0)
        else:
            top = y + _FOOT_PX - (lane + 1) * LANE_PX
            self._paint_tick(painter, one.x, one.mark.colour, 0.0, top - y)
        font, ink = self.theme.font(TypeSize.SMALL), self.theme.colour(one.mark.colour)
        write(painter, QRectF(one.left, top, one.width, LANE_PX), one.mark.label, font, ink)

    def _paint_tick(self, painter: QPainter, x: float, colour: Colour, above: float, below: float) -> None:
        y = self._axis_y()
        painter.setPen(QPen(self.theme.colour(colour), 1.0))
        painter.drawLine(QPointF(x, y + above), QPointF(x, y + below))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, marks = Qt.Key(event.key()), self._marks
        place = next((at for at, mark in enumerate(marks) if mark.key == self.chosen), None)
        if not marks or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _STEPS:
            fresh = len(marks) - 1 if place is None else min(len(marks) - 1, max(0, place + _STEPS[key]))
            self.choose(marks[fresh].key)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.choose(marks[0 if key == Qt.Key.Key_Home else -1].key)
        elif is_activating(event) and place is not None:
            self.mark_was_opened.emit(self.chosen)
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        mark = self._mark_at(event.position())
        if mark is not None:
            self.choose(mark.key)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        mark = self._mark_at(event.position())
        if mark is not None:
            self.mark_was_opened.emit(mark.key)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            mark = self._mark_at(QPointF(event.pos()))
            if mark is not None:
                QToolTip.showText(event.globalPos(), plain_tip(mark.tip or mark.label), self)
                return True
        return super().event(event)

    def _mark_at(self, at: QPointF) -> StripMark | None:
        """Return the mark whose label or tick is under a point."""
        y = self._axis_y()
        for one in self.labels():
            top = y - (one.lane + 1) * LANE_PX - SPACE_PX if one.lane >= 0 else y + _FOOT_PX - (one.lane + 1) * LANE_PX
            if QRectF(one.left, top, one.width, LANE_PX).contains(at):
                return next(mark for mark in self._marks if mark.key == one.mark.key)
        places = [self._x_of(mark.at_ns) for mark in self._marks]
        near = bisect_left(places, at.x() - _NEAR_PX)
        if near < len(places) and places[near] <= at.x() + _NEAR_PX:
            return self._marks[near]
        return None
