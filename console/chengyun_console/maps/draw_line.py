"""What a drawing means and says, asked in one line at the foot of the map; Enter keeps it, Esc leaves it (M4)."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_core.model.drawing import LONGEST_TEXT, DrawingKind, Meaning
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.composing_line import ComposingLine

USUAL = {
    DrawingKind.AREA: Meaning.DANGER, DrawingKind.CLOSURE: Meaning.CORDON, DrawingKind.ARROW: Meaning.EVACUATION,
    DrawingKind.NOTE: Meaning.OTHER,
}  # fmt: skip
"""What is mostly meant by a kind: chosen beforehand."""
_DIGITS = {f"Key_{at}": at - 1 for at in range(1, 6)}


class _Line(ComposingLine):
    """Leaves Esc and Enter to its question: the window's Esc would leave the page behind it."""

    def __init__(self, parent: "DrawLine") -> None:
        super().__init__(parent)
        self._parent = parent

    @override
    def event(self, event: QEvent) -> bool:
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and self._parent.means(event):  # type: ignore[arg-type]
            event.accept()
            return True
        return super().event(event)

    @override
    def key_was_pressed(self, event: QKeyEvent) -> None:
        if not self._parent.take_key(event):
            super().key_was_pressed(event)


class DrawLine(QWidget):
    """Alt+1 … Alt+5 choose what is meant, without leaving the line."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._kind = DrawingKind.NOTE
        self._answer: Callable[[Meaning, str], None] | None = None
        self._leave: Callable[[], None] | None = None
        self.question = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT)
        self.meaning = ChoiceBox(desk.theme)
        self.line = _Line(self)
        self._keep, self._drop = QPushButton(desk.say("maps.draw.keep")), QPushButton(desk.say("maps.draw.drop"))
        self._build()
        self.hide()

    def ask(
        self, kind: DrawingKind, answer: Callable[[Meaning, str], None], leave: Callable[[], None], *,
        meaning: Meaning | None = None, text: str = "",
    ) -> None:  # fmt: skip
        """Ask about a drawing; exactly one of `answer` and `leave` is called."""
        self._kind, self._answer, self._leave = kind, answer, leave
        say = self._desk.say
        self.question.show_text(say("maps.draw.ask", kind=say(f"drawing.kind.{kind.value}")))
        self.line.setPlaceholderText(say("maps.draw.note_hint" if kind is DrawingKind.NOTE else "maps.draw.hint"))
        self.line.setAccessibleName(self.question.text())
        self.line.setText(text)
        self.meaning.setCurrentIndex(self.meaning.findData(meaning or USUAL[kind]))
        self.show()
        self.line.setFocus()

    def submit(self) -> None:
        """Hand the answer on; a note without words says nothing."""
        text = " ".join(self.line.text().split())
        if self._answer is None or (self._kind is DrawingKind.NOTE and not text):
            return
        answer, self._answer, self._leave = self._answer, None, None
        self.hide()
        answer(Meaning(self.meaning.currentData()), text)

    def close_over(self) -> bool:
        """Leave the question; return False when none stood."""
        leave, self._answer, self._leave = self._leave, None, None
        if self.isHidden():
            return False
        self.hide()
        if leave is not None:
            leave()
        return True

    def means(self, event: QKeyEvent) -> bool:
        """Return whether a key is the question's own."""
        keys = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        return event.key() in keys or self._digit(event) is not None

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key means here; return whether it meant anything."""
        digit = self._digit(event)
        if event.key() == Qt.Key.Key_Escape:
            self.close_over()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        elif digit is not None:
            self.meaning.setCurrentIndex(digit)
        else:
            return False
        return True

    def _digit(self, event: QKeyEvent) -> int | None:
        if not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return None
        return _DIGITS.get(Qt.Key(event.key()).name)

    def _build(self) -> None:
        for meaning in Meaning:
            self.meaning.addItem(self._desk.say(f"drawing.meaning.{meaning.value}"), meaning.value)
        self.meaning.setAccessibleName(self._desk.say("maps.card.meaning"))
        self.line.setMaxLength(LONGEST_TEXT)
        self.line.setMinimumHeight(TARGET_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, SPACE_PX)
        row.setSpacing(SPACE_PX * 2)
        row.addWidget(self.question)
        row.addWidget(self.meaning)
        row.addWidget(self.line, 1)
        for button, do in ((self._keep, self.submit), (self._drop, self.close_over)):
            button.setMinimumHeight(TARGET_PX)
            button.clicked.connect(lambda _checked=False, do=do: do())
            row.addWidget(button)
