"""What stands still in a trend - bands, limit lines, ticks, title, legend - painted once into a picture."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from chengyun_resources.theme.tokens import SPACE_PX, TRACES, Colour, Opacity, TypeSize
from chengyun_widgets.axis_ticks import nice_step, value_label, value_ticks
from chengyun_widgets.lettering import CENTRE, LEFT, RIGHT, text_width, write
from chengyun_widgets.presence import Presence, paint_notice
from chengyun_widgets.theme import Theme
from chengyun_widgets.trend_record import TrendRecord, TrendSeries

MARGIN_PX = SPACE_PX * 3
HEADER_PX = 40
FOOTER_PX = 32
_AXIS_PX = 56
_LEGEND_PX = 24
_TICK_GAP_PX = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Geometry of a chart: its size in px, screen ratio, where the plot is, and the value range it shows."""

    width: int
    height: int
    ratio: float
    plot: QRectF
    low: float
    high: float
    has_axes: bool

    def y(self, value: float) -> float:
        """Return the vertical place of a value, kept inside the plot (also for ±inf)."""
        share = (self.high - value) / (self.high - self.low)
        return self.plot.top() + min(1.0, max(0.0, share)) * self.plot.height()


def plot_rect(width: int, height: int, *, has_axes: bool, has_legend: bool) -> QRectF:
    """Return where the lines go in a chart of this size."""
    left = _AXIS_PX if has_axes else MARGIN_PX
    top = HEADER_PX + (_LEGEND_PX if has_legend else 0)
    return QRectF(left, top, max(1, width - left - MARGIN_PX), max(1, height - top - FOOTER_PX))


def series_colour(series: TrendSeries, index: int, count: int) -> Colour | None:
    """Return the token of a line; None means the severity's own colour (a single line without one)."""
    if series.colour is not None:
        return series.colour
    return TRACES[index % len(TRACES)] if count > 1 else None


def furniture(theme: Theme, record: TrendRecord, frame: Frame) -> QPixmap:
    """Return the picture everything that moves is painted upon."""
    # Rounded up: a widget of half a device pixel more than its picture would show what was there before.
    picture = QPixmap(math.ceil(frame.width * frame.ratio), math.ceil(frame.height * frame.ratio))
    picture.setDevicePixelRatio(frame.ratio)
    picture.fill(theme.colour(Colour.PANEL))
    painter = QPainter(picture)
    if record.presence in (Presence.EMPTY, Presence.REFUSED):
        paint_notice(painter, theme, frame.plot, record.presence, record.notice)
    else:
        _paint_bands(painter, theme, record, frame)
        if frame.has_axes:
            _paint_value_axis(painter, theme, frame)
        if len(record.series) > 1:
            _paint_legend(painter, theme, record, frame)
        footer = QRectF(frame.plot.left() + 48, frame.height - FOOTER_PX, frame.plot.width() - 96, FOOTER_PX - 4)
        if not frame.has_axes:
            third = theme.colour(Colour.TEXT_THIRD)
            write(painter, footer, record.limits, theme.font(TypeSize.SMALL), third, CENTRE)
    painter.end()
    return picture


def paint_header(painter: QPainter, theme: Theme, record: TrendRecord, width: float) -> None:
    """Write title, value, unit and age. A stale value is hollow: it can never be taken for a live one."""
    rect, right = QRectF(MARGIN_PX, 4, width - 2 * MARGIN_PX, HEADER_PX - 8), width - MARGIN_PX
    second = theme.colour(Colour.TEXT_SECOND)
    unit_font, value_font = theme.font(TypeSize.LEAD), theme.font(TypeSize.FIGURE, bold=True)
    if record.unit:
        unit = QRectF(rect.left(), rect.top() + 3, rect.width(), rect.height())
        right -= write(painter, unit, record.unit, unit_font, second, RIGHT) + SPACE_PX
    value = QRectF(rect.left(), rect.top(), right - rect.left(), rect.height())
    taken = text_width(value_font, record.value)
    if record.presence is Presence.STALE:
        _write_hollow(painter, theme, record.value, QPointF(right - taken, value.bottom() - 8))
        right -= taken + SPACE_PX * 2
        aged = QRectF(rect.left(), rect.top() + 3, right - rect.left(), rect.height())
        right -= write(painter, aged, record.age, theme.font(TypeSize.SMALL), second, RIGHT) + SPACE_PX * 2
    else:
        write(painter, value, record.value, value_font, _value_ink(theme, record), RIGHT)
        right -= taken + SPACE_PX * 2
    title = QRectF(rect.left(), rect.top() + 2, right - rect.left(), rect.height())
    write(painter, title, record.title, theme.font(TypeSize.LEAD), theme.colour(Colour.TEXT), LEFT)


def _value_ink(theme: Theme, record: TrendRecord) -> QColor:
    return theme.ink(record.severity) if record.severity else theme.colour(Colour.TRACE)


def _write_hollow(painter: QPainter, theme: Theme, text: str, baseline: QPointF) -> None:
    path = QPainterPath()
    path.addText(baseline, theme.font(TypeSize.FIGURE, bold=True), text)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(path, QPen(theme.colour(Colour.TEXT_SECOND), 1.0))
    painter.restore()


def _paint_bands(painter: QPainter, theme: Theme, record: TrendRecord, frame: Frame) -> None:
    for band in record.bands:
        ground = theme.fill(band.severity)
        ground.setAlphaF(theme.tokens.opacities[Opacity.BAND])
        top, bottom = frame.y(band.high), frame.y(band.low)
        painter.fillRect(QRectF(frame.plot.left(), top, frame.plot.width(), bottom - top), ground)
    for band in record.bands:
        if frame.low < band.edge < frame.high:
            line = theme.fill(band.severity)
            line.setAlphaF(theme.tokens.opacities[Opacity.BAND_LIMIT])
            painter.setPen(QPen(line, 1.0, Qt.PenStyle.DashLine))
            y = round(frame.y(band.edge)) + 0.5
            painter.drawLine(QPointF(frame.plot.left(), y), QPointF(frame.plot.right(), y))
            if frame.has_axes:
                label = QRectF(frame.plot.left() + 4, y - 17, 76, 16)
                write(painter, label, f"{band.edge:g}", theme.font(TypeSize.SMALL), theme.ink(band.severity))


def _paint_value_axis(painter: QPainter, theme: Theme, frame: Frame) -> None:
    font, third = theme.font(TypeSize.SMALL), theme.colour(Colour.TEXT_THIRD)
    at_most = max(2, int(frame.plot.height() // _TICK_GAP_PX))
    step = nice_step((frame.high - frame.low) / at_most)
    for value in value_ticks(frame.low, frame.high, at_most):
        y = round(frame.y(value)) + 0.5
        painter.setPen(QPen(theme.colour(Colour.LINE), 1.0))
        painter.drawLine(QPointF(frame.plot.left() - 4, y), QPointF(frame.plot.right(), y))
        label = QRectF(4, y - 8, frame.plot.left() - 12, 16)
        write(painter, label, value_label(value, step), font, third, RIGHT)
    painter.setPen(QPen(theme.colour(Colour.OUTLINE), 1.0))
    painter.drawLine(frame.plot.topLeft(), frame.plot.bottomLeft())
    painter.drawLine(frame.plot.bottomLeft(), frame.plot.bottomRight())


def _paint_legend(painter: QPainter, theme: Theme, record: TrendRecord, frame: Frame) -> None:
    font, x, y = theme.font(TypeSize.SMALL), frame.plot.left(), HEADER_PX + 8.0
    for index, series in enumerate(record.series):
        token = series_colour(series, index, len(record.series)) or Colour.TRACE
        painter.fillRect(QRectF(x, y - 1, 14, 3), theme.colour(token))
        text = f"{series.name} {series.unit}".strip()
        room = QRectF(x + 18, y - 10, min(220.0, frame.plot.right() - x - 18), 20)
        x += 18 + write(painter, room, text, font, theme.colour(Colour.TEXT_SECOND)) + SPACE_PX * 4
