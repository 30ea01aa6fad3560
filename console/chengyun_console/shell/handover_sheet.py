"""交接班 (H5): what is open at a seat, walked through, ticked or refused item by item, signed by both, then locked."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.handover_care import HandoverCare
from chengyun_console.lettered import Lettered, Yielding
from chengyun_console.pages.plans.ask_line import AskLine
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.second_person import SecondPerson
from chengyun_console.shell.handover_body import HandoverBody
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.shell.own_checks import own_checks
from chengyun_console.wording.handover import HandoverWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import Handover, HandoverState, ItemKind, ItemState
from chengyun_core.model.failure import Reason
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 1480, 900
LINES = 3
_LONGEST = 200
_WALKING = ("handover.tick", "handover.refuse", "handover.go", "handover.sign", "handover.cancel", "handover.print",
            "duty.daily")  # fmt: skip


class HandoverSheet(Overlay):
    """Letters act while no text field has the keyboard; Esc leaves, and the next Ctrl+Shift+H is back at the item."""

    item_was_opened = Signal(object)
    """model.duty.Item to be shown where it lives."""
    print_was_asked = Signal(object)
    """wire.duty_asks.HandoverTold to be made a PDF of."""
    daily_was_asked = Signal(object)
    """model.duty.Handover whose shift a 值班日报 is wanted of."""
    was_locked = Signal(object)
    """model.duty.Handover that both have just signed."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("console.handover.title"), desk.say("console.handover.hint"), parent)
        self._desk = desk
        self._checked = 0
        """Number of the hand-over this console has told its own checks for."""
        self._second = -1
        self._was_live = False
        self._signs_for = ""
        """Why the chief signs for the giver, while his password is asked."""
        self._joins = False
        """The password that is asked is the taker's, to sign on."""
        self._gave = ""
        """Digest the giver signed, once the taker was asked for his."""
        self._signs_next = False
        """Ctrl+Enter came right after the last tick: the password is asked as soon as that one is answered."""
        self.care = HandoverCare(desk, self)
        self.body = HandoverBody(desk, self.care)
        self.sides = Yielding(desk.theme, TypeSize.LEAD, Colour.TEXT)
        self.clock = Lettered(desk.theme, TypeSize.LEAD)
        self.lines = tuple(QLineEdit() for _ in range(LINES))
        self.answer = Lettered(desk.theme, TypeSize.BODY, Colour.RED_TEXT)
        self.ask_line, self.second = AskLine(desk), SecondPerson(desk)
        doers = {
            "handover.tick": self.tick, "handover.refuse": self.ask_refuse, "handover.go": self.go,
            "handover.settle": self.ask_settle,
            "handover.join": self.ask_taker, "handover.sign": self.sign, "handover.force": self.ask_force,
            "handover.cancel": self.ask_cancel,
            "handover.print": self.print, "duty.daily": self.ask_daily,
        }  # fmt: skip
        self.deeds = KeyedButtons(desk, doers)
        self._lay_out()
        self._connect()

    def begin(self, seat: str, area: QRect) -> None:
        """Collect what is open at a seat; a sheet that is open already goes on where it was."""
        sheet = self.care.sheet
        self._show(area)
        if sheet is None or not self.care.is_live or sheet.seat != seat:
            self.care.begin(seat)
        else:
            self.care.ask()

    def begin_for(self, seat: str, giver: str, area: QRect) -> None:
        """Collect what is open at a seat whose giver is absent: the chief signs for him (Alt+F)."""
        self._show(area)
        self.care.begin(seat, giver)

    def open_number(self, number: int, area: QRect) -> None:
        """Show a sheet of the past, or one that is open at another seat."""
        self._show(area)
        self.care.open(number)

    def refresh(self) -> None:
        """Follow the facts while it is in sight: once a second, and at once when the centre told something."""
        if self.isHidden():
            return
        self.care.look()
        second = self._desk.now_ns() // NS_PER_S
        if second != self._second:
            self._second = second
            self.show_told()

    def show_told(self) -> None:
        """Show the sheet as the care has it."""
        told, sheet = self.care.told, self.care.sheet
        self.body.refresh()
        if told is None or sheet is None:
            self._show_only(())
            return
        words = HandoverWords(self._desk.figures, self._desk.names)
        self.set_title(self._desk.say("console.handover.of", sheet=sheet.code, seat=sheet.seat))
        self.sides.show_text(words.standing(told))
        text, ink = words.clock(sheet, self._desk.now_ns())
        self.clock.set_colour(ink)
        self.clock.show_text(text)
        self._show_lines(sheet)
        self._show_only(self._possible(sheet))
        self._check_self(sheet)

    def tick(self) -> None:
        """A: the taker knows of the item; the keyboard goes on to the next one nobody has decided."""
        item = self.body.current
        if item is not None and self.care.is_live:
            self.care.tick(item)
            self.body.go_on()

    def ask_refuse(self) -> None:
        """R: the item stays with the giver; why is asked in place."""
        item = self.body.current
        if item is None or not self.care.is_live:
            return

        def refuse(reason: str) -> None:
            self.care.refuse(item, reason)
            self.body.go_on()

        title = HandoverWords(self._desk.figures, self._desk.names).title(item)
        self.ask_line.ask(f"refuse:{item.key}", self._desk.say("console.handover.why_refuse", title=title), refuse)

    def ask_settle(self) -> None:
        """S: a notice is dealt with; how is asked in place and written into the log."""
        item = self.body.current
        if item is None or item.kind is not ItemKind.NOTICE or not item.key.isdecimal() or not self.care.is_live:
            return
        title = HandoverWords(self._desk.figures, self._desk.names).title(item)
        question = self._desk.say("console.handover.how_settled", title=title)
        self.ask_line.ask(f"settle:{item.key}", question, lambda words: self.care.settle(item, words))

    def go(self) -> None:
        """Enter: to the thing itself, where it lives; the sheet is back by its key."""
        item = self.body.current
        if item is not None:
            self.close_over()
            self.item_was_opened.emit(item)

    def sign(self) -> None:
        """Ctrl+Enter: the giver's password, then the taker's; nothing is signed while an item is undecided."""
        told, sheet = self.care.told, self.care.sheet
        if told is None or sheet is None or not self.care.is_live:
            return
        left = self.body.undecided()
        if left and sheet.state is HandoverState.OPEN:
            if self.care.is_settling:
                self._signs_next = True
                return
            self._tell(self._desk.say("console.handover.undecided", count=left))
            self.body.go_on()
            self.body.list.setFocus()
            return
        self._tell("")
        self._signs_for, self._joins = "", False
        gives = sheet.state is HandoverState.OPEN
        code = "console.handover.giver_signs" if gives else "console.handover.taker_signs"
        name = (told.giver_name or sheet.giver) if gives else (told.taker_name or sheet.taker)
        lead = self._desk.say(code, name=name or self._desk.say("console.handover.nobody"))
        other = "" if gives else sheet.giver
        self.second.ask(lead, account=sheet.giver if gives else sheet.taker, other_than=other)

    def ask_taker(self) -> None:
        """Alt+J: the taker signs on at this very console, beside the giver, whose seat it stays until both signed."""
        sheet = self.care.sheet
        if sheet is not None and self.care.is_live:
            self._joins = True
            self.second.ask(self._desk.say("console.handover.taker_joins"), other_than=sheet.giver)

    def joined(self, area: QRect) -> None:
        """Go on with the taker's session: he is signed on beside the giver."""
        signed_on = self._desk.session.signed_on
        self._joins = False
        self.second.done()
        if signed_on is not None:
            self._show(area)
            self.care.begin(signed_on.seat)

    def ask_force(self) -> None:
        """Alt+F: the chief signs for a giver who cannot; loud, with a reason."""
        sheet = self.care.sheet
        if sheet is not None and self.care.is_live:
            question = self._desk.say("console.handover.why_force", name=self._giver())
            self.ask_line.ask(f"force:{sheet.number}", question, self._ask_chief)

    def ask_cancel(self) -> None:
        """Alt+X: end it unsigned; the giver stays."""
        sheet = self.care.sheet
        if sheet is not None and self.care.is_live:
            self.ask_line.ask(f"cancel:{sheet.number}", self._desk.say("console.handover.why_cancel"), self.care.cancel)

    def print(self) -> None:
        """Ctrl+P: the sheet as PDF and as a workbook."""
        if self.care.told is not None:
            self.print_was_asked.emit(self.care.told)

    def ask_daily(self) -> None:
        """Alt+D: the 值班日报 of the shift that is handed over, as PDF and workbook."""
        if self.care.sheet is not None:
            self.daily_was_asked.emit(self.care.sheet)

    def tell(self, text: str, *, is_trouble: bool = False) -> None:
        """Show a sentence in the sheet."""
        self._tell(text, Colour.RED_TEXT if is_trouble else Colour.TEXT_SECOND)

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))

    @override
    def close_over(self) -> bool:
        """Leave the nearest: a password, a question, then the sheet."""
        return self.second.close_over() or self.ask_line.close_over() or super().close_over()

    @override
    def carried(self) -> object:
        sheet = self.care.sheet
        return sheet.number if sheet is not None and self.isVisible() else None

    @override
    def take_carried(self, kept: object) -> None:
        if isinstance(kept, int):
            self.open_number(kept, self.window().rect())

    @override
    def event(self, event: QEvent) -> bool:
        # The window has meanings of its own for A, R and Ctrl+P: here they belong to the sheet.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _own(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = _own(event)
        if action:
            self.deeds.press(action)
        else:
            super().keyPressEvent(event)

    def _ask_chief(self, reason: str) -> None:
        self._signs_for, self._joins = reason, False
        sheet = self.care.sheet
        self.second.ask(self._desk.say("console.handover.chief_signs", name=self._giver(), reason=reason),
                        other_than=sheet.giver if sheet is not None else "")  # fmt: skip

    def _on_given(self, account: str, secret: str) -> None:
        sheet = self.care.sheet
        if self._joins and sheet is not None:
            code = self.second.typed_code()
            self._desk.session.sign_on(account, secret, sheet.seat, code=code, taking_over=True)
        elif self._signs_for:
            self.care.force(self._signs_for, account, secret)
        else:
            self.care.sign(account, secret)

    def _on_done(self, name: str) -> None:
        if name in ("sign", "force"):
            self.second.done()
        if name == "cancel":
            self._desk.message_came.emit(self._desk.say("console.handover.was_cancelled"), False)

    def _on_failed(self, name: str, reason: object) -> None:
        assert isinstance(reason, Reason)
        self._signs_next = False
        if name in ("sign", "force") and self.second.isVisible():
            self.second.show_refusal(reason)
            return
        self._tell(self._desk.refusal(reason))
        if self.care.told is None:
            self.body.list.show_notice(Presence.REFUSED, self._desk.refusal(reason))

    def _on_not_joined(self, failed: object) -> None:
        """The taker was not let in: told where he typed."""
        if self._joins and isinstance(failed, Reason):
            self.second.show_refusal(failed)

    def _on_change(self) -> None:
        """Show what is new; after the giver's signature the taker is asked at once, after his the sheet is locked."""
        before, sheet = self._was_live, self.care.sheet
        self._was_live = self.care.is_live
        if self.isHidden():
            return
        self.show_told()
        if sheet is None or self.care.is_busy:
            return
        if self._signs_next and not self.care.is_settling:
            self._signs_next = False
            self.sign()
        elif sheet.state is HandoverState.SIGNED and before:
            self.second.done()
            self._tell(self._desk.say("console.handover.locked", sheet=sheet.code), Colour.DONE)
            self.was_locked.emit(sheet)
        elif sheet.state is HandoverState.GIVEN and self._asks_taker(sheet):
            self.sign()

    def _asks_taker(self, sheet: Handover) -> bool:
        """Return whether the giver has just signed here: his colleague beside him is asked without another key."""
        just = bool(sheet.signatures) and self.second.isHidden() and self._gave != sheet.signatures[-1].digest
        self._gave = sheet.signatures[-1].digest if sheet.signatures else ""
        return just

    def _check_self(self, sheet: Handover) -> None:
        """Tell once what this console finds of itself; nothing of it is told after a signature, which it would void."""
        if sheet.state is not HandoverState.OPEN or self._checked == sheet.number:
            return
        if "handover.check" not in self._desk.allowed():
            return
        self._checked = sheet.number
        told = {check.name: check for check in sheet.checks}
        for found in own_checks(self._desk):
            known = told.get(found.name)
            if known is None or known.good == bool(found.reason) or known.reason != found.reason:
                self.care.note(found.name, good=not found.reason, reason=found.reason)

    def _show_lines(self, sheet: Handover) -> None:
        mine = self.care.is_live and "handover.lines" in self._desk.allowed()
        # What was told before the last line arrived at the centre would take that line away again.
        is_told = not self.care.is_settling
        for at, line in enumerate(self.lines):
            line.setReadOnly(not mine)
            if is_told and not line.hasFocus() and not line.isModified():
                line.setText(sheet.lines[at] if at < len(sheet.lines) else "")

    def _keep_lines(self) -> None:
        sheet = self.care.sheet
        if sheet is None or not self.care.is_live or not any(line.isModified() for line in self.lines):
            return
        for line in self.lines:
            line.setModified(False)
        told = tuple(" ".join(line.text().split()) for line in self.lines)
        if told != tuple((*sheet.lines, *("",) * LINES)[:LINES]):
            self.care.write(told)

    def _show_only(self, possible: tuple[str, ...]) -> None:
        self.deeds.show_only(possible)

    def _possible(self, sheet: Handover) -> tuple[str, ...]:
        """Return what may be done with a sheet as it stands."""
        if sheet.state is HandoverState.OPEN:
            # Without a taker nobody can sign: he signs on here, or at a console of his own.
            settles = ("handover.settle",) if self._is_notice() else ()
            joins = () if sheet.taker else ("handover.join",)
            return (*_WALKING, *settles, *joins, "handover.force")
        return _WALKING if sheet.state is HandoverState.GIVEN else ("handover.go", "handover.print", "duty.daily")

    def _is_notice(self) -> bool:
        item = self.body.current
        return item is not None and item.kind is ItemKind.NOTICE and item.state is not ItemState.SETTLED

    def _on_item(self) -> None:
        """Another item is in focus: what may be done with it."""
        if self.care.sheet is not None:
            self._show_only(self._possible(self.care.sheet))

    def _giver(self) -> str:
        told = self.care.told
        return (told.giver_name or told.handover.giver) if told is not None else ""

    def _show(self, area: QRect) -> None:
        self._signs_next = False
        self._tell("")
        self.open_over(area)
        self.body.list.setFocus()
        self.show_told()

    def _tell(self, text: str, ink: Colour = Colour.RED_TEXT) -> None:
        self.answer.set_colour(ink)
        self.answer.show_text(text)
        self.answer.setVisible(bool(text))

    def _connect(self) -> None:
        self.care.did_change.connect(self._on_change)
        self.care.did_fail.connect(self._on_failed)
        self.care.was_done.connect(self._on_done)
        self.body.item_was_opened.connect(lambda _item: self.go())
        self.body.tick_was_asked.connect(self.tick)
        self.body.list.current_did_change.connect(lambda _key: self._on_item())
        self.second.was_given.connect(self._on_given)
        self._desk.session.confirm_ended.connect(self._on_not_joined)
        for line in self.lines:
            line.editingFinished.connect(self._keep_lines)
        self.deeds.bind_to(self, without=("handover.tick", "handover.refuse", "handover.settle", "handover.print"))
        keypad = QShortcut(QKeySequence("Ctrl+Enter"), self)
        keypad.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keypad.activated.connect(self.sign)

    def _lay_out(self) -> None:
        say = self._desk.say
        head, notes = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.sides, 1)
        head.addWidget(self.clock)
        notes.addWidget(Lettered(self._desk.theme, TypeSize.BODY, text=say("console.handover.lines")))
        for at, line in enumerate(self.lines, 1):
            line.setMaxLength(_LONGEST)
            line.setMinimumHeight(TARGET_PX)
            line.setAccessibleName(say("console.handover.line", at=at))
            line.setPlaceholderText(say("console.handover.line", at=at))
            notes.addWidget(line, 1)
        self.answer.setWordWrap(True)
        self.answer.setContentsMargins(SPACE_PX * 4, 0, SPACE_PX * 4, 0)
        self.answer.hide()
        for row in (head, notes):
            row.setContentsMargins(SPACE_PX * 4, SPACE_PX, SPACE_PX * 4, 0)
            row.setSpacing(SPACE_PX * 2)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX)
        column.addLayout(head)
        column.addWidget(self.body, 1)
        column.addLayout(notes)
        for widget in (self.answer, self.ask_line, self.second, self.deeds):
            column.addWidget(widget)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")


def _own(event: QKeyEvent) -> str:
    """Return the action of a key that belongs to the sheet, nothing for any other."""
    ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier & ~Qt.KeyboardModifier.KeypadModifier
    match event.key():
        case Qt.Key.Key_A if plain:
            return "handover.tick"
        case Qt.Key.Key_R if plain:
            return "handover.refuse"
        case Qt.Key.Key_S if plain:
            return "handover.settle"
        case Qt.Key.Key_P if ctrl:
            return "handover.print"
    return ""
