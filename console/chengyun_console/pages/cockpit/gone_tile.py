"""The place of a pinned vital that left the catalogue: it says so, until an officer unpins it or it comes back."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import write
from chengyun_widgets.painted import Painted
from chengyun_widgets.plain_tip import plain_tip
from chengyun_widgets.theme import Theme

_LINE_PX = 24


class GoneTile(Painted):
    """Two sentences in the place of a chart."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._lines = ("", "")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 96)

    def show_text(self, what: str, hint: str) -> None:
        """Say what is gone and what can be done."""
        if (what, hint) != self._lines:
            self._lines = (what, hint)
            self.setAccessibleName(what)
            self.setToolTip(plain_tip(what))
            self.update()

    @override
    def paint(self, painter: QPainter) -> None:
        theme, room = self.theme, QRectF(self.rect()).adjusted(SPACE_PX * 3, 0, -SPACE_PX * 3, 0)
        top = room.center().y() - _LINE_PX
        body, small = theme.font(TypeSize.BODY), theme.font(TypeSize.SMALL)
        write(painter, QRectF(room.x(), top, room.width(), _LINE_PX), self._lines[0], body, theme.colour(Colour.TEXT))
        second = QRectF(room.x(), top + _LINE_PX, room.width(), _LINE_PX)
        write(painter, second, self._lines[1], small, theme.colour(Colour.TEXT_SECOND))
