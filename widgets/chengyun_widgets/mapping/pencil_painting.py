"""Paints a drawing while it grows: its line, its handles, and how long and wide it is so far."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, Colour, Opacity, TypeSize
from chengyun_widgets.lettering import LEFT, text_width, write
from chengyun_widgets.mapping.clip import joined
from chengyun_widgets.mapping.layers import Sketch, SketchKind, World
from chengyun_widgets.mapping.measure import circle, length_m
from chengyun_widgets.mapping.over_painting import paint_sketch
from chengyun_widgets.mapping.paths import path_of
from chengyun_widgets.mapping.pencil import Pencil
from chengyun_widgets.mapping.tools import CLOSED, MEASURING, Tool
from chengyun_widgets.mapping.units import area_text, distance_text
from chengyun_widgets.mapping.view import Screen
from chengyun_widgets.theme import Theme

HANDLE_PX = 4.0
_LINE_PX = 2.0
_CROSS_PX = 9.0
_NOTE_ROW_PX = 20.0
_SHAPES = {
    Tool.AREA: SketchKind.AREA, Tool.CLOSURE: SketchKind.CLOSURE, Tool.ARROW: SketchKind.ARROW,
    Tool.NOTE: SketchKind.NOTE,
}  # fmt: skip


def paint_pencil(
    painter: QPainter, theme: Theme, pencil: Pencil, screen: Screen, severity: int, held: int | None = None
) -> None:
    """Paint a drawing that grows, with a cross where the next point would be; `held` is the handle keys move."""
    points = pencil.growing()
    if points:
        _paint_shape(painter, theme, pencil, points, screen, severity)
    for at, point in enumerate(pencil.points):
        _paint_handle(painter, theme, screen.px(*point), is_held=at == held)
    if pencil.cursor is not None:
        _paint_cross(painter, theme, screen.px(*pencil.cursor))
    if pencil.tool in MEASURING and len(points) > 1:
        _paint_measure(painter, theme, pencil, screen.px(*points[-1]), screen)


def _paint_shape(
    painter: QPainter, theme: Theme, pencil: Pencil, points: tuple[World, ...], screen: Screen, severity: int
) -> None:
    kind = _SHAPES.get(pencil.tool)
    if kind is not None and len(points) > 1:
        paint_sketch(painter, theme, Sketch(id="", kind=kind, points=points, severity=severity), screen)
        return
    painter.setPen(QPen(theme.colour(Colour.MAP_ACCENT), _LINE_PX))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if pencil.tool is Tool.CIRCLE and len(points) > 1:
        ring = screen.px_of(circle(points[0], length_m((points[0], points[1]))))
        painter.drawPath(path_of(joined([ring], [True])))
    line = screen.px_of(np.array(points))
    painter.drawPath(path_of(joined([line], [pencil.tool in CLOSED and len(points) > 2])))


def _paint_handle(painter: QPainter, theme: Theme, at: QPointF, *, is_held: bool) -> None:
    painter.setPen(QPen(theme.colour(Colour.MAP_ACCENT), 1.6))
    painter.setBrush(theme.colour(Colour.MAP_ACCENT if is_held else Colour.MAP_GROUND))
    painter.drawEllipse(at, HANDLE_PX, HANDLE_PX)


def _paint_cross(painter: QPainter, theme: Theme, at: QPointF) -> None:
    """Paint a cross with an open middle: what is aimed at stays to be seen."""
    painter.setPen(QPen(theme.colour(Colour.MAP_TEXT), 1.2))
    for turn in range(4):
        way = QPointF(math.cos(turn * math.pi / 2), math.sin(turn * math.pi / 2))
        painter.drawLine(at + way * 3.0, at + way * _CROSS_PX)


def _paint_measure(painter: QPainter, theme: Theme, pencil: Pencil, at: QPointF, screen: Screen) -> None:
    """Write length, and area where there is one, beside the cursor and always inside the window."""
    found = pencil.measured()
    rows = [distance_text(found.length_m), *([area_text(found.area_m2)] if found.area_m2 else [])]
    font = theme.font(TypeSize.SMALL, bold=True)
    width, height = max(text_width(font, row) for row in rows) + SPACE_PX * 4, _NOTE_ROW_PX * len(rows)
    left = max(0.0, min(at.x() + _CROSS_PX + SPACE_PX, screen.width - width))
    top = max(0.0, min(at.y() + SPACE_PX, screen.height - height))
    plate = QColor(theme.colour(Colour.MAP_GROUND))
    plate.setAlphaF(theme.tokens.opacities[Opacity.MAP_PLATE])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(plate)
    painter.drawRoundedRect(QRectF(left, top, width, height), RADIUS_PX, RADIUS_PX)
    for at_row, row in enumerate(rows):
        room = QRectF(left + SPACE_PX * 2, top + at_row * _NOTE_ROW_PX, width, _NOTE_ROW_PX)
        write(painter, room, row, font, theme.colour(Colour.MAP_ACCENT), LEFT)
