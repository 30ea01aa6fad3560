"""登记手机: the QR code and letters of a new secret and its recovery codes, shown once; and a lost phone taken away.

The secret is made here and goes to the centre with a code that proves the phone has it (decision 0279). Nothing of it
can be selected or copied: what lies in a clipboard is read by every program of the machine.
"""

import secrets

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.glass import qr
from chengyun_console.lettered import Lettered
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_console.session.answers import SignOnEnded
from chengyun_console.session.background import Background
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_core.model import totp
from chengyun_core.model.failure import Reason
from chengyun_core.model.rights_commands import DropTotp, EnrolTotp
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.rights_asks import AskPhone, PhoneTold
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.code_picture import CodePicture
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 900, 540
RECOVERY_CODES = 8
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are taken for each other on paper."""
_CODE_CHARS, _REASON_CHARS = 32, 200


class PhoneSheet(Overlay):
    """Opened for one's own account, or by the log-in screen for who needs a phone and has none."""

    _secret = ""
    """In base32, while it is shown."""
    was_proved = Signal(str, str, tuple)
    """Before a sign-on: the phone's code, the secret in base32, the recovery codes."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("glass.phone.title"), desk.say("glass.phone.hint"), parent)
        self._desk = desk
        self._account, self._secret = "", ""
        self._recovery: tuple[str, ...] = ()
        self._is_before = False
        """It enrols along with a sign-on: nobody has a session yet."""
        self._background = Background(self)
        self.picture = CodePicture(desk.theme)
        self.lead = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT)
        self.letters = Lettered(desk.theme, TypeSize.LEAD, Colour.TEXT)
        self.recovery = tuple(Lettered(desk.theme, TypeSize.BODY, Colour.TEXT) for _ in range(2))
        self.present, self.code = QLineEdit(), QLineEdit()
        self._present_label = Lettered(desk.theme, TypeSize.BODY, text=desk.say("glass.phone.present"))
        self.confirm = QPushButton(desk.say("glass.phone.confirm"))
        self.status = status_line(desk)
        self.sending = Sender(desk, self.status)
        self.lost = QWidget()
        self.lost_account, self.lost_reason = QLineEdit(), QLineEdit()
        self.drop = QPushButton(desk.say("glass.phone.drop"))
        self._lay_out()
        self._connect()

    def open_own(self, area: QRect) -> None:
        """Show a new secret for one's own account, and how it stands with its phone."""
        signed_on = self._desk.session.signed_on
        if signed_on is None:
            return
        self._begin(signed_on.account, is_before=False)
        self.open_over(area)
        ask = AskPhone(account=signed_on.account)
        self._desk.session.ask("account.phone", ask, self._on_told, slot="account.phone")

    def open_before(self, account: str, area: QRect) -> None:
        """Show a new secret for who signs on, whose post asks for a phone."""
        self._begin(account, is_before=True)
        self.lead.show_text(self._desk.say("glass.phone.needed", account=account))
        self.open_over(area)

    def refuse(self, reason: Reason) -> None:
        """Say why the code was not taken; it is asked again, for the same secret."""
        self.confirm.setEnabled(True)
        self.sending.tell(self._desk.refusal(reason), is_trouble=True)
        field = self.present if reason.code in ("session.second_factor", "session.wrong_code") else self.code
        self._show_present(shown=field is self.present or self.present.isVisible())
        field.clear()
        field.setFocus()

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))
        self.code.setFocus()

    @override
    def close_over(self) -> bool:
        self._forget()
        return super().close_over()

    @override
    def hideEvent(self, event: object) -> None:
        """However it goes away, what it showed is gone with it."""
        # Hidden from its very making where the window shows already: before there is anything to forget.
        if self._secret:
            self._forget()

    @override
    def carried(self) -> object:
        """A secret goes into no luggage: another window shows a new one."""
        return None

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_over()
        else:
            super().keyPressEvent(event)

    def send(self) -> None:
        """Prove the phone by its code."""
        code = "".join(self.code.text().split())
        if not code or not self._secret:
            self.sending.tell(self._desk.say("glass.phone.no_code"), is_trouble=True)
            self.code.setFocus()
            return
        if not self.confirm.isEnabled():
            return
        self.confirm.setEnabled(False)
        if self._is_before:
            self.sending.tell(self._desk.say("glass.phone.waiting"))
            self.was_proved.emit(code, self._secret, self._recovery)
            return
        made = EnrolTotp(
            account=self._account, secret=self._secret, code=code, recovery=self._recovery,
            present=self.present.text().strip(),
        )  # fmt: skip
        self.sending.send(made, self._desk.say("glass.phone.deed"), self._on_enrolled, self.refuse)

    def take_away(self) -> None:
        """Take the lost phone of somebody else away, with a reason."""
        account, reason = self.lost_account.text().strip(), " ".join(self.lost_reason.text().split())
        if not account or not reason:
            self.sending.tell(self._desk.say("glass.phone.drop_missing"), is_trouble=True)
            (self.lost_reason if account else self.lost_account).setFocus()
        elif not self.sending.is_busy:
            told = self._desk.say("glass.phone.drop_deed", account=account)
            self.sending.send(DropTotp(account=account, reason=reason), told, self._on_dropped)

    def _begin(self, account: str, *, is_before: bool) -> None:
        self._account, self._is_before = account, is_before
        self._secret = totp.text_of(secrets.token_bytes(totp.SECRET_BYTES))
        self._recovery = tuple("".join(secrets.choice(_LETTERS) for _ in range(12)) for _ in range(RECOVERY_CODES))
        text = self._uri()
        # Some 40 ms of counting: never in a frame.
        self._background.run("qr", lambda: qr.qr_of(text), self._on_picture)
        self.letters.show_text(_in_fours(self._secret))
        for at, label in enumerate(self.recovery):
            label.show_text("\n".join(_in_fours(one) for one in self._recovery[at::2]))
        self.lead.show_text(self._desk.say("glass.phone.lead"))
        self.sending.tell("")
        self.confirm.setEnabled(True)
        self._show_present(shown=False)
        self.lost.setVisible(not is_before and "account.drop_totp" in self._desk.allowed())

    def draw_now(self) -> None:
        """Draw the code at once: for pictures and tests, which wait for no other thread."""
        self._on_picture(qr.qr_of(self._uri()))

    def _uri(self) -> str:
        return totp.uri(totp.secret_of(self._secret), self._account, self._desk.say("totp.issuer"))

    def _on_picture(self, grid: object) -> None:
        if self._secret and isinstance(grid, tuple):
            self.picture.show_grid(grid)

    def _on_told(self, told: object) -> None:
        if not isinstance(told, PhoneTold) or told.account != self._account:
            return
        say, code = self._desk.say, "glass.phone.has" if told.has else "glass.phone.has_none"
        parts = [say(code, left=str(told.recovery_left)), say("glass.phone.asked") if told.needs else ""]
        self.lead.show_text("\n".join(part for part in (*parts, say("glass.phone.lead")) if part))
        self._show_present(shown=told.has)

    def _on_sign_on(self, ended: SignOnEnded) -> None:
        if ended.signed_on is not None:
            self.close_over()

    def _on_enrolled(self, _done: Done) -> None:
        self.close_over()

    def _on_dropped(self, _done: Done) -> None:
        self.lost_account.clear()
        self.lost_reason.clear()

    def _forget(self) -> None:
        self._secret, self._recovery = "", ()
        self.picture.show_grid(())
        for label in (self.letters, *self.recovery):
            label.show_text("")
        for line in (self.code, self.present):
            line.clear()

    def _show_present(self, *, shown: bool) -> None:
        for widget in (self.present, self._present_label):
            widget.setVisible(shown)

    def _connect(self) -> None:
        self._desk.session.sign_on_ended.connect(self._on_sign_on)
        self.present.returnPressed.connect(self.code.setFocus)
        self.code.returnPressed.connect(self.send)
        self.confirm.clicked.connect(lambda _checked=False: self.send())
        self.lost_account.returnPressed.connect(self.lost_reason.setFocus)
        self.lost_reason.returnPressed.connect(self.take_away)
        self.drop.clicked.connect(lambda _checked=False: self.take_away())
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send)

    def _lay_out(self) -> None:
        self.confirm.setMinimumHeight(TARGET_PX)
        self.confirm.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(SPACE_PX * 4)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._texts_column(), 1)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 2)
        column.addLayout(row, 1)
        column.addWidget(self.status)
        column.addWidget(self._lost_row())
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")

    def _texts_column(self) -> QVBoxLayout:
        """Return what is read beside the picture, and the fields below it."""
        say, theme, head = self._desk.say, self._desk.theme, Colour.TEXT_SECOND
        for label in (self.lead, self.letters):
            label.setWordWrap(True)
        codes = QHBoxLayout()
        for half in self.recovery:
            codes.addWidget(half)
        codes.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(SPACE_PX * 2)
        right.addWidget(self.lead)
        right.addWidget(Lettered(theme, TypeSize.SMALL, head, text=say("glass.phone.letters")))
        right.addWidget(self.letters)
        right.addWidget(Lettered(theme, TypeSize.SMALL, head, text=say("glass.phone.recovery")))
        right.addLayout(codes)
        right.addLayout(self._fields())
        right.addWidget(self.confirm)
        right.addStretch(1)
        return right

    def _fields(self) -> QGridLayout:
        say, fields = self._desk.say, QGridLayout()
        fields.setSpacing(SPACE_PX * 2)
        code = Lettered(self._desk.theme, TypeSize.BODY, text=say("glass.phone.code"))
        rows = (
            (self._present_label, self.present, "glass.phone.present"), (code, self.code, "glass.phone.code"),
        )  # fmt: skip
        for at, (label, line, name) in enumerate(rows):
            line.setMaxLength(_CODE_CHARS)
            line.setMinimumHeight(TARGET_PX)
            line.setAccessibleName(say(name))
            fields.addWidget(label, at, 0)
            fields.addWidget(line, at, 1)
        return fields

    def _lost_row(self) -> QWidget:
        """Return what an administrator has besides: somebody lost his phone."""
        say, row = self._desk.say, QHBoxLayout(self.lost)
        row.setContentsMargins(0, SPACE_PX * 2, 0, 0)
        row.setSpacing(SPACE_PX * 2)
        for line, name, most in (
            (self.lost_account, "glass.phone.lost_account", _CODE_CHARS * 2),
            (self.lost_reason, "glass.phone.lost_reason", _REASON_CHARS),
        ):
            line.setAccessibleName(say(name))
            line.setMinimumHeight(TARGET_PX)
            line.setMaxLength(most)
            row.addWidget(Lettered(self._desk.theme, TypeSize.BODY, text=say(name)))
            row.addWidget(line, 1)
        self.drop.setMinimumHeight(TARGET_PX)
        row.addWidget(self.drop)
        return self.lost


def _in_fours(text: str) -> str:
    """Return letters in groups of four, as they are read off a screen."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
