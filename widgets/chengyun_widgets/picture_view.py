"""One picture, as large as fits and never larger than it is; a sentence where there is none."""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour
from chengyun_widgets.painted import Painted
from chengyun_widgets.presence import Presence, paint_notice
from chengyun_widgets.theme import Theme


class PictureView(Painted):
    """A function of the picture and its sentence; the keyboard may rest on it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._image: QImage | None = None
        self._told = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_picture(self, image: QImage | None, told: str) -> None:
        """Show a picture; `told` is its accessible description, and what stands there without one."""
        self._image, self._told = image, told
        self.setAccessibleDescription(told)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 420)

    @override
    def paint(self, painter: QPainter) -> None:
        room = QRectF(self.rect())
        painter.fillRect(room, self.theme.colour(Colour.SUNKEN))
        if self._image is None:
            paint_notice(painter, self.theme, room, Presence.EMPTY, self._told)
            return
        inner = room.adjusted(SPACE_PX, SPACE_PX, -SPACE_PX, -SPACE_PX)
        size = QSizeF(self._image.size())
        if size.width() > inner.width() or size.height() > inner.height():
            size = size.scaled(inner.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        corner = inner.center() - QPointF(size.width() / 2, size.height() / 2)
        painter.drawImage(QRectF(corner, size), self._image)
