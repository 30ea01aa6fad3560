"""One inline question at the foot of a pane: why a step is skipped, on which day a plan was drilled. Never modal."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.composing_line import ComposingLine

LONGEST = 500


class _Line(ComposingLine):
    """Leaves Esc to its question: the window's Esc would leave the page behind it."""

    def __init__(self, parent: "AskLine") -> None:
        super().__init__(parent)
        self._parent = parent

    @override
    def event(self, event: QEvent) -> bool:
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    @override
    def key_was_pressed(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._parent.close_over()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._parent.submit()
        else:
            super().key_was_pressed(event)


class AskLine(QWidget):
    """Enter or Ctrl+Enter answers, Esc leaves; what was typed for a question is there when it is asked again."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._key = ""
        self._drafts: dict[str, str] = {}
        self._answer: Callable[[str], None] | None = None
        self._before: QWidget | None = None
        self._may_be_empty = False
        self.question = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT)
        self.line = _Line(self)
        self._send = QPushButton(desk.say("console.plans.ask.send"))
        self._leave = QPushButton(desk.say("console.plans.ask.leave"))
        self._build()
        self.hide()

    def ask(
        self, key: str, question: str, answer: Callable[[str], None], *, text: str = "", may_be_empty: bool = False
    ) -> None:
        """Ask; `key` names the question for its draft, `text` is what the line holds when there is none."""
        window = self.window()
        self._before = window.focusWidget() if self.isHidden() else self._before
        self._key, self._answer, self._may_be_empty = key, answer, may_be_empty
        self.question.show_text(question)
        self.line.setAccessibleName(question)
        self.line.setText(self._drafts.get(key, text))
        self.show()
        self.line.setFocus()
        self.line.selectAll()

    def submit(self) -> None:
        """Hand the answer on; an empty one only where that says something."""
        text, answer = " ".join(self.line.text().split()), self._answer
        if answer is None or not (text or self._may_be_empty):
            return
        self._drafts.pop(self._key, None)
        self.line.clear()
        self._close()
        answer(text)

    def close_over(self) -> bool:
        """Leave the question; return False when none stood."""
        if self.isHidden():
            return False
        self._drafts[self._key] = self.line.text()
        self._close()
        return True

    def _close(self) -> None:
        self._answer = None
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, SPACE_PX)
        column.setSpacing(SPACE_PX)
        self.question.setWordWrap(True)
        column.addWidget(self.question)
        row = QHBoxLayout()
        row.setSpacing(SPACE_PX * 2)
        column.addLayout(row)
        self.line.setMaxLength(LONGEST)
        self.line.setMinimumHeight(TARGET_PX)
        row.addWidget(self.line, 1)
        for button, doer in ((self._send, self.submit), (self._leave, self.close_over)):
            button.setMinimumHeight(TARGET_PX)
            button.clicked.connect(lambda _checked=False, do=doer: do())
            row.addWidget(button)
