"""Paints a trend: furniture from a kept picture, lines from pixel columns, marks, times and the crosshair."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.axis_ticks import clock_text, fitted_range, tick_text, time_step_s, time_ticks
from chengyun_widgets.lettering import text_width, write
from chengyun_widgets.live_spans import LiveSpans
from chengyun_widgets.painted import Painted
from chengyun_widgets.presence import Presence
from chengyun_widgets.shapes import paint_mark
from chengyun_widgets.suspect_ground import paint_suspect
from chengyun_widgets.theme import Theme
from chengyun_widgets.time_window import TimeWindow
from chengyun_widgets.trace import TraceImage, colour_ramp
from chengyun_widgets.trend_furniture import (
    FOOTER_PX,
    HEADER_PX,
    Frame,
    furniture,
    paint_header,
    plot_rect,
    series_colour,
)
from chengyun_widgets.trend_record import MARK_REACH_PX, TrendMark, TrendRecord, TrendSeries, is_same_picture

_LINE_PX = 1.5
_STALE_OPACITY = 0.45
_MARK_PX = 10
_MARKS_TOLD = 3
_DOT_PX = 8
_TIME_LABEL_PX = 96
_LABEL_PX = 20
_LABELS_KEPT = 64
_DAY_NS = 86_400_000_000_000


class TrendPainting(Painted):
    """Holds a record, follows a window, and paints them. What stands still is kept as pictures between frames."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        interactive: bool = False,
        has_axes: bool = False,
        utc_offset_s: int = 28_800,
    ) -> None:
        super().__init__(theme, parent)
        self._record = TrendRecord(title="")
        self._window = TimeWindow()
        self._interactive, self._has_axes, self._utc_offset_s = interactive, has_axes, utc_offset_s
        self._ranges: dict[str, tuple[float, float]] = {}
        self._limits: list[float] = []
        self._live: dict[str, LiveSpans] = {}
        self._picture: QPixmap | None = None
        self._header: QPixmap | None = None
        self._dots: dict[tuple[int, bool, float], QPixmap] = {}
        self._labels: dict[str, QPixmap] = {}
        self._frame: Frame | None = None
        self._trace = TraceImage(1, 1)
        self._traced: tuple[object, ...] | None = None
        self._cursor_x: float | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 96)

    @property
    def is_following(self) -> bool:
        """Whether the window moves with the newest sample."""
        return not self._window.is_held

    @property
    def record(self) -> TrendRecord:
        """What is shown."""
        return self._record

    def show_record(self, record: TrendRecord) -> None:
        """Show a record; what is cached is kept when only value, age, marks or samples differ."""
        if record == self._record:
            return
        self._header = None
        if not is_same_picture(record, self._record):
            self._picture = None
        if {series.key for series in record.series} != {series.key for series in self._record.series}:
            self._ranges.clear()
        self._live = {series.key: self._live_spans(series) for series in record.series}
        self._limits = [edge for band in record.bands if math.isfinite(edge := band.edge)]
        self._record = record
        self.setAccessibleName(record.title)
        self.setAccessibleDescription(" ".join(filter(None, (record.value, record.unit, record.age, record.notice))))
        self.update()

    def set_window(self, t0_ns: int, t1_ns: int) -> None:
        """Say where the live window is, each frame. Ignored on screen while the officer has zoomed or panned."""
        if self._window.follow(t0_ns, t1_ns):
            self.update()

    def shown_window(self) -> tuple[int, int]:
        """Return the window on screen: t0_ns, t1_ns."""
        return self._window.t0_ns, self._window.t1_ns

    def refresh(self) -> None:
        """Paint again: a source has other samples, behind its newest one or within what was already seen."""
        self.update()

    @override
    def theme_did_change(self) -> None:
        self._picture = self._header = None
        self._dots.clear()
        self._labels.clear()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._header = None

    @override
    def sizeHint(self) -> QSize:
        return QSize(960, 420) if self._interactive else QSize(320, 200)

    @override
    def paint(self, painter: QPainter) -> None:
        is_blank = self._record.presence in (Presence.EMPTY, Presence.REFUSED)
        plot = self._plot()
        if not is_blank:
            self._fetch(plot)
        frame = self._framed(plot)
        painter.drawPixmap(0, 0, self._furniture(frame))
        painter.drawPixmap(0, 0, self._painted_header(frame.ratio))
        if is_blank:
            return
        if self._record.suspect:
            self._paint_suspect(painter, frame)
        self._paint_traces(painter, frame)
        self._paint_times(painter, frame)
        self._paint_marks(painter, frame)
        if self._cursor_x is not None:
            self._paint_crosshair(painter, frame, self._cursor_x)

    def _fetch(self, plot: QRectF) -> None:
        """Ask every source what its line covers now, and fit the value ranges to that."""
        pixels, window = max(1, round(plot.width() * self.devicePixelRatioF())), self._window
        extremes: dict[str, list[tuple[float, float]]] = {}
        for series in self._record.series:
            live = self._live[series.key]
            live.follow(window.t0_ns, window.t1_ns, pixels, series.gap_ns)
            found = live.extremes()
            if found is not None:
                extremes.setdefault(series.unit, []).append(found)
        self._fit_ranges(extremes)

    def _live_spans(self, series: TrendSeries) -> LiveSpans:
        known = self._live.get(series.key)
        return known if known is not None and known.source is series.source else LiveSpans(series.source)

    def _fit_ranges(self, extremes: dict[str, list[tuple[float, float]]]) -> None:
        main_unit = self._record.series[0].unit if self._record.series else ""
        limits = self._limits
        if main_unit not in extremes and limits:
            extremes[main_unit] = [(min(limits), max(limits))]
        for unit, pairs in extremes.items():
            data = (min(low for low, _ in pairs), max(high for _, high in pairs))
            now = self._ranges.get(unit, (0.0, 0.0))
            self._ranges[unit] = fitted_range(data, limits if unit == main_unit else (), now)

    def _framed(self, plot: QRectF) -> Frame:
        unit = self._record.series[0].unit if self._record.series else ""
        low, high = self._ranges.get(unit, (0.0, 1.0))
        return Frame(
            width=self.width(),
            height=self.height(),
            ratio=self.devicePixelRatioF(),
            plot=plot,
            low=low,
            high=high,
            has_axes=self._has_axes,
        )

    def _furniture(self, frame: Frame) -> QPixmap:
        if self._picture is None or frame != self._frame:
            self._picture, self._frame = furniture(self.theme, self._record, frame), frame
        return self._picture

    def _painted_header(self, ratio: float) -> QPixmap:
        if self._header is None or self._header.devicePixelRatio() != ratio:
            self._header = QPixmap(math.ceil(self.width() * ratio), math.ceil(HEADER_PX * ratio))
            self._header.setDevicePixelRatio(ratio)
            self._header.fill(self.theme.colour(Colour.PANEL))
            painter = QPainter(self._header)
            paint_header(painter, self.theme, self._record, self.width())
            painter.end()
        return self._header

    def _paint_traces(self, painter: QPainter, frame: Frame) -> None:
        width, height = round(frame.plot.width() * frame.ratio), round(frame.plot.height() * frame.ratio)
        if (self._trace.width, self._trace.height) != (max(1, width), max(1, height)):
            self._trace = TraceImage(width, height)
            self._traced = None
        if self._trace.image.devicePixelRatio() != frame.ratio:
            self._trace.image.setDevicePixelRatio(frame.ratio)
        self._trace_lines(frame.ratio)
        painter.drawImage(frame.plot.topLeft(), self._trace.image)
        for index, series in enumerate(self._record.series):
            self._paint_dot(painter, frame, series, index)

    def _trace_lines(self, ratio: float) -> None:
        """Draw the lines into their picture; a single line that only went on is moved and drawn on at its end."""
        opacity = _STALE_OPACITY if self._record.presence is Presence.STALE else 1.0
        inks = [self._ink(series, index).rgb() for index, series in enumerate(self._record.series)]
        wanted = (tuple(inks), opacity, tuple(self._live.values()), tuple(self._ranges.items()), ratio)
        goes_on, self._traced = wanted == self._traced and len(inks) == 1, wanted
        if not goes_on:
            self._trace.clear()
        for rgb, series in reversed(list(zip(inks, self._record.series, strict=True))):
            live, bounds = self._live[series.key], self._ranges.get(series.unit, (0.0, 1.0))
            begin = live.fresh if goes_on else 0
            if goes_on:
                self._trace.scroll(live.moved)
                self._trace.clear_from(begin)
                if begin >= self._trace.width:
                    continue
            ramp = colour_ramp(QColor(rgb), opacity)
            self._trace.draw(live.spans, bounds, _LINE_PX * ratio, ramp, begin=begin, meets=not goes_on)

    def _ink(self, series: TrendSeries, index: int) -> QColor:
        token = series_colour(series, index, len(self._record.series))
        if token is not None:
            return self.theme.colour(token)
        severity = self._record.severity
        return self.theme.ink(severity) if severity else self.theme.colour(Colour.TRACE)

    def _paint_dot(self, painter: QPainter, frame: Frame, series: TrendSeries, index: int) -> None:
        columns = self._live[series.key].columns
        if len(columns.time) == 0 or not np.isfinite(columns.last[-1]):
            return
        time, (low, high) = int(columns.time[-1]), self._ranges.get(series.unit, (0.0, 1.0))
        if not self._window.t0_ns <= time <= self._window.t1_ns:
            return
        y = frame.plot.top() + (high - float(columns.last[-1])) / (high - low) * frame.plot.height()
        dot = self._dot(self._ink(series, index), frame.ratio)
        painter.drawPixmap(QPointF(self._x(frame, time) - _DOT_PX / 2, y - _DOT_PX / 2), dot)

    def _dot(self, ink: QColor, ratio: float) -> QPixmap:
        """The newest sample: filled, or hollow when stale. Painted once per colour."""
        is_stale = self._record.presence is Presence.STALE
        key = (ink.rgb(), is_stale, ratio)
        if key not in self._dots:
            dot = QPixmap(round(_DOT_PX * ratio), round(_DOT_PX * ratio))
            dot.setDevicePixelRatio(ratio)
            dot.fill(Qt.GlobalColor.transparent)
            painter = QPainter(dot)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(ink, 1.2))
            painter.setBrush(self.theme.colour(Colour.PANEL) if is_stale else ink)
            painter.drawEllipse(QPointF(_DOT_PX / 2, _DOT_PX / 2), 2.6, 2.6)
            painter.end()
            self._dots[key] = dot
        return self._dots[key]

    def _x(self, frame: Frame, time_ns: int) -> float:
        return frame.plot.left() + (time_ns - self._window.t0_ns) / self._window.span_ns * frame.plot.width()

    def _paint_times(self, painter: QPainter, frame: Frame) -> None:
        window, top = self._window, frame.height - FOOTER_PX + 0.0
        if not frame.has_axes:
            dated = window.span_ns > _DAY_NS
            start, end = (
                self._label(clock_text(at, self._utc_offset_s, with_date=dated), frame.ratio)
                for at in (window.t0_ns, window.t1_ns)
            )
            painter.drawPixmap(QPointF(frame.plot.left(), top + 4), start)
            painter.drawPixmap(QPointF(frame.plot.right() - end.deviceIndependentSize().width(), top + 4), end)
            return
        step = time_step_s(window.t0_ns, window.t1_ns, max(1, int(frame.plot.width() // _TIME_LABEL_PX)))
        outline, bottom = self.theme.colour(Colour.OUTLINE), frame.plot.bottom()
        for at in time_ticks(window.t0_ns, window.t1_ns, step, self._utc_offset_s):
            x = self._x(frame, at)
            painter.fillRect(QRectF(round(x), bottom, 1, 4), outline)
            label = self._label(tick_text(at, step, self._utc_offset_s), frame.ratio)
            left = round(x - label.deviceIndependentSize().width() / 2)
            painter.drawPixmap(QPointF(min(max(0, left), frame.width - label.width()), top + 8), label)

    def _label(self, text: str, ratio: float) -> QPixmap:
        """A time as a picture: the same few come back every frame, and shaping their text is what costs."""
        label = self._labels.get(text)
        if label is None or label.devicePixelRatio() != ratio:
            font = self.theme.font(TypeSize.SMALL)
            rect = QRectF(0, 0, math.ceil(text_width(font, text)), _LABEL_PX)
            label = QPixmap(round(rect.width() * ratio), round(rect.height() * ratio))
            label.setDevicePixelRatio(ratio)
            label.fill(Qt.GlobalColor.transparent)
            painter = QPainter(label)
            write(painter, rect, text, font, self.theme.colour(Colour.TEXT_THIRD))
            painter.end()
            if len(self._labels) > _LABELS_KEPT:
                self._labels.clear()
            self._labels[text] = label
        return label

    def _mark_places(self, frame: Frame) -> list[tuple[str, float]]:
        inside = [m for m in self._record.marks if self._window.t0_ns <= m.time_ns <= self._window.t1_ns]
        return [(mark.key, self._x(frame, mark.time_ns)) for mark in inside]

    def _paint_marks(self, painter: QPainter, frame: Frame) -> None:
        severity = {mark.key: mark.severity for mark in self._record.marks}
        for key, x in self._mark_places(frame):
            rect = QRectF(x - _MARK_PX / 2, frame.plot.bottom() - _MARK_PX, _MARK_PX, _MARK_PX)
            paint_mark(painter, self.theme, rect, severity[key])

    def _paint_suspect(self, painter: QPainter, frame: Frame) -> None:
        spans = ((self._x(frame, begin), self._x(frame, end)) for begin, end in self._record.suspect)
        paint_suspect(painter, self.theme, frame.plot, spans)

    def marks_near(self, x: float) -> list[TrendMark]:
        """Return the marks on screen near a place, the nearest first."""
        if self._frame is None:
            return []
        near = {key: abs(at - x) for key, at in self._mark_places(self._frame) if abs(at - x) <= MARK_REACH_PX}
        return sorted((mark for mark in self._record.marks if mark.key in near), key=lambda mark: near[mark.key])

    def _notes_at(self, x: float, time_ns: int) -> list[str]:
        """Return what is told of a place besides the values: that they are suspect, and the alarms raised there."""
        record = self._record
        is_suspect = any(begin <= time_ns < end for begin, end in record.suspect)
        notes = [record.suspect_note] if is_suspect else []
        return [note for note in (*notes, *(mark.note for mark in self.marks_near(x)[:_MARKS_TOLD])) if note]

    def _paint_crosshair(self, painter: QPainter, frame: Frame, x: float) -> None:
        time = self._window.time_at((x - frame.plot.left()) / frame.plot.width())
        painter.setPen(QPen(self.theme.colour(Colour.ACCENT), 1.0))
        painter.drawLine(QPointF(round(x) + 0.5, frame.plot.top()), QPointF(round(x) + 0.5, frame.plot.bottom()))
        stamp = clock_text(time, self._utc_offset_s, with_seconds=True, with_date=self._window.span_ns > _DAY_NS)
        lines = [(stamp, self.theme.colour(Colour.TEXT_SECOND))]
        for index, series in enumerate(self._record.series):
            lines.append((self._value_text(series, time), self._ink(series, index)))
        lines += [(note, self.theme.colour(Colour.TEXT)) for note in self._notes_at(x, time)]
        font = self.theme.font(TypeSize.SMALL)
        width = max(text_width(font, text) for text, _ in lines) + SPACE_PX * 4
        left = x + SPACE_PX * 2 if x + width + SPACE_PX * 2 < frame.width else x - width - SPACE_PX * 2
        box = QRectF(left, frame.plot.top() + SPACE_PX, width, len(lines) * 18 + SPACE_PX * 2)
        painter.fillRect(box, self.theme.colour(Colour.RAISED))
        for row, (text, ink) in enumerate(lines):
            write(painter, QRectF(left + SPACE_PX * 2, box.top() + SPACE_PX + row * 18, width, 18), text, font, ink)

    def _value_text(self, series: TrendSeries, time_ns: int) -> str:
        columns = self._live[series.key].columns
        at = int(np.searchsorted(columns.time, time_ns, side="right")) - 1
        value = float(columns.last[at]) if at >= 0 else float("nan")
        shown = f"{value:.{series.decimals}f}" if np.isfinite(value) else "—"
        return f"{series.name} {shown} {series.unit}".strip()

    def _plot(self) -> QRectF:
        return plot_rect(self.width(), self.height(), has_axes=self._has_axes, has_legend=len(self._record.series) > 1)
