"""A sketch of areas given as rings of degrees: their shape and how they lie to each other, without a map under them."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPen, QPolygonF
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, Opacity, TypeSize
from chengyun_widgets.lettering import write
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme

_LINE_PX = 18
Ring = tuple[tuple[float, float], ...]
"""(longitude, latitude) in degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SketchRecord:
    """What is drawn. `severity` gives the colour; `notes` stand beneath."""

    rings: tuple[Ring, ...] = ()
    severity: int = 0
    notes: tuple[str, ...] = ()


class AreaSketch(Painted):
    """Keeps the shape true: a degree of longitude is drawn as long as it is at the latitude of the area's middle."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._record = SketchRecord()

    def show_record(self, record: SketchRecord) -> None:
        """Show a record; an equal one costs nothing."""
        if record != self._record:
            self._record = record
            self.setAccessibleDescription("\n".join(record.notes))
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, 180)

    @override
    def paint(self, painter: QPainter) -> None:
        theme, record = self.theme, self._record
        font, second = theme.font(TypeSize.SMALL), theme.colour(Colour.TEXT_SECOND)
        whole = QRectF(self.rect()).adjusted(SPACE_PX * 3, SPACE_PX * 2, -SPACE_PX * 3, -SPACE_PX * 2)
        foot = _LINE_PX * len(record.notes)
        if record.rings:
            self._paint_rings(painter, whole.adjusted(0, 0, 0, -foot))
        for at, note in enumerate(record.notes):
            row = QRectF(whole.left(), whole.bottom() - foot + at * _LINE_PX, whole.width(), _LINE_PX)
            write(painter, row, note, font, second)

    def _paint_rings(self, painter: QPainter, room: QRectF) -> None:
        theme = self.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = theme.fill(self._record.severity)
        wash = theme.fill(self._record.severity)
        wash.setAlphaF(theme.tokens.opacities[Opacity.WASH_FLASH])
        painter.setPen(QPen(ink, 1.6))
        painter.setBrush(wash)
        for ring in _placed(self._record.rings, room):
            painter.drawPolygon(QPolygonF(ring))


def _placed(rings: tuple[Ring, ...], room: QRectF) -> list[list[QPointF]]:
    """Return the rings in px, as large as the room lets them be."""
    longitudes = [point[0] for ring in rings for point in ring]
    latitudes = [point[1] for ring in rings for point in ring]
    west, east, south, north = min(longitudes), max(longitudes), min(latitudes), max(latitudes)
    narrow = max(0.05, math.cos(math.radians((south + north) / 2)))
    wide, high = max(1e-6, (east - west) * narrow), max(1e-6, north - south)
    scale = min(room.width() / wide, room.height() / high)
    left = room.center().x() - wide * scale / 2
    bottom = room.center().y() + high * scale / 2
    return [
        [QPointF(left + (x - west) * narrow * scale, bottom - (y - south) * scale) for x, y in ring] for ring in rings
    ]
