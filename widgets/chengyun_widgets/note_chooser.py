"""An inline strip of numbered notes for «A then digit»: it never blocks and gives the focus back."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.lettering import CENTRE, text_width, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme

_MOST = 9
_ROW_PX = TARGET_PX + SPACE_PX * 2


class NoteChooser(Painted):
    """Hidden until `open_for`. A digit or a click chooses and closes; Esc or losing the focus dismisses."""

    note_was_chosen = Signal(int)
    """Index (from 0) of the note chosen."""
    was_dismissed = Signal()
    """Nothing was chosen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._question, self._hint = "", ""
        self._notes: tuple[str, ...] = ()
        self._focus_before: QWidget | None = None
        self._aim = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.hide()

    def open_for(self, question: str, notes: Sequence[str], hint: str = "") -> None:
        """Show up to nine notes and take the keyboard.

        Raises:
            ValueError: there are no notes, or more than nine (a digit reaches no tenth).
        """
        if not 1 <= len(notes) <= _MOST:
            raise ValueError(f"a note chooser takes 1 to {_MOST} notes, one per digit; got {len(notes)}")
        self._question, self._notes, self._hint, self._aim = question, tuple(notes), hint, 0
        # Of this window: another one's keyboard may be gone with it by the time this is answered.
        self._focus_before = self.window().focusWidget()
        self.setAccessibleName(question)
        self.setAccessibleDescription(", ".join(f"{number} {note}" for number, note in enumerate(notes, 1)))
        self._fit()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.update()

    def close_quietly(self) -> None:
        """Hide without a signal, when what it was about has gone; the focus goes back."""
        before, self._focus_before = self._focus_before, None
        had_focus = self.hasFocus()
        self.hide()
        if had_focus and before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def sizeHint(self) -> QSize:
        rows = 1 + max((row for row, _ in self._places(self.width() or 640)), default=0)
        return QSize(640, rows * _ROW_PX + TARGET_PX)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    @override
    def paint(self, painter: QPainter) -> None:
        theme = self.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(Colour.ACCENT), 1.0))
        painter.setBrush(theme.colour(Colour.RAISED))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
        head = QRectF(SPACE_PX * 3, 0, self.width() - SPACE_PX * 6, TARGET_PX)
        taken = write(painter, head, self._question, theme.font(TypeSize.BODY, bold=True), theme.colour(Colour.TEXT))
        rest = head.adjusted(taken + SPACE_PX * 4, 0, 0, 0)
        write(painter, rest, self._hint, theme.font(TypeSize.SMALL), theme.colour(Colour.TEXT_SECOND))
        for index, rect in enumerate(self._rects()):
            self._paint_note(painter, rect, index)

    @override
    def event(self, event: QEvent) -> bool:
        # A digit may be a shortcut of the page behind: while a question stands it answers the question.
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and self._is_answer(event):
            event.accept()
            return True
        return super().event(event)

    def _is_answer(self, event: QKeyEvent) -> bool:
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return is_plain and 0 <= event.key() - Qt.Key.Key_1 < len(self._notes)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_1
        if 0 <= number < len(self._notes):
            self._choose(number)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self._aim)
        elif event.key() == Qt.Key.Key_Escape:
            self._dismiss()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self._aim = (self._aim + step) % len(self._notes)
            self.update()
        else:
            super().keyPressEvent(event)

    def click_targets(self) -> list[QRectF]:
        """Return where a click chooses a note."""
        return self._rects()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._choose(index)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        # A window switch is not an answer: the strip stays open for when the officer comes back.
        away = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        if self.isVisible() and event.reason() not in away:
            self._dismiss()

    def _choose(self, index: int) -> None:
        self.close_quietly()
        self.note_was_chosen.emit(index)

    def _dismiss(self) -> None:
        self.close_quietly()
        self.was_dismissed.emit()

    def _fit(self) -> None:
        """Take as many rows as the notes need. Whoever placed it said where its foot is: it grows upwards."""
        high, foot = self.sizeHint().height(), self.y() + self.height()
        if high != self.height():
            self.setFixedHeight(high)
            self.move(self.x(), max(0, foot - high))

    def _index_at(self, at: QPointF) -> int:
        return next((index for index, rect in enumerate(self._rects()) if rect.contains(at)), -1)

    def _note_width(self, note: str) -> float:
        return text_width(self.theme.font(TypeSize.BODY), note) + SPACE_PX * 11

    def _places(self, width: float) -> list[tuple[int, float]]:
        """Row and x of each note, flowing into as many rows as it takes."""
        places, row, x = [], 0, float(SPACE_PX * 3)
        for note in self._notes:
            wide = self._note_width(note)
            if x > SPACE_PX * 3 and x + wide > width - SPACE_PX * 3:
                row, x = row + 1, float(SPACE_PX * 3)
            places.append((row, x))
            x += wide + SPACE_PX * 2
        return places

    def _rects(self) -> list[QRectF]:
        places = zip(self._notes, self._places(self.width()), strict=True)
        room = self.width() - SPACE_PX * 6
        return [
            QRectF(x, TARGET_PX + row * _ROW_PX, min(self._note_width(note), room), TARGET_PX)
            for note, (row, x) in places
        ]

    def _paint_note(self, painter: QPainter, rect: QRectF, index: int) -> None:
        theme = self.theme
        painter.setPen(QPen(theme.colour(Colour.ACCENT if index == self._aim else Colour.OUTLINE), 1.0))
        painter.setBrush(theme.colour(Colour.PANEL))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
        digit = QRectF(rect.x(), rect.y(), SPACE_PX * 7, rect.height())
        accent = theme.colour(Colour.ACCENT)
        write(painter, digit, str(index + 1), theme.font(TypeSize.BODY, bold=True), accent, CENTRE)
        rest = rect.adjusted(SPACE_PX * 7, 0, -SPACE_PX * 2, 0)
        write(painter, rest, self._notes[index], theme.font(TypeSize.BODY), theme.colour(Colour.TEXT))
