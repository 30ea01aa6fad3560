"""The status bar: how much comes in, how fast, what was lost; seat, account and the journal."""

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.lettered import Lettered, Yielding
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.theme import Theme

STATUS_BAR_PX = 26
_GAP = "    "


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRecord:
    """Finished texts, left and right. `is_stale`: the figures are the last ones known."""

    feed: tuple[str, ...]
    desk: tuple[str, ...]
    is_stale: bool = False


class StatusBar(QWidget):
    """A function of its record."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._feed = Yielding(theme, TypeSize.SMALL)
        self._desk = Lettered(theme, TypeSize.SMALL)
        self.setFixedHeight(STATUS_BAR_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_PX * 4, 1, SPACE_PX * 4, 0)
        row.setSpacing(SPACE_PX * 4)
        row.addWidget(self._feed, 1)
        row.addWidget(self._desk)

    def show_record(self, record: StatusRecord) -> None:
        """Show a record."""
        self._feed.show_text(_GAP.join(record.feed))
        self._feed.set_colour(Colour.TEXT_THIRD if record.is_stale else Colour.TEXT_SECOND)
        self._desk.show_text(" · ".join(record.desk))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour(Colour.BAR))
        painter.fillRect(QRect(0, 0, self.width(), 1), self._theme.colour(Colour.LINE))
        painter.end()
