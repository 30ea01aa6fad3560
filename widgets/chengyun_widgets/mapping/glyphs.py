"""What points of each kind look like while nothing is the matter: outlines in grey, forces in teal.

None of them is a filled diamond, triangle, square or disc: those are the four legal severities.
"""

from collections.abc import Callable

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.mapping.layers import Mark
from chengyun_widgets.shapes import paint_mark
from chengyun_widgets.theme import Theme

_PEN_PX = 1.5
_INNER_SHARE = 0.24


def paint_glyph(painter: QPainter, theme: Theme, rect: QRectF, mark: Mark, severity: int, *, is_stale: bool) -> None:
    """Paint a kind's outline filling `rect` (a square), with a severity's shape in it; dashed when stale."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(_ink(theme, mark), _PEN_PX)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    if is_stale:
        pen.setDashPattern([2.0, 1.4])
    painter.setPen(pen)
    painter.setBrush(theme.colour(Colour.MAP_GROUND))
    _PAINTED[mark](painter, rect.adjusted(_PEN_PX / 2, _PEN_PX / 2, -_PEN_PX / 2, -_PEN_PX / 2))
    painter.restore()
    if severity:
        inner = rect.width() * _INNER_SHARE
        paint_mark(painter, theme, rect.adjusted(inner, inner, -inner, -inner), severity, stale=is_stale)


def _ink(theme: Theme, mark: Mark) -> QColor:
    if mark is Mark.FORCE:
        return theme.colour(Colour.MAP_ACCENT)
    return theme.colour(Colour.MAP_DEVICE if mark is Mark.DEVICE else Colour.MAP_MARK)


def _corners(rect: QRectF, *points: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(rect.x() + x * rect.width(), rect.y() + y * rect.height()) for x, y in points])


def _device(painter: QPainter, rect: QRectF) -> None:
    painter.setBrush(painter.pen().brush())
    painter.drawEllipse(rect.center(), rect.width() / 5, rect.height() / 5)


def _risk_point(painter: QPainter, rect: QRectF) -> None:
    """A hexagon with a dot: a place that is watched."""
    painter.drawPolygon(_corners(rect, (0.5, 0), (0.95, 0.25), (0.95, 0.75), (0.5, 1), (0.05, 0.75), (0.05, 0.25)))
    painter.setBrush(painter.pen().brush())
    painter.drawEllipse(rect.center(), rect.width() / 12, rect.height() / 12)


def _event(painter: QPainter, rect: QRectF) -> None:
    """A ring in a ring: something happens here, and nothing grave."""
    painter.drawEllipse(rect)
    inner = rect.width() * 0.28
    painter.drawEllipse(rect.adjusted(inner, inner, -inner, -inner))


def _force(painter: QPainter, rect: QRectF) -> None:
    painter.drawRoundedRect(rect, 1.5, 1.5)


def _camera(painter: QPainter, rect: QRectF) -> None:
    """A box with a lens that widens."""
    painter.drawPolygon(_corners(rect, (0, 0.25), (0.62, 0.25), (0.62, 0.75), (0, 0.75)))
    painter.drawPolygon(_corners(rect, (0.62, 0.5), (1, 0.2), (1, 0.8)))


def _valve(painter: QPainter, rect: QRectF) -> None:
    """A bow tie, as drawings of pipes have it (ISO 14617-8)."""
    painter.drawPolygon(_corners(rect, (0, 0.2), (0.5, 0.5), (0, 0.8)))
    painter.drawPolygon(_corners(rect, (1, 0.2), (0.5, 0.5), (1, 0.8)))


def _shelter(painter: QPainter, rect: QRectF) -> None:
    """A house with a door."""
    painter.drawPolygon(_corners(rect, (0, 0.5), (0.5, 0.02), (1, 0.5), (0.86, 0.5), (0.86, 1), (0.14, 1), (0.14, 0.5)))
    middle = rect.center().x()
    painter.drawLine(QLineF(middle, rect.bottom(), middle, rect.y() + rect.height() * 0.62))


_PAINTED: dict[Mark, Callable[[QPainter, QRectF], None]] = {
    Mark.DEVICE: _device,
    Mark.RISK_POINT: _risk_point,
    Mark.EVENT: _event,
    Mark.FORCE: _force,
    Mark.CAMERA: _camera,
    Mark.VALVE: _valve,
    Mark.SHELTER: _shelter,
}
