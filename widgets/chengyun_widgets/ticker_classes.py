"""The five classes of the risk strip: an icon each, and a bar of switches with the key, the word and the count."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.lettering import text_width, write
from chengyun_widgets.painted import Painted, is_activating
from chengyun_widgets.plain_tip import plain_tip
from chengyun_widgets.theme import Theme

ICON_PX = 14
_STROKES: dict[int, tuple[tuple[tuple[float, float], ...], ...]] = {
    1: (((0.0, 0.55), (0.28, 0.55), (0.42, 0.12), (0.62, 0.92), (0.74, 0.55), (1.0, 0.55)),),
    2: (
        ((0.05, 0.38), (0.05, 0.66), (0.3, 0.66), (0.78, 0.92), (0.78, 0.1), (0.3, 0.38), (0.05, 0.38)),
        ((0.92, 0.38), (0.92, 0.64)),
    ),
    3: (((0.12, 1.0), (0.12, 0.06), (0.9, 0.3), (0.12, 0.56)),),
    4: (
        ((0.18, 0.04), (0.82, 0.04), (0.5, 0.5), (0.82, 0.96), (0.18, 0.96), (0.5, 0.5), (0.18, 0.04)),
    ),
    5: (
        ((0.1, 0.2), (0.9, 0.2), (0.9, 0.94), (0.1, 0.94), (0.1, 0.2)),
        ((0.32, 0.02), (0.32, 0.3)),
        ((0.68, 0.02), (0.68, 0.3)),
        ((0.1, 0.46), (0.9, 0.46)),
    ),
}  # fmt: skip
"""Pulse, megaphone, flag, hourglass, calendar: vital alarm, official warning, event, overdue order, duty notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassSwitch:
    """One class: its key 1..5, its word, how many of it are known (empty: its source is not there), and its tip."""

    code: int
    word: str
    count: str = ""
    is_on: bool = True
    tip: str = ""


def paint_class(painter: QPainter, theme: Theme, rect: QRectF, code: int, colour: Colour = Colour.TEXT_THIRD) -> None:
    """Paint the icon of a class into a square; never in a legal colour."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour(colour), 1.3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for stroke in _STROKES.get(code, ()):
        points = [QPointF(rect.x() + x * rect.width(), rect.y() + y * rect.height()) for x, y in stroke]
        painter.drawPolyline(QPolygonF(points))
    painter.restore()


class ClassBar(Painted):
    """Switches side by side; Left and Right go, Space, Enter, a click or the class's digit switch."""

    class_was_switched = Signal(int)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._switches: tuple[ClassSwitch, ...] = ()
        self._at = 0
        self.setFixedHeight(TARGET_PX + SPACE_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setMouseTracking(True)

    def show_switches(self, switches: tuple[ClassSwitch, ...]) -> None:
        """Show these; equal ones cost nothing."""
        if switches != self._switches:
            self._switches = switches
            told = (f"{one.code} {one.word} {one.count} {one.tip}".strip() for one in switches)
            self.setAccessibleDescription("\n".join(told))
            self.update()

    @override
    def focus_rect(self) -> QRectF:
        rects = self._rects()
        return rects[self._at] if rects else QRectF(self.rect())

    @override
    def paint(self, painter: QPainter) -> None:
        theme = self.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for switch, rect in zip(self._switches, self._rects(), strict=True):
            painter.setPen(QPen(theme.colour(Colour.OUTLINE if switch.is_on else Colour.LINE), 1))
            painter.setBrush(theme.colour(Colour.SUNKEN) if switch.is_on else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
            self._paint_switch(painter, switch, rect)

    @override
    def sizeHint(self) -> QSize:
        rects = self._rects()
        return QSize(round(rects[-1].right()) + SPACE_PX if rects else 400, TARGET_PX + SPACE_PX)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._under(event.position())
        self.setToolTip(plain_tip(self._switches[at].tip) if at >= 0 else "")

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self._under(event.position())
        if at >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._at = at
            self.class_was_switched.emit(self._switches[at].code)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        codes = [switch.code for switch in self._switches]
        digit = event.key() - Qt.Key.Key_0
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and codes:
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self._at = max(0, min(len(codes) - 1, self._at + step))
            self.update()
        elif is_activating(event) and codes:
            self.class_was_switched.emit(codes[self._at])
        elif digit in codes:
            self.class_was_switched.emit(digit)
        else:
            super().keyPressEvent(event)

    def _under(self, at: QPointF) -> int:
        return next((place for place, rect in enumerate(self._rects()) if rect.contains(at)), -1)

    def _rects(self) -> list[QRectF]:
        x, rects = float(SPACE_PX * 2), []
        for switch in self._switches:
            width = ICON_PX + text_width(self._font(), self._text(switch)) + SPACE_PX * 6
            rects.append(QRectF(x, SPACE_PX / 2, width, TARGET_PX))
            x += width + SPACE_PX
        return rects

    def _paint_switch(self, painter: QPainter, switch: ClassSwitch, rect: QRectF) -> None:
        theme = self.theme
        ink = Colour.TEXT if switch.is_on and switch.count else Colour.TEXT_SECOND
        paint_class(
            painter, theme, QRectF(rect.x() + SPACE_PX * 2, rect.center().y() - 7, ICON_PX, ICON_PX), switch.code, ink
        )
        text = rect.adjusted(ICON_PX + SPACE_PX * 4, 0, 0, 0)
        taken = write(painter, text, self._text(switch), self._font(), theme.colour(ink))
        if not switch.is_on:
            painter.setPen(QPen(theme.colour(ink), 1))
            painter.drawLine(QPointF(text.x(), rect.center().y()), QPointF(text.x() + taken, rect.center().y()))

    def _text(self, switch: ClassSwitch) -> str:
        return "  ".join(part for part in (str(switch.code), switch.word, switch.count) if part)

    def _font(self) -> QFont:
        return self.theme.font(TypeSize.SMALL)
