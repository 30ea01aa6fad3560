"""The window of the wall: draws its page as large as the screen allows, and never takes the keyboard."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView
from typing_extensions import override

from chengyun_console.mode.red_frame import RedFrame
from chengyun_console.shell.wall_page import WallPage
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.theme import Theme
from chengyun_widgets.watermark import Watermark

LEAST_WIDTH_PX, LEAST_HEIGHT_PX = 1366, 768
"""Room the page is laid out for at the least: on a small screen it is drawn less large instead of cut."""


def scale_for(width: int, height: int, wanted: float) -> float:
    """Return how much larger the page is drawn on a screen of this size."""
    return max(0.5, min(wanted, width / LEAST_WIDTH_PX, height / LEAST_HEIGHT_PX))


class WallWindow(QGraphicsView):
    """A scene of one thing. The page's widgets paint themselves through it: texts and lines stay sharp."""

    was_closed = Signal()

    def __init__(self, page: WallPage, theme: Theme, wanted_scale: float) -> None:
        super().__init__()
        self.page, self._wanted = page, wanted_scale
        self._magnified = 0.0
        self.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # A wall is looked at: a mouse that crosses it changes nothing on it.
        self.setInteractive(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundBrush(theme.colour(Colour.GROUND))
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scene = QGraphicsScene(self)
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._proxy = scene.addWidget(page)
        self.setScene(scene)
        # Not in the scene: a tile that covers everything would be drawn enlarged with every move of the strip.
        self.watermark = Watermark(theme, self.viewport())
        page.mark_did_change.connect(self.watermark.set_text)
        self.red_frame = RedFrame(theme, self.viewport())
        page.emergency_did_change.connect(self._frame)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._magnify()

    def want_scale(self, wanted: float) -> None:
        """Draw the page so much larger from now on, as far as the screen has the room."""
        self._wanted = wanted
        self._magnify()

    def _frame(self, is_emergency: bool) -> None:
        self.red_frame.show_emergency(is_emergency=is_emergency)

    def _magnify(self) -> None:
        scale = scale_for(self.width(), self.height(), self._wanted)
        room = QRectF(0, 0, self.width() / scale, self.height() / scale)
        self._proxy.setGeometry(room)
        self.setSceneRect(room)
        self.resetTransform()
        self.scale(scale, scale)
        if scale != self._magnified:
            self._magnified = scale
            self.page.magnify(scale)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.was_closed.emit()
