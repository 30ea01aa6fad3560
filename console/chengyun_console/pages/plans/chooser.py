"""选预案: the plans that fit an event, best first, with reasons, the deciding row of the tier table whom it calls."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.mode.parts import plans_here
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.pages.plans.ask_line import AskLine
from chengyun_console.pages.plans.sender import Sender
from chengyun_console.wording.plans import PlanWords
from chengyun_console.wording.proposals import ProposalWords
from chengyun_console.wording.runs import RunWords
from chengyun_core.model.event import Event
from chengyun_core.model.event_commands import EditEvent
from chengyun_core.model.failure import Reason
from chengyun_core.model.plan import PlanRun, RunState, RunStepState
from chengyun_core.model.plan_commands import StartPlan
from chengyun_core.model.plan_match import Match, Misfit
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.plan_asks import AskMatch, AskTry, Matches, Tried
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_sheet import FactSheet, SheetLine, SheetSection
from chengyun_widgets.presence import Presence
from chengyun_widgets.step_list import Sign, StepList, StepRow


class ChooserPane(QWidget):
    """Enter starts the plan in focus; a plan that runs already leads to its orders instead."""

    run_was_chosen = Signal(int)
    """Number of the run that was started, or that runs already."""

    def __init__(self, desk: Desk, sending: Sender, ask_line: AskLine) -> None:
        super().__init__()
        self._desk, self._sending, self._ask_line = desk, sending, ask_line
        self.event_record: Event | None = None
        self._told = Matches()
        self._tried: dict[str, Tried] = {}
        self._plans: dict[str, Match] = {}
        self.list = StepList(desk.theme)
        self.tier = ChoiceBox(desk.theme)
        self.reason = QLineEdit()
        self.sheet = FactSheet(desk.theme)
        self._lay_out()

    def open_for(self, event: Event) -> None:
        """Ask which plans fit an event."""
        self.event_record = event
        self._told, self._tried, self._plans = Matches(), {}, {}
        self.list.set_rows(())
        self.list.show_notice(Presence.EMPTY, self._desk.say("console.plans.choose.waiting"))
        self._ask()

    def start(self) -> None:
        """Start the plan in focus, or go to the one that runs."""
        key, event = self.list.current_key(), self.event_record
        if key.startswith("run:"):
            self.run_was_chosen.emit(int(key.removeprefix("run:")))
            return
        match = self._plans.get(key)
        if match is None or event is None or self._sending.is_busy:
            return
        tier = str(self.tier.currentData() or "")
        reason = self.reason.text().strip()
        if tier and not reason:
            self._sending.tell(self._desk.say("console.plans.choose.tier_reason"), is_trouble=True)
            self.reason.setFocus()
            return
        command = StartPlan(
            event=event.number, template=match.template, edition=match.edition, risk_point=match.risk_point,
            tier=tier, reason=reason if tier else "",
        )  # fmt: skip
        self._sending.send(command, self._desk.say("console.plans.choose.deed", name=match.name), self._on_started)

    def measure(self) -> None:
        """Ask for the first attribute the tier table lacks, and write it into the event."""
        match = self._plans.get(self.list.current_key())
        if match is None or not match.missing:
            return
        code = match.missing[0]
        question = self._desk.say("console.plans.choose.measure", attribute=self._words().attribute(code))
        self._ask_line.ask(f"measure:{code}", question, partial(self._on_measured, code))

    def _ask(self) -> None:
        if self.event_record is not None:
            ask = AskMatch(event=self.event_record.number)
            self._desk.session.ask("plan.match", ask, self._on_matches, slot="plans.match")

    def _on_matches(self, told: object) -> None:
        if isinstance(told, Reason):
            self.list.show_notice(Presence.REFUSED, self._words().reason(told))
        elif isinstance(told, Matches):
            self._told = told
            self._show_rows()

    def _show_rows(self) -> None:
        """List the runs of this event, the plans that fit, and those of the place that do not."""
        was = self.list.current_key()
        at_hand = plans_here(self._desk)
        # Sorting is stable: among those at hand, and among the others, the best fit stays first.
        ordered = sorted(self._told.matches, key=lambda match: match.template not in at_hand)
        self._plans = {f"m:{match.template}:{match.risk_point}": match for match in ordered}
        runs = [self._run_row(run) for run in self._runs()]
        rows = [*runs, *(self._row(key, match) for key, match in self._plans.items())]
        misfits = [self._misfit(place, one) for place, one in enumerate(self._told.misfits)]
        if misfits:
            rows.append(self._heading("console.plans.choose.misfits", len(misfits)))
        self.list.set_rows([*rows, *misfits])
        empty = self._desk.say("console.plans.choose.none")
        self.list.show_notice(Presence.FRESH if rows or misfits else Presence.EMPTY, empty)
        if rows and not (was and self.list.select(was)):
            self.list.select(rows[0].key)
        self._show_current()

    def _runs(self) -> list[PlanRun]:
        event, runs = self.event_record, self._desk.session.facts.runs.values()
        return [run for run in runs if event and run.event == event.number and run.state is RunState.RUNNING]

    def _run_row(self, run: PlanRun) -> StepRow:
        ready = sum(step.state is RunStepState.READY for step in run.steps)
        detail = self._desk.say("console.plans.choose.running", ready=ready, steps=len(run.steps))
        return StepRow(key=f"run:{run.number}", severity=Severity.NONE, sign=Sign.RUNNING, title=run.name,
                       detail=detail, status=self._desk.say("console.plans.run.running"))  # fmt: skip

    def _row(self, key: str, match: Match) -> StepRow:
        words = self._words()
        first = words.reason(match.reasons[0]) if match.reasons else ""
        tier = words.say("console.plans.choose.tier", tier=match.tiers.decided_by or "—")
        lacks = (words.say("console.plans.choose.lacks"),) if match.missing else ()
        if match.template in plans_here(self._desk):
            lacks = (words.say("console.plans.choose.at_hand"), *lacks)
        title = words.say("console.plans.choose.at", name=match.name, point=match.risk_point_name)
        return StepRow(
            key=key, severity=Severity.NONE, sign=Sign.READY, title=title if match.risk_point else match.name,
            detail=first, badges=lacks, age=f"{match.score:g}", status=tier, status_colour=Colour.TEXT_SECOND,
        )  # fmt: skip

    def _misfit(self, place: int, one: Misfit) -> StepRow:
        return StepRow(key=f"x:{place}", severity=Severity.NONE, sign=Sign.SKIPPED, title=one.name,
                       detail=self._words().reason(one.reason), is_stale=True)  # fmt: skip

    def _heading(self, code: str, count: int) -> StepRow:
        shown = self._desk.say("console.plans.count", count=count)
        return StepRow(key=f"h:{code}", severity=Severity.NONE, title=self._desk.say(code), status=shown,
                       is_heading=True)  # fmt: skip

    def _show_current(self) -> None:
        key = self.list.current_key()
        match, event = self._plans.get(key), self.event_record
        self._offer_tiers(match)
        for widget in (self.tier_label, self.tier):
            widget.setVisible(match is not None)
        if match is None or event is None:
            self.sheet.show_sections(self._run_sections(key))
            return
        self.sheet.show_sections(self._sections(key, match))
        if key not in self._tried:
            ask = AskTry(event=event.number, template=match.template, edition=match.edition,
                         risk_point=match.risk_point)  # fmt: skip
            self._desk.session.ask("plan.try", ask, partial(self._on_tried, key), slot="plans.match_try")

    def _run_sections(self, key: str) -> tuple[SheetSection, ...]:
        """Return how far the plan is that runs already, step by step; nothing when the row in focus is none."""
        run = next((one for one in self._runs() if key == f"run:{one.number}"), None)
        if run is None:
            return ()
        facts, now_ns = self._desk.session.facts, self._desk.now_ns()
        words = RunWords(self._words(), self.event_record, facts)
        steps = tuple(
            line
            for row in words.rows(run, now_ns)
            for line in (
                SheetLine(label=row.status, text=row.title, colour=Colour.TEXT_SECOND if row.is_stale else Colour.TEXT),
                SheetLine(label="", text=row.detail, colour=Colour.TEXT_SECOND),
            )
        )
        standing, colour = words.standing(run, now_ns)
        head = SheetSection(title=words.head(run, now_ns), lines=(SheetLine(label="", text=standing, colour=colour),))
        return (head, SheetSection(title=self._desk.say("console.plans.run.steps"), lines=steps))

    def _offer_tiers(self, match: Match | None) -> None:
        self.tier.clear()
        rows = match.tiers.rows if match else ()
        decided = match.tiers.decided_by if match else ""
        self.tier.addItem(self._desk.say("console.plans.choose.by_table", tier=decided or "—"), "")
        words = self._words()
        for row in rows:
            if row.tier != decided:
                held = words.conditions(condition for condition, _verdict in row.conditions)
                said = words.say("console.plans.choose.by_hand", tier=row.tier, conditions=held)
                self.tier.addItem(said, row.tier)
        self.tier.setVisible(len(rows) > 1)
        self._show_reason()

    def _show_reason(self) -> None:
        self.reason.setVisible(bool(self.tier.currentData()))

    def _sections(self, key: str, match: Match) -> tuple[SheetSection, ...]:
        words = self._words()
        why = tuple(SheetLine(label=str(place), text=words.reason(one)) for place, one in enumerate(match.reasons, 1))
        made = [SheetSection(title=words.say("console.plans.choose.why"), lines=why, note=f"{match.score:g}")]
        tiers = tuple(
            SheetLine(
                label=row.tier, text=words.tier_row(row, decided=row.tier == match.tiers.decided_by),
                colour=Colour.ACCENT if row.tier == match.tiers.decided_by else Colour.TEXT,
            )
            for row in match.tiers.rows
        )  # fmt: skip
        if match.missing:
            lacks = ", ".join(map(words.attribute, match.missing))
            text = words.say("console.plans.choose.missing", attributes=lacks)
            tiers = (*tiers, SheetLine(label="", text=text, colour=Colour.ORANGE_TEXT))
        if tiers:
            made.append(SheetSection(title=words.say("console.plans.module.tiers"), lines=tiers))
        tried = self._tried.get(key)
        if tried is not None:
            made += ProposalWords(words).tried(tried)[1:]
        return tuple(made)

    def _on_tried(self, key: str, told: object) -> None:
        if isinstance(told, Tried):
            self._tried[key] = told
            match = self._plans.get(key)
            if match is not None and key == self.list.current_key():
                self.sheet.show_sections(self._sections(key, match))

    def _on_started(self, done: Done) -> None:
        self.reason.clear()
        if done.key.isdecimal():
            self.run_was_chosen.emit(int(done.key))

    def _on_measured(self, code: str, text: str) -> None:
        event = self.event_record
        if event is None:
            return
        event = self._desk.session.facts.events.get(event.number, event)
        command = EditEvent(event=event.number, version=event.version, attributes={code: text})
        told = self._desk.say("console.plans.choose.measured", attribute=self._words().attribute(code), value=text)
        self._sending.send(command, told, self._on_noted)

    def _on_noted(self, _done: Done) -> None:
        self._tried = {}
        self._ask()

    def _words(self) -> PlanWords:
        return PlanWords(self._desk.figures, self._desk.names)

    def _lay_out(self) -> None:
        say = self._desk.say
        for widget, code in (
            (self.list, "console.plans.choose.list"), (self.tier, "console.plans.field.tier"),
            (self.reason, "console.plans.choose.reason"), (self.sheet, "console.plans.choose.why"),
        ):  # fmt: skip
            widget.setAccessibleName(say(code))
        self.reason.setPlaceholderText(say("console.plans.choose.reason"))
        self.reason.setMinimumHeight(TARGET_PX)
        self.tier_label = Lettered(self._desk.theme, TypeSize.SMALL, text=say("console.plans.choose.tier_label"))
        tiers = QHBoxLayout()
        tiers.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX)
        tiers.setSpacing(SPACE_PX * 2)
        tiers.addWidget(self.tier_label)
        tiers.addWidget(self.tier)
        tiers.addWidget(self.reason, 1)
        tiers.addStretch(0)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(tiers)
        right.addWidget(self.sheet, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list, 46)
        row.addLayout(right, 54)
        self.setFocusProxy(self.list)
        self.list.row_was_opened.connect(lambda _key: self.start())
        self.list.current_did_change.connect(lambda _key: self._show_current())
        self.tier.currentIndexChanged.connect(lambda _at: self._show_reason())
        self.reason.returnPressed.connect(self.start)
