"""What covers the pages of a locked seat: whose it is, since when, and the field for his password."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFormLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.panel import Panel

_WIDTH_PX = 520


class LockSheet(QWidget):
    """Opaque; the keyboard goes round within it."""

    password_was_given = Signal(str, str)
    """Password, and the code of a second factor; empty while the centre has not asked for one."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._panel = Panel(desk.theme, desk.say("lock.title"))
        self._lead = Lettered(desk.theme, TypeSize.LEAD, Colour.TEXT)
        self.password, self.code = QLineEdit(), QLineEdit()
        self._fields = QFormLayout()
        self._enter = QPushButton(desk.say("lock.enter"))
        self._answer = Lettered(desk.theme, TypeSize.LEAD, Colour.TEXT)
        self.no_silence = Lettered(desk.theme, TypeSize.BODY, text=desk.say("lock.no_silence"))
        self._build()
        self.hide()

    def ask(self, lead: str) -> None:
        """Cover the pages and ask."""
        self._lead.show_text(lead)
        self._answer.show_text("")
        self.password.clear()
        self._fields.setRowVisible(self.code, False)
        self.code.clear()
        self._wait(waits=False)
        self.show()
        self.raise_()
        self.take_focus()

    def take_focus(self) -> None:
        """Take the keyboard."""
        self.password.setFocus()

    def show_answer(self, sentence: str) -> None:
        """Show why the password was not taken; it is asked again."""
        self._wait(waits=False)
        self._answer.show_text(sentence)
        self.password.clear()
        self.take_focus()

    def ask_code(self, sentence: str) -> None:
        """Show the field of the second factor: the centre asks for one. The password has to be typed once more."""
        self.show_answer(sentence)
        self.code.clear()
        self._fields.setRowVisible(self.code, True)

    def submit(self) -> None:
        """Hand the password on, or say that there is none."""
        password = self.password.text()
        if not password:
            self._answer.show_text(self._desk.say("lock.no_password"))
            return
        self._wait(waits=True)
        self.password.clear()
        self._answer.show_text(self._desk.say("lock.waiting"))
        self.password_was_given.emit(password, self.code.text().strip())

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        every: tuple[QWidget, ...] = (self.password, self.code, self._enter)
        ways = [widget for widget in every if widget.isVisible() and widget.isEnabled()]
        at = _next_of([widget.hasFocus() for widget in ways], 1 if next else -1)
        # Qt asks while it hides the sheet as well, when nothing is left to go to.
        (ways[at] if ways else self.password).setFocus()
        return True

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._desk.theme.colour(Colour.GROUND))
        painter.end()

    def _wait(self, *, waits: bool) -> None:
        self._enter.setEnabled(not waits)
        self.password.setReadOnly(waits)

    def _build(self) -> None:
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        # Its menu would be a window of its own, beyond the sheet.
        self.password.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.password.setAccessibleName(self._desk.say("lock.password"))
        for line in (self.password, self.code):
            line.returnPressed.connect(self.submit)
        self.code.setAccessibleName(self._desk.say("console.sign_on.code"))
        self._enter.setMinimumHeight(TARGET_PX)
        self._enter.setAccessibleName(self._desk.say("lock.enter"))
        self._enter.clicked.connect(lambda _checked=False: self.submit())
        for label in (self._lead, self._answer, self.no_silence):
            label.setWordWrap(True)
        self._answer.setMinimumHeight(SPACE_PX * 12)
        self._answer.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._panel.set_body(self._form())
        self._panel.setFixedWidth(_WIDTH_PX)
        whole = QVBoxLayout(self)
        whole.addWidget(self._panel, 0, Qt.AlignmentFlag.AlignCenter)

    def _form(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 4, SPACE_PX * 4, SPACE_PX * 4)
        column.setSpacing(SPACE_PX * 4)
        form = self._fields
        form.setContentsMargins(0, 0, 0, 0)
        for line, code in ((self.password, "lock.password"), (self.code, "console.sign_on.code")):
            form.addRow(Lettered(self._desk.theme, TypeSize.LEAD, text=self._desk.say(code)), line)
        form.setRowVisible(self.code, False)
        column.addWidget(self._lead)
        column.addLayout(form)
        column.addWidget(self._enter)
        column.addWidget(self._answer)
        column.addWidget(self.no_silence)
        return body


def _next_of(has_focus: list[bool], by: int) -> int:
    """Return the place after (or before) the one with the keyboard, round and round; the first when none has it."""
    return (has_focus.index(True) + by) % len(has_focus) if any(has_focus) else 0
