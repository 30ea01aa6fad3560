"""The band on the console of a broken glass: until when, what is lent, the number, and the key that ends it."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy
from typing_extensions import override

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.glass.wording import post_names
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import RIGHT, text_width, write
from chengyun_widgets.painted import Painted, is_activating

HEIGHT_PX = 34


class GlassBand(Painted):
    """Hidden but in a session of a broken glass. A click, or Enter on it, ends that session."""

    end_was_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme)
        self._desk = desk
        self._shown: tuple[object, ...] = ()
        self._texts = ("", "", "")
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def refresh(self) -> None:
        """Show how long it still lasts; does something when a second has passed or another session is held."""
        desk = self._desk
        signed_on, second = desk.session.signed_on, desk.now_ns() // NS_PER_S
        state = (signed_on, second, desk.names)
        if state == self._shown:
            return
        self._shown = state
        glass = signed_on.glass if signed_on is not None else 0
        self.setVisible(bool(glass))
        if signed_on is None or not glass:
            return
        figures = desk.figures
        until = figures.clock(signed_on.until)[:-3]
        left = figures.short_duration(max(0.0, (signed_on.until - desk.now_ns()) / NS_PER_S))
        lent = desk.say("glass.band.lent", posts=post_names(desk, signed_on.posts), glass=glass)
        action = BY_ID["glass.end"]
        texts = (desk.say("glass.band.until", time=until, left=left), lent,
                 desk.say("glass.band.end", key=action.keys[0]))  # fmt: skip
        if texts != self._texts:
            self._texts = texts
            self.setAccessibleName(desk.say("events.pieces_between").join(texts))
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT_PX)

    @override
    def paint(self, painter: QPainter) -> None:
        theme, ink = self.theme, self.theme.colour(Colour.TROUBLE_TEXT)
        # Inverse, as trouble is: the four legal colours mean severity and nothing else.
        painter.fillRect(self.rect(), theme.colour(Colour.TROUBLE))
        until, lent, end = self._texts
        bold, small = theme.font(TypeSize.LEAD, bold=True), theme.font(TypeSize.BODY)
        wide = text_width(small, end) + 1
        edge = self.width() - SPACE_PX * 4
        write(painter, QRectF(edge - wide, 0, wide, self.height()), end, small, ink, RIGHT)
        rect = QRectF(SPACE_PX * 4, 0, max(0.0, edge - wide - SPACE_PX * 8), self.height())
        taken = write(painter, rect, until, bold, ink)
        write(painter, rect.adjusted(taken + SPACE_PX * 4, 0, 0, 0), lent, small, ink)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.end_was_asked.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_activating(event):
            self.end_was_asked.emit()
        else:
            super().keyPressEvent(event)
