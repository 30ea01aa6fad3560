"""A line for what a rule refused or the world failed at: it stays until read, and never takes the focus."""

from collections import deque
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import RIGHT, text_width, write, write_lines
from chengyun_widgets.painted import Painted, is_activating
from chengyun_widgets.theme import Theme

_LINE_PX = 40
_SHORT_S = 6.0
_MOST = 20
_ICON_PX = 16


class MessageTone(Enum):
    """What kind of message it is."""

    REFUSED = "refused"
    """A rule said no: stays until it is closed."""
    TROUBLE = "trouble"
    """The world failed: stays until it is closed, and says what still works."""
    DONE = "done"
    """A confirmation: goes by itself after 6 s."""
    NOTE = "note"
    """Something worth knowing: goes by itself after 6 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: a sentence, and in smaller type what to do or what still works."""

    tone: MessageTone
    text: str
    detail: str = ""

    @property
    def stays(self) -> bool:
        """Whether somebody has to close it."""
        return self.tone in (MessageTone.REFUSED, MessageTone.TROUBLE)


class MessageLine(Painted):
    """Hidden while there is nothing to say. The latest message is on top; closing it shows the one before that stays.

    A click, or Enter or Esc with the focus, closes. At most 20 that stay are held; the oldest goes first, and
    `was_crowded_out` says so.
    """

    was_dismissed = Signal()
    """The last message was closed or went by itself."""
    was_crowded_out = Signal(object)
    """The Message nobody closed that had to make room."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._held: deque[Message] = deque()
        self._passing: Message | None = None
        self._passing_since_s: float | None = None
        self.setFixedHeight(_LINE_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()

    @property
    def message(self) -> Message | None:
        """The message on screen."""
        return self._passing or (self._held[-1] if self._held else None)

    def show_message(self, message: Message) -> None:
        """Show a message; one that is already waiting is brought to the top, not repeated."""
        if message.stays:
            self._passing = None
            if message in self._held:
                self._held.remove(message)
            self._held.append(message)
            if len(self._held) > _MOST:
                self.was_crowded_out.emit(self._held.popleft())
        else:
            self._passing, self._passing_since_s = message, None
        self._show()

    def withdraw(self, message: Message) -> None:
        """Take a message back that is no longer so; does nothing when it was closed meanwhile."""
        if message in self._held:
            self._held.remove(message)
            self._show()

    def tick(self, now_s: float) -> None:
        """Tell it the monotonic time; passing messages go 6 s after the first tick that saw them."""
        if self._passing is None:
            return
        if self._passing_since_s is None:
            self._passing_since_s = now_s
        elif now_s - self._passing_since_s >= _SHORT_S:
            self.dismiss()

    def dismiss(self) -> None:
        """Close the message on screen."""
        if self._passing is not None:
            self._passing = None
        elif self._held:
            self._held.pop()
        self._show()

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, _LINE_PX)

    @override
    def paint(self, painter: QPainter) -> None:
        message, theme = self.message, self.theme
        if message is None:
            return
        is_loud = message.tone is MessageTone.TROUBLE
        ink = theme.colour(Colour.TROUBLE_TEXT if is_loud else Colour.TEXT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(Colour.OUTLINE), 1.0))
        painter.setBrush(theme.colour(Colour.TROUBLE if is_loud else Colour.RAISED))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
        row = QRectF(self.rect()).adjusted(SPACE_PX * 3, 0, -SPACE_PX * 3, 0)
        self._paint_icon(painter, QRectF(row.x(), row.center().y() - _ICON_PX / 2, _ICON_PX, _ICON_PX), message.tone)
        row.adjust(_ICON_PX + SPACE_PX * 2, 0, 0, 0)
        if len(self._held) > 1:
            row.adjust(
                0, 0, -write(painter, row, f"+{len(self._held) - 1}", theme.font(TypeSize.SMALL), ink, RIGHT) - 8, 0
            )
        if text_width(theme.font(TypeSize.LEAD, bold=True), message.text) > row.width():
            # In English, or with a long name: two lines, for what went wrong is not to be guessed from half of it.
            write_lines(painter, row, f"{message.text} {message.detail}", theme.font(TypeSize.BODY, bold=True), ink)
            return
        taken = write(painter, row, message.text, theme.font(TypeSize.LEAD, bold=True), ink)
        second = ink if is_loud else theme.colour(Colour.TEXT_SECOND)
        write(painter, row.adjusted(taken + SPACE_PX * 4, 0, 0, 0), message.detail, theme.font(TypeSize.BODY), second)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.dismiss()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_activating(event) or event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        message = self.message
        if message is None:
            if not self.isHidden():
                self.hide()
                self.was_dismissed.emit()
            return
        self.setAccessibleName(message.text)
        self.setAccessibleDescription(message.detail)
        self.setToolTip("")
        self.show()
        self.update()

    def _paint_icon(self, painter: QPainter, rect: QRectF, tone: MessageTone) -> None:
        """Barred ring, broken line, tick, or ring with a dot: no legal shape and no legal colour."""
        token = {MessageTone.TROUBLE: Colour.TROUBLE_TEXT, MessageTone.DONE: Colour.DONE}.get(tone, Colour.TEXT)
        painter.setPen(QPen(self.theme.colour(token), 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ring, middle, reach = rect.adjusted(1, 1, -1, -1), rect.center(), rect.width() * 0.3
        match tone:
            case MessageTone.DONE:
                painter.drawPolyline([
                    QPointF(rect.left() + 2, middle.y()),
                    QPointF(middle.x() - 1, rect.bottom() - 4),
                    QPointF(rect.right() - 2, rect.top() + 4),
                ])  # fmt: skip
            case MessageTone.REFUSED:
                painter.drawEllipse(ring)
                painter.drawLine(middle + QPointF(-reach, reach), middle + QPointF(reach, -reach))
            case MessageTone.TROUBLE:
                painter.drawLine(QPointF(rect.left(), middle.y()), QPointF(middle.x() - 3, middle.y()))
                painter.drawLine(QPointF(middle.x() + 3, middle.y()), QPointF(rect.right(), middle.y()))
                painter.drawLine(middle + QPointF(-2, 5), middle + QPointF(2, -5))
            case MessageTone.NOTE:
                painter.drawEllipse(ring)
                painter.drawPoint(middle)
