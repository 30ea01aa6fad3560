"""The first screen: take a seat, or take one over from who holds it. The strip is there and sounds before anybody is.

Refusals are told in place; nothing is modal. The field for a second factor appears when the centre asks for one.
"""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.shell.seat_end import SeatEnd
from chengyun_console.shell.seat_list import SeatList, SeatRow
from chengyun_console.wording.duty import DutyWords
from chengyun_core.custody import place, term
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.change import SessionRecord
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.failure import Reason
from chengyun_core.wire.duty_asks import AskDutyNow, DutyNow, SeatNow
from chengyun_core.wire.envelope import SignedOn
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

__all__ = ["SeatRow", "SignOnScreen"]
_NOW_SLOT = "sign_on.now"
SECOND_FACTOR, NO_PHONE = "session.second_factor", "session.second_factor_missing"
_OF_A_PHONE = frozenset({"totp.code_does_not_fit", "totp.bad_recovery", "totp.no_secret"})
_GONE = "session.none"
"""All a door can say of a session that ended; the journal's change says how it did."""
_CODE_CHARS = 32


class SignOnScreen(QWidget):
    """Asks for seat, account and password; hands them to the session and shows its answer."""

    glass_was_asked = Signal()
    """Those who may are not there: two others want to open (RS16)."""
    phone_was_asked = Signal(str)
    """Account whose post asks for a phone that it has not got; the password was right."""
    phone_was_refused = Signal(object)
    """Reason why the phone that was enrolled along did not prove itself."""

    def __init__(self, desk: Desk, *, seat: str = "", account: str = "") -> None:
        super().__init__()
        self._desk = desk
        self._wanted_seat = seat
        self._is_early = False
        """Enter was pressed before the centre told which seats there are."""
        self._panel = Panel(desk.theme, desk.say("console.sign_on.title"))
        self._seats = SeatList(desk.theme, desk.say("console.sign_on.free"))
        self._seats.setAccessibleName(desk.say("console.sign_on.seat"))
        self._end, self._is_lost = SeatEnd(desk), False
        """How his session ended; whether this screen is in front because it did."""
        self._is_enrolling = False
        """His phone is enrolled along with the sign-on."""
        self._wants_free = False
        """He gave his seat away: the next list of seats is not to offer him that one first."""
        self._now: dict[str, SeatNow] = {}
        self._told: tuple[SeatRow, ...] = ()
        self._account, self._password, self._code = QLineEdit(account), QLineEdit(), QLineEdit()
        self._form = QFormLayout()
        self._enter = QPushButton(desk.say("console.sign_on.enter"))
        self._way = Lettered(desk.theme, TypeSize.BODY)
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

    def refuse(self, reason: Reason) -> None:
        """Show why the centre did not let him in; a second factor it asks for gets its field, the password stays."""
        if reason.code == NO_PHONE and reason.params.get("enrols"):
            self._ask_phone(reason)
            return
        if reason.code in _OF_A_PHONE and self._is_enrolling:
            self._enter.setEnabled(True)
            self.phone_was_refused.emit(reason)
            return
        if reason.code != SECOND_FACTOR:
            self.show_refusal(self._desk.refusal(reason))
            self._is_lost = reason.code == _GONE
            self._tell_end()
            return
        self._enter.setEnabled(True)
        self._form.setRowVisible(self._code, True)
        self._answer.set_colour(Colour.TEXT)
        self._answer.show_text(self._desk.refusal(reason))
        self._code.clear()
        self._code.setFocus()

    def submit_with_phone(self, code: str, secret: str, recovery: tuple[str, ...]) -> None:
        """Sign on as before, with a phone that is enrolled along and its code."""
        self._desk.session.sign_on(
            self._account.text().strip(), self._password.text(), self._seats.chosen(), code=code,
            taking_over=self.takes_over, phone_secret=secret, recovery=recovery,
        )  # fmt: skip
        self._is_enrolling = True

    def chosen_seat(self) -> str:
        """Return the code of the seat that is chosen, empty for none."""
        return self._seats.chosen()

    def remember(self, signed_on: SignedOn) -> None:
        """Keep who sits here, so that he can be told how that ended."""
        self._end.remember(signed_on)
        self._is_lost = self._wants_free = False

    @property
    def takes_over(self) -> bool:
        """Return whether the seat chosen is held by somebody else than who signs on."""
        row = self._seats.row()
        return row is not None and row.holder not in ("", self._account.text().strip())

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
        self._is_lost = self._is_enrolling = False
        self._answer.set_colour(Colour.TEXT_SECOND)
        self._answer.show_text(self._desk.say("console.sign_on.waiting"))
        self._desk.session.sign_on(
            account, password, seat, code=self._code.text().strip(), taking_over=self.takes_over
        )  # fmt: skip

    def carried(self) -> object:
        """Return the seat chosen (see shell.carried); the fields are kept by themselves."""
        return self._seats.chosen() or self._wanted_seat

    def take_carried(self, kept: object) -> None:
        """Choose the same seat as soon as the seats are told."""
        self._wanted_seat = str(kept)
        self._seats.choose(self._wanted_seat)

    def take_seats(self, rows: tuple[SeatRow, ...]) -> None:
        """Show the seats as the centre tells them, with what is known of each."""
        self._told = rows
        self._show_rows()
        free = next((row.code for row in rows if not row.holder), "") if self._wants_free else ""
        self._seats.choose(free or self._wanted_seat)
        self._wants_free = False
        presence = Presence.FRESH if rows else Presence.EMPTY
        self._seat_panel.show_notice(presence, self._desk.say("console.sign_on.no_seats"))
        if rows and self._is_early:
            self._is_early = False
            self._answer.show_text("")
            if self._seats.chosen() == self._wanted_seat:
                self.submit()

    def _ask_phone(self, reason: Reason) -> None:
        """The password was right, and is kept for the sign-on that comes with the phone."""
        self._enter.setEnabled(True)
        self._is_enrolling = True
        self._answer.set_colour(Colour.TEXT)
        self._answer.show_text(self._desk.say("glass.phone.needed", account=reason.params.get("account", "")))
        self.phone_was_asked.emit(self._account.text().strip())

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self._is_enrolling = False
        self._password.clear()
        self._code.clear()
        self._form.setRowVisible(self._code, False)
        self._is_early = self._is_lost = False
        self._answer.show_text("")
        self._enter.setEnabled(True)
        self._ask_now()
        (self._password if self._account.text() else self._account).setFocus()

    def _connect(self) -> None:
        self._enter.clicked.connect(lambda _checked=False: self.submit())
        for field in (self._account, self._password, self._code):
            field.textEdited.connect(self._forget_early)
            field.returnPressed.connect(self.submit)
        self._account.textChanged.connect(lambda _text: self._show_way())
        self._desk.session.facts_came.connect(self._on_facts)
        self._seats.seat_was_chosen.connect(self._on_seat_chosen)

    def _forget_early(self, _text: str) -> None:
        """What is typed anew is sent by another Enter."""
        if self._is_early:
            self._is_early = False
            self._answer.show_text("")

    def _on_seat_chosen(self, seat: str) -> None:
        self._wanted_seat = seat
        self._show_way()

    def _ask_now(self) -> None:
        """Ask how much falls at each seat; a centre that does not tell it to who is nobody yet shows none."""
        self._desk.session.ask("duty.now", AskDutyNow(), self._on_now, slot=_NOW_SLOT)

    def _on_now(self, told: object) -> None:
        if isinstance(told, DutyNow):
            self._now = {row.seat: row for row in told.seats}
            self._show_rows()

    def _on_facts(self, news: FactNews) -> None:
        """Somebody took a seat or left one while this screen is in front: the list is asked anew."""
        self._end.take(news)
        self._tell_end()
        if self.isVisible() and any(isinstance(fact.record, SessionRecord) for fact in news.facts):
            self._desk.session.ask_seats()
            self._ask_now()

    def _tell_end(self) -> None:
        """Say how his session ended as soon as the journal has told: the door's refusal may come before it."""
        told = self._end.told() if self._is_lost else ""
        if told and told != self._answer.text():
            self._wants_free = self._end.is_handed_over
            self._answer.show_text(told)

    def _show_rows(self) -> None:
        words, sessions = DutyWords(self._desk.figures, self._desk.names), self._desk.session.facts.sessions
        rows = []
        for row in self._told:
            now, sits = self._now.get(row.code), sessions.get(row.code)
            since = sits.since if sits is not None else now.since if now is not None else None
            rows.append(replace(
                row, who=sits.name if sits is not None else now.name if now is not None else "",
                since=words.since(since, self._desk.now_ns()) if row.holder and since else "",
                load=words.load(now) if now is not None else "",
                relief=words.relief(now) if now is not None else "",
            ))  # fmt: skip
        self._seats.show_rows(tuple(rows))
        self._show_way()

    def _show_way(self) -> None:
        """Say what Enter does: work at a free seat, or take a held one over by a signed hand-over."""
        row = self._seats.row()
        over = self.takes_over
        self._enter.setText(self._desk.say("console.sign_on.take_over" if over else "console.sign_on.enter"))
        told = self._desk.say("console.sign_on.over_lead", name=row.held_by) if over and row is not None else ""
        self._way.show_text(told)
        self._way.setVisible(bool(told))

    def _build(self) -> None:
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        for line, code in ((self._account, "account"), (self._password, "password"), (self._code, "code")):
            line.setAccessibleName(self._desk.say(f"console.sign_on.{code}"))
        self._code.setMaxLength(_CODE_CHARS)
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
        inner.setMaximumSize(1040, 560)
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
        form = self._form
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(SPACE_PX * 3)
        for line, code in ((self._account, "account"), (self._password, "password"), (self._code, "code")):
            form.addRow(Lettered(theme, TypeSize.LEAD, text=say(f"console.sign_on.{code}")), line)
        form.setRowVisible(self._code, False)
        self._way.setWordWrap(True)
        self._way.hide()
        lead = Lettered(theme, TypeSize.BODY, text=say("console.sign_on.lead"))
        hint = Lettered(theme, TypeSize.SMALL, Colour.TEXT_THIRD, text=say("console.sign_on.hint"))
        lead.setWordWrap(True)
        column = QVBoxLayout()
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 4, SPACE_PX * 4, SPACE_PX * 4)
        column.setSpacing(SPACE_PX * 4)
        column.addLayout(form)
        column.addWidget(self._enter)
        column.addWidget(self._way)
        column.addWidget(self._answer)
        column.addStretch(1)
        column.addWidget(lead)
        column.addWidget(hint)
        if ends := self._seal_ends():
            column.addWidget(Lettered(theme, TypeSize.LEAD, Colour.TEXT, text=ends))
        for name in ("language", "theme"):
            column.addWidget(self._appearance_button(name), 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._glass_button(), 0, Qt.AlignmentFlag.AlignLeft)
        body = QWidget()
        body.setLayout(column)
        self._panel.set_body(body)
        return self._panel

    def _glass_button(self) -> QPushButton:
        """Return the way in for when those who may are not there: to be found, not to be tried."""
        action = BY_ID["glass.open"]
        button = QPushButton(f"{self._desk.say(action.title)}   {action.keys[0]}")
        button.setFlat(True)
        button.clicked.connect(lambda _checked=False: self.glass_was_asked.emit())
        return button

    def _seal_ends(self) -> str:
        """Return the sentence that a sealed drill profile ends soon; empty for any other, and while it lasts long.

        By the machine's clock, as the seal is judged: a drill's own may run elsewhere.
        """
        until_ns = place.until_of(self._desk.profile)
        days = None if until_ns is None else max(0, until_ns - ProfileClock().utc_ns()) // term.DAY_NS
        return "" if days is None or days > term.WARN_DAYS else self._desk.say("custody.sign_on.days", days=days)

    def _appearance_button(self, name: str) -> QPushButton:
        """Return a button for language or theme with its key: who cannot read the screen cannot search for it."""
        action = BY_ID[f"preference.{name}"]
        button = QPushButton(f"{self._desk.say(action.title)}   {action.keys[0]}")
        button.setFlat(True)
        button.clicked.connect(partial(self._desk.choose_next, name))
        return button
