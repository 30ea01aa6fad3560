"""Paints areas and lines into the base picture, a slice at a time: insides first, then lines, tinted ones on top."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from chengyun_resources.theme.tokens import Colour, Opacity, Severity
from chengyun_widgets.mapping.clip import Cut, Extent, joined
from chengyun_widgets.mapping.layers import ShapeLayer, ShapeStep, ShapeStyle
from chengyun_widgets.mapping.paths import path_of
from chengyun_widgets.mapping.view import Floats, Screen
from chengyun_widgets.theme import Theme

SLICE_POINTS = 3000
"""About as many corners as a slow machine fills in one slice."""


@dataclass(frozen=True, slots=True)
class Toll:
    """What a pen costs, us: for each point and each px of its way. `most_points`: of one line drawn in one piece."""

    point_us: float
    px_us: float
    most_points: int


FINE, WIDE = Toll(1.3, 0.06, 3000), Toll(8.0, 0.3, 500)
"""Of a pen of a pixel at most, and of one that is wider: Qt works out its outline."""
SLICE_US = 3000.0
_THIN_ZOOM, _WIDE_ZOOM = 10.0, 16.0
_BESIDE_PX = 16.0
"""Cut so far off the picture that the edge of the cut is never seen, wide lines included."""
_TINTED_LINE_PX = 1.4
_FOCUS_LINE_PX = 2.0
_FOCUS = len(Severity)
_HATCHED = 16
_OPAQUE = 255


class ShapePainting:
    """Keeps the rectangles round the parts of what is shown; forget those that are gone with `keep_only`."""

    def __init__(self) -> None:
        self._extents: dict[int, Extent] = {}

    def keep_only(self, layers: tuple[ShapeLayer, ...]) -> None:
        """Forget what was worked out for steps that no layer has any more."""
        living = {id(step) for layer in layers for step in layer.paths.steps}
        self._extents = {key: extent for key, extent in self._extents.items() if key in living}

    def extent_of(self, step: ShapeStep) -> Extent:
        """Return the rectangles of a step's parts."""
        # The extent holds the step, so an id in the book is never another step's.
        return self._extents.setdefault(id(step), Extent(step))

    def paint(self, painter: QPainter, theme: Theme, layer: ShapeLayer, screen: Screen) -> Iterator[None]:
        """Paint a layer; gives control back after every slice."""
        step = layer.paths.step_at(screen.view.zoom)
        if step is None:
            return
        bounds = screen.bounds.grown(_BESIDE_PX / screen.view.scale)
        extent = self.extent_of(step)
        parts = extent.seen(bounds)
        dresses = _dresses(layer)[step.feature[parts]]
        found: list[tuple[int, Cut]] = []
        for dress in np.unique(dresses):
            for some in _slices(step, parts[dresses == dress]):
                cut = extent.cut(some, bounds)
                cut = Cut(screen.px_of(cut.points), cut.starts, cut.closed)
                found.append((int(dress), cut))
                _fill(painter, theme, layer.style, int(dress), cut)
                yield
        for dress, cut in found:
            pen = _pen(theme, layer.style, dress % _HATCHED, screen.view.zoom)
            if pen is not None:
                yield from _stroke(painter, pen, cut)


def line_width(style: ShapeStyle, zoom: float) -> float:
    """Return how wide a style's line is at a zoom, in px."""
    share = min(1.0, max(0.0, (zoom - _THIN_ZOOM) / (_WIDE_ZOOM - _THIN_ZOOM)))
    return style.line_px + (style.wide_px - style.line_px) * share


_STRENGTH = (0.0, 0.45, 0.65, 1.0, 1.3)
"""How strongly a severity tints land, of the theme's opacity: much blue must not hide the one red district."""


def hatch(theme: Theme, severity: int) -> QBrush:
    """Return the hatch of a severity; grey where it is none."""
    ink = theme.fill(severity) if severity else QColor(theme.colour(Colour.MAP_MARK))
    ink.setAlphaF(theme.tokens.opacities[Opacity.MAP_HATCH])
    return QBrush(ink, Qt.BrushStyle.BDiagPattern)


def tint(theme: Theme, severity: int) -> QColor:
    """Return a severity's colour as it is laid over a district."""
    ink = theme.fill(severity)
    ink.setAlphaF(theme.tokens.opacities[Opacity.MAP_TINT] * _STRENGTH[severity])
    return ink


def _dresses(layer: ShapeLayer) -> NDArray[np.int64]:
    """Return what each feature wears: its severity, or focus; and whether it is hatched. int64[features]."""
    special = layer.tints.keys() | layer.focus | layer.hatched
    if not special:
        return np.zeros(len(layer.paths.codes), dtype=np.int64)
    return np.array([_dress(layer, code) for code in layer.paths.codes], dtype=np.int64)


def _dress(layer: ShapeLayer, code: str) -> int:
    severity = int(layer.tints.get(code, 0))
    return (_FOCUS if code in layer.focus and not severity else severity) + (_HATCHED if code in layer.hatched else 0)


def _slices(step: ShapeStep, parts: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return parts in groups of some points; the rings of one feature stay together, or its holes were filled."""
    if not len(parts):
        return []
    weight = np.cumsum(step.starts[parts + 1] - step.starts[parts])
    group = weight // SLICE_POINTS
    feature = step.feature[parts]
    begins = np.flatnonzero((np.diff(group) > 0) & (np.diff(feature) != 0)) + 1
    return list(np.split(parts, begins))


def _fill(painter: QPainter, theme: Theme, style: ShapeStyle, dress: int, cut: Cut) -> None:
    severity, is_hatched = dress % _HATCHED, dress >= _HATCHED
    is_tinted = 0 < severity < _FOCUS
    if not cut.closed.any() or not (style.fill is not None or is_tinted or is_hatched):
        return
    rings = path_of(_rings(cut))
    if style.fill is not None:
        painter.fillPath(rings, theme.colour(style.fill))
    if is_tinted:
        painter.fillPath(rings, tint(theme, severity))
    if is_hatched:
        painter.fillPath(rings, hatch(theme, severity % _FOCUS))


def _rings(cut: Cut) -> Cut:
    """Return the rings of a cut without its lines."""
    if cut.closed.all():
        return cut
    pieces = [cut.points[cut.starts[one] : cut.starts[one + 1]] for one in np.flatnonzero(cut.closed)]
    return joined(pieces, [True] * len(pieces))


def _stroke(painter: QPainter, pen: QPen, cut: Cut) -> Iterator[None]:
    """Draw rings and lines, some at a time.

    Lines of a wide pen are drawn one by one: the outlines of 250 lines of 400 px take Qt 300 ms as one path, for its
    rasterizer goes through all that a row of pixels has met so far, and 29 ms by themselves. Where ink lets through
    what is under it they stay one path: a border two districts share would be twice as dark.
    """
    is_fine = pen.widthF() <= 1.0 and pen.style() is Qt.PenStyle.SolidLine
    is_apart = not is_fine and pen.color().alpha() == _OPAQUE
    for some in _pieces(cut, FINE if is_fine else WIDE):
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for lines in ([line] for line in some) if is_apart else (some,):
            painter.drawPath(path_of(joined(lines, [False] * len(lines))))
        yield


def _pieces(cut: Cut, toll: Toll) -> Iterator[list[Floats]]:
    """Yield the lines that are drawn in one slice; a long ring is drawn as several lines."""
    held: list[Floats] = []
    cost_us = 0.0
    for part in range(len(cut.closed)):
        points = cut.points[cut.starts[part] : cut.starts[part + 1]]
        if cut.closed[part]:
            points = np.concatenate([points, points[:1]])
        for begin in range(0, max(1, len(points) - 1), toll.most_points):
            # One point more: where a line is broken its halves meet.
            held.append(points[begin : begin + toll.most_points + 1])
            cost_us += toll.point_us * len(held[-1]) + toll.px_us * _length(held[-1])
            if cost_us >= SLICE_US:
                yield held
                held, cost_us = [], 0.0
    if held:
        yield held


def _length(line: Floats) -> float:
    """Return how long a line is, px."""
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def _pen(theme: Theme, style: ShapeStyle, severity: int, zoom: float) -> QPen | None:
    width = line_width(style, zoom)
    if severity == _FOCUS:
        return _joined(QPen(theme.colour(Colour.MAP_ACCENT), max(width, _FOCUS_LINE_PX)))
    if severity:
        # A tinted area keeps its fine line; a line that is tinted itself (a pipe) shows its severity.
        return _dashed(_joined(_tinted_pen(theme, style, severity, width)), style)
    if style.line is None:
        return None
    return _dashed(_joined(QPen(theme.colour(style.line), width)), style)


def _dashed(pen: QPen, style: ShapeStyle) -> QPen:
    """Return a pen with its style's dashes: a broken gas pipe is still seen to be one of gas."""
    if style.dash:
        pen.setDashPattern(list(style.dash))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def _tinted_pen(theme: Theme, style: ShapeStyle, severity: int, width: float) -> QPen:
    if style.fill is None and not style.is_land:
        return QPen(theme.fill(severity), max(width, _TINTED_LINE_PX))
    ink = theme.fill(severity)
    ink.setAlphaF(theme.tokens.opacities[Opacity.MAP_HATCH])
    return QPen(ink, width)


def _joined(pen: QPen) -> QPen:
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen
