"""One plan of F7 by its modules, what changed from one edition to another, and what it would start for an event."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.pages.plans.ask_line import AskLine
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.plans.plan_edit import copied
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_console.wording.plans import PlanWords, numbers_of
from chengyun_console.wording.proposals import ProposalWords
from chengyun_core.model.failure import Reason
from chengyun_core.model.plan import PlanState, PlanTemplate
from chengyun_core.model.plan_commands import NoteDrill, RetirePlan, SubmitPlan
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.plan_asks import AskDiff, AskPlan, AskTry, Diff, PlanTold, Tried
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.fact_sheet import FactSheet, SheetLine, SheetSection
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

_DEEDS = (
    "plan.edit", "plan.copy", "plan.bind", "plan.submit", "plan.retire", "plan.note_drill", "plan.compare", "plan.try",
)  # fmt: skip


class CardPanel(Panel):
    """Asks `plan.get` for what is chosen; a comparison or a trial takes the plan's place until Esc."""

    edit_was_asked = Signal(object)
    """model.plan.PlanTemplate that is to be edited."""
    binding_was_asked = Signal(object, str)
    """model.plan.RiskPoint and the code of the plan whose binding there is to be edited."""
    library_did_change = Signal()
    """An edition was handed in, retired or drilled: lists are to be asked anew."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme)
        self._desk = desk
        self.told: PlanTold | None = None
        self._chosen: tuple[str, str] = ("", "")
        self._edition = 0
        self._other: tuple[SheetSection, ...] = ()
        self.sheet = FactSheet(desk.theme)
        self.ask_line = AskLine(desk)
        self.deeds = KeyedButtons(desk, self._doers())
        self.status = status_line(desk)
        self.sending = Sender(desk, self.status)
        self._lay_out()

    def show_plan(self, code: str, risk_point: str = "", edition: int = 0) -> None:
        """Ask for a plan and show it, that of a risk point with what differs there."""
        if (code, risk_point) != self._chosen:
            self._other = ()
            self.sending.tell("")
        self._chosen, self._edition = (code, risk_point), edition
        ask = AskPlan(code=code, edition=edition, risk_point=risk_point)
        self._desk.session.ask("plan.get", ask, self._on_told, slot="plans.card")

    def reload(self) -> None:
        """Ask for the same plan again."""
        if self._chosen[0]:
            self.show_plan(*self._chosen, edition=self._edition)

    def step_back(self) -> bool:
        """Leave a question, then a comparison or a trial; return False when only the plan is shown."""
        if self.ask_line.close_over():
            return True
        if self._other:
            self._other = ()
            self.show_told()
            return True
        return False

    def show_told(self) -> None:
        """Show what is known."""
        told = self.told
        if told is None:
            self.deeds.show_only(())
            self.show_notice(Presence.EMPTY, self._desk.say("console.plans.choose_one"))
            return
        words, plan = self._words(), told.template
        self.set_title(self._desk.say("console.plans.card", name=plan.name, edition=plan.edition))
        flags = " · ".join((words.state(plan.state.value), *map(words.reason, told.flags)))
        self.set_note(flags)
        self.sheet.show_sections(self._other or self._plan_sections(words, told))
        self.deeds.show_only(self._possible(told))
        self.show_notice(Presence.FRESH, "")

    def _plan_sections(self, words: PlanWords, told: PlanTold) -> tuple[SheetSection, ...]:
        here = (words.binding_section(told.point, told.binding, told.template),) if told.point is not None else ()
        return (*here, *words.sections(told.template), self._editions(words, told))

    def _editions(self, words: PlanWords, told: PlanTold) -> SheetSection:
        lines = tuple(
            SheetLine(
                label=self._desk.say("console.plans.edition", edition=head.edition),
                text=" · ".join((words.state(head.state), words.head_detail(head))),
                colour=Colour.TEXT if head.edition == told.template.edition else Colour.TEXT_SECOND,
            )
            for head in reversed(told.editions)
        )  # fmt: skip
        plan = told.template
        life = [
            (self._desk.say("console.plans.field.written_by"), words.person(plan.written_by)),
            (self._desk.say("console.plans.field.approved_by"), words.person(plan.approved_by)),
            (self._desk.say("console.plans.field.valid"), self._valid(plan)),
            (self._desk.say("console.plans.field.drilled"), plan.drilled),
        ]
        known = tuple(SheetLine(label=label, text=text) for label, text in life if text)
        return SheetSection(title=self._desk.say("console.plans.module.editions"), lines=(*known, *lines))

    def _valid(self, plan: PlanTemplate) -> str:
        if not (plan.valid_from or plan.valid_to):
            return ""
        return self._desk.say("console.plans.valid", since=plan.valid_from or "—", until=plan.valid_to or "—")

    def _possible(self, told: PlanTold) -> set[str]:
        state = told.template.state
        found = {"plan.try", "plan.copy"}
        if told.point is not None:
            found.add("plan.bind")
        if state is not PlanState.WAITING:
            found.add("plan.edit")
        if state is PlanState.DRAFT:
            found.add("plan.submit")
        if state in (PlanState.DRAFT, PlanState.IN_FORCE):
            found |= {"plan.retire", "plan.note_drill"}
        if len(told.editions) > 1:
            found.add("plan.compare")
        return found

    def _doers(self) -> dict[str, Callable[[], object]]:
        found = {
            "plan.copy": self._copy, "plan.bind": self._bind,
            "plan.edit": self._edit, "plan.submit": self._submit, "plan.retire": self._ask_retire,
            "plan.note_drill": self._ask_drill, "plan.compare": self._ask_compare, "plan.try": self._ask_try,
        }  # fmt: skip
        return {action: found[action] for action in _DEEDS}

    def _edit(self) -> None:
        if self.told is not None:
            self.edit_was_asked.emit(self.told.template)

    def _copy(self) -> None:
        if self.told is not None:
            plan = self.told.template
            name = self._desk.say("console.plans.copy_name", name=plan.name)
            self.edit_was_asked.emit(copied(plan, name))

    def _bind(self) -> None:
        if self.told is not None and self.told.point is not None:
            self.binding_was_asked.emit(self.told.point, self.told.template.code)

    def _submit(self) -> None:
        if self.told is not None:
            plan = self.told.template
            command = SubmitPlan(code=plan.code, edition=plan.edition, version=plan.version)
            self.sending.send(command, self._deed("submit"), self._on_done)

    def _ask_retire(self) -> None:
        question = self._desk.say("console.plans.ask.retire")
        self.ask_line.ask(self._key("retire"), question, self._retire)

    def _retire(self, reason: str) -> None:
        if self.told is not None:
            plan = self.told.template
            command = RetirePlan(code=plan.code, edition=plan.edition, version=plan.version, reason=reason)
            self.sending.send(command, self._deed("retire"), self._on_done)

    def _ask_drill(self) -> None:
        today = f"{self._desk.figures.moment(self._desk.now_ns()):%Y-%m-%d}"
        self.ask_line.ask(self._key("drill"), self._desk.say("console.plans.ask.drill"), self._note_drill, text=today)

    def _note_drill(self, text: str) -> None:
        if self.told is not None:
            plan, (day, _, words) = self.told.template, text.partition(" ")
            command = NoteDrill(code=plan.code, edition=plan.edition, version=plan.version, drilled=day, words=words)
            self.sending.send(command, self._deed("note_drill"), self._on_done)

    def _ask_compare(self) -> None:
        """Compare with the edition before; another one may be typed."""
        if self.told is None:
            return
        plan = self.told.template
        others = [head.edition for head in self.told.editions if head.edition != plan.edition]
        before = [edition for edition in others if edition < plan.edition]
        listed = ", ".join(map(str, others))
        question = self._desk.say("console.plans.ask.compare", edition=plan.edition, others=listed)
        self.ask_line.ask(self._key("compare"), question, self._compare, text=str(max(before or others)))

    def _compare(self, text: str) -> None:
        if self.told is None or not text.isdecimal():
            self.sending.tell(self._desk.say("console.plans.ask.not_a_number", text=text), is_trouble=True)
            return
        plan = self.told.template
        before, after = sorted((int(text), plan.edition))
        ask = AskDiff(code=plan.code, before=before, after=after)
        self._desk.session.ask("plan.diff", ask, self._on_diff, slot="plans.other")

    def _ask_try(self) -> None:
        focus, events = self._desk.event_focus.number, self._desk.session.facts.events
        default = focus if focus is not None else max(events, default=None)
        text = "" if default is None else str(default)
        self.ask_line.ask(self._key("try"), self._desk.say("console.plans.ask.try"), self._try, text=text)

    def _try(self, text: str) -> None:
        if self.told is None:
            return
        number = self._event_number(text)
        if number is None:
            self.sending.tell(self._desk.say("console.plans.ask.not_a_number", text=text), is_trouble=True)
            return
        plan = self.told.template
        ask = AskTry(event=number, template=plan.code, edition=plan.edition, risk_point=self._chosen[1])
        self._desk.session.ask("plan.try", ask, self._on_tried, slot="plans.other")

    def _event_number(self, text: str) -> int | None:
        """Return the number of an event given by number or by code; codes are known of living events only."""
        if text.isdecimal():
            return int(text)
        living = self._desk.session.facts.events.values()
        return next((event.number for event in living if event.code == text), None)

    def _on_told(self, told: object) -> None:
        if isinstance(told, PlanTold):
            self.told = told
            self.show_told()
        elif isinstance(told, Reason):
            self.told = None
            self.deeds.show_only(())
            self.show_notice(Presence.REFUSED, self._words().reason(told))

    def _on_diff(self, told: object) -> None:
        if isinstance(told, Reason):
            self.sending.tell(self._words().reason(told), is_trouble=True)
        elif isinstance(told, Diff):
            numbers = numbers_of(self.told.template.actions) if self.told is not None else {}
            self._show_other(self._words().differences(told.differences, numbers))

    def _on_tried(self, told: object) -> None:
        if isinstance(told, Reason):
            self.sending.tell(self._words().reason(told), is_trouble=True)
        elif isinstance(told, Tried):
            self._show_other(ProposalWords(self._words()).tried(told))

    def _show_other(self, sections: tuple[SheetSection, ...]) -> None:
        self._other = sections
        self.sending.tell(self._desk.say("console.plans.other_hint"))
        self.show_told()
        self.sheet.verticalScrollBar().setValue(0)

    def _on_done(self, _done: Done) -> None:
        self.reload()
        self.library_did_change.emit()

    def _deed(self, code: str) -> str:
        name = self.told.template.name if self.told is not None else ""
        return self._desk.say("console.deed", action=self._desk.say(f"console.plans.action.{code}"), alarm=name)

    def _key(self, code: str) -> str:
        return f"{code}:{self._chosen[0]}"

    def _words(self) -> PlanWords:
        return PlanWords(self._desk.figures, self._desk.names)

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.sheet, 1)
        column.addWidget(self.status)
        column.addWidget(self.ask_line)
        column.addWidget(self.deeds)
        self.set_body(body)
        self.show_told()
