"""点名 (T9): one key calls whom one chose; who answers in time, who late, and who is missing, live."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console import own_receipts
from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.shell.roll_picks import WINDOWS, RollPicks, Whom, who_answers
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.order import Channel, RollAnswer, RollCall
from chengyun_core.model.receipt_commands import AnswerRollCall, EndRollCall, NoteRollAnswer, StartRollCall
from chengyun_core.wire.order_asks import AskRollCall, RollCallTold
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 880, 620
MOST_SHOWN = 200
"""Rows of those to be called: the rest is counted in the head."""


class RollCallSheet(Overlay):
    """Ctrl+Enter calls the roll, or ends the one that runs.

    Before it, Enter on a row calls him or leaves him out; while it runs, Enter on a missing one notes what he said by
    phone.
    """

    was_asked = Signal(object, str)
    """A command, and the deed in words."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("tasks.roll.title"), desk.say("tasks.roll.hint"), parent)
        self._desk = desk
        self._call: RollCall | None = None
        self._told: RollCallTold | None = None
        self._asked: tuple[object, ...] = ()
        self._state: tuple[object, ...] = ()
        self.purpose, self.words, self.finding = QLineEdit(), QLineEdit(), QLineEdit()
        self.picks = RollPicks(desk)
        self.whom, self.windows = ChoiceBox(desk.theme), ChoiceBox(desk.theme)
        self._is_new = True
        """The next roll is chosen: what is shown is who would be called, not who answered last."""
        self.list = FactList(desk.theme)
        self.counts = Lettered(desk.theme, TypeSize.LEAD, Colour.TEXT, bold=True)
        self.start_button, self.answer_button = QPushButton(), QPushButton(desk.say("tasks.roll.answer"))
        self._lay_out()
        self._connect()

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))
        if not self.purpose.text():
            self.purpose.setText(self._desk.say("tasks.roll.purpose.usual"))
        self._state, self._is_new = (), self.running() is None and self._call is None
        self.refresh()
        (self.list if self.running() is not None else self.purpose).setFocus()

    def running(self) -> RollCall | None:
        """Return the roll call that runs, the newest of several."""
        calls = self._desk.session.facts.roll_calls
        return calls[max(calls)] if calls else None

    def refresh(self) -> None:
        """Follow the answers while it is open."""
        if self.isHidden():
            return
        desk, facts = self._desk, self._desk.session.facts
        running = self.running()
        if running is not None:
            self._call, self._is_new = running, False
        self._ask(running)
        picked = (self._is_new, self.picks.whom, self.picks.called(), self.finding.text()) if running is None else ()
        state = (facts.through, desk.now_ns() // NS_PER_S, desk.names, self._told, picked)
        if state == self._state:
            return
        self._state = state
        call = running or (self._told.call if self._told is not None else self._call)
        self._show(call, is_running=running is not None)

    def call_or_end(self) -> None:
        """Ctrl+Enter."""
        running, say = self.running(), self._desk.say
        if running is not None:
            self.was_asked.emit(EndRollCall(call=running.number, version=running.version), say("tasks.roll.end"))
            return
        title, (window_s, late_s) = self.purpose.text().strip(), WINDOWS[max(0, self.windows.currentIndex())]
        if not self.picks.called():
            self.counts.show_text(say("tasks.roll.nobody"))
        elif title:
            self._told = None
            command = StartRollCall(
                title=title, called=self.picks.command_codes(), window_s=window_s, late_window_s=late_s
            )  # fmt: skip
            self.was_asked.emit(command, say("tasks.roll.deed", title=title))

    def answer(self) -> None:
        """Answer for every unit and post of this seat that was called."""
        running = self.running()
        for code in self._own(running):
            assert running is not None
            self.was_asked.emit(AnswerRollCall(call=running.number, code=code), self._desk.say("tasks.roll.answer"))

    def open_row(self, code: str) -> None:
        """Enter on a row: pick or leave out before a roll is called, note an answer while it runs."""
        if self.running() is not None:
            self.note(code)
        elif self._is_new:
            self.picks.turn(code)
            self._show_whom()
            self._state = ()
            self.refresh()
            self.list.select(code)

    def note(self, code: str) -> None:
        """Note what a missing one said by another channel; its very words are asked for first."""
        running, words = self.running(), self.words.text().strip()
        if running is None or code not in running.called or code in self._answers(running):
            return
        if not words:
            self.counts.show_text(self._desk.say("tasks.roll.no_words"))
            self.words.setFocus()
            return
        command = NoteRollAnswer(call=running.number, code=code, channel=Channel.PHONE, words=words, said_by=words[:40])
        self.words.clear()
        self.was_asked.emit(command, self._desk.say("tasks.roll.note", who=self._who(code)))

    def _show(self, call: RollCall | None, *, is_running: bool) -> None:
        say = self._desk.say
        self.start_button.setText(say("tasks.roll.end_key" if is_running else "tasks.roll.start_key"))
        self.answer_button.setVisible(bool(self._own(call if is_running else None)))
        self.purpose.setEnabled(not is_running)
        self.words.setVisible(is_running)
        for widget in (self.whom, self.windows, self.finding):
            widget.setVisible(not is_running)
        if call is None or self._is_new:
            self._show_picks()
            return
        answers = self._answers(call)
        self.list.set_rows(self._rows(call, answers, is_running=is_running))
        self.list.show_notice(Presence.FRESH, "")
        late = sum(one.late for one in answers.values())
        missing = len(call.called) - len(answers)
        passed_s = (self._desk.now_ns() - call.started_at) / NS_PER_S
        clock = self._desk.figures.short_duration(passed_s) if is_running else say("tasks.roll.ended")
        self.counts.show_text(say(
            "tasks.roll.counts", clock=clock, called=len(call.called), answered=len(answers) - late, late=late,
            missing=missing, first=call.window_s, second=call.late_window_s,
        ))  # fmt: skip

    def _show_picks(self) -> None:
        """Show who would be called, those called ticked, and whom one looks for."""
        called, found = frozenset(self.picks.called()), self.picks.offered(self.finding.text().strip())
        self.list.set_rows([self._pick_row(code, code in called) for code in found[:MOST_SHOWN]])
        self.list.show_notice(Presence.FRESH if found else Presence.EMPTY, self._desk.say("tasks.roll.nobody"))
        self.counts.show_text(self._desk.say("tasks.roll.to_call", count=len(called)))

    def _pick_row(self, code: str, is_called: bool) -> FactRow:
        names = self._desk.names
        unit, post = (names.unit(code), names.post(code)) if names is not None else (None, None)
        phone = unit.phone if unit is not None else post.phone if post is not None else ""
        status = self._desk.say("tasks.roll.picked" if is_called else "tasks.roll.not_picked")
        return FactRow(
            key=code, severity=Severity.NONE, title=self._who(code), detail=phone, status=status,
            status_colour=Colour.TEXT if is_called else Colour.TEXT_SECOND, is_marked=is_called,
        )  # fmt: skip

    def _show_whom(self) -> None:
        self.whom.blockSignals(True)
        self.whom.setCurrentIndex(self.whom.findData(self.picks.whom.value))
        self.whom.blockSignals(False)

    def _on_whom(self) -> None:
        """Another whole was chosen; the last roll's answers give way to who would be called."""
        self.picks.choose(Whom(self.whom.currentData()))
        self._choose_anew()

    def _choose_anew(self) -> None:
        self._is_new, self._state = self.running() is None, ()
        self.refresh()

    def _rows(self, call: RollCall, answers: Mapping[str, RollAnswer], *, is_running: bool) -> list[FactRow]:
        missing = [code for code in call.called if code not in answers]
        rows = [self._missing_row(call, code, is_running=is_running) for code in missing]
        newest = sorted(answers.values(), key=lambda one: -one.at)
        return rows + [self._answer_row(call, one) for one in newest if one.code in call.called]

    def _missing_row(self, call: RollCall, code: str, *, is_running: bool) -> FactRow:
        names = self._desk.names
        unit = names.unit(code) if names is not None else None
        first_over = self._desk.now_ns() - call.started_at > call.window_s * NS_PER_S
        status = "tasks.roll.missing" if not is_running or first_over else "tasks.roll.waiting"
        return FactRow(
            key=code, severity=Severity.NONE, title=self._who(code), detail=unit.phone if unit is not None else "",
            status=self._desk.say(status), status_colour=Colour.TEXT,
        )  # fmt: skip

    def _answer_row(self, call: RollCall, one: RollAnswer) -> FactRow:
        say = self._desk.say
        by = say("tasks.cell.for_him", channel=say(f"channel.{one.channel.value}")) if one.on_behalf else one.account
        return FactRow(
            key=one.code, severity=Severity.NONE, title=self._who(one.code),
            detail=" · ".join(part for part in (by, one.seat, one.words) if part),
            age=f"+{self._desk.figures.short_duration((one.at - call.started_at) / NS_PER_S)}",
            status=say("tasks.roll.late" if one.late else "tasks.roll.here"), status_colour=Colour.DONE,
        )  # fmt: skip

    def _answers(self, call: RollCall) -> dict[str, RollAnswer]:
        told = self._told.answers if self._told is not None and self._told.call.number == call.number else ()
        found = {one.code: one for one in told}
        live = self._desk.session.facts.roll_answers.values()
        return found | {one.code: one for one in live if one.call == call.number}

    def _ask(self, running: RollCall | None) -> None:
        """Ask for all answers once: when a call began before this console knew of it, and when it has ended."""
        number = running.number if running is not None else self._call.number if self._call is not None else None
        wanted = (number, running is None)
        if number is not None and wanted != self._asked:
            self._asked = wanted
            self._desk.session.ask("roll_call.get", AskRollCall(call=number), self._take, slot="tasks roll call")

    def _take(self, answer: object) -> None:
        if isinstance(answer, RollCallTold):
            self._told = answer

    def _own(self, call: RollCall | None) -> list[str]:
        """Return who was called and is answered for at this seat, without those who answered."""
        if call is None:
            return []
        answered = self._answers(call)
        return [code for code in call.called if code not in answered and own_receipts.is_own(self._desk, code)]

    def _who(self, code: str) -> str:
        return who_answers(self._desk, code)

    def _connect(self) -> None:
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.call_or_end)
        self.start_button.clicked.connect(lambda _checked=False: self.call_or_end())
        self.answer_button.clicked.connect(lambda _checked=False: self.answer())
        self.list.row_was_opened.connect(self.open_row)
        self.whom.currentIndexChanged.connect(lambda _at: self._on_whom())
        self.finding.textChanged.connect(lambda _text: self._choose_anew())

    def _lay_out(self) -> None:
        say = self._desk.say
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 2)
        row, chosen = QHBoxLayout(), QHBoxLayout()
        for whom in Whom:
            self.whom.addItem(say(f"tasks.roll.whom.{whom.value}"), whom.value)
        for first, second in WINDOWS:
            self.windows.addItem(say("tasks.roll.windows", first=first, second=second), first)
        fields: tuple[tuple[str, QWidget], ...] = (
            ("tasks.roll.whom", self.whom), ("tasks.roll.window", self.windows), ("tasks.roll.find", self.finding),
        )  # fmt: skip
        for code, field in fields:
            field.setAccessibleName(say(code))
            field.setMinimumHeight(TARGET_PX)
            chosen.addWidget(field, 1 if field is self.finding else 0)
        self.finding.setPlaceholderText(say("tasks.roll.find"))
        self.purpose.setAccessibleName(say("tasks.roll.purpose"))
        self.words.setAccessibleName(say("tasks.roll.words"))
        self.words.setPlaceholderText(say("tasks.roll.words"))
        self.list.setAccessibleName(say("tasks.roll.list"))
        for widget in (self.purpose, self.start_button, self.answer_button):
            widget.setMinimumHeight(TARGET_PX)
            row.addWidget(widget, 1 if widget is self.purpose else 0)
        self.words.setMinimumHeight(TARGET_PX)
        column.addLayout(row)
        column.addLayout(chosen)
        column.addWidget(self.counts)
        column.addWidget(self.list, 1)
        column.addWidget(self.words)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
