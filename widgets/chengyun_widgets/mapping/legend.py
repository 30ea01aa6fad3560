"""The legend of the map: a sample and its word for each thing shown, and what a cell of a density holds."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, Colour, Opacity, TypeSize
from chengyun_widgets.lettering import LEFT, text_width, write
from chengyun_widgets.mapping.glyphs import paint_glyph
from chengyun_widgets.mapping.layers import Mark, ShapeStyle
from chengyun_widgets.mapping.pixel_painting import shade
from chengyun_widgets.mapping.shape_painting import hatch, tint
from chengyun_widgets.painted import Painted
from chengyun_widgets.shapes import paint_mark
from chengyun_widgets.theme import Theme

_ROW_PX = 24.0
_SAMPLE_PX = 28.0
_MARK_PX = 13.0
_SWATCH_PX = 14.0
_STEPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSample:
    """A point: its kind's outline, or a severity's shape."""

    mark: Mark
    severity: int = 0
    is_stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeSample:
    """A line or an inside, tinted or hatched as on the map."""

    style: ShapeStyle
    severity: int = 0
    is_hatched: bool = False


@dataclass(frozen=True, slots=True)
class RingSample:
    """A dashed circle of reach."""


@dataclass(frozen=True, slots=True)
class DensitySample:
    """The greys of a density, from one device to the most of a cell."""


Sample = MarkSample | ShapeSample | RingSample | DensitySample


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendRow:
    """A sample and what it means; `detail` stands behind it in grey."""

    sample: Sample
    text: str
    detail: str = ""


class MapLegend(Painted):
    """As high as its rows, on a plate of its own; it is read and never touched."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._rows: tuple[LegendRow, ...] = ()

    def show_rows(self, rows: tuple[LegendRow, ...]) -> None:
        """Show rows; equal ones cost nothing."""
        if rows != self._rows:
            self._rows = rows
            self.setAccessibleDescription("\n".join(f"{row.text} {row.detail}".strip() for row in rows))
            self.updateGeometry()
            self.update()

    @override
    def sizeHint(self) -> QSize:
        font = self.theme.font(TypeSize.SMALL)
        words = [text_width(font, row.text) + text_width(font, row.detail) for row in self._rows]
        wide = max(words, default=0.0) + _SAMPLE_PX + SPACE_PX * 7
        return QSize(round(wide), round(_ROW_PX * len(self._rows) + SPACE_PX * 2))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    @override
    def paint(self, painter: QPainter) -> None:
        theme, font = self.theme, self.theme.font(TypeSize.SMALL)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Colour.PANEL, Opacity.MAP_PLATE))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS_PX, RADIUS_PX)
        for at, row in enumerate(self._rows):
            top = SPACE_PX + at * _ROW_PX
            _paint_sample(painter, theme, row.sample, QRectF(SPACE_PX * 2, top, _SAMPLE_PX, _ROW_PX))
            left = SPACE_PX * 3 + _SAMPLE_PX
            room = QRectF(left, top, self.width() - left - SPACE_PX * 2, _ROW_PX)
            left += write(painter, room, row.text, font, theme.colour(Colour.TEXT), LEFT) + SPACE_PX * 2
            rest = QRectF(left, top, self.width() - left - SPACE_PX, _ROW_PX)
            write(painter, rest, row.detail, font, theme.colour(Colour.TEXT_SECOND), LEFT)


def _paint_sample(painter: QPainter, theme: Theme, sample: Sample, rect: QRectF) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    match sample:
        case MarkSample():
            _paint_mark(painter, theme, sample, rect)
        case ShapeSample():
            _paint_shape(painter, theme, sample, rect)
        case RingSample():
            pen = QPen(theme.colour(Colour.MAP_ACCENT, Opacity.MAP_RING), 1.2)
            pen.setDashPattern([4.0, 3.0])
            painter.setPen(pen)
            painter.drawEllipse(rect.center(), _SWATCH_PX / 2, _SWATCH_PX / 2)
        case DensitySample():
            side = rect.width() / _STEPS
            for step in range(_STEPS):
                cell = QRectF(rect.x() + step * side, rect.center().y() - side, side, side * 2)
                painter.fillRect(cell, shade(theme, step / (_STEPS - 1)))
    painter.restore()


def _paint_mark(painter: QPainter, theme: Theme, sample: MarkSample, rect: QRectF) -> None:
    middle = rect.center()
    square = QRectF(middle.x() - _MARK_PX / 2, middle.y() - _MARK_PX / 2, _MARK_PX, _MARK_PX)
    if sample.severity and sample.mark is not Mark.FORCE:
        paint_mark(painter, theme, square, sample.severity, stale=sample.is_stale)
    else:
        paint_glyph(painter, theme, square, sample.mark, sample.severity, is_stale=sample.is_stale)


def _paint_shape(painter: QPainter, theme: Theme, sample: ShapeSample, rect: QRectF) -> None:
    style = sample.style
    swatch = QRectF(rect.x(), rect.center().y() - _SWATCH_PX / 2, rect.width(), _SWATCH_PX)
    is_inside = style.fill is not None or sample.severity or sample.is_hatched
    if style.fill is not None:
        painter.fillRect(swatch, theme.colour(style.fill))
    if sample.severity:
        painter.fillRect(swatch, tint(theme, sample.severity))
    if sample.is_hatched:
        painter.fillRect(swatch, hatch(theme, sample.severity))
    if style.line is None:
        return
    pen = QPen(theme.fill(sample.severity) if sample.severity else theme.colour(style.line), max(1.0, style.line_px))
    if style.dash:
        pen.setDashPattern(list(style.dash))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if is_inside:
        painter.drawRect(swatch.adjusted(0.5, 0.5, -0.5, -0.5))
    else:
        painter.drawLine(QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y()))
