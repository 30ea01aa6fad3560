"""A figure against its plan over months: actual with dots, plan line, target, today, and where the trend leads."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import CENTRE, LEFT, RIGHT, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.presence import Presence, paint_notice
from chengyun_widgets.theme import Theme

_LEFT_PX, _RIGHT_PX, _TOP_PX, _BOTTOM_PX = 64.0, 72.0, 12.0, 26.0
_MOST_TICKS = 12
_MONTH_DAYS = 30.4
_STEPS = (1, 2, 3, 6, 12, 24, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """What a chart shows. Days are proleptic ordinals (date.toordinal), points (day, value) in the order of days.

    `plan` and `trend` are straight lines between two points each, None when there is none. `labels` name the lines for
    the legend: actual, plan, target, trend, today.
    """

    points: tuple[tuple[int, float], ...]
    target: float
    due: int
    today: int
    labels: tuple[str, str, str, str, str]
    plan: tuple[tuple[int, float], tuple[int, float]] | None = None
    trend: tuple[tuple[int, float], tuple[int, float]] | None = None
    decimals: int = 1
    spoken: str = ""
    notice: str = ""


class PlanChart(Painted):
    """A function of its record. No severity is drawn: a target that is missed is no alarm."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._record: PlanRecord | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_record(self, record: PlanRecord) -> None:
        """Show a record; an equal one costs nothing."""
        if record != self._record:
            self._record = record
            self.setAccessibleName(record.labels[0])
            self.setAccessibleDescription(record.spoken)
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(560, 220)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(280, 140)

    @override
    def paint(self, painter: QPainter) -> None:
        record = self._record
        if record is None:
            return
        if not record.points:
            paint_notice(painter, self.theme, QRectF(self.rect()), Presence.EMPTY, record.notice)
            return
        scale = _Scale(record, QRectF(self.rect()).adjusted(_LEFT_PX, _TOP_PX, -_RIGHT_PX, -_BOTTOM_PX))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter, record, scale)
        self._paint_lines(painter, record, scale)
        self._paint_actual(painter, record, scale)

    def _paint_axes(self, painter: QPainter, record: PlanRecord, scale: "_Scale") -> None:
        theme, plot, small = self.theme, scale.plot, self.theme.font(TypeSize.SMALL)
        third = theme.colour(Colour.TEXT_SECOND)
        painter.setPen(QPen(theme.colour(Colour.LINE), 1.0))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        painter.drawLine(plot.topLeft(), plot.bottomLeft())
        for day in scale.months():
            x = scale.x(day)
            painter.setPen(QPen(theme.colour(Colour.LINE), 1.0))
            painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4))
            text = f"{date.fromordinal(day):%Y-%m}"
            write(painter, QRectF(x - 36, plot.bottom() + 5, 72, 18), text, small, third, CENTRE)
        for value in (scale.low, scale.high):
            row = QRectF(0, scale.y(value) - 9, _LEFT_PX - SPACE_PX * 2, 18)
            write(painter, row, f"{value:.{record.decimals}f}", small, third, RIGHT)

    def _paint_lines(self, painter: QPainter, record: PlanRecord, scale: "_Scale") -> None:
        _actual, plan, target, trend, today = record.labels
        second, ornament = self.theme.colour(Colour.TEXT_SECOND), self.theme.colour(Colour.ORNAMENT)
        y = scale.y(record.target)
        painter.setPen(QPen(second, 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(scale.plot.left(), y), QPointF(scale.plot.right(), y))
        self._label(painter, scale, y, f"{target} {record.target:.{record.decimals}f}")
        for ends, pen in (
            (record.plan, QPen(ornament, 1.4)),
            (record.trend, QPen(self.theme.colour(Colour.TRACE), 1.2, Qt.PenStyle.DotLine)),
        ):
            if ends is not None:
                painter.setPen(pen)
                painter.drawLine(*(scale.point(*end) for end in ends))
        small = self.theme.font(TypeSize.SMALL)
        for ends, text, lift in ((record.plan, plan, -16.0), (record.trend, trend, 2.0)):
            if ends is not None:
                x = (scale.x(ends[0][0]) + scale.x(ends[1][0])) / 2 + 4
                y = (scale.y(ends[0][1]) + scale.y(ends[1][1])) / 2 + lift
                write(painter, QRectF(x, y, 90, 16), text, small, second, LEFT)
        x = scale.x(record.today)
        painter.setPen(QPen(self.theme.colour(Colour.OUTLINE), 1.0, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, scale.plot.top()), QPointF(x, scale.plot.bottom()))
        write(painter, QRectF(x + 3, scale.plot.bottom() - 18, 60, 16), today, small, second, LEFT)

    def _paint_actual(self, painter: QPainter, record: PlanRecord, scale: "_Scale") -> None:
        trace = self.theme.colour(Colour.TRACE)
        points = [scale.point(*point) for point in record.points]
        painter.setPen(QPen(trace, 1.8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(trace)
        for point in points:
            painter.drawEllipse(point, 3.0, 3.0)
        last = points[-1]
        told = f"{record.points[-1][1]:.{record.decimals}f}"
        bold, ink = self.theme.font(TypeSize.BODY, bold=True), self.theme.colour(Colour.TEXT)
        write(painter, QRectF(last.x() + 6, last.y() - 20, 80, 18), told, bold, ink, LEFT)

    def _label(self, painter: QPainter, scale: "_Scale", y: float, text: str) -> None:
        row = QRectF(scale.plot.left() + SPACE_PX, y - 18, scale.plot.width(), 16)
        write(painter, row, text, self.theme.font(TypeSize.SMALL), self.theme.colour(Colour.TEXT_SECOND), LEFT)


class _Scale:
    """Days and values to px."""

    def __init__(self, record: PlanRecord, plot: QRectF) -> None:
        ends = (*(record.plan or ()), *(record.trend or ()))
        days = [day for day, _ in (*record.points, *ends)] + [record.due, record.today]
        values = [value for _, value in (*record.points, *ends)] + [record.target]
        self.plot = plot
        self.first, self.last = min(days), max(*days, min(days) + 1)
        room = (max(values) - min(values)) * 0.12 or max(1.0, abs(values[0]) * 0.05)
        self.low, self.high = min(values) - room, max(values) + room

    def x(self, day: int) -> float:
        return float(self.plot.left() + (day - self.first) / (self.last - self.first) * self.plot.width())

    def y(self, value: float) -> float:
        return float(self.plot.bottom() - (value - self.low) / (self.high - self.low) * self.plot.height())

    def point(self, day: int, value: float) -> QPointF:
        return QPointF(self.x(day), self.y(value))

    def months(self) -> list[int]:
        """Return the first days of months to be written, so many as have room."""
        most = min(_MOST_TICKS, max(2, int(self.plot.width() // 84)))
        count = (self.last - self.first) / _MONTH_DAYS
        step = next((step for step in _STEPS if count / step <= most), _STEPS[-1])
        day = date.fromordinal(self.first).replace(day=1)
        found = []
        while day.toordinal() <= self.last:
            if day.toordinal() >= self.first and (day.month - 1) % step == 0:
                found.append(day.toordinal())
            day = day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
        return found
