"""Paints what lies behind the lines of a chart: bands, the usual, stretches of time that mean something, limits."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from chengyun_resources.theme.tokens import Colour, Opacity, Severity, TypeSize
from chengyun_widgets.lettering import write
from chengyun_widgets.multi_layout import Scale
from chengyun_widgets.multi_record import Envelope, Hatch, LimitSteps, MultiRecord, TrendZone
from chengyun_widgets.suspect_ground import paint_suspect
from chengyun_widgets.theme import Theme

_USUAL_OPACITY = 0.16
_LIMIT_PX = 16
_GAP_PX = 4
_LEAST_STEP_PX = 40
_BRUSHES = {
    Hatch.LOADING: Qt.BrushStyle.BDiagPattern,
    Hatch.UNKNOWN: Qt.BrushStyle.DiagCrossPattern,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """One paint of the grounds of one chart; `scale` is the first line's, `x_of` the place of a time."""

    painter: QPainter
    theme: Theme
    plot: QRectF
    scale: Scale
    x_of: Callable[[int], float]

    def paint(self, record: MultiRecord) -> None:
        """Paint what covers areas, those that say most last. The caller clips the painter to the plot."""
        for band in record.bands:
            ground = self.theme.fill(band.severity)
            ground.setAlphaF(self.theme.tokens.opacities[Opacity.BAND])
            top, bottom = self.scale.y(band.high), self.scale.y(band.low)
            self.painter.fillRect(QRectF(self.plot.left(), top, self.plot.width(), bottom - top), ground)
        if record.envelope is not None:
            self._paint_usual(record.envelope)
        suspect = [zone for zone in record.zones if zone.hatch is Hatch.SUSPECT]
        for zone in record.zones:
            if zone.hatch is not Hatch.SUSPECT:
                self._paint_zone(zone)
        spans = ((self.x_of(zone.from_ns), self.x_of(zone.to_ns)) for zone in suspect)
        paint_suspect(self.painter, self.theme, self.scale.rect, spans)

    def paint_limits(self, record: MultiRecord) -> None:
        """Paint the limits, after the axes: one that lies on a round figure must not vanish below its grid line."""
        if record.steps:
            self.painter.setClipRect(self.scale.rect)
        for steps in record.steps:
            self._paint_steps(steps)
        if not record.steps:
            self._paint_edges(record)

    def _paint_edges(self, record: MultiRecord) -> None:
        taken: list[float] = []
        for band in record.bands:
            if not self.scale.low < band.edge < self.scale.high:
                continue
            y = round(self.scale.y(band.edge)) + 0.5
            self.painter.setPen(QPen(self._limit_ink(band.severity), 1.0, Qt.PenStyle.DashLine))
            self.painter.drawLine(QPointF(self.plot.left(), y), QPointF(self.plot.right(), y))
            top = y - 17 if y - 17 >= self.scale.rect.top() else y + 1
            # Limits that lie close together have their figures side by side.
            beside = sum(abs(top - other) < _LIMIT_PX for other in taken)
            taken.append(top)
            label, font = QRectF(self.plot.left() + 4 + beside * 60, top, 56, 16), self.theme.font(TypeSize.SMALL)
            write(self.painter, label, f"{band.edge:g}", font, self.theme.ink(band.severity))

    def _limit_ink(self, severity: Severity) -> QColor:
        ink = self.theme.fill(severity)
        ink.setAlphaF(self.theme.tokens.opacities[Opacity.BAND_LIMIT])
        return ink

    def _paint_zone(self, zone: TrendZone) -> None:
        left = max(self.x_of(zone.from_ns), self.plot.left())
        right = min(self.x_of(zone.to_ns), self.plot.right())
        if right <= left:
            return
        if zone.hatch is Hatch.GAP:
            foot = QRectF(left, self.scale.rect.bottom() - _GAP_PX, max(2.0, right - left), _GAP_PX)
            self.painter.fillRect(foot, self.theme.colour(Colour.TEXT_THIRD))
            return
        if zone.hatch is Hatch.UNRATED:
            self.painter.setPen(QPen(self.theme.colour(Colour.TEXT_THIRD), 1.0, Qt.PenStyle.DotLine))
            self.painter.drawLine(
                QPointF(left, self.scale.rect.top() + 1.5), QPointF(right, self.scale.rect.top() + 1.5)
            )
            return
        rect = self.plot if zone.hatch is Hatch.LOADING else self.scale.rect
        ink = self.theme.colour(Colour.OUTLINE)
        stretch = QRectF(left, rect.top(), right - left, rect.height())
        self.painter.fillRect(stretch, QBrush(ink, _BRUSHES[zone.hatch]))

    def _paint_usual(self, usual: Envelope) -> None:
        """Paint the usual band and its middle, run by run: where nothing is known nothing is painted."""
        known = np.isfinite(usual.low) & np.isfinite(usual.high)
        for run in np.split(np.arange(len(known)), np.flatnonzero(np.diff(known.astype(np.int8))) + 1):
            if run.size and known[run[0]]:
                self._paint_run(usual, run.tolist())

    def _paint_run(self, usual: Envelope, run: list[int]) -> None:
        low, middle, high = (
            [QPointF(self.x_of(int(usual.time[k])), self.scale.y(float(part[k]))) for k in run]
            for part in (usual.low, usual.middle, usual.high)
        )
        ground = QColor(self.theme.colour(Colour.TRACE))
        ground.setAlphaF(_USUAL_OPACITY)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(ground)
        self.painter.drawPolygon(QPolygonF([*high, *reversed(low)]))
        self.painter.setPen(QPen(self.theme.colour(Colour.TEXT_THIRD), 1.0, Qt.PenStyle.DotLine))
        self.painter.drawPolyline(QPolygonF(middle))

    def _paint_steps(self, limit: LimitSteps) -> None:
        """Draw a limit as a line with steps; it is broken where there was no such limit."""
        runs: list[list[QPointF]] = [[]]
        ends = [self.x_of(since) for since, _ in limit.steps[1:]] + [self.plot.right()]
        for (since, value), end in zip(limit.steps, ends, strict=True):
            left, right = max(self.plot.left(), self.x_of(since)), min(end, self.plot.right())
            if np.isfinite(value) and right > left:
                # A limit outside the lane is not drawn at its edge, where it would be read as another figure.
                y = round(self.scale.y_unbound(value)) + 0.5
                runs[-1] += [QPointF(left, y), QPointF(right, y)]
                self._label_step(value, limit.severity, QRectF(left, y - 17, right - left, 16))
            else:
                runs.append([])
        self.painter.setPen(QPen(self._limit_ink(limit.severity), 1.0, Qt.PenStyle.DashLine))
        for run in runs:
            for begin, end_point in pairwise(run):
                self.painter.drawLine(begin, end_point)

    def _label_step(self, value: float, severity: Severity, room: QRectF) -> None:
        """Write a limit's figure where its step begins, if there is room for it."""
        if room.width() < _LEAST_STEP_PX or not self.scale.low < value < self.scale.high:
            return
        if room.top() < self.scale.rect.top():
            room.moveTop(room.top() + 18)
        label = room.adjusted(4, 0, 0, 0)
        write(self.painter, label, f"{value:g}", self.theme.font(TypeSize.SMALL), self.theme.ink(severity))
