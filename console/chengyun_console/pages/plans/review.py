"""下达前复核: ready steps of a run as orders with who is proposed and why: tick, reword, choose another, send."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.pages.plans.review_edit import StepEdit, edits_of, kept_of, order_of
from chengyun_console.pages.plans.sender import Sender
from chengyun_console.wording.plans import PlanWords
from chengyun_console.wording.proposals import ProposalWords
from chengyun_core.model.event import Event
from chengyun_core.model.failure import Reason
from chengyun_core.model.plan import PlanRun, RunStepState
from chengyun_core.model.plan_commands import SendPlanOrders
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.plan_asks import AskDrafts, AskRun, Drafts, Runs
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.presence import Presence
from chengyun_widgets.step_list import Sign, StepList, StepRow

_TEXT_PX = 76


class ReviewPane(QWidget):
    """Keeps what was edited as a draft of the run; the centre is asked anew when the run changed meanwhile."""

    orders_were_sent = Signal(int)
    """Number of the event."""

    def __init__(self, desk: Desk, sending: Sender) -> None:
        super().__init__()
        self._desk, self._sending = desk, sending
        self.run: PlanRun | None = None
        self.event_record: Event | None = None
        self.edits: tuple[StepEdit, ...] = ()
        self._drafts: Drafts | None = None
        self._number = 0
        self._filling = False
        self.list = StepList(desk.theme)
        self.unit = ChoiceBox(desk.theme)
        self.text = QPlainTextEdit()
        self.over = QLineEdit()
        self.was = Lettered(desk.theme, TypeSize.SMALL)
        self.sheet = FactSheet(desk.theme)
        self._lay_out()

    def open_for(self, run: int, event: Event) -> None:
        """Ask for the orders of a run's ready steps."""
        self._number, self.event_record = run, event
        self.run, self._drafts, self.edits = self._desk.session.facts.runs.get(run), None, ()
        self.list.set_rows(())
        self.list.show_notice(Presence.EMPTY, self._desk.say("console.plans.review.waiting"))
        self._ask()

    def send(self) -> None:
        """Send every order that is ticked in one go, or go to the first that cannot leave and say why."""
        run, event, drafts = self.run, self.event_record, self._drafts
        taken = [edit for edit in self.edits if edit.is_taken]
        if run is None or event is None or drafts is None or self._sending.is_busy:
            return
        faulty = next((edit for edit in taken if edit.fault), None)
        if faulty is not None or not taken:
            said = self._desk.say(faulty.fault if faulty else "console.plans.review.nothing")
            self._sending.tell(said, is_trouble=True)
            if faulty is not None:
                self.list.select(faulty.code)
            return
        orders = tuple(order_of(edit, run, event) for edit in taken)
        command = SendPlanOrders(run=run.number, version=drafts.version, drafts=orders)
        told = self._desk.say("console.plans.review.deed", name=run.name, count=len(orders))
        self._sending.send(command, told, self._on_sent, self._on_refused)

    def _ask(self) -> None:
        session = self._desk.session
        session.ask("plan.drafts", AskDrafts(run=self._number), self._on_drafts, slot="plans.drafts")
        if self._number not in session.facts.runs:
            session.ask("plan.run", AskRun(run=self._number), self._on_run, slot="plans.review_run")

    def _on_run(self, told: object) -> None:
        if isinstance(told, Runs) and told.runs:
            self.run = told.runs[0].run
            self._begin()

    def _on_drafts(self, told: object) -> None:
        if isinstance(told, Reason):
            self.list.show_notice(Presence.REFUSED, self._words().reason(told))
        elif isinstance(told, Drafts) and told.run == self._number:
            self._drafts = told
            self._begin()

    def _begin(self) -> None:
        """Show the orders once both the run and what is proposed for it are there."""
        self.run = self._desk.session.facts.runs.get(self._number, self.run)
        if self.run is None or self._drafts is None or self.event_record is None:
            return
        kept = self._desk.drafts.read(self._key())
        self.edits = edits_of(self.run, self.event_record, self._drafts.drafts, kept)
        self.show_rows()
        if self.edits and not self.list.current_key():
            self.list.select(self.edits[0].code)
        self._show_current()

    def show_rows(self) -> None:
        """List the orders, below them the steps that wait for others."""
        rows = [self._row(edit) for edit in self.edits]
        rows += self._later()
        self.list.set_rows(rows)
        empty = self._desk.say("console.plans.review.none")
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, empty)

    def _row(self, edit: StepEdit) -> StepRow:
        words = self._words()
        chosen = edit.chosen
        who = ProposalWords(words).judged(chosen) if chosen else ProposalWords(words).pick(edit.draft.proposal)
        sign = Sign.TAKEN if edit.is_taken else Sign.LEFT if edit.unit else Sign.CROSSED
        lead = (self._desk.say("receipt.role.lead"),) if edit.step.action.lead else ()
        changed = (self._desk.say("console.plans.review.changed"),) if not edit.is_proposed and edit.unit else ()
        critical = edit.step.action.critical
        second = (self._desk.say(f"order.critical.{critical}"),) if critical else ()
        return StepRow(
            key=edit.code, severity=Severity.NONE, sign=sign, title=edit.text, detail=who,
            badges=(*lead, *second, *changed),
            status=words.say("console.plans.within", minutes=words.minutes(edit.step.action.within_min))
            if edit.unit else self._desk.say("console.plans.proposal.nobody"),
            status_colour=Colour.TEXT_SECOND if edit.unit else Colour.ORANGE_TEXT,
        )  # fmt: skip

    def _later(self) -> list[StepRow]:
        if self.run is None:
            return []
        words, shown = self._words(), {edit.code for edit in self.edits}
        numbers = {step.action.code: str(place) for place, step in enumerate(self.run.steps, 1)}
        later = [
            step for step in self.run.steps
            if step.action.code not in shown and step.state in (RunStepState.WAITING, RunStepState.READY)
        ]  # fmt: skip
        heading = StepRow(
            key="later:", severity=Severity.NONE, title=words.say("console.plans.review.later"),
            status=words.say("console.plans.count", count=len(later)), is_heading=True,
        )  # fmt: skip
        rows = [
            StepRow(
                key=f"later:{step.action.code}", severity=Severity.NONE, title=words.written(step.action.text),
                detail=words.step_detail(step.action, numbers), is_stale=True,
                sign=Sign.WAITING if step.state is RunStepState.WAITING else Sign.READY,
            )
            for step in later
        ]  # fmt: skip
        return [heading, *rows] if rows else []

    def _current(self) -> StepEdit | None:
        key = self.list.current_key()
        return next((edit for edit in self.edits if edit.code == key), None)

    def _show_current(self) -> None:
        """Fill the fields at the right from the step in focus."""
        edit, words = self._current(), self._words()
        self._filling = True
        self.unit.clear()
        for one in edit.candidates if edit else ():
            self.unit.addItem(ProposalWords(words).judged(one), one.unit)
        self.unit.setCurrentIndex(self.unit.findData(edit.unit) if edit and edit.unit else -1)
        self.text.setPlainText(edit.text if edit else "")
        self.over.setText(edit.over_reason if edit else "")
        self._filling = False
        for widget in (self.unit, self.text):
            widget.setEnabled(edit is not None)
        self._show_told(edit)

    def _show_told(self, edit: StepEdit | None) -> None:
        self.over.setVisible(edit is not None and edit.is_full)
        was = edit.draft.draft.text if edit and edit.draft.draft and edit.text != edit.draft.draft.text else ""
        self.was.show_text(self._desk.say("console.plans.review.was", text=was) if was else "")
        self.was.setVisible(bool(was))
        self.sheet.show_sections(ProposalWords(self._words()).sections(edit.draft) if edit else ())

    def _change(self, **changes: object) -> None:
        """Take an edit of the step in focus, and keep it as a draft."""
        now = self._current()
        if now is None or self._filling:
            return
        after = replace(now, **changes)  # type: ignore[arg-type]
        self.edits = tuple(after if edit.code == now.code else edit for edit in self.edits)
        self._desk.drafts.write(self._key(), kept_of(self.edits))
        self.show_rows()
        self._show_told(after)

    def tick(self) -> None:
        """Take the step in focus or leave it out."""
        self._on_tick(self.list.current_key())

    def _on_tick(self, key: str) -> None:
        self.list.select(key)
        edit = self._current()
        if edit is None:
            return
        if not edit.unit:
            self._sending.tell(self._desk.say("console.plans.review.no_unit"), is_trouble=True)
            return
        self._change(is_taken=not edit.is_taken)

    def _on_unit(self, _at: int) -> None:
        unit = self.unit.currentData()
        if unit:
            self._change(unit=unit, is_taken=True)

    def _on_sent(self, _done: Done) -> None:
        self._desk.drafts.drop(self._key())
        if self.event_record is not None:
            self.orders_were_sent.emit(self.event_record.number)

    def _on_refused(self, _reason: Reason) -> None:
        """Ask anew: the run or a unit stands otherwise than it was shown; what was edited stays."""
        self._ask()

    def _key(self) -> str:
        return f"plan.review.{self._number}"

    def _words(self) -> PlanWords:
        return PlanWords(self._desk.figures, self._desk.names)

    def _lay_out(self) -> None:
        say = self._desk.say
        for widget, code in (
            (self.list, "console.plans.review.orders"), (self.unit, "console.plans.field.unit"),
            (self.text, "console.plans.field.text"), (self.over, "console.plans.review.over"),
            (self.sheet, "console.plans.proposal.picked"),
        ):  # fmt: skip
            widget.setAccessibleName(say(code))
        self.over.setPlaceholderText(say("console.plans.review.over"))
        self.over.setMinimumHeight(TARGET_PX)
        self.text.setFixedHeight(_TEXT_PX)
        self.text.setTabChangesFocus(True)
        self.was.setWordWrap(True)
        right = QVBoxLayout()
        right.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, 0)
        right.setSpacing(SPACE_PX * 2)
        right.addWidget(self.unit)
        right.addWidget(self.text)
        right.addWidget(self.was)
        right.addWidget(self.over)
        right.addWidget(self.sheet, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list, 55)
        row.addLayout(right, 45)
        self.setFocusProxy(self.list)
        self.list.tick_was_asked.connect(self._on_tick)
        self.list.current_did_change.connect(lambda _key: self._show_current())
        self.list.row_was_opened.connect(lambda _key: self.text.setFocus(Qt.FocusReason.OtherFocusReason))
        self.unit.currentIndexChanged.connect(self._on_unit)
        self.text.textChanged.connect(lambda: self._change(text=self.text.toPlainText()))
        self.over.textEdited.connect(lambda text: self._change(over_reason=text))
