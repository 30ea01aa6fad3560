"""Paints severity as a shape: red diamond, orange triangle, yellow square, blue disc; hollow and dashed when stale."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.theme import Theme

MARK_PX = 14


def mark_path(severity: int, rect: QRectF) -> QPainterPath:
    """Return the outline of a severity's shape inside `rect`; NONE is a small disc, a quarter as wide."""
    path = QPainterPath()
    if severity == Severity.RED:
        path.addPolygon(_corners(rect, (0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)))
    elif severity == Severity.ORANGE:
        path.addPolygon(_corners(rect, (0.5, 0.04), (1.0, 0.93), (0.0, 0.93)))
    elif severity == Severity.YELLOW:
        inset = rect.width() * 0.07
        path.addRect(rect.adjusted(inset, inset, -inset, -inset))
    elif severity == Severity.BLUE:
        path.addEllipse(rect.adjusted(0.5, 0.5, -0.5, -0.5))
    else:
        inset = rect.width() * 0.36
        path.addEllipse(rect.adjusted(inset, inset, -inset, -inset))
    path.closeSubpath()
    return path


def paint_mark(
    painter: QPainter, theme: Theme, rect: QRectF, severity: int, *, stale: bool = False, colour: QColor | None = None
) -> None:
    """Paint a severity's shape filling `rect` (a square). Stale: hollow, dashed. `colour` replaces the token's own."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = colour if colour is not None else theme.fill(severity)
    if stale:
        pen = QPen(ink, 1.2, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([2.0, 1.6])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rect = rect.adjusted(0.6, 0.6, -0.6, -0.6)
        shape = mark_path(severity, rect) if severity else _ring(rect)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        shape = mark_path(severity, rect)
    painter.drawPath(shape)
    painter.restore()


def paint_link(painter: QPainter, theme: Theme, rect: QRectF, *, stale: bool = False) -> None:
    """Paint a broken chain filling `rect`: a lost link, never in the colour of a value (A19)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour(Colour.TEXT_THIRD if stale else Colour.TEXT_SECOND), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = QRectF(rect.x(), rect.y() + rect.height() * 0.25, rect.width() * 0.56, rect.height() * 0.5)
    painter.drawArc(half, 60 * 16, 240 * 16)
    painter.drawArc(half.translated(rect.width() * 0.44, 0), 240 * 16, 240 * 16)
    middle, reach = rect.center(), rect.height() * 0.5
    painter.drawLine(middle + QPointF(reach * 0.25, -reach), middle + QPointF(-reach * 0.25, reach))
    painter.restore()


def mark_rect(x: float, centre_y: float, size: float = MARK_PX) -> QRectF:
    """Return the square of a shape whose left edge is `x` and whose middle is at `centre_y`."""
    return QRectF(x, centre_y - size / 2, size, size)


def _corners(rect: QRectF, *points: tuple[float, float]) -> QPolygonF:
    corners = [QPointF(rect.x() + fx * rect.width(), rect.y() + fy * rect.height()) for fx, fy in points]
    return QPolygonF(corners)


def _ring(rect: QRectF) -> QPainterPath:
    path = QPainterPath()
    inset = rect.width() * 0.18
    path.addEllipse(rect.adjusted(inset, inset, -inset, -inset))
    return path


def paint_tick(painter: QPainter, theme: Theme, rect: QRectF, ink: Colour) -> None:
    """Paint a tick filling `rect` (a square): done, or chosen together with others."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour(ink), 1.8))
    painter.drawPolyline(_corners(rect, (0.08, 0.55), (0.4, 0.86), (0.95, 0.16)))
    painter.restore()
