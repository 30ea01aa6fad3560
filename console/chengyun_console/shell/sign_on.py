"""The first screen: take a seat. Refusals are told in place; nothing is modal and the strip stays visible."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import RIGHT, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.theme import Theme

_ROW_PX = 32
_CODE_PX = 104
_HOLDER_PX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """One seat with who holds it (empty: free)."""

    code: str
    name: str
    holder: str


class SeatList(Painted):
    """Seats, one per line, chosen by arrows or a click."""

    seat_was_chosen = Signal(str)

    def __init__(self, theme: Theme, free: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._free = free
        self._rows: tuple[SeatRow, ...] = ()
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_rows(self, rows: tuple[SeatRow, ...]) -> None:
        """Show these seats; the choice stays on the same seat."""
        chosen = self.chosen()
        self._rows = rows
        self._at = next((at for at, row in enumerate(rows) if row.code == chosen), 0)
        self.setMinimumHeight(len(rows) * _ROW_PX)
        self._tell_chosen()
        self.update()

    def chosen(self) -> str:
        """Return the code of the chosen seat, empty when there is none."""
        return self._rows[self._at].code if self._rows else ""

    def choose(self, code: str) -> None:
        """Put the choice on a seat when it is there."""
        at = next((at for at, row in enumerate(self._rows) if row.code == code), None)
        if at is not None:
            self._move(at)

    @override
    def paint(self, painter: QPainter) -> None:
        theme = self.theme
        for at, row in enumerate(self._rows):
            rect = QRectF(0, at * _ROW_PX, self.width(), _ROW_PX)
            if at == self._at:
                painter.fillRect(rect, theme.colour(Colour.ACCENT_WASH))
                painter.fillRect(QRectF(0, rect.y(), 3, rect.height()), theme.colour(Colour.ACCENT))
            inner = rect.adjusted(SPACE_PX * 3, 0, -SPACE_PX * 3, 0)
            write(painter, inner, row.code, theme.font(TypeSize.LEAD, bold=True), theme.colour(Colour.TEXT))
            write(
                painter,
                inner.adjusted(_CODE_PX, 0, -_HOLDER_PX, 0),
                row.name,
                theme.font(TypeSize.LEAD),
                theme.colour(Colour.TEXT),
            )
            ink = theme.colour(
                Colour.FIGURE if at == self._at else Colour.TEXT_SECOND if row.holder else Colour.TEXT_THIRD
            )
            write(painter, inner, row.holder or self._free, theme.font(TypeSize.BODY), ink, RIGHT)

    @override
    def sizeHint(self) -> QSize:
        return QSize(420, max(1, len(self._rows)) * _ROW_PX)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Up:
                self._move(self._at - 1)
            case Qt.Key.Key_Down:
                self._move(self._at + 1)
            case _:
                super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        self._move(int(event.position().y() // _ROW_PX))

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def _tell_chosen(self) -> None:
        """Tell who does not see the rows which seat the choice is on."""
        row = self._rows[self._at] if self._rows else None
        self.setAccessibleDescription(" ".join((row.code, row.name, row.holder or self._free)) if row else "")

    def _move(self, at: int) -> None:
        if 0 <= at < len(self._rows):
            self._at = at
            self._tell_chosen()
            self.update()
            self.seat_was_chosen.emit(self._rows[at].code)


class SignOnScreen(QWidget):
    """Asks for seat, account and password; hands them to the session and shows its answer."""

    def __init__(self, desk: Desk, *, seat: str = "", account: str = "") -> None:
        super().__init__()
        self._desk = desk
        self._wanted_seat = seat
        self._is_early = False
        """Enter was pressed before the centre told which seats there are."""
        self._panel = Panel(desk.theme, desk.say("console.sign_on.title"))
        self._seats = SeatList(desk.theme, desk.say("console.sign_on.free"))
        self._seats.setAccessibleName(desk.say("console.sign_on.seat"))
        self._account, self._password = QLineEdit(account), QLineEdit()
        self._enter = QPushButton(desk.say("console.sign_on.enter"))
        self._answer = Lettered(desk.theme, TypeSize.LEAD, Colour.TEXT)
        self._build()
        self._connect()

    def show_refusal(self, sentence: str) -> None:
        """Show why it did not work; the password is asked again."""
        self._is_early = False
        self._enter.setEnabled(True)
        self._answer.set_colour(Colour.TEXT)
        self._answer.show_text(sentence)
        self._password.clear()
        self._password.setFocus()

    def submit(self) -> None:
        """Sign on with what was typed, or say what is missing; once more while the answer is awaited does nothing.

        Before the seats are told it is kept: who named his seat is signed on as soon as that one is among them, anybody
        else chooses when he sees them.
        """
        if not self._enter.isEnabled():
            return
        seat, account, password = self._seats.chosen(), self._account.text().strip(), self._password.text()
        missing = "no_account" if not account else "no_password" if not password else "no_seat" if not seat else ""
        self._is_early = missing == "no_seat"
        if missing:
            self._answer.set_colour(Colour.TEXT)
            self._answer.show_text(self._desk.say(f"console.sign_on.{missing}"))
            return
        self._enter.setEnabled(False)
        self._answer.set_colour(Colour.TEXT_SECOND)
        self._answer.show_text(self._desk.say("console.sign_on.waiting"))
        self._desk.session.sign_on(account, password, seat)

    def carried(self) -> object:
        """Return the seat chosen (see shell.carried); the fields are kept by themselves."""
        return self._seats.chosen() or self._wanted_seat

    def take_carried(self, kept: object) -> None:
        """Choose the same seat as soon as the seats are told."""
        self._wanted_seat = str(kept)
        self._seats.choose(self._wanted_seat)

    def take_seats(self, rows: tuple[SeatRow, ...]) -> None:
        """Show the seats as the centre tells them."""
        self._seats.show_rows(rows)
        self._seats.choose(self._wanted_seat)
        presence = Presence.FRESH if rows else Presence.EMPTY
        self._seat_panel.show_notice(presence, self._desk.say("console.sign_on.no_seats"))
        if rows and self._is_early:
            self._is_early = False
            self._answer.show_text("")
            if self._seats.chosen() == self._wanted_seat:
                self.submit()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self._password.clear()
        self._is_early = False
        self._answer.show_text("")
        self._enter.setEnabled(True)
        (self._password if self._account.text() else self._account).setFocus()

    def _connect(self) -> None:
        self._enter.clicked.connect(lambda _checked=False: self.submit())
        for field in (self._account, self._password):
            field.textEdited.connect(self._forget_early)
        self._account.returnPressed.connect(self.submit)
        self._password.returnPressed.connect(self.submit)
        self._seats.seat_was_chosen.connect(self._on_seat_chosen)

    def _forget_early(self, _text: str) -> None:
        """What is typed anew is sent by another Enter."""
        if self._is_early:
            self._is_early = False
            self._answer.show_text("")

    def _on_seat_chosen(self, seat: str) -> None:
        self._wanted_seat = seat

    def _build(self) -> None:
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._account.setAccessibleName(self._desk.say("console.sign_on.account"))
        self._password.setAccessibleName(self._desk.say("console.sign_on.password"))
        self._enter.setDefault(True)
        self._answer.setWordWrap(True)
        self._answer.setMinimumHeight(SPACE_PX * 12)
        self._answer.setAlignment(Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_PX * 3)
        row.addWidget(self._seat_column(), 3)
        row.addWidget(self._form_column(), 2)
        inner = QWidget()
        inner.setLayout(row)
        inner.setMaximumSize(960, 520)
        whole = QVBoxLayout(self)
        whole.addWidget(inner, 1, Qt.AlignmentFlag.AlignCenter)
        inner.setMinimumSize(880, 480)

    def _seat_column(self) -> QWidget:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._seats)
        # QScrollArea lets its widget fill itself with the ground colour.
        self._seats.setAutoFillBackground(False)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        say = self._desk.say
        self._seat_panel = Panel(self._desk.theme, say("console.sign_on.seat"), say("console.sign_on.holder"))
        self._seat_panel.set_body(scroll)
        self._seat_panel.show_notice(Presence.EMPTY, say("console.sign_on.no_seats"))
        return self._seat_panel

    def _form_column(self) -> QWidget:
        say, theme = self._desk.say, self._desk.theme
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(SPACE_PX * 3)
        form.addRow(Lettered(theme, TypeSize.LEAD, text=say("console.sign_on.account")), self._account)
        form.addRow(Lettered(theme, TypeSize.LEAD, text=say("console.sign_on.password")), self._password)
        lead = Lettered(theme, TypeSize.BODY, text=say("console.sign_on.lead"))
        hint = Lettered(theme, TypeSize.SMALL, Colour.TEXT_THIRD, text=say("console.sign_on.hint"))
        lead.setWordWrap(True)
        column = QVBoxLayout()
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 4, SPACE_PX * 4, SPACE_PX * 4)
        column.setSpacing(SPACE_PX * 4)
        column.addLayout(form)
        column.addWidget(self._enter)
        column.addWidget(self._answer)
        column.addStretch(1)
        column.addWidget(lead)
        column.addWidget(hint)
        for name in ("language", "theme"):
            column.addWidget(self._appearance_button(name), 0, Qt.AlignmentFlag.AlignLeft)
        body = QWidget()
        body.setLayout(column)
        self._panel.set_body(body)
        return self._panel

    def _appearance_button(self, name: str) -> QPushButton:
        """Return a button for language or theme with its key: who cannot read the screen cannot search for it."""
        action = BY_ID[f"preference.{name}"]
        button = QPushButton(f"{self._desk.say(action.title)}   {action.keys[0]}")
        button.setFlat(True)
        button.clicked.connect(partial(self._desk.choose_next, name))
        return button
