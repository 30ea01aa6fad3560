"""Paints several lines on one axis of time: grounds, usual band, limits over time, lines, marks, crosshair, legend."""

from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.axis_ticks import (
    fitted_range,
    nice_step,
    tick_text,
    time_step_s,
    time_ticks,
    value_label,
    value_ticks,
)
from chengyun_widgets.lettering import CENTRE, LEFT, RIGHT, text_width, write
from chengyun_widgets.line_style import dashed
from chengyun_widgets.live_columns import column_width_ns
from chengyun_widgets.live_spans import LiveSpans
from chengyun_widgets.multi_grounds import Grounds
from chengyun_widgets.multi_layout import (
    AXIS_PX,
    FOOT_PX,
    Layout,
    Scale,
    is_single_line,
    layout_of,
    other_unit,
    scale_key,
)
from chengyun_widgets.multi_legend import paint_head, paint_legend
from chengyun_widgets.multi_record import MultiLine, MultiRecord, no_doubt
from chengyun_widgets.painted import Painted
from chengyun_widgets.presence import Presence, paint_notice
from chengyun_widgets.shapes import paint_mark
from chengyun_widgets.theme import Theme
from chengyun_widgets.time_window import TimeWindow
from chengyun_widgets.trace import Spans, TraceImage, colour_ramp
from chengyun_widgets.trend_record import MARK_REACH_PX, ArraySource, TrendMark

_LINE_PX = 1.5
_STALE_OPACITY = 0.45
_GHOST_OPACITY = 0.55
_CROWD_OPACITY = 0.4
_MARK_PX = 10
_MARKS_TOLD = 3
_TIME_LABEL_PX = 96
_TICK_GAP_PX = 32
_DAY_S = 86_400


_NO_SOURCE = ArraySource(np.zeros(0, np.int64), np.zeros(0))


class MultiPainting(Painted):
    """A function of record, window and cursor. The cursor is kept as a time, not as a place: it moves with the line."""

    def __init__(self, theme: Theme, utc_offset_s: int, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.record = MultiRecord()
        self.window_shown = TimeWindow()
        self.cursor_ns: int | None = None
        self._utc_offset_s = utc_offset_s
        self._ranges: dict[str, tuple[float, float]] = {}
        self._live: dict[str, LiveSpans] = {}
        self._legend: tuple[tuple[object, ...], QPixmap] | None = None
        self._trace = TraceImage(1, 1)
        self.setMinimumSize(240, 120)

    def show_record(self, record: MultiRecord) -> None:
        """Show a record; what it says is spoken, too."""
        keys = {scale_key(record, at) for at in range(len(record.lines))}
        self._ranges = {key: kept for key, kept in self._ranges.items() if key in keys}
        shown = {line.key for line in (*record.lines, *record.crowd)}
        self._live = {key: live for key, live in self._live.items() if key in shown}
        self.record = record
        self.setAccessibleName(record.title)
        told = (f"{line.number} {line.name} {line.value} {line.unit} {line.age}".strip() for line in record.lines)
        self.setAccessibleDescription("\n".join((*told, record.caption, record.notice)))
        self.update()

    def layout_now(self) -> Layout:
        """Return where everything is."""
        return layout_of(self.record, self.width(), self.height())

    def x_of(self, plot: QRectF, time_ns: int) -> float:
        """Return the horizontal place of a time."""
        window = self.window_shown
        return plot.left() + (time_ns - window.t0_ns) / window.span_ns * plot.width()

    def value_at(self, line: MultiLine, time_ns: int) -> float:
        """Return what a line shows at a time, NaN in a gap: the last sample up to it, as the line is drawn."""
        live = self._live.get(line.key)
        at = -1 if live is None else int(np.searchsorted(live.columns.time, time_ns, side="right")) - 1
        if live is None or at < 0:
            return float("nan")
        columns = live.columns
        is_gap = line.gap_ns > 0 and time_ns - int(columns.time[at]) > line.gap_ns
        return float("nan") if is_gap else float(columns.last[at])

    @override
    def sizeHint(self) -> QSize:
        return QSize(960, 360)

    @override
    def paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.theme.colour(Colour.PANEL))
        at = self.layout_now()
        if not self.record.lines:
            paint_notice(painter, self.theme, QRectF(self.rect()), Presence.EMPTY, self.record.notice)
            return
        spans, crowd = self._fetch(at)
        scales = self._scales(at)
        self._paint_grounds(painter, at, scales)
        self._paint_lines(painter, at, scales, spans, crowd)
        self._paint_times(painter, at)
        self._paint_marks(painter, at)
        if self.record.caption and not is_single_line(self.record):
            self._paint_caption(painter, at)
        if self.cursor_ns is not None:
            self._paint_crosshair(painter, at, self.cursor_ns)
        if is_single_line(self.record):
            paint_head(painter, self.theme, self.record.lines[0], self.record.caption, self.width())
        else:
            painter.drawPixmap(at.legend.topLeft(), self._painted_legend(at))
        self._paint_notice(painter, at)

    def _painted_legend(self, at: Layout) -> QPixmap:
        """Return the legend as a picture, made anew when it says something else: its text costs more than the lines."""
        values, notes, ratio = self._values_told(), self._notes_told(), self.devicePixelRatioF()
        said = tuple(replace(line, source=_NO_SOURCE, doubt_at=no_doubt) for line in self.record.lines)
        key = (said, tuple(values), tuple(notes), at.legend.width(), at.legend.height(), ratio, id(self.theme))
        if self._legend is None or self._legend[0] != key:
            picture = QPixmap(max(1, round(at.legend.width() * ratio)), max(1, round(at.legend.height() * ratio)))
            picture.setDevicePixelRatio(ratio)
            picture.fill(self.theme.colour(Colour.PANEL))
            painter = QPainter(picture)
            painter.translate(-at.legend.topLeft())
            paint_legend(painter, self.theme, self.record, at, values, notes)
            painter.end()
            self._legend = key, picture
        return self._legend[1]

    def _values_told(self) -> list[str]:
        """Return the values of the legend: at the cursor, or of now."""
        if self.cursor_ns is None:
            return [line.value for line in self.record.lines]
        return self._values_at(self.cursor_ns)

    def _values_at(self, time_ns: int) -> list[str]:
        found = [(line, self.value_at(line, time_ns)) for line in self.record.lines]
        return [f"{value:.{line.decimals}f}" if np.isfinite(value) else "—" for line, value in found]

    def _notes_told(self) -> list[str]:
        """Return what stands behind the values of the legend: the doubt at the cursor, or the age of now."""
        at_ns = self.cursor_ns
        return [line.age if at_ns is None else line.doubt_at(at_ns) for line in self.record.lines]

    def _fetch(self, at: Layout) -> tuple[list[Spans], list[Spans]]:
        """Ask the sources of lines and crowd for their columns, and fit the scales to them."""
        spans = [self._spans_of(line, at) for line in self.record.lines]
        crowd = [self._spans_of(one, at) for one in self.record.crowd]
        extremes: dict[str, list[tuple[float, float]]] = {}
        keys = [scale_key(self.record, place) for place in range(len(spans))]
        for key, one in zip([*keys, *(keys[0] for _ in crowd)], [*spans, *crowd], strict=True):
            low, high = float(np.fmin.reduce(one.low)), float(np.fmax.reduce(one.high))
            if np.isfinite(low) and np.isfinite(high):
                extremes.setdefault(key, []).append((low, high))
        self._fit(extremes)
        return spans, crowd

    def _spans_of(self, line: MultiLine, at: Layout) -> Spans:
        """Return a line's spans; while the window follows the newest sample only what is new is worked out."""
        live = self._live.get(line.key)
        if live is None or live.source is not line.source:
            live = self._live[line.key] = LiveSpans(line.source)
        live.follow(self.window_shown.t0_ns, self.window_shown.t1_ns, self._pixels(at), line.gap_ns)
        return live.spans

    def _fit(self, extremes: dict[str, list[tuple[float, float]]]) -> None:
        limits = self._limits_shown()
        main = scale_key(self.record, 0)
        if main not in extremes and limits:
            extremes[main] = [(min(limits), max(limits))]
        for key, pairs in extremes.items():
            data = min(low for low, _ in pairs), max(high for _, high in pairs)
            now = self._ranges.get(key, (0.0, 0.0))
            self._ranges[key] = fitted_range(data, limits if key == main else (), now)

    def _limits_shown(self) -> list[float]:
        """Return the limits of the first line that were in force in the window."""
        window, found = self.window_shown, [band.edge for band in self.record.bands]
        for limit in self.record.steps:
            ends = [since for since, _ in limit.steps[1:]] + [window.t1_ns]
            of_run = zip(limit.steps, ends, strict=True)
            found += [value for (since, value), end in of_run if since < window.t1_ns and end > window.t0_ns]
        return [value for value in found if np.isfinite(value)]

    def _scales(self, at: Layout) -> list[Scale]:
        scales = []
        for place, rect in enumerate(at.lanes):
            low, high = self._ranges.get(scale_key(self.record, place), (0.0, 1.0))
            scales.append(Scale(rect=rect, low=low, high=high))
        return scales

    def _pixels(self, at: Layout) -> int:
        return max(1, round(at.plot.width() * self.devicePixelRatioF()))

    def _paint_grounds(self, painter: QPainter, at: Layout, scales: list[Scale]) -> None:
        place = partial(self.x_of, at.plot)
        grounds = Grounds(painter=painter, theme=self.theme, plot=at.plot, scale=scales[0], x_of=place)
        painter.save()
        painter.setClipRect(at.plot)
        grounds.paint(self.record)
        painter.restore()
        self._paint_axes(painter, at, scales)
        painter.save()
        painter.setClipRect(at.plot)
        grounds.paint_limits(self.record)
        painter.restore()

    def _paint_axes(self, painter: QPainter, at: Layout, scales: list[Scale]) -> None:
        painter.setPen(QPen(self.theme.colour(Colour.OUTLINE), 1.0))
        painter.drawLine(at.plot.topLeft(), at.plot.bottomLeft())
        painter.drawLine(at.plot.bottomLeft(), at.plot.bottomRight())
        if not self.record.is_stacked:
            self._paint_axis(painter, at, scales[0], is_right=False)
            other = other_unit(self.record)
            if other is not None:
                self._paint_axis(painter, at, scales[other], is_right=True)
            return
        for place, scale in enumerate(scales):
            if not self.record.lines[place].is_ghost:
                self._paint_lane(painter, scale, self.record.lines[place])

    def _paint_axis(self, painter: QPainter, at: Layout, scale: Scale, *, is_right: bool) -> None:
        font, third = self.theme.font(TypeSize.SMALL), self.theme.colour(Colour.TEXT_THIRD)
        at_most = max(2, int(scale.rect.height() // _TICK_GAP_PX))
        step = nice_step((scale.high - scale.low) / at_most)
        for value in value_ticks(scale.low, scale.high, at_most):
            y = round(scale.y(value)) + 0.5
            if is_right:
                label = QRectF(at.plot.right() + 6, y - 8, AXIS_PX - 8, 16)
            else:
                painter.setPen(QPen(self.theme.colour(Colour.LINE), 1.0))
                painter.drawLine(QPointF(at.plot.left() - 4, y), QPointF(at.plot.right(), y))
                label = QRectF(4, y - 8, at.plot.left() - 12, 16)
            write(painter, label, value_label(value, step), font, third, LEFT if is_right else RIGHT)

    def _paint_lane(self, painter: QPainter, scale: Scale, line: MultiLine) -> None:
        """Write the two ends of a lane's own scale and a line below it."""
        font, third = self.theme.font(TypeSize.SMALL), self.theme.colour(Colour.TEXT_THIRD)
        painter.setPen(QPen(self.theme.colour(Colour.LINE), 1.0))
        painter.drawLine(scale.rect.bottomLeft(), scale.rect.bottomRight())
        for value, y in ((scale.high, scale.rect.top()), (scale.low, scale.rect.bottom() - 16)):
            if scale.rect.height() >= 32 or value == scale.high:
                label = QRectF(4, y, scale.rect.left() - 12, 16)
                write(painter, label, f"{value:.{line.decimals}f}", font, third, RIGHT)

    def _paint_lines(
        self, painter: QPainter, at: Layout, scales: list[Scale], spans: list[Spans], crowd: list[Spans]
    ) -> None:
        ratio = self.devicePixelRatioF()
        size = self._pixels(at), max(1, round(at.plot.height() * ratio))
        if (self._trace.width, self._trace.height) != size:
            self._trace = TraceImage(*size)
        self._trace.image.setDevicePixelRatio(ratio)
        self._trace.clear()
        for one in crowd:
            ramp = colour_ramp(self.theme.colour(Colour.TEXT_THIRD), _CROWD_OPACITY)
            self._trace.draw(one, scales[0].bounds_of(at.plot), ratio, ramp)
        window = self.window_shown
        first_px = window.t1_ns // column_width_ns(window.t0_ns, window.t1_ns, size[0])
        for place in reversed(range(len(scales))):
            line, bounds = self.record.lines[place], scales[place].bounds_of(at.plot)
            per_value = size[1] / (bounds[1] - bounds[0])
            one = dashed(spans[place], line.style.dash, first_px, per_value)
            opacity = _GHOST_OPACITY if line.is_ghost else _STALE_OPACITY if line.is_stale else 1.0
            self._trace.draw(one, bounds, _LINE_PX * ratio, colour_ramp(self._ink(line), opacity))
        painter.drawImage(at.plot.topLeft(), self._trace.image)
        for place, line in enumerate(self.record.lines):
            self._paint_newest(painter, at, scales[place], line)

    def _ink(self, line: MultiLine) -> QColor:
        """A single line is drawn in its severity's colour; among several, colours only tell lines apart."""
        if is_single_line(self.record) and line.severity and not line.is_ghost:
            return self.theme.ink(line.severity)
        return self.theme.colour(line.style.colour)

    def _paint_newest(self, painter: QPainter, at: Layout, scale: Scale, line: MultiLine) -> None:
        """Mark the newest sample, hollow when it is late, with the line's number beside it."""
        columns = self._live[line.key].columns
        if line.is_ghost or not len(columns.time) or not np.isfinite(columns.last[-1]):
            return
        x = self.x_of(at.plot, int(columns.time[-1]))
        if not at.plot.left() <= x <= at.plot.right() + 1:
            return
        ink, y = self._ink(line), scale.y(float(columns.last[-1]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink, 1.2))
        painter.setBrush(self.theme.colour(Colour.PANEL) if line.is_stale else ink)
        painter.drawEllipse(QPointF(x, y), 2.6, 2.6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if line.number and not is_single_line(self.record):
            font = self.theme.font(TypeSize.SMALL)
            box = QRectF(x - 22, y - 17, 18, 14)
            write(painter, box, line.number, font, ink, RIGHT)

    def _paint_times(self, painter: QPainter, at: Layout) -> None:
        window, font = self.window_shown, self.theme.font(TypeSize.SMALL)
        if window.is_held:
            # Clock times alone could be of any day: a window of the past begins with its date.
            day = QRectF(4, at.plot.bottom() + 5, AXIS_PX - 8, FOOT_PX - 8)
            dated = tick_text(window.t0_ns, _DAY_S, self._utc_offset_s)
            write(painter, day, dated, font, self.theme.colour(Colour.TEXT_SECOND), RIGHT)
        step = time_step_s(window.t0_ns, window.t1_ns, max(1, int(at.plot.width() // _TIME_LABEL_PX)))
        for tick in time_ticks(window.t0_ns, window.t1_ns, step, self._utc_offset_s):
            x = self.x_of(at.plot, tick)
            painter.fillRect(QRectF(round(x), at.plot.bottom(), 1, 4), self.theme.colour(Colour.OUTLINE))
            label = QRectF(x - _TIME_LABEL_PX / 2, at.plot.bottom() + 5, _TIME_LABEL_PX, FOOT_PX - 8)
            least = float(AXIS_PX) if window.is_held else 0.0
            label.moveLeft(min(max(least, label.left()), self.width() - label.width()))
            text = tick_text(tick, step, self._utc_offset_s)
            write(painter, label, text, font, self.theme.colour(Colour.TEXT_THIRD), CENTRE)

    def mark_places(self, at: Layout) -> list[tuple[str, float]]:
        """Return the alarms' marks on screen: (key, x)."""
        window = self.window_shown
        inside = [mark for mark in self.record.marks if window.t0_ns <= mark.time_ns <= window.t1_ns]
        return [(mark.key, self.x_of(at.plot, mark.time_ns)) for mark in inside]

    def _paint_marks(self, painter: QPainter, at: Layout) -> None:
        severity = {mark.key: mark.severity for mark in self.record.marks}
        for key, x in self.mark_places(at):
            rect = QRectF(x - _MARK_PX / 2, at.plot.bottom() - _MARK_PX, _MARK_PX, _MARK_PX)
            paint_mark(painter, self.theme, rect, severity[key])

    def _paint_crosshair(self, painter: QPainter, at: Layout, time_ns: int) -> None:
        x = self.x_of(at.plot, time_ns)
        if not at.plot.left() <= x <= at.plot.right():
            return
        painter.setPen(QPen(self.theme.colour(Colour.ACCENT), 1.0))
        painter.drawLine(QLineF(round(x) + 0.5, at.plot.top(), round(x) + 0.5, at.plot.bottom()))
        self._paint_box(painter, at, x, self.told_at(time_ns))

    def told_at(self, time_ns: int) -> list[str]:
        """Return the lines of the box at the crosshair: time, a single line's value, what is usual, what is amiss."""
        record, line = self.record, self.record.lines[0]
        told = [record.stamp(time_ns)]
        if is_single_line(record):
            values = zip(record.lines, self._values_at(time_ns), strict=True)
            told += [f"{one.name} {value} {one.unit} {one.doubt_at(time_ns)}".strip() for one, value in values]
        usual = record.envelope
        if usual is not None and usual.time.size:
            k = min(int(np.searchsorted(usual.time, time_ns)), usual.time.size - 1)
            if np.isfinite(usual.middle[k]):
                low, middle, high = (
                    f"{float(part[k]):.{line.decimals}f}" for part in (usual.low, usual.middle, usual.high)
                )
                told.append(f"{record.envelope_name} {middle} ({low}–{high}) {line.unit}".strip())
        told += record.about(time_ns, self.value_at(line, time_ns))
        told += [zone.note for zone in record.zones if zone.note and zone.from_ns <= time_ns < zone.to_ns]
        return told + [mark.note for mark in self.marks_near(time_ns)[:_MARKS_TOLD] if mark.note]

    def marks_near(self, time_ns: int) -> list[TrendMark]:
        """Return the marks on screen that a crosshair at a time is on, the nearest first."""
        plot, window = self.layout_now().plot, self.window_shown
        reach_ns = int(MARK_REACH_PX / max(1.0, plot.width()) * window.span_ns)
        near = [mark for mark in self.record.marks if abs(mark.time_ns - time_ns) <= reach_ns]
        shown = [mark for mark in near if window.t0_ns <= mark.time_ns <= window.t1_ns]
        return sorted(shown, key=lambda mark: abs(mark.time_ns - time_ns))

    def _paint_box(self, painter: QPainter, at: Layout, x: float, told: list[str]) -> None:
        font = self.theme.font(TypeSize.SMALL)
        width = max(text_width(font, text) for text in told) + SPACE_PX * 4
        fits = x + width + SPACE_PX * 2 < at.plot.right()
        left = x + SPACE_PX * 2 if fits else max(0.0, x - width - SPACE_PX * 2)
        box = QRectF(left, at.plot.top() + SPACE_PX, width, len(told) * 18 + SPACE_PX * 2)
        painter.fillRect(box, self.theme.colour(Colour.RAISED))
        for row, text in enumerate(told):
            ink = self.theme.colour(Colour.TEXT if row else Colour.TEXT_SECOND)
            write(painter, QRectF(left + SPACE_PX * 2, box.top() + SPACE_PX + row * 18, width, 18), text, font, ink)

    def _paint_caption(self, painter: QPainter, at: Layout) -> None:
        box = QRectF(at.plot.left() + SPACE_PX * 2, at.plot.bottom() - 32, at.plot.width() - SPACE_PX * 4, 18)
        font, second = self.theme.font(TypeSize.SMALL), self.theme.colour(Colour.TEXT_SECOND)
        ground = QRectF(box.left() - SPACE_PX, box.top(), text_width(font, self.record.caption) + SPACE_PX * 2, 18)
        painter.fillRect(ground & at.plot, self.theme.colour(Colour.PANEL))
        write(painter, box, self.record.caption, font, second)

    def _paint_notice(self, painter: QPainter, at: Layout) -> None:
        if not self.record.notice:
            return
        font = self.theme.font(TypeSize.BODY)
        width = text_width(font, self.record.notice) + SPACE_PX * 6
        box = QRectF(at.plot.center().x() - width / 2, at.plot.center().y() - 14, width, 28)
        painter.fillRect(box, self.theme.colour(Colour.RAISED))
        write(painter, box, self.record.notice, font, self.theme.colour(Colour.TEXT_SECOND), CENTRE)
