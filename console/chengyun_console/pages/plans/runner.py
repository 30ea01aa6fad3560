"""The plan that runs for an event: steps with owner, deadline and state, and what an officer does with them."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered, Yielding
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.pages.plans.ask_line import AskLine
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_console.wording.plans import PlanWords
from chengyun_console.wording.runs import RunWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event
from chengyun_core.model.failure import Reason
from chengyun_core.model.plan import PlanRun, PlanTemplate, RunState, RunStep, RunStepState
from chengyun_core.model.plan_commands import EndStep, RaiseTier, RedlineStep, SkipStep, StopPlan
from chengyun_core.model.plan_run_watch import captured
from chengyun_core.model.plan_tiers import TierVerdict
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire.plan_asks import AskPlan, AskRun, PlanTold, Runs
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.presence import Presence
from chengyun_widgets.step_list import StepList

_LEAST_SHEET_PX = 140
"""Height below which what stands beneath the steps would say nothing."""
_NO_LIMIT_PX = 16_777_215
_OPEN = (RunStepState.READY, RunStepState.ORDERED)
_DEEDS = ("plan.orders", "plan.step_done", "plan.step_skip", "plan.redline", "plan.raise_tier", "plan.stop")


class RunnerPane(QWidget):
    """Stands on any page: `show_event` says whose plans, `refresh` is called with each frame and is cheap."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._event: int | None = None
        self._given: Event | None = None
        self._wanted: int | None = None
        self._past: dict[int, PlanRun] = {}
        self._templates: dict[tuple[str, int], PlanTemplate] = {}
        self._asked: set[tuple[str, int]] = set()
        self._shown: tuple[object, ...] = ()
        self._measured: tuple[int | None, dict[str, str]] = (None, {})
        self._suggested: dict[int, TierVerdict | None] = {}
        self.chosen = ChoiceBox(desk.theme)
        self.head = Yielding(desk.theme, TypeSize.BODY, Colour.TEXT, bold=True)
        self.standing = Lettered(desk.theme, TypeSize.BODY)
        self.rules = Lettered(desk.theme, TypeSize.BODY, Colour.ORANGE_TEXT)
        self.list = StepList(desk.theme)
        self.sheet = FactSheet(desk.theme)
        self.ask_line, self.status = AskLine(desk), status_line(desk)
        self.sending = Sender(desk, self.status)
        self.deeds = KeyedButtons(desk, self._doers())
        self._lay_out()
        desk.label_watch.did_change.connect(self._forget)

    def show_event(self, number: int | None, given: Event | None = None) -> None:
        """Show the plans of an event. `given`: its record, of one that has ended."""
        self._given = given
        if number == self._event:
            return
        self._event, self._wanted, self._past, self._shown = number, None, {}, ()
        self.ask_line.close_over()
        self.sending.tell("")
        if number is not None:
            ask = AskRun(event=number)
            self._desk.session.ask("plan.run", ask, self._on_runs, slot=f"plans.runs.{id(self)}")
        self.refresh()

    def _forget(self) -> None:
        """A label changed: what has ended is asked for anew."""
        number, self._event, self._suggested = self._event, None, {}
        self.show_event(number)

    def show_run(self, run: PlanRun) -> None:
        """Show one run among those of its event."""
        self.show_event(run.event)
        self._wanted = run.number
        self.refresh()

    def run(self) -> PlanRun | None:
        """Return the run shown."""
        runs = self._runs()
        return runs.get(self._wanted) if self._wanted in runs else next(reversed(runs.values()), None)

    def refresh(self) -> None:
        """Show the run as it stands; does something when something changed or a second is over."""
        desk, run = self._desk, self.run()
        facts = desk.session.facts
        state = (run, facts.through, desk.now_ns() // NS_PER_S, desk.names, tuple(self._runs()), len(self._templates))
        if state == self._shown:
            return
        self._shown = state
        self._offer_runs()
        if run is None:
            self._show_nothing()
            return
        self._want_template(run)
        words, now_ns = self._words(), desk.now_ns()
        self.head.show_text(words.head(run, now_ns))
        standing, colour = words.standing(run, now_ns)
        self.standing.set_colour(colour)
        self.standing.show_text(standing)
        self._want_verdict(run)
        template = self._templates.get((run.template, run.edition))
        self._show_rules(words.rules(run, template, self._suggested.get(run.number)))
        self.list.set_rows(words.rows(run, now_ns))
        self.list.show_notice(Presence.FRESH, "")
        self.sheet.show_sections(words.sections(run, template, self._values()))
        self._share_out()
        if not self.list.current_key():
            self._select_first(run)
        self.deeds.show_only(self._possible(run))

    def step_back(self) -> bool:
        """Leave the question that stands; return False when none does."""
        return self.ask_line.close_over()

    def _show_nothing(self) -> None:
        self.head.show_text("")
        self.standing.show_text("")
        self._show_rules("")
        self.list.set_rows(())
        self.sheet.show_sections(())
        self._share_out()
        self.list.show_notice(Presence.EMPTY, self._desk.say("console.plans.run.none"))
        self.deeds.show_only(())

    def _share_out(self) -> None:
        """Give the steps the height they need, and what is left to what stands beneath; in a low pane steps alone."""
        room, steps = self.list.height() + self.sheet.height() * self.sheet.isVisible(), self.list.content_px()
        fits = bool(self.sheet.text.sections) and room - steps >= _LEAST_SHEET_PX
        self.sheet.setVisible(fits)
        self.list.setMaximumHeight(steps if fits else _NO_LIMIT_PX)

    def _show_rules(self, text: str) -> None:
        self.rules.show_text(text)
        self.rules.setVisible(bool(text))

    def _runs(self) -> dict[int, PlanRun]:
        """Return all runs of the event by number; a living one as the mirror has it."""
        living = self._desk.session.facts.runs.values()
        found = {**self._past, **{run.number: run for run in living if run.event == self._event}}
        return dict(sorted(found.items()))

    def _offer_runs(self) -> None:
        runs = self._runs()
        self.chosen.setVisible(len(runs) > 1)
        if tuple(runs) == tuple(self.chosen.itemData(at) for at in range(self.chosen.count())):
            return
        now = self.run()
        self.chosen.blockSignals(True)
        self.chosen.clear()
        for number, run in runs.items():
            state = self._desk.say(f"console.plans.run.{run.state.value}")
            self.chosen.addItem(f"{run.name} · {state}", number)
        self.chosen.setCurrentIndex(self.chosen.findData(now.number) if now else -1)
        self.chosen.blockSignals(False)

    def _select_first(self, run: PlanRun) -> None:
        """Begin at the first step somebody has to do something about."""
        open_steps = (step.action.code for step in run.steps if step.state in _OPEN)
        first = next(open_steps, run.steps[0].action.code if run.steps else "")
        if first:
            self.list.select(first)

    def _possible(self, run: PlanRun) -> set[str]:
        if run.state is not RunState.RUNNING:
            return set()
        step = self._step(run)
        found = {"plan.stop", "plan.raise_tier"}
        if any(one.state is RunStepState.READY for one in run.steps):
            found.add("plan.orders")
        if step is not None and step.state in _OPEN:
            found |= {"plan.step_done", "plan.step_skip"}
        if step is not None and step.state in (RunStepState.READY, RunStepState.WAITING):
            found |= {"plan.redline", "plan.step_skip"}
        return found

    def _step(self, run: PlanRun | None) -> RunStep | None:
        key = self.list.current_key()
        return next((step for step in run.steps if step.action.code == key), None) if run else None

    def _doers(self) -> dict[str, Callable[[], object]]:
        found: dict[str, Callable[[], object]] = {
            "plan.orders": self._order, "plan.step_done": self._ask_done, "plan.step_skip": self._ask_skip,
            "plan.redline": self._ask_redline, "plan.raise_tier": self._ask_raise, "plan.stop": self._ask_stop,
        }  # fmt: skip
        return {action: found[action] for action in _DEEDS}

    def _order(self) -> None:
        run = self.run()
        if run is not None:
            self._desk.plan_focus.orders_were_asked.emit(run.number)

    def _ask_done(self) -> None:
        """Ask for a note; the values of the vitals the plan watches go along as they are on screen (P4)."""
        values = ", ".join(self._words().captured(code, value) for code, value in self._values().items())
        question = self._desk.say("console.plans.ask.done", values=values or "—")
        self._ask("done", question, self._done, may_be_empty=True)

    def _done(self, run: PlanRun, step: RunStep, text: str) -> None:
        command = EndStep(run=run.number, version=run.version, step=step.action.code, values=self._values(), note=text)
        self._send(command, "step_done", step)

    def _ask_skip(self) -> None:
        self._ask("skip", self._desk.say("console.plans.ask.skip"), self._skip)

    def _skip(self, run: PlanRun, step: RunStep, text: str) -> None:
        command = SkipStep(run=run.number, version=run.version, step=step.action.code, reason=text)
        self._send(command, "step_skip", step)

    def _ask_redline(self) -> None:
        step = self._step(self.run())
        text = (step.redlined or step.action.text) if step is not None else ""
        question = self._desk.say("console.plans.ask.redline")
        self._ask("redline", question, self._redline, text=text, may_be_empty=True)

    def _redline(self, run: PlanRun, step: RunStep, text: str) -> None:
        command = RedlineStep(run=run.number, version=run.version, step=step.action.code, text=text)
        self._send(command, "redline", step)

    def _ask_raise(self) -> None:
        """Ask for a tier above those in force and why; its code is the first word."""
        run = self.run()
        template = self._templates.get((run.template, run.edition)) if run else None
        higher = [tier for tier in template.tiers if run and tier.code not in run.tiers] if template else []
        if not higher:
            self.sending.tell(self._desk.say("console.plans.ask.no_higher"), is_trouble=True)
            return
        listed = self._desk.say("console.plans.between").join(f"{tier.code} {tier.name}" for tier in higher)
        question = self._desk.say("console.plans.ask.raise", tiers=listed)
        self._ask("raise", question, self._raise, text=f"{higher[0].code} ")

    def _raise(self, run: PlanRun, step: RunStep, text: str) -> None:
        tier, _, reason = text.partition(" ")
        if not reason.strip():
            self.sending.tell(self._desk.say("console.plans.ask.raise_reason"), is_trouble=True)
            return
        command = RaiseTier(run=run.number, version=run.version, tier=tier, reason=reason.strip())
        self._send(command, "raise_tier", step)

    def _ask_stop(self) -> None:
        self._ask("stop", self._desk.say("console.plans.ask.stop"), self._stop)

    def _stop(self, run: PlanRun, step: RunStep, text: str) -> None:
        self._send(StopPlan(run=run.number, version=run.version, reason=text), "stop", step)

    def _ask(
        self, code: str, question: str, answer: Callable[[PlanRun, RunStep, str], None], *, text: str = "",
        may_be_empty: bool = False,
    ) -> None:  # fmt: skip
        """Ask about the step in focus as it is seen now: another one that is chosen meanwhile changes nothing."""
        run, step = self.run(), self._step(self.run())
        if run is None or step is None:
            return
        seen, at = run, step
        key = f"{code}:{run.number}:{step.action.code}"

        def answered(given: str) -> None:
            answer(seen, at, given)

        self.ask_line.ask(key, question, answered, text=text, may_be_empty=may_be_empty)

    def _send(self, command: object, code: str, step: RunStep) -> None:
        action = self._desk.say(f"console.plans.action.{code}")
        told = self._desk.say("console.deed", action=action, alarm=self._words().text(step))
        self.sending.send(command, told)

    def _values(self) -> dict[str, str]:
        """Return the vitals the plan watches with value, unit and time as they are on screen now."""
        run, names, state = self.run(), self._desk.names, self._desk.session.state
        found: dict[str, str] = {}
        for code in run.watches if run is not None and names is not None else ():
            try:
                number = names.view.number_of(code) if names else -1
            except KeyError:
                continue
            vital = names.vital(number) if names else None
            if vital is not None and 0 <= number < state.count:
                value = self._desk.figures.with_unit(float(state.value[number]), vital.decimals, vital.unit)
                found[code] = captured(WarningColour.NONE, value, self._desk.figures.stamp(self._desk.now_ns()))
        return found

    def _want_template(self, run: PlanRun) -> None:
        """Ask for the edition that runs, once: its tiers and stop rules are not copied into the run."""
        key = (run.template, run.edition)
        if key not in self._asked:
            self._asked.add(key)
            ask = AskPlan(code=run.template, edition=run.edition)
            self._desk.session.ask("plan.get", ask, self._on_template, slot=f"plans.edition.{id(self)}")

    def _want_verdict(self, run: PlanRun) -> None:
        """Ask what the tier table says, whenever something of the event was measured anew."""
        event = self._desk.session.facts.events.get(run.event)
        measured = (run.event, dict(event.attributes) if event is not None else {})
        if measured != self._measured:
            self._measured = measured
            self._desk.session.ask("plan.run", AskRun(event=run.event), self._on_runs, slot=f"plans.runs.{id(self)}")

    def _on_template(self, told: object) -> None:
        if isinstance(told, PlanTold):
            self._templates[told.template.code, told.template.edition] = told.template
            self.refresh()
        elif isinstance(told, Reason):
            self._asked.clear()

    def _on_runs(self, told: object) -> None:
        if isinstance(told, Runs):
            self._past = {one.run.number: one.run for one in told.runs if one.run.event == self._event}
            self._suggested = {one.run.number: one.suggested for one in told.runs}
            self._shown = ()
            self.refresh()

    def _on_chosen(self, at: int) -> None:
        self._wanted = self.chosen.itemData(at)
        self.refresh()

    def _words(self) -> RunWords:
        facts = self._desk.session.facts
        event = facts.events.get(self._event) if self._event is not None else None
        return RunWords(PlanWords(self._desk.figures, self._desk.names), event or self._given, facts)

    def _lay_out(self) -> None:
        self.chosen.setAccessibleName(self._desk.say("console.page.F7"))
        self.list.setAccessibleName(self._desk.say("console.plans.run.steps"))
        self.sheet.setAccessibleName(self._desk.say("console.plans.run.now"))
        self.sheet.hide()
        for label in (self.standing, self.rules):
            label.setWordWrap(True)
        for label in (self.head, self.standing, self.rules):
            label.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX)
        column.addWidget(self.chosen)
        column.addWidget(self.head)
        column.addWidget(self.standing)
        column.addWidget(self.rules)
        column.addWidget(self.list, 1)
        column.addWidget(self.sheet, 1)
        column.addWidget(self.status)
        column.addWidget(self.ask_line)
        column.addWidget(self.deeds)
        self.setFocusProxy(self.list)
        # A pane whose focus is its list's is passed over with what stands before the list.
        QWidget.setTabOrder(self.list, self.chosen)
        QWidget.setTabOrder(self.chosen, self.sheet)
        self.deeds.bind_to(self)
        self.list.current_did_change.connect(lambda _key: self._show_deeds())
        self.chosen.currentIndexChanged.connect(self._on_chosen)

    def _show_deeds(self) -> None:
        run = self.run()
        self.deeds.show_only(self._possible(run) if run is not None else ())
