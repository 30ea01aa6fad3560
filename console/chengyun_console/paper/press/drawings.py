"""Charts and heat grids as pieces of a page, drawn in lines and areas: sharp at every size."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from chengyun_console.paper.press.lines import samples
from chengyun_console.paper.printed import UNKNOWN_CELL, PrintedChart, PrintedGrid, PrintedGroup, PrintedSeries
from chengyun_resources.theme.tokens import SPACE_PX, TRACES, Colour, Opacity, Severity, TypeSize
from chengyun_widgets.axis_ticks import (
    fitted_range,
    nice_step,
    tick_text,
    time_step_s,
    time_ticks,
    value_label,
    value_ticks,
)
from chengyun_widgets.lettering import CENTRE, RIGHT, write
from chengyun_widgets.shapes import mark_rect, paint_mark
from chengyun_widgets.theme import Theme

_HEAD_PX, _FOOT_PX, _AXIS_PX = 46.0, 34.0, 52.0
MOST_POINTS = 4_000
"""Points of a line on paper: more than a printer has dots in its width; extremes are kept."""
_CELL_PX = 9.0
_GROUP_GAP_PX = 16.0


class ChartPiece:
    """A chart with both axes, limits, marks and a legend."""

    keeps_next, repeated = False, None

    def __init__(self, theme: Theme, chart: PrintedChart, height: float, utc_offset_s: int) -> None:
        self._theme, self._chart, self._offset_s = theme, chart, utc_offset_s
        self.height = height
        self._lines = [_thinned(*samples(series)) for series in chart.series]
        self._range = self._value_range()

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Paint the chart."""
        plot = rect.adjusted(_AXIS_PX, _HEAD_PX, -SPACE_PX * 2, -_FOOT_PX)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour(Colour.LINE), 1.0))
        painter.drawRect(rect.adjusted(0, 2, 0, -4))
        self._paint_head(painter, rect.adjusted(SPACE_PX * 2, 6, -SPACE_PX * 2, 0))
        self._paint_bands(painter, plot)
        self._paint_axes(painter, plot)
        painter.setClipRect(plot)
        self._paint_steps(painter, plot)
        for at, series in enumerate(self._chart.series):
            self._paint_line(painter, plot, at, series)
        painter.setClipping(False)
        self._paint_marks(painter, plot)
        if self._chart.notice:
            ink = self._theme.colour(Colour.TEXT_SECOND)
            write(painter, plot, self._chart.notice, self._theme.font(TypeSize.BODY), ink, CENTRE)
        painter.restore()

    def _paint_head(self, painter: QPainter, rect: QRectF) -> None:
        theme, chart = self._theme, self._chart
        line = QRectF(rect.left(), rect.top(), rect.width(), 20)
        figure = f"{chart.value} {chart.unit}".strip()
        ink = theme.ink(chart.severity) if chart.severity else theme.colour(Colour.TEXT)
        taken = write(painter, line, figure, theme.font(TypeSize.TITLE, bold=True), ink, RIGHT)
        if chart.severity:
            paint_mark(painter, theme, mark_rect(line.right() - taken - 20, line.center().y(), 12), chart.severity)
            taken += 24
        aged = line.adjusted(0, 0, -taken - SPACE_PX * 2, 0)
        taken += write(painter, aged, chart.age, theme.font(TypeSize.SMALL), theme.colour(Colour.TEXT_SECOND), RIGHT)
        room = line.adjusted(0, 0, -taken - SPACE_PX * 4, 0)
        write(painter, room, chart.title, theme.font(TypeSize.LEAD, bold=True), theme.colour(Colour.TEXT))
        self._paint_legend(painter, QRectF(rect.left(), rect.top() + 20, rect.width(), 18))

    def _paint_legend(self, painter: QPainter, rect: QRectF) -> None:
        theme, font = self._theme, self._theme.font(TypeSize.SMALL)
        second = theme.colour(Colour.TEXT_SECOND)
        if len(self._chart.series) < 2:
            write(painter, rect, self._chart.limits, font, second)
            return
        x = rect.left()
        for at, series in enumerate(self._chart.series):
            painter.setPen(self._pen(at))
            painter.drawLine(QPointF(x, rect.center().y()), QPointF(x + 16, rect.center().y()))
            room = QRectF(x + 20, rect.top(), max(0.0, rect.right() - x - 20), rect.height())
            x += 20 + write(painter, room, f"{series.name} {series.unit}".strip(), font, second) + SPACE_PX * 4

    def _paint_bands(self, painter: QPainter, plot: QRectF) -> None:
        theme = self._theme
        for band in self._chart.bands:
            top, bottom = self._y(plot, band.high), self._y(plot, band.low)
            ground = theme.fill(band.severity)
            ground.setAlphaF(theme.tokens.opacities[Opacity.BAND])
            painter.fillRect(QRectF(plot.left(), top, plot.width(), max(0.0, bottom - top)), ground)
        for band in self._chart.bands:
            if not self._range[0] < band.edge < self._range[1]:
                continue
            y = self._y(plot, band.edge)
            painter.setPen(QPen(theme.fill(band.severity), 1.0, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            paint_mark(painter, theme, mark_rect(plot.right() - 10, y - 7, 8), band.severity)
            label = QRectF(plot.left() + 4, y - 15, 80, 14)
            write(painter, label, f"{band.edge:g}", theme.font(TypeSize.SMALL), theme.ink(band.severity))

    def _paint_steps(self, painter: QPainter, plot: QRectF) -> None:
        """Paint limits as they were: each holds until the next."""
        for limit in self._chart.steps:
            painter.setPen(QPen(self._theme.fill(limit.severity), 1.0, Qt.PenStyle.DashLine))
            ends = (*(since_ns for since_ns, _ in limit.steps[1:]), self._chart.t1_ns)
            for (since_ns, value), until_ns in zip(limit.steps, ends, strict=True):
                left, right = max(plot.left(), self._x(plot, since_ns)), min(plot.right(), self._x(plot, until_ns))
                if self._range[0] < value < self._range[1] and left < right:
                    y = self._y(plot, value)
                    painter.drawLine(QPointF(left, y), QPointF(right, y))
                    label = QRectF(left + 4, y - 15, 80, 14)
                    ink = self._theme.ink(limit.severity)
                    write(painter, label, f"{value:g}", self._theme.font(TypeSize.SMALL), ink)

    def _paint_axes(self, painter: QPainter, plot: QRectF) -> None:
        theme, chart = self._theme, self._chart
        font, ink, line = theme.font(TypeSize.SMALL), theme.colour(Colour.TEXT_SECOND), theme.colour(Colour.LINE)
        at_most = max(2, int(plot.height() // 34))
        step = nice_step((self._range[1] - self._range[0]) / at_most)
        for value in value_ticks(*self._range, at_most):
            y = self._y(plot, value)
            painter.setPen(QPen(line, 0.6))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            label = QRectF(plot.left() - _AXIS_PX, y - 8, _AXIS_PX - 6, 16)
            write(painter, label, value_label(value, step), font, ink, RIGHT)
        seconds = time_step_s(chart.t0_ns, chart.t1_ns, max(2, int(plot.width() // 90)))
        for time_ns in time_ticks(chart.t0_ns, chart.t1_ns, seconds, self._offset_s):
            x = self._x(plot, time_ns)
            painter.setPen(QPen(line, 0.6))
            painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4))
            label = QRectF(x - 50, plot.bottom() + 5, 100, 16)
            write(painter, label, tick_text(time_ns, seconds, self._offset_s), font, ink, CENTRE)
        painter.setPen(QPen(theme.colour(Colour.OUTLINE), 1.0))
        painter.drawPolyline(QPolygonF([plot.topLeft(), plot.bottomLeft(), plot.bottomRight()]))

    def _paint_line(self, painter: QPainter, plot: QRectF, at: int, series: PrintedSeries) -> None:
        times, values = self._lines[at]
        if not times.size:
            return
        span = max(1, self._chart.t1_ns - self._chart.t0_ns)
        xs = plot.left() + (times - self._chart.t0_ns) / span * plot.width()
        low, high = self._range
        ys = plot.bottom() - (values - low) / (high - low) * plot.height()
        is_new = np.zeros(times.size, bool)
        is_new[0] = True
        if series.gap_ns:
            is_new[1:] = np.diff(times) > series.gap_ns
        path, is_down = QPainterPath(), False
        for x, y, starts in zip(xs.tolist(), ys.tolist(), is_new.tolist(), strict=True):
            if y != y:
                is_down = False
            elif starts or not is_down:
                path.moveTo(x, y)
                is_down = True
            else:
                path.lineTo(x, y)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._pen(at))
        painter.drawPath(path)

    def _paint_marks(self, painter: QPainter, plot: QRectF) -> None:
        for mark in self._chart.marks:
            if self._chart.t0_ns <= mark.time_ns <= self._chart.t1_ns:
                x = self._x(plot, mark.time_ns)
                paint_mark(painter, self._theme, mark_rect(x - 5, plot.bottom() - 7, 10), mark.severity)

    def _pen(self, at: int) -> QPen:
        """Return a line's pen: its colour, and its own dashes too, for a copy in grey."""
        pen = QPen(self._theme.colour(TRACES[at % len(TRACES)]), 1.1)
        if at:
            pen.setDashPattern(_DASHES[(at - 1) % len(_DASHES)])
        return pen

    def _value_range(self) -> tuple[float, float]:
        known = [values[np.isfinite(values)] for _, values in self._lines]
        joined = np.concatenate([*known, np.zeros(0)])
        limits = [band.edge for band in self._chart.bands if math.isfinite(band.edge)]
        limits += [value for limit in self._chart.steps for _, value in limit.steps[-1:] if math.isfinite(value)]
        if not joined.size:
            return (min(limits), max(limits) + 1.0) if limits else (0.0, 1.0)
        return fitted_range((float(joined.min()), float(joined.max())), limits, (0.0, 0.0))

    def _y(self, plot: QRectF, value: float) -> float:
        low, high = self._range
        return plot.bottom() - (min(max(value, low), high) - low) / (high - low) * plot.height()

    def _x(self, plot: QRectF, time_ns: int) -> float:
        span = max(1, self._chart.t1_ns - self._chart.t0_ns)
        return plot.left() + (time_ns - self._chart.t0_ns) / span * plot.width()


_DASHES = ([6.0, 2.0], [2.0, 2.0], [8.0, 2.0, 2.0, 2.0], [1.0, 2.0], [10.0, 3.0], [4.0, 4.0], [3.0, 1.0])


class GridPiece:
    """One row of groups of a heat grid: a square per vital, its severity's shape on it."""

    keeps_next, repeated = False, None

    def __init__(self, theme: Theme, groups: tuple[PrintedGroup, ...], columns: int, width: float) -> None:
        self._theme, self._groups = theme, groups
        self._width = width / columns
        self._across = max(1, int((self._width - _GROUP_GAP_PX) // _CELL_PX))
        most = max((len(group.severity) for group in groups), default=0)
        self.height = 22 + math.ceil(most / self._across) * _CELL_PX + SPACE_PX * 2

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Paint the groups beside each other."""
        for at, group in enumerate(self._groups):
            x = rect.left() + at * self._width
            title = QRectF(x, rect.top(), self._width - _GROUP_GAP_PX, 20)
            font = self._theme.font(TypeSize.SMALL, bold=True)
            count = f"{len(group.severity):,}"
            second = self._theme.colour(Colour.TEXT_SECOND)
            taken = write(painter, title, count, self._theme.font(TypeSize.SMALL), second, RIGHT)
            room = title.adjusted(0, 0, -taken - SPACE_PX, 0)
            write(painter, room, group.title, font, self._theme.colour(Colour.TEXT))
            self._paint_cells(painter, x, rect.top() + 22, group)

    def _paint_cells(self, painter: QPainter, x: float, y: float, group: PrintedGroup) -> None:
        theme = self._theme
        for at, severity in enumerate(group.severity):
            row, column = divmod(at, self._across)
            cell = QRectF(x + column * _CELL_PX, y + row * _CELL_PX, _CELL_PX - 1, _CELL_PX - 1)
            if severity == UNKNOWN_CELL:
                painter.setPen(QPen(theme.colour(Colour.ORNAMENT), 0.6, Qt.PenStyle.DotLine))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(cell.adjusted(0.5, 0.5, -0.5, -0.5))
            elif severity in (Severity.RED, Severity.ORANGE, Severity.YELLOW, Severity.BLUE):
                paint_mark(painter, theme, cell, severity)
            else:
                painter.fillRect(cell, theme.colour(Colour.CELL))


def grid_pieces(theme: Theme, grid: PrintedGrid, width: float) -> list[GridPiece]:
    """Return the rows of a heat grid, four groups beside each other on wide paper, two on narrow."""
    columns = 4 if width > 800 else 2
    starts = range(0, len(grid.groups), columns)
    return [GridPiece(theme, grid.groups[at : at + columns], columns, width) for at in starts]


class ChartRow:
    """Two charts beside each other."""

    keeps_next, repeated = False, None

    def __init__(self, charts: tuple[ChartPiece, ...]) -> None:
        self._charts = charts
        self.height = max(chart.height for chart in charts)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Paint them."""
        width = (rect.width() - SPACE_PX * 3) / 2
        for at, chart in enumerate(self._charts):
            chart.paint(painter, QRectF(rect.left() + at * (width + SPACE_PX * 3), rect.top(), width, rect.height()))


def _thinned(times: NDArray[np.int64], values: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return at most MOST_POINTS points: least and greatest of each bin, in their order; breaks are kept."""
    if times.size <= MOST_POINTS:
        return times, values
    per_bin = -(-times.size // (MOST_POINTS // 2))
    starts = np.arange(0, times.size, per_bin)
    kept: list[int] = []
    for start in starts.tolist():
        part = values[start : start + per_bin]
        finite = np.flatnonzero(np.isfinite(part))
        broken = np.flatnonzero(~np.isfinite(part))[:1].tolist()
        ends = [int(finite[np.argmin(part[finite])]), int(finite[np.argmax(part[finite])])] if finite.size else []
        kept += [start + at for at in sorted({*ends, *broken})]
    chosen = np.array(kept, np.int64)
    return times[chosen], values[chosen]
