"""One of the two who break the glass: who he is, how he proves it, password or sealed code, and what is wrong."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.second_person import Secret
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize

_LONGEST = 64
PASSWORD, CODE = "password", "code"


class PersonFields(QWidget):
    """`role`: `first`, who sits, or `second`, who vouches for him."""

    was_entered = Signal()
    """Enter in the field of password or code."""

    def __init__(self, desk: Desk, role: str) -> None:
        super().__init__()
        self._desk, self._role = desk, role
        self.account, self.secret = QLineEdit(), Secret()
        self.method = ChoiceBox(desk.theme)
        self.fault = Lettered(desk.theme, TypeSize.BODY, Colour.RED_TEXT)
        self._account_label = Lettered(desk.theme, TypeSize.BODY)
        self._secret_label = Lettered(desk.theme, TypeSize.BODY)
        self._lay_out()
        self._connect()
        self._show_method()

    @property
    def by_code(self) -> bool:
        """Whether he has a sealed code in place of a password."""
        return bool(self.method.currentData() == CODE)

    def missing(self) -> str:
        """Return the end of the text code of what is missing, empty for nothing."""
        if not self.account.text().strip():
            return "no_account"
        return "" if self.secret.text() else "no_code" if self.by_code else "no_password"

    def tell(self, text: str) -> None:
        """Say what is wrong with him; an empty text takes it away."""
        self.fault.show_text(text)
        self.fault.setVisible(bool(text))

    def forget(self) -> None:
        """Forget password or code."""
        self.secret.clear()

    def take_focus(self) -> None:
        """Take the keyboard where something is missing first."""
        (self.secret if self.account.text().strip() else self.account).setFocus()

    def _show_method(self) -> None:
        say, by = self._desk.say, CODE if self.by_code else PASSWORD
        named = say(f"glass.form.account_by_{by}")
        self._account_label.show_text(named)
        self.account.setAccessibleName(say("glass.form.of", role=say(f"glass.form.{self._role}"), field=named))
        told = say(f"glass.form.{by}")
        self._secret_label.show_text(told)
        self.secret.setAccessibleName(say("glass.form.of", role=say(f"glass.form.{self._role}"), field=told))
        self.secret.setPlaceholderText(say("glass.form.code_like") if self.by_code else "")
        # A code is used up by being typed right, and is read off paper: seen it is typed right the first time.
        self.secret.setEchoMode(QLineEdit.EchoMode.Normal if self.by_code else QLineEdit.EchoMode.Password)
        self.secret.clear()
        self.tell("")

    def _connect(self) -> None:
        self.method.currentIndexChanged.connect(lambda _at: self._show_method())
        self.account.returnPressed.connect(self.secret.setFocus)
        self.secret.returnPressed.connect(self.was_entered)
        for line in (self.account, self.secret):
            line.textEdited.connect(lambda _text: self.tell(""))

    def _lay_out(self) -> None:
        say, form = self._desk.say, QFormLayout()
        for by in (PASSWORD, CODE):
            self.method.addItem(say(f"glass.form.by_{by}"), by)
        self.method.setAccessibleName(
            say("glass.form.of", role=say(f"glass.form.{self._role}"), field=say("glass.form.method"))
        )
        self.account.setMaxLength(_LONGEST)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(SPACE_PX * 2)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        method = Lettered(self._desk.theme, TypeSize.BODY, text=say("glass.form.method"))
        for label, field in (
            (self._account_label, self.account), (method, self.method), (self._secret_label, self.secret),
        ):  # fmt: skip
            field.setMinimumHeight(TARGET_PX)
            form.addRow(label, field)
        self.fault.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX * 2)
        column.addWidget(Lettered(self._desk.theme, TypeSize.LEAD, Colour.TEXT, text=say(f"glass.form.{self._role}")))
        column.addLayout(form)
        column.addWidget(self.fault)
        column.addStretch(1)
