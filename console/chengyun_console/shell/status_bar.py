"""The status bar: how much comes in, what was lost; what is silenced, the flood meter; seat, account, journal."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.lettered import Lettered, Yielding
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.gauge import Gauge, GaugeRecord
from chengyun_widgets.theme import Theme

STATUS_BAR_PX = 26
_GAP = "    "


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRecord:
    """Finished texts, left and right. `is_stale`: the figures are the last ones known."""

    feed: tuple[str, ...]
    desk: tuple[str, ...]
    devices: str = ""
    """How many devices there are, and how many are silent; it leads to their page."""
    silenced: str = ""
    """How many alarms are suppressed, shelved, out of service, masked (A7): always in sight."""
    silence: str = ""
    """What is left of the silence of F12, or the key while something calls."""
    waiting: str = ""
    """What waits for a second person."""
    flood: GaugeRecord | None = None
    """Annunciations of this seat in ten minutes; None before sign-on."""
    is_stale: bool = False


class StatusBar(QWidget):
    """A function of its record."""

    was_asked = Signal()
    """It was clicked: somebody wants to know where its figures come from."""
    devices_were_asked = Signal()
    """What it says of devices was clicked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._feed = Yielding(theme, TypeSize.SMALL)
        self._devices_px = (0, 0)
        """Where the words about devices begin in the feed, and how wide they are."""
        self._desk = Lettered(theme, TypeSize.SMALL)
        self._silenced = Lettered(theme, TypeSize.SMALL)
        self._waiting = Lettered(theme, TypeSize.SMALL, Colour.TEXT, bold=True)
        self._silence = Lettered(theme, TypeSize.SMALL, Colour.TEXT, bold=True)
        self._flood = Gauge(theme)
        self.setFixedHeight(STATUS_BAR_PX)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_PX * 4, 1, SPACE_PX * 4, 0)
        row.setSpacing(SPACE_PX * 4)
        row.addWidget(self._feed, 1)
        for widget in (self._silence, self._waiting, self._silenced, self._flood, self._desk):
            row.addWidget(widget)

    def show_record(self, record: StatusRecord) -> None:
        """Show a record."""
        text = _GAP.join(part for part in (*record.feed, record.devices) if part)
        width_of = self._feed.fontMetrics().horizontalAdvance
        width = width_of(record.devices)
        self._devices_px = (width_of(text) - width, width)
        self._feed.show_text(text)
        self._feed.set_colour(Colour.TEXT_THIRD if record.is_stale else Colour.TEXT_SECOND)
        self._desk.show_text(" · ".join(record.desk))
        shown = ((self._silence, record.silence), (self._silenced, record.silenced), (self._waiting, record.waiting))
        for label, text in shown:
            label.show_text(text)
            label.setVisible(bool(text))
        self._flood.setVisible(record.flood is not None)
        if record.flood is not None:
            self._flood.show_record(record.flood)

    def devices_rect(self) -> QRect:
        """Return where devices are told; empty while they are not, or where the bar is too narrow for it."""
        feed, (left, width) = self._feed.geometry(), self._devices_px
        return QRect(feed.left() + left, feed.top(), width, feed.height()).intersected(feed)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            is_of_devices = self.devices_rect().contains(event.position().toPoint())
            (self.devices_were_asked if is_of_devices else self.was_asked).emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour(Colour.BAR))
        painter.fillRect(QRect(0, 0, self.width(), 1), self._theme.colour(Colour.LINE))
        painter.end()
