"""The sign before a pane's notice: a shape for each way in which a picture is not to be believed."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from chengyun_widgets.video.record import PaneTone

SIGN_PX = 14.0
_PEN_PX = 1.8


def paint_sign(painter: QPainter, rect: QRectF, tone: PaneTone, ink: QColor) -> None:
    """Paint the sign of a tone into `rect` (a square): bars, a covered eye, a broken line, a bar in a ring, dots."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, _PEN_PX))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if tone is PaneTone.OLD:
        _bars(painter, rect, ink)
    elif tone is PaneTone.DARK:
        painter.fillRect(rect.adjusted(1, 3, -1, -3), ink)
    elif tone is PaneTone.LOST:
        _broken(painter, rect)
    elif tone is PaneTone.REFUSED:
        painter.drawEllipse(rect.adjusted(1, 1, -1, -1))
        painter.drawLine(QPointF(rect.x() + 4, rect.center().y()), QPointF(rect.right() - 4, rect.center().y()))
    else:
        _dots(painter, rect, ink)
    painter.restore()


def _bars(painter: QPainter, rect: QRectF, ink: QColor) -> None:
    for x in (0.2, 0.6):
        bar = QRectF(rect.x() + rect.width() * x, rect.y() + 1, rect.width() * 0.2, rect.height() - 2)
        painter.fillRect(bar, ink)


def _broken(painter: QPainter, rect: QRectF) -> None:
    middle, reach = rect.center(), rect.width() * 0.16
    painter.drawLine(QPointF(rect.x(), middle.y()), QPointF(middle.x() - reach, middle.y()))
    painter.drawLine(QPointF(middle.x() + reach, middle.y()), QPointF(rect.right(), middle.y()))
    painter.drawLine(middle + QPointF(-reach * 1.4, -reach * 2), middle + QPointF(-reach * 0.4, reach * 2))
    painter.drawLine(middle + QPointF(reach * 0.4, -reach * 2), middle + QPointF(reach * 1.4, reach * 2))


def _dots(painter: QPainter, rect: QRectF, ink: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    for x in (0.14, 0.5, 0.86):
        painter.drawEllipse(QPointF(rect.x() + rect.width() * x, rect.center().y()), 1.6, 1.6)
