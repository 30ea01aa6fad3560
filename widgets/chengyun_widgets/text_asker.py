"""An inline line of text that is asked for: it never blocks, keeps the draft on Esc and gives the focus back."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.composing_line import ComposingLine
from chengyun_widgets.theme import Theme

_MOST_DRAFTS = 50


class TextAsker(QWidget):
    """Hidden until `open_for`. Enter gives the text (blank ones are not taken), Esc dismisses and keeps the draft."""

    text_was_given = Signal(str)
    was_dismissed = Signal()

    def __init__(self, theme: Theme, longest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._key = ""
        self._drafts: dict[str, str] = {}
        self._focus_before: QWidget | None = None
        self._question, self._hint = QLabel(), QLabel()
        self.field = _Field()
        self.field.setMaxLength(longest)
        self.field.setMinimumHeight(TARGET_PX + SPACE_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX * 2)
        column.setSpacing(SPACE_PX)
        for label, size, colour, bold in (
            (self._question, TypeSize.BODY, Colour.TEXT, True),
            (self._hint, TypeSize.SMALL, Colour.TEXT_SECOND, False),
        ):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setFont(theme.font(size, bold=bold))
            palette = label.palette()
            palette.setColor(label.foregroundRole(), theme.colour(colour))
            label.setPalette(palette)
        self.field.setFont(theme.font(TypeSize.LEAD))
        for widget in (self._question, self.field, self._hint):
            column.addWidget(widget)
        self.field.was_submitted.connect(self._give)
        self.field.was_left.connect(self._dismiss)
        self.hide()

    def open_for(self, question: str, hint: str, key: str) -> None:
        """Ask; `key` names what it is about, and brings back the draft that was left there."""
        self._key = key
        self._question.setText(question)
        self._hint.setText(hint)
        self.field.setAccessibleName(question)
        self.field.setText(self._drafts.get(key, ""))
        # Of this window: another one's keyboard may be gone with it by the time this is answered.
        self._focus_before = self.window().focusWidget()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_quietly(self) -> None:
        """Hide without a signal; what was typed is kept as the draft of its key."""
        if self.isHidden():
            return
        self._keep_draft()
        before, self._focus_before = self._focus_before, None
        self.hide()
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def carried(self) -> object:
        """Return the drafts by key, for a field that takes this one's place."""
        if not self.isHidden():
            self._keep_draft()
        return dict(self._drafts)

    def take_carried(self, kept: object) -> None:
        """Take over the drafts of the field before."""
        if isinstance(kept, dict):
            self._drafts = {**kept, **self._drafts}

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, TARGET_PX * 3 + SPACE_PX * 6)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.colour(Colour.ACCENT), 1.0))
        painter.setBrush(self.theme.colour(Colour.RAISED))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
        painter.end()

    def _keep_draft(self) -> None:
        self._drafts.pop(self._key, None)
        if self.field.text().strip():
            self._drafts[self._key] = self.field.text()
            while len(self._drafts) > _MOST_DRAFTS:
                del self._drafts[next(iter(self._drafts))]

    def _give(self) -> None:
        text = self.field.text().strip()
        if not text:
            return
        self.field.clear()
        self.close_quietly()
        self.text_was_given.emit(text)

    def _dismiss(self) -> None:
        self.close_quietly()
        self.was_dismissed.emit()


class _Field(ComposingLine):
    """Enter submits, Esc leaves."""

    was_submitted = Signal()
    was_left = Signal()

    @override
    def key_was_pressed(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.was_submitted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.was_left.emit()
        else:
            super().key_was_pressed(event)
