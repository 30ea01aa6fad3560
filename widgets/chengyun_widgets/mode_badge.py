"""The badge that says which mode and realm this is: peacetime, emergency, drill, or a switch under way."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.lettering import text_width, write_run
from chengyun_widgets.painted import Painted, is_activating
from chengyun_widgets.theme import Theme

_HATCH_STEP_PX = 12


class ModeTone(Enum):
    """How the badge is dressed."""

    PEACETIME = "peacetime"
    EMERGENCY = "emergency"
    PARTLY = "partly"
    """Peacetime here, an emergency in a part of the area: peacetime's dress in the emergency's outline."""
    DRILL = "drill"
    """Hatched purple, whatever the mode inside the drill is."""
    SWITCHING = "switching"
    """A change that not every seat has confirmed: dashed outline, no fill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeRecord:
    """What the badge says: `text` such as 急时 · 防汛一级响应, and the elapsed time once it runs."""

    tone: ModeTone
    text: str
    elapsed: str = ""


_FILL = {
    ModeTone.PEACETIME: Colour.MODE_PEACE,
    ModeTone.PARTLY: Colour.MODE_PEACE,
    ModeTone.EMERGENCY: Colour.MODE_EMERGENCY,
    ModeTone.DRILL: Colour.MODE_DRILL,
}
_INK = {
    ModeTone.PEACETIME: Colour.MODE_PEACE_TEXT,
    ModeTone.PARTLY: Colour.MODE_PEACE_TEXT,
    ModeTone.EMERGENCY: Colour.MODE_EMERGENCY_TEXT,
    ModeTone.DRILL: Colour.MODE_DRILL_TEXT,
    ModeTone.SWITCHING: Colour.TEXT,
}


class ModeBadge(Painted):
    """Shows the mode; a click asks for the change of mode."""

    was_asked = Signal()
    """The badge was clicked or Enter was pressed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._record = ModeRecord(tone=ModeTone.PEACETIME, text="")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_record(self, record: ModeRecord) -> None:
        """Show a record; nothing is painted when it is the same as before."""
        if record == self._record:
            return
        self._record = record
        self.setAccessibleName(f"{record.text} {record.elapsed}".strip())
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        font = self.theme.font(TypeSize.LEAD, bold=True)
        width = text_width(font, self._record.text) + SPACE_PX * 6
        if self._record.elapsed:
            width += text_width(font, self._record.elapsed) + SPACE_PX * 2
        return QSize(round(width + 0.5), TARGET_PX)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, tone = QRectF(self.rect()), self._record.tone
        outline = QPainterPath()
        outline.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
        if tone is ModeTone.SWITCHING:
            painter.setPen(QPen(self.theme.colour(Colour.TEXT), 1.0, Qt.PenStyle.DashLine))
            painter.drawPath(outline)
        else:
            painter.fillPath(outline, self.theme.colour(_FILL[tone]))
        if tone is ModeTone.PARTLY:
            painter.setPen(QPen(self.theme.colour(Colour.MODE_EMERGENCY), 2.0))
            painter.drawPath(outline)
        if tone is ModeTone.DRILL:
            paint_hatch(painter, outline, rect, self.theme.colour(Colour.MODE_DRILL_HATCH))
        font, ink = self.theme.font(TypeSize.LEAD, bold=True), self.theme.colour(_INK[tone])
        pieces = [(self._record.text, font, ink), (self._record.elapsed, font, ink)]
        write_run(painter, SPACE_PX * 3, rect, pieces, SPACE_PX * 2)

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


def paint_hatch(painter: QPainter, clip: QPainterPath, rect: QRectF, colour: QColor) -> None:
    """Paint the diagonal hatching of a drill over `rect`, inside `clip`; the console's drill frame uses it too."""
    painter.save()
    painter.setClipPath(clip)
    painter.setPen(QPen(colour, 4.0))
    x = rect.left() - rect.height()
    while x < rect.right():
        painter.drawLine(round(x), round(rect.bottom()), round(x + rect.height()), round(rect.top()))
        x += _HATCH_STEP_PX
    painter.restore()
