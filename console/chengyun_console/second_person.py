"""The second person's account and password at the first one's console: for approvals, the mode, and signatures.

Any sheet lays it at its foot: `ask` opens it, `was_given` hands over what was typed, `show_refusal` says in place why
the centre did not take it. The password is forgotten the moment it is handed on.
"""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_core.model.failure import Reason
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize

_ENDING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LONGEST = 256
_ACCOUNT_PX = 180
_OF_THE_CODE = frozenset({"session.second_factor", "session.wrong_code"})
"""What the centre answers to a right password: only the code of his phone is still to be typed."""


class _OwnLine(QLineEdit):
    """Keeps Enter to itself: the sheet around it has a meaning of its own for it."""

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _ENDING:
            event.accept()
            return True
        return super().event(event)


class Secret(_OwnLine):
    """A line that never shows what is typed, keeps no draft, and offers no menu to copy from."""

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setMaxLength(_LONGEST)

    def carried(self) -> object:
        """A password goes into no luggage: another window asks for it again."""
        return None

    def take_carried(self, kept: object) -> None:
        """Nothing was kept."""


class SecondPerson(QWidget):
    """Hidden until it asks. Enter goes from account to password and then gives; Esc is the sheet's (`close_over`)."""

    was_given = Signal(str, str)
    """Account and password as they were typed."""
    was_left = Signal()
    """Nobody gave anything; whoever asked goes on as before."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._other_than = ""
        self._held = ""
        """Password the centre took while it asks for a code: in no field, and gone with the next answer."""
        self._before: QWidget | None = None
        self._lead = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT)
        self.account, self.password = _OwnLine(), Secret()
        self.code = _OwnLine()
        """Second factor; hidden until the centre asks for it."""
        self._code_name = Lettered(desk.theme, TypeSize.BODY, text=desk.say("console.sign_on.code"))
        self.give = QPushButton(desk.say("console.second.give"))
        self.leave = QPushButton(desk.say("console.second.leave"))
        self.answer = Lettered(desk.theme, TypeSize.BODY, Colour.RED_TEXT)
        self._build()
        self._connect()
        self.hide()

    @property
    def is_waiting(self) -> bool:
        """Whether the centre has not said yet what it thinks of what was given."""
        return not self.give.isEnabled()

    def ask(self, lead: str = "", *, account: str = "", other_than: str = "") -> None:
        """Ask. `account` is who is expected (may be overwritten); `other_than` is who may not be the second person."""
        self._before = self.window().focusWidget() if self.isHidden() else self._before
        self._other_than = other_than
        self._lead.show_text(lead or self._desk.say("console.second.lead"))
        self.account.setText(account)
        self._forget()
        self._show_code(shown=False)
        self._tell("")
        self._wait(waits=False)
        self.show()
        (self.password if account else self.account).setFocus()

    def submit(self) -> None:
        """Hand on what was typed, or say what is missing; nothing while an answer is awaited."""
        if self.is_waiting:
            return
        account, password = self.account.text().strip(), self.password.text() or self._held
        fault = self._fault(account, password)
        if fault:
            self._tell(self._desk.say(f"console.second.{fault}"))
            (self.password if fault == "no_password" else self.account).setFocus()
            return
        self._forget()
        self._held = password
        self._wait(waits=True)
        self._tell(self._desk.say("console.second.waiting"), Colour.TEXT_SECOND)
        self.was_given.emit(account, password)

    def show_refusal(self, reason: Reason) -> None:
        """Say why it was not taken (wrong, locked out, own account, no right); the password is asked again.

        A second factor that is asked for, wrong or used up is asked in its own field; the password was right.
        """
        self._wait(waits=False)
        self._tell(self._desk.refusal(reason))
        if reason.code in _OF_THE_CODE:
            self._show_code(shown=True)
            self.code.setFocus()
            return
        self._forget()
        self._show_code(shown=False)
        self.password.setFocus()

    def typed_code(self) -> str:
        """Return the second factor as it was typed, empty while none is asked for."""
        return self.code.text().strip()

    def close_over(self) -> bool:
        """Leave it; return False when it did not ask."""
        if self.isHidden():
            return False
        self.done()
        self.was_left.emit()
        return True

    def done(self) -> None:
        """Go away: what was asked for is done. The keyboard goes back to where it was."""
        self._forget()
        self._show_code(shown=False)
        self._wait(waits=False)
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()
        self._before = None

    def _forget(self) -> None:
        self.password.clear()
        self._held = ""

    def _show_code(self, *, shown: bool) -> None:
        self.code.clear()
        for widget in (self.code, self._code_name):
            widget.setVisible(shown)

    def _fault(self, account: str, password: str) -> str:
        if not account:
            return "no_account"
        if account == self._other_than:
            return "own"
        return "" if password else "no_password"

    def _on_account(self) -> None:
        if self.account.text().strip():
            self.password.setFocus()
        else:
            self.submit()

    def _on_other_account(self, _text: str) -> None:
        """Another person's password is typed anew, and so is his code."""
        self._forget()
        self._show_code(shown=False)

    def _wait(self, *, waits: bool) -> None:
        self.give.setEnabled(not waits)
        for line in (self.account, self.password, self.code):
            line.setReadOnly(waits)

    def _tell(self, text: str, colour: Colour = Colour.RED_TEXT) -> None:
        self.answer.set_colour(colour)
        self.answer.show_text(text)
        self.answer.setVisible(bool(text))

    def _connect(self) -> None:
        self.account.returnPressed.connect(self._on_account)
        self.password.returnPressed.connect(self.submit)
        self.code.returnPressed.connect(self.submit)
        self.give.clicked.connect(lambda _checked=False: self.submit())
        self.leave.clicked.connect(lambda _checked=False: self.close_over())
        for line in (self.account, self.password, self.code):
            line.textEdited.connect(lambda _text: self._tell(""))
        self.account.textEdited.connect(self._on_other_account)

    def _build(self) -> None:
        say, theme = self._desk.say, self._desk.theme
        self._lead.setWordWrap(True)
        self.answer.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 2, SPACE_PX * 4, SPACE_PX * 2)
        column.setSpacing(SPACE_PX * 2)
        column.addWidget(self._lead)
        row = QHBoxLayout()
        row.setSpacing(SPACE_PX * 2)
        for line, code in ((self.account, "console.second.account"), (self.password, "console.second.password")):
            line.setAccessibleName(say(code))
            line.setMinimumHeight(TARGET_PX)
            row.addWidget(Lettered(theme, TypeSize.BODY, text=say(code)))
            row.addWidget(line, 2 if line is self.password else 1)
        self.account.setMaximumWidth(_ACCOUNT_PX)
        self.code.setMaximumWidth(_ACCOUNT_PX)
        self.code.setAccessibleName(say("console.sign_on.code"))
        self.code.setMinimumHeight(TARGET_PX)
        row.addWidget(self._code_name)
        row.addWidget(self.code, 1)
        self._show_code(shown=False)
        self.give.setDefault(True)
        for button in (self.give, self.leave):
            button.setMinimumHeight(TARGET_PX)
            row.addWidget(button)
        column.addLayout(row)
        column.addWidget(self.answer)
