"""What stands at the edges of the map: scale, north, where it comes from, and that the view is locked."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, Colour, Opacity, TypeSize
from chengyun_widgets.lettering import CENTRE, LEFT, RIGHT, text_width, write
from chengyun_widgets.mapping.measure import metres_per_px
from chengyun_widgets.mapping.units import distance_text, nice_distance
from chengyun_widgets.mapping.view import Screen
from chengyun_widgets.theme import Theme

_MOST_BAR_PX = 140.0
_EDGE_PX = SPACE_PX * 3.0
_ROW_PX = 22.0
_TICK_PX = 5.0
_LEAST_WIDTH_PX = 240.0
"""A window narrower than this is a thumb: nothing but the map itself has room."""
_LOCK_PX = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MapTexts:
    """The words of the canvas. Templates: `point` takes {name} and {severity}, `cluster` {count} and {severity};
    `severities` has five words from NONE to RED."""

    name: str = ""
    locked: str = ""
    north: str = ""
    point: str = "{name}"
    cluster: str = "{count}"
    severities: tuple[str, ...] = ("", "", "", "", "")


def paint_furniture(
    painter: QPainter, theme: Theme, screen: Screen, texts: MapTexts, attribution: str, *, is_locked: bool
) -> None:
    """Paint what stands at the edges; less where there is less room."""
    if screen.width < _LEAST_WIDTH_PX:
        return
    taken = _paint_scale(painter, theme, screen)
    _paint_attribution(painter, theme, screen, attribution, taken)
    _paint_north(painter, theme, screen, texts.north)
    if is_locked:
        _paint_lock(painter, theme, texts.locked)


def scale_bar(screen: Screen) -> tuple[float, float]:
    """Return the length the bar stands for in metres and its width in px; zeros when there is none."""
    per_px = metres_per_px(screen.view)
    metres = nice_distance(_MOST_BAR_PX * per_px)
    return (metres, metres / per_px) if metres else (0.0, 0.0)


def _paint_scale(painter: QPainter, theme: Theme, screen: Screen) -> float:
    """Paint the bar at the lower left; returns where it ends."""
    metres, width = scale_bar(screen)
    text, font = distance_text(metres), theme.font(TypeSize.SMALL)
    wide = width + text_width(font, text) + SPACE_PX * 5
    plate = QRectF(_EDGE_PX, screen.height - _EDGE_PX - _ROW_PX, wide, _ROW_PX)
    _paint_plate(painter, theme, plate)
    left, bottom = plate.x() + SPACE_PX * 2, plate.center().y() + _TICK_PX / 2
    painter.setPen(QPen(theme.colour(Colour.MAP_TEXT_SECOND), 1.4))
    painter.drawPolyline(
        [QPointF(left, bottom - _TICK_PX), QPointF(left, bottom), QPointF(left + width, bottom),
         QPointF(left + width, bottom - _TICK_PX)]
    )  # fmt: skip
    room = QRectF(left + width + SPACE_PX, plate.y(), wide, _ROW_PX)
    write(painter, room, text, font, theme.colour(Colour.MAP_TEXT_SECOND), LEFT)
    return plate.right()


def _paint_attribution(painter: QPainter, theme: Theme, screen: Screen, text: str, after: float) -> None:
    """Paint where the map comes from at the lower right; it is the last to give way: the law asks for it."""
    if not text:
        return
    font, room = theme.font(TypeSize.SMALL), screen.width - after - _EDGE_PX - SPACE_PX * 2
    width = min(text_width(font, text) + SPACE_PX * 4, room)
    plate = QRectF(screen.width - _EDGE_PX - width, screen.height - _EDGE_PX - _ROW_PX, width, _ROW_PX)
    _paint_plate(painter, theme, plate)
    inner = plate.adjusted(SPACE_PX * 2, 0, -SPACE_PX * 2 + 1, 0)
    write(painter, inner, text, font, theme.colour(Colour.MAP_TEXT_SECOND), RIGHT)


def _paint_north(painter: QPainter, theme: Theme, screen: Screen, text: str) -> None:
    x, y = screen.width - _EDGE_PX - 10, _EDGE_PX
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(Colour.MAP_TEXT_SECOND))
    painter.drawPolygon(QPolygonF([QPointF(x, y), QPointF(x + 5, y + 12), QPointF(x, y + 9), QPointF(x - 5, y + 12)]))
    font = theme.font(TypeSize.SMALL)
    write(painter, QRectF(x - 20, y + 13, 40, 16), text, font, theme.colour(Colour.MAP_TEXT_SECOND), CENTRE)


def _paint_lock(painter: QPainter, theme: Theme, text: str) -> None:
    font = theme.font(TypeSize.SMALL)
    width = text_width(font, text) + _LOCK_PX + SPACE_PX * 6
    plate = QRectF(_EDGE_PX, _EDGE_PX, width, _ROW_PX)
    _paint_plate(painter, theme, plate)
    _paint_padlock(painter, theme, QPointF(plate.x() + SPACE_PX * 2, plate.center().y()))
    room = QRectF(plate.x() + _LOCK_PX + SPACE_PX * 4, plate.y(), width, _ROW_PX)
    write(painter, room, text, font, theme.colour(Colour.MAP_ACCENT), LEFT)


def _paint_padlock(painter: QPainter, theme: Theme, at: QPointF) -> None:
    painter.setPen(QPen(theme.colour(Colour.MAP_ACCENT), 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(at.x() + 2.5, at.y() - 6, 7, 9), 0, 180 * 16)
    painter.setBrush(theme.colour(Colour.MAP_ACCENT))
    painter.drawRect(QRectF(at.x() + 1, at.y() - 1, 10, 7))


def _paint_plate(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    plate = QColor(theme.colour(Colour.MAP_GROUND))
    plate.setAlphaF(theme.tokens.opacities[Opacity.MAP_PLATE])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(plate)
    painter.drawRoundedRect(rect, RADIUS_PX, RADIUS_PX)
