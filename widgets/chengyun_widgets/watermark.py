"""Account, seat and time faintly over everything, in screenshots and print-outs too."""

import math

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import Colour, Opacity, TypeSize
from chengyun_widgets.lettering import text_width
from chengyun_widgets.theme import Theme

_ANGLE_DEG = -16.0
_GAP_PX = 120
_ROW_PX = 150


class Watermark(QWidget):
    """Covers its parent, lets every click and key through, and is part of every `grab()` of the parent."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self._text = ""
        self._tile: QPixmap | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        parent.installEventFilter(self)
        self.setGeometry(parent.rect())
        self.raise_()

    def set_text(self, text: str) -> None:
        """Repeat this line over the window; the tile is painted once per text."""
        if text != self._text:
            self._text, self._tile = text, None
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change to another theme at once."""
        self.theme, self._tile = theme, None
        self.update()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        if event.type() in (QEvent.Type.ChildAdded, QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self.raise_()
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._text:
            return
        if self._tile is None or self._tile.devicePixelRatio() != self.devicePixelRatioF():
            self._tile = _tile_of(self.theme, self._text, self.devicePixelRatioF())
        painter = QPainter(self)
        painter.drawTiledPixmap(self.rect(), self._tile)
        painter.end()


def marked(picture: QPixmap, theme: Theme, text: str) -> QPixmap:
    """Return a picture of a part of a window with the line over it: a pane that is grabbed alone has none."""
    painter = QPainter(picture)
    area = QRectF(QPointF(0, 0), picture.deviceIndependentSize())
    painter.drawTiledPixmap(area, _tile_of(theme, text, picture.devicePixelRatioF()), QPointF(0, 0))
    painter.end()
    return picture


def _tile_of(theme: Theme, text: str, ratio: float) -> QPixmap:
    """Paint one tile that joins with itself: the line, and its half-way neighbour a row below."""
    font = theme.font(TypeSize.FIGURE)
    reach = text_width(font, text)
    rise = reach * math.sin(math.radians(-_ANGLE_DEG))
    width, height = math.ceil(reach + _GAP_PX), 2 * math.ceil(_ROW_PX + rise)
    tile = QPixmap(round(width * ratio), round(height * ratio))
    tile.setDevicePixelRatio(ratio)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setFont(font)
    painter.setPen(theme.colour(Colour.TEXT, Opacity.WATERMARK))
    for x, y in ((0.0, height / 2), (-width / 2, height), (width / 2, height)):
        _write_slanted(painter, text, QPointF(x + 24, y - 24))
    painter.end()
    return tile


def _write_slanted(painter: QPainter, text: str, at: QPointF) -> None:
    painter.save()
    painter.translate(at)
    painter.rotate(_ANGLE_DEG)
    painter.drawText(QPointF(0, 0), text)
    painter.restore()
