"""点名 (T9): one key calls everybody; who answers within 60 s, within 120 s, and who is missing, live."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console import own_receipts
from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.order import Channel, RollAnswer, RollCall
from chengyun_core.model.receipt_commands import AnswerRollCall, EndRollCall, NoteRollAnswer, StartRollCall
from chengyun_core.wire.order_asks import AskRollCall, RollCallTold
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 880, 620
WINDOW_S, LATE_WINDOW_S = 60, 120


class RollCallSheet(Overlay):
    """Ctrl+Enter calls the roll, or ends the one that runs; Enter on a missing one notes what he said by phone."""

    was_asked = Signal(object, str)
    """A command, and the deed in words."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("tasks.roll.title"), desk.say("tasks.roll.hint"), parent)
        self._desk = desk
        self._call: RollCall | None = None
        self._told: RollCallTold | None = None
        self._asked: tuple[object, ...] = ()
        self._state: tuple[object, ...] = ()
        self.purpose, self.words = QLineEdit(), QLineEdit()
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
        self._state = ()
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
            self._call = running
        self._ask(running)
        state = (facts.through, desk.now_ns() // NS_PER_S, desk.names, self._told)
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
        title = self.purpose.text().strip()
        if title:
            self._told = None
            command = StartRollCall(title=title, window_s=WINDOW_S, late_window_s=LATE_WINDOW_S)
            self.was_asked.emit(command, say("tasks.roll.deed", title=title))

    def answer(self) -> None:
        """Answer for every unit and post of this seat that was called."""
        running = self.running()
        for code in self._own(running):
            assert running is not None
            self.was_asked.emit(AnswerRollCall(call=running.number, code=code), self._desk.say("tasks.roll.answer"))

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
        for widget in (self.purpose,):
            widget.setEnabled(not is_running)
        self.words.setVisible(is_running)
        if call is None:
            self.list.set_rows([])
            self.counts.show_text("")
            self.list.show_notice(Presence.EMPTY, say("tasks.roll.none"))
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
            missing=missing,
        ))  # fmt: skip

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
        return self._desk.names.who(code) if self._desk.names is not None else code

    def _connect(self) -> None:
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.call_or_end)
        self.start_button.clicked.connect(lambda _checked=False: self.call_or_end())
        self.answer_button.clicked.connect(lambda _checked=False: self.answer())
        self.list.row_was_opened.connect(self.note)

    def _lay_out(self) -> None:
        say = self._desk.say
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 2)
        row = QHBoxLayout()
        self.purpose.setAccessibleName(say("tasks.roll.purpose"))
        self.words.setAccessibleName(say("tasks.roll.words"))
        self.words.setPlaceholderText(say("tasks.roll.words"))
        self.list.setAccessibleName(say("tasks.roll.list"))
        for widget in (self.purpose, self.start_button, self.answer_button):
            widget.setMinimumHeight(TARGET_PX)
            row.addWidget(widget, 1 if widget is self.purpose else 0)
        self.words.setMinimumHeight(TARGET_PX)
        column.addLayout(row)
        column.addWidget(self.counts)
        column.addWidget(self.list, 1)
        column.addWidget(self.words)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
