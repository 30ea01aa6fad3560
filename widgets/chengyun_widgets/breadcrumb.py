"""The way back: where one is inside the tree, each step a target for mouse and keyboard."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.lettering import CENTRE, text_width, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme

_PAD_PX = SPACE_PX * 2
_ARROW_PX = SPACE_PX * 4
_LEAST_STEP_PX = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class Crumb:
    """One step. `key` comes back in the signal."""

    key: str
    text: str


class Breadcrumb(Painted):
    """Left/Right move along the steps, Enter goes to one, Backspace goes one up. Narrow: the middle gives way first."""

    crumb_was_asked = Signal(str)
    """The key of the step to go to."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._crumbs: tuple[Crumb, ...] = ()
        self._aim = 0
        self._hovered = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setFixedHeight(TARGET_PX)

    def show_crumbs(self, crumbs: Sequence[Crumb]) -> None:
        """Show the way from the top (first) to here (last)."""
        if tuple(crumbs) == self._crumbs:
            return
        self._crumbs = tuple(crumbs)
        self._aim = max(0, len(crumbs) - 1)
        self.setAccessibleName(" / ".join(crumb.text for crumb in crumbs))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(round(sum(self._natural_widths()) + _ARROW_PX * max(0, len(self._crumbs) - 1)), TARGET_PX)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_STEP_PX, TARGET_PX)

    @override
    def paint(self, painter: QPainter) -> None:
        for index, (crumb, rect) in enumerate(zip(self._crumbs, self._rects(), strict=True)):
            is_last = index == len(self._crumbs) - 1
            if index == self._hovered and not is_last:
                painter.fillRect(rect, self.theme.colour(Colour.RAISED))
            colour = self.theme.colour(Colour.TEXT if is_last or index == self._hovered else Colour.TEXT_SECOND)
            font = self.theme.font(TypeSize.BODY, bold=is_last)
            write(painter, rect.adjusted(4, 0, -4, 0), crumb.text, font, colour, CENTRE)
            if not is_last:
                self._paint_arrow(painter, rect.right() + _ARROW_PX / 2)

    @override
    def focus_rect(self) -> QRectF:
        return self._rects()[self._aim] if self._crumbs else QRectF(self.rect())

    def click_targets(self) -> list[QRectF]:
        """Return where a click goes to a step."""
        return self._rects()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._index_at(event.position()))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._go(index)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._crumbs) - 1
        match event.key():
            case Qt.Key.Key_Left:
                self._aim = max(0, self._aim - 1)
            case Qt.Key.Key_Right:
                self._aim = min(last, self._aim + 1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._go(self._aim)
            case Qt.Key.Key_Backspace:
                self._go(last - 1)
            case _:
                super().keyPressEvent(event)
                return
        self.update()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def _go(self, index: int) -> None:
        if 0 <= index < len(self._crumbs):
            self.crumb_was_asked.emit(self._crumbs[index].key)

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.update()

    def _index_at(self, at: QPointF) -> int:
        return next((i for i, rect in enumerate(self._rects()) if rect.contains(at)), -1)

    def _natural_widths(self) -> list[float]:
        font = self.theme.font(TypeSize.BODY, bold=True)
        return [max(TARGET_PX, text_width(font, crumb.text) + _PAD_PX * 2) for crumb in self._crumbs]

    def _rects(self) -> list[QRectF]:
        widths = _squeezed(self._natural_widths(), self.width() - _ARROW_PX * max(0, len(self._crumbs) - 1))
        rects, x = [], 0.0
        for width in widths:
            rects.append(QRectF(x, 0, width, self.height()))
            x += width + _ARROW_PX
        return rects

    def _paint_arrow(self, painter: QPainter, x: float) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.colour(Colour.ORNAMENT), 1.4))
        y = self.height() / 2
        painter.drawPolyline([QPointF(x - 2, y - RADIUS_PX), QPointF(x + 2, y), QPointF(x - 2, y + RADIUS_PX)])
        painter.restore()


def _squeezed(widths: list[float], room: float) -> list[float]:
    """Shorten the inner steps first, then the outer ones, until all fit into `room` px; none under 44 px."""
    widths, ends = list(widths), {0, len(widths) - 1}
    inner = [index for index in range(len(widths)) if index not in ends]
    for group in (inner, sorted(ends)):
        while (excess := sum(widths) - room) > 0.5 and (wide := [i for i in group if widths[i] > _LEAST_STEP_PX]):
            for index in wide:
                widths[index] = max(_LEAST_STEP_PX, widths[index] - excess / len(wide))
    return widths
