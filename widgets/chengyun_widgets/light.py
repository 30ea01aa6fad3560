"""A lamp with its label: ok, late, lost since, or off. Never in one of the four legal colours."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.lettering import text_width, write_run
from chengyun_widgets.painted import Painted, is_activating
from chengyun_widgets.plain_tip import plain_tip
from chengyun_widgets.theme import Theme

_DISC_PX = 10


class LightState(Enum):
    """State of what the lamp stands for."""

    OK = "ok"
    LATE = "late"
    LOST = "lost"
    OFF = "off"
    """Not configured on this profile; nothing is expected from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LightRecord:
    """What a lamp shows. `detail` stands beside the label ("39/39", "自 14:31:52"); `spoken` is for screen readers."""

    label: str
    state: LightState
    detail: str = ""
    spoken: str = ""
    tip: str = ""


class Light(Painted):
    """LOST is an inverted chip with a crossed ring: the loudest thing in the bar without borrowing a legal colour."""

    was_asked = Signal()
    """The lamp was clicked or Enter was pressed: somebody wants to know more."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._record = LightRecord(label="", state=LightState.OFF)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_record(self, record: LightRecord) -> None:
        """Show a record; nothing is painted when it is the same as before."""
        if record == self._record:
            return
        self._record = record
        self.setAccessibleName(record.spoken or f"{record.label} {record.detail}".strip())
        self.setToolTip(plain_tip(record.tip))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        font = self.theme.font(TypeSize.BODY, bold=self._record.state is LightState.LOST)
        width = text_width(font, self._record.label) + _DISC_PX + SPACE_PX * 4
        if self._record.detail:
            width += text_width(font, self._record.detail) + SPACE_PX
        return QSize(round(width + 0.5), TARGET_PX)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        lost = self._record.state is LightState.LOST
        if lost:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.colour(Colour.TROUBLE))
            painter.drawRoundedRect(rect.adjusted(0, 2, 0, -2), RADIUS_PX, RADIUS_PX)
        font = self.theme.font(TypeSize.BODY, bold=lost)
        strong = self._record.state in (LightState.LATE, LightState.OK)
        detail = self.theme.colour(Colour.TROUBLE_TEXT if lost else Colour.TEXT if strong else Colour.TEXT_THIRD)
        label = self.theme.colour(Colour.TROUBLE_TEXT if lost else Colour.TEXT_SECOND)
        x = write_run(painter, SPACE_PX, rect, [(self._record.label, font, label)], SPACE_PX)
        self._paint_lamp(painter, QRectF(x, rect.center().y() - _DISC_PX / 2, _DISC_PX, _DISC_PX))
        write_run(painter, x + _DISC_PX + SPACE_PX, rect, [(self._record.detail, font, detail)])

    def _paint_lamp(self, painter: QPainter, disc: QRectF) -> None:
        state, theme = self._record.state, self.theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if state is LightState.OK:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(Colour.LAMP_OK))
            painter.drawEllipse(disc)
            return
        ink = {LightState.LOST: Colour.TROUBLE_TEXT, LightState.LATE: Colour.TEXT, LightState.OFF: Colour.ORNAMENT}
        painter.setPen(QPen(theme.colour(ink[state]), 1.6))
        painter.drawEllipse(disc.adjusted(0.8, 0.8, -0.8, -0.8))
        if state is LightState.LATE:
            painter.setBrush(theme.colour(Colour.TEXT))
            painter.drawPie(disc.adjusted(0.8, 0.8, -0.8, -0.8), 90 * 16, 180 * 16)
        elif state is LightState.LOST:
            centre, reach = disc.center(), disc.width() * 0.22
            painter.drawLine(centre + QPointF(-reach, -reach), centre + QPointF(reach, reach))
            painter.drawLine(centre + QPointF(-reach, reach), centre + QPointF(reach, -reach))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.was_asked.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_activating(event):
            self.was_asked.emit()
        else:
            super().keyPressEvent(event)
