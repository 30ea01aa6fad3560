"""紧急开启: two persons open a session with lent posts where those who may are not there (RS16)."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.glass.person import PersonFields
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.session.answers import SignOnEnded
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_core.model.failure import Reason
from chengyun_core.model.rights_commands import BreakTheGlass
from chengyun_core.wire.envelope import Reply, Seats
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 860, 560
_LONGEST = 200
_LEAST_PX = 340
_OF_A_FIELD = {
    "glass.post_not_lent": "posts", "session.seat_not_yours": "seat", "session.seat_unknown": "seat",
    "text.missing.account": "first", "text.missing.reason": "reason", "text.missing.second": "second",
}  # fmt: skip
"""Reason → the field it is told at; others name it themselves, or are told below."""


class GlassForm(Overlay):
    """Lies over the log-in screen. Ctrl+Enter opens; passwords and codes are forgotten the moment they are sent."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("glass.form.title"), desk.say("glass.form.hint"), parent)
        self._desk = desk
        self._sent = ""
        self.lead = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT)
        self.seat, self.reason = ChoiceBox(desk.theme), QLineEdit()
        self.posts: dict[str, QPushButton] = {}
        self._posts_row = QHBoxLayout()
        self.first, self.second = PersonFields(desk, "first"), PersonFields(desk, "second")
        self.faults = {
            name: Lettered(desk.theme, TypeSize.BODY, Colour.RED_TEXT) for name in ("seat", "posts", "reason")
        }
        self.told = Lettered(desk.theme, TypeSize.BODY, Colour.RED_TEXT)
        self.confirm = QPushButton(desk.say("glass.form.confirm"))
        self._lay_out()
        self._connect()

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))
        self._tell({})
        self._wait(waits=False)
        self._desk.session.ask_seats()
        self.reason.setFocus()

    @override
    def close_over(self) -> bool:
        self._forget()
        return super().close_over()

    @override
    def carried(self) -> object:
        """Nothing goes into luggage: whoever turns the screen round types it again."""
        return None

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_over()
        else:
            super().keyPressEvent(event)

    def choose_seat(self, seat: str) -> None:
        """Begin with the seat that is chosen on the log-in screen."""
        at = self.seat.findData(seat)
        if at >= 0:
            self.seat.setCurrentIndex(at)

    def send(self) -> None:
        """Send both, or say field by field what is missing."""
        if self._sent:
            return
        missing = self._missing()
        self._tell(missing)
        if missing:
            self._focus(next(iter(missing)))
            return
        command = BreakTheGlass(
            account=self.first.account.text().strip(), password=self.first.secret.text(),
            seat=str(self.seat.currentData()), second=self.second.account.text().strip(),
            secret=self.second.secret.text(), posts=self._lent(), reason=" ".join(self.reason.text().split()),
            by_code=self.first.by_code, second_by_code=self.second.by_code,
        )  # fmt: skip
        self._forget()
        self._wait(waits=True)
        self._sent = self._desk.session.send(command)

    def refuse(self, reason: Reason) -> None:
        """Say at its field why the glass stays whole; passwords and codes are asked again."""
        self._sent = ""
        self._wait(waits=False)
        field = reason.params.get("field") or _OF_A_FIELD.get(reason.code, "")
        sentence = self._desk.refusal(reason)
        fields = ("first", "second") if field == "both" else (field or "told",)
        self._tell(dict.fromkeys(fields, sentence))
        self._focus(fields[0])

    def _missing(self) -> dict[str, str]:
        """Return field → what to do, in the order in which they are read."""
        say, found = self._desk.say, {}
        if not self.seat.currentData():
            found["seat"] = say("glass.form.no_seat")
        if not self._lent():
            found["posts"] = say("glass.form.no_post")
        if not self.reason.text().strip():
            found["reason"] = say("glass.form.no_reason")
        for name, person in (("first", self.first), ("second", self.second)):
            if missing := person.missing():
                found[name] = say(f"glass.form.{missing}")
        same = self.first.account.text().strip().casefold() == self.second.account.text().strip().casefold()
        if same and "first" not in found and "second" not in found:
            found["second"] = say("glass.same_person", account=self.second.account.text().strip())
        return found

    def _lent(self) -> tuple[str, ...]:
        return tuple(kind for kind, button in self.posts.items() if button.isChecked())

    def _tell(self, faults: Mapping[str, str]) -> None:
        for name, label in self.faults.items():
            label.show_text(faults.get(name, ""))
            label.setVisible(name in faults)
        self.first.tell(faults.get("first", ""))
        self.second.tell(faults.get("second", ""))
        self.told.set_colour(Colour.RED_TEXT)
        self.told.show_text(faults.get("told", ""))
        self._fit()

    def _fit(self) -> None:
        """Take as much height as the fields and what is said at them need."""
        self._body.layout().activate()  # type: ignore[union-attr]
        self.fit_height(max(_LEAST_PX, self._body.heightForWidth(self.width() - 2), self._body.sizeHint().height()))

    def _focus(self, name: str) -> None:
        if name in ("first", "second"):
            (self.first if name == "first" else self.second).take_focus()
        elif name == "posts" and self.posts:
            next(iter(self.posts.values())).setFocus()
        else:
            (self.seat if name == "seat" else self.reason).setFocus()

    def _forget(self) -> None:
        self.first.forget()
        self.second.forget()

    def _wait(self, *, waits: bool) -> None:
        self.confirm.setEnabled(not waits)
        if waits:
            self.told.set_colour(Colour.TEXT_SECOND)
            self.told.show_text(self._desk.say("glass.form.waiting"))

    def _on_seats(self, seats: Seats) -> None:
        chosen, names = self.seat.currentData(), self._desk.names
        self.seat.clear()
        for code, name, holder in seats.seats:
            row = names.view.seat(code) if names is not None else None
            if row is None or row.centre == self._desk.session.own_centre:
                told = self._desk.say(
                    "glass.form.seat_held" if holder else "glass.form.seat_free", seat=code, name=name
                )
                self.seat.addItem(told, code)
        self.choose_seat(str(chosen))
        terms = seats.glass
        kinds = terms.posts if terms is not None else ()
        if tuple(self.posts) != kinds:
            self._make_posts(kinds)
        minutes = self._desk.figures.count(round(terms.minutes)) if terms is not None else ""
        self.lead.show_text(self._desk.say("glass.form.lead" if kinds else "glass.form.none", minutes=minutes))
        self.confirm.setEnabled(bool(kinds) and not self._sent)

    def _make_posts(self, kinds: tuple[str, ...]) -> None:
        for button in self.posts.values():
            button.deleteLater()
        self.posts = {}
        for kind in kinds:
            code = f"guide.post.{kind}"
            button = QPushButton(self._desk.say(code) if self._desk.texts.has(code) else kind)
            button.setCheckable(True)
            button.setMinimumHeight(TARGET_PX)
            button.toggled.connect(partial(self._on_post, button, button.text()))
            self.posts[kind] = button
            self._posts_row.insertWidget(self._posts_row.count() - 1, button)

    def _on_post(self, button: QPushButton, name: str, is_chosen: bool) -> None:
        """A colour alone tells nobody what is chosen."""
        button.setText(self._desk.say("glass.form.chosen", name=name) if is_chosen else name)
        self.faults["posts"].hide()

    def _on_ended(self, command: str, reply: Reply) -> None:
        if command == self._sent and reply.outcome != "done":
            self.refuse(Reason(code=reply.code, params=reply.params))

    def _on_unsure(self, command: str) -> None:
        if command == self._sent:
            self.told.show_text(self._desk.say("glass.form.unsure"))

    def _on_sign_on(self, ended: SignOnEnded) -> None:
        if ended.signed_on is not None:
            self._sent = ""
            self.reason.clear()
            for person in (self.first, self.second):
                person.account.clear()
            self.close_over()

    def _connect(self) -> None:
        session = self._desk.session
        session.seats_came.connect(self._on_seats)
        session.command_ended.connect(self._on_ended)
        session.command_unsure.connect(self._on_unsure)
        session.sign_on_ended.connect(self._on_sign_on)
        self.confirm.clicked.connect(lambda _checked=False: self.send())
        self.reason.textEdited.connect(lambda _text: self.faults["reason"].hide())
        self.reason.returnPressed.connect(self.first.take_focus)
        self.first.was_entered.connect(self.second.take_focus)
        self.second.was_entered.connect(self.send)
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send)

    def _lay_out(self) -> None:
        say, theme, form = self._desk.say, self._desk.theme, QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(SPACE_PX * 2)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._posts_row.setContentsMargins(0, 0, 0, 0)
        self._posts_row.setSpacing(SPACE_PX * 2)
        self._posts_row.addStretch(1)
        posts = QWidget()
        posts.setLayout(self._posts_row)
        for name, field in (("reason", self.reason), ("posts", posts), ("seat", self.seat)):
            field.setMinimumHeight(TARGET_PX)
            field.setAccessibleName(say(f"glass.form.{name}"))
            form.addRow(Lettered(theme, TypeSize.BODY, text=say(f"glass.form.{name}")), field)
            form.addRow(self.faults[name])
            self.faults[name].hide()
        self.reason.setMaxLength(_LONGEST)
        both = QHBoxLayout()
        both.setSpacing(SPACE_PX * 6)
        for person in (self.first, self.second):
            both.addWidget(person, 1)
        for label in (self.lead, self.told, *self.faults.values()):
            label.setWordWrap(True)
        self.confirm.setMinimumHeight(TARGET_PX)
        self.confirm.setDefault(True)
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 3)
        column.addWidget(self.lead)
        column.addLayout(form)
        column.addLayout(both, 1)
        column.addWidget(self.told)
        column.addWidget(self.confirm)
        self.set_body(self._body)
        self.show_notice(Presence.FRESH, "")
