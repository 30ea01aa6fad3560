"""Paints what lies on the event: areas, rings of reach, links to the forces, and what officers drew."""

import math
from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from chengyun_resources.theme.tokens import Colour, Opacity
from chengyun_widgets.mapping.clip import joined, line_cut, ring_cut
from chengyun_widgets.mapping.layers import (
    Area,
    AreaLayer,
    LinkLayer,
    RingLayer,
    Sketch,
    SketchKind,
    SketchLayer,
    World,
)
from chengyun_widgets.mapping.measure import circle
from chengyun_widgets.mapping.paths import path_of
from chengyun_widgets.mapping.shape_painting import hatch, tint
from chengyun_widgets.mapping.view import Bounds, Floats, Screen
from chengyun_widgets.theme import Theme

_BESIDE_PX = 16.0
_RING_PX, _AREA_PX, _LINK_PX, _SKETCH_PX, _CLOSURE_PX, _CHOSEN_PX = 1.2, 1.6, 1.2, 2.2, 4.0, 3.0
_RING_DASH = (5.0, 4.0)
_HEAD_PX = 14.0
_HEAD_ANGLE = math.radians(28.0)
_BAR_PX, _BAR_EVERY_PX = 7.0, 18.0
_NOTE_PX = 4.0


def paint_areas(painter: QPainter, theme: Theme, layer: AreaLayer, screen: Screen, chosen: str = "") -> Iterator[None]:
    """Paint areas with their severity's tint, hatch and line; teal where they mean nothing grave.

    Outlines of the one with the id `chosen` are drawn once more in teal, over all the others.
    """
    for area in layer.areas:
        _paint_area(painter, theme, area, screen)
        yield
    for area in layer.areas:
        if chosen and area.id == chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour(Colour.ACCENT), _CHOSEN_PX))
            painter.drawPath(_outline(area, screen))
            yield


def paint_rings(painter: QPainter, theme: Theme, layer: RingLayer, screen: Screen) -> Iterator[None]:
    """Paint circles of reach."""
    ink = QColor(theme.colour(Colour.MAP_ACCENT))
    ink.setAlphaF(theme.tokens.opacities[Opacity.MAP_RING])
    pen = QPen(ink, _RING_PX)
    if layer.is_dashed:
        pen.setDashPattern(list(_RING_DASH))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    for radius in layer.radii_m:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_lines(circle(layer.centre, radius), screen))
        yield


def paint_links(painter: QPainter, theme: Theme, layer: LinkLayer, screen: Screen) -> Iterator[None]:
    """Paint thin lines between places."""
    ink = QColor(theme.colour(Colour.MAP_ACCENT))
    ink.setAlphaF(theme.tokens.opacities[Opacity.MAP_LINK])
    pieces = [piece for link in layer.links for piece in line_cut(np.array(link), _beside(screen))]
    cut = joined([screen.px_of(piece) for piece in pieces], [False] * len(pieces))
    painter.setPen(QPen(ink, _LINK_PX))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path_of(cut))
    yield


def paint_sketches(painter: QPainter, theme: Theme, layer: SketchLayer, screen: Screen) -> Iterator[None]:
    """Paint what was drawn on the event; a note's text is a label and is placed with the others."""
    for sketch in layer.sketches:
        paint_sketch(painter, theme, sketch, screen)
        yield


def paint_sketch(painter: QPainter, theme: Theme, sketch: Sketch, screen: Screen) -> None:
    """Paint one drawing, whole or still growing."""
    ink = meaning(theme, sketch.severity)
    match sketch.kind:
        case SketchKind.AREA:
            _paint_area(painter, theme, Area(id=sketch.id, rings=(sketch.points,), severity=sketch.severity), screen)
        case SketchKind.CLOSURE:
            _paint_closure(painter, ink, sketch.points, screen)
        case SketchKind.ARROW:
            _paint_arrow(painter, ink, sketch.points, screen)
        case SketchKind.NOTE:
            _paint_note(painter, theme, ink, screen.px(*sketch.points[0]))


def meaning(theme: Theme, severity: int) -> QColor:
    """Return the ink of a drawing: a severity's, else teal (own actions)."""
    return theme.fill(severity) if severity else QColor(theme.colour(Colour.MAP_ACCENT))


def _paint_area(painter: QPainter, theme: Theme, area: Area, screen: Screen) -> None:
    path = _outline(area, screen)
    if area.severity:
        painter.fillPath(path, tint(theme, area.severity))
    else:
        wash = QColor(theme.colour(Colour.MAP_ACCENT))
        wash.setAlphaF(theme.tokens.opacities[Opacity.WASH])
        painter.fillPath(path, wash)
    if area.is_hatched:
        painter.fillPath(path, hatch(theme, area.severity))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(meaning(theme, area.severity), _AREA_PX))
    painter.drawPath(path)


def _outline(area: Area, screen: Screen) -> QPainterPath:
    rings = [ring_cut(np.array(ring), _beside(screen)) for ring in area.rings if len(ring) > 1]
    rings = [screen.px_of(ring) for ring in rings if len(ring) > 1]
    return path_of(joined(rings, [True] * len(rings)))


def _paint_closure(painter: QPainter, ink: QColor, points: tuple[World, ...], screen: Screen) -> None:
    """Paint a closed way: a thick line with bars across it."""
    pen = QPen(ink, _CLOSURE_PX)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.drawPath(_lines(np.array(points), screen))
    painter.setPen(QPen(ink, _SKETCH_PX))
    for piece in line_cut(np.array(points), _beside(screen)):
        for bar in _bars(screen.px_of(piece)):
            painter.drawLine(bar)


def _bars(line: Floats) -> Iterator[QLineF]:
    """Yield bars across a line of px, evenly along it."""
    lengths = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    places = np.arange(_BAR_EVERY_PX / 2, along[-1], _BAR_EVERY_PX)
    for place in places:
        at = min(len(lengths) - 1, int(np.searchsorted(along, place, side="right")) - 1)
        step = (line[at + 1] - line[at]) / max(lengths[at], 1e-9)
        middle = line[at] + step * (place - along[at])
        # Slanted, as the bars of a barrier are: upright ones look like sleepers of a railway.
        across = np.array([-step[1], step[0]]) * _BAR_PX + step * _BAR_PX / 2
        yield QLineF(QPointF(*(middle - across)), QPointF(*(middle + across)))


def _paint_arrow(painter: QPainter, ink: QColor, points: tuple[World, ...], screen: Screen) -> None:
    pen = QPen(ink, _SKETCH_PX)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.drawPath(_lines(np.array(points), screen))
    if len(points) < 2:
        return
    tip, before = screen.px(*points[-1]), screen.px(*points[-2])
    angle = math.atan2(before.y() - tip.y(), before.x() - tip.x())
    sides = [tip + QPointF(math.cos(angle + turn), math.sin(angle + turn)) * _HEAD_PX for turn in _HEAD_TURNS]
    painter.setBrush(ink)
    painter.drawPolygon(QPolygonF([tip, *sides]))


_HEAD_TURNS = (-_HEAD_ANGLE, _HEAD_ANGLE)


def _paint_note(painter: QPainter, theme: Theme, ink: QColor, at: QPointF) -> None:
    painter.setPen(QPen(theme.colour(Colour.MAP_GROUND), 1.5))
    painter.setBrush(ink)
    painter.drawEllipse(at, _NOTE_PX, _NOTE_PX)


def _lines(points: Floats, screen: Screen) -> QPainterPath:
    """Return a line of world coordinates as a path in px, cut to what is near the window."""
    pieces = [screen.px_of(piece) for piece in line_cut(points, _beside(screen))]
    return path_of(joined(pieces, [False] * len(pieces)))


def _beside(screen: Screen) -> Bounds:
    return screen.bounds.grown(_BESIDE_PX / screen.view.scale)
