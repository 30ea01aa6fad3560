"""A running plan in words: how far it is, ahead or behind, each step with who, until when, and what ended it."""

from collections.abc import Mapping
from dataclasses import dataclass

from chengyun_console.wording.plans import PlanWords
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event
from chengyun_core.model.order import Receipt
from chengyun_core.model.plan import PlanRun, PlanTemplate, RunState, RunStep, RunStepState
from chengyun_core.model.plan_pace import Pace, pace
from chengyun_core.model.plan_run_rules import OVER
from chengyun_core.model.plan_run_watch import BAND, captured_parts
from chengyun_core.model.plan_texts import filled
from chengyun_core.model.plan_tiers import TierVerdict
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_sheet import SheetLine, SheetSection
from chengyun_widgets.step_list import Sign, StepRow

SIGNS = {
    RunStepState.WAITING: Sign.WAITING, RunStepState.READY: Sign.READY, RunStepState.ORDERED: Sign.RUNNING,
    RunStepState.DONE: Sign.DONE, RunStepState.SKIPPED: Sign.SKIPPED,
}  # fmt: skip
_SEPARATOR = " · "
_BEHIND_MIN = 1.0
"""Minutes below which a plan is told to be on time: less is noise of the clock."""


@dataclass(frozen=True, slots=True)
class RunWords:
    """Writes runs of one event; without the event names in texts stay as the plan has them."""

    words: PlanWords
    event: Event | None
    facts: FactMirror

    def head(self, run: PlanRun, now_ns: int) -> str:
        """Return name, tiers, response and how many steps are over."""
        over = sum(step.state in OVER for step in run.steps)
        tiers = " + ".join(run.tiers) or self._say("no_tier")
        parts = (run.name, tiers, self.words.response(run.response), self._say("over", over=over, of=len(run.steps)))
        elapsed = self.words.figures.since(run.started_at, run.ended_at or now_ns)
        return _SEPARATOR.join((*filter(None, parts), self._say("elapsed", time=elapsed)))

    def standing(self, run: PlanRun, now_ns: int) -> tuple[str, Colour]:
        """Return whether it is ahead or behind and by how much, and the ink for it."""
        if run.state is not RunState.RUNNING:
            told = self._say(run.state.value)
            return (_SEPARATOR.join(filter(None, (told, run.reason))), Colour.TEXT_SECOND)
        found = pace(run, now_ns)
        ends = self.words.figures.axis(found.ends_at, now_ns)
        minutes = f"{abs(found.ahead_min):.0f}"
        behind = found.ahead_min <= -_BEHIND_MIN
        code = "behind" if behind else "ahead" if found.ahead_min >= _BEHIND_MIN else "on_time"
        late = self._say("late", count=len(found.late)) if found.late else ""
        said = _SEPARATOR.join(filter(None, (self._say(code, minutes=minutes, ends=ends), late)))
        return said, Colour.ORANGE_TEXT if behind or late else Colour.TEXT_SECOND

    def rules(self, run: PlanRun, template: PlanTemplate | None, suggested: TierVerdict | None = None) -> str:
        """Return the stop rules that were seen to hold, and the higher tier that what is measured now asks for; what
        follows is the officer's to decide.
        """
        if template is None or run.state is not RunState.RUNNING:
            return ""
        met = [template.stop_rules[place] for place in run.rules_met if place < len(template.stop_rules)]
        told = [self._say("rule_met", rule=self.words.stop_rule(rule)) for rule in met]
        if suggested is not None and suggested.decided_by and suggested.decided_by not in run.tiers:
            tier = next((one for one in template.tiers if one.code == suggested.decided_by), None)
            why = self.words.conditions(tier.conditions) if tier is not None else ""
            told.append(self._say("higher", tier=suggested.decided_by, name=tier.name if tier else "", why=why))
        return "\n".join(told)

    def sections(
        self, run: PlanRun, template: PlanTemplate | None, values: Mapping[str, str]
    ) -> tuple[SheetSection, ...]:
        """Return what stands beneath the steps: the vitals it watches as they are now, rules met or not, what is ready
        to be told and what it counts on. `values`: code of a vital → value and time.
        """
        words, section = self.words, SheetSection
        vitals = tuple(SheetLine(label="", text=self.captured(code, text)) for code, text in values.items())
        parts = [section(title=self._say("now"), lines=vitals)]
        if template is not None:
            met = frozenset(run.rules_met)
            rules = tuple(
                SheetLine(
                    label=self._say("met" if place in met else "not_met"), text=words.stop_rule(rule),
                    colour=Colour.ORANGE_TEXT if place in met else Colour.TEXT_SECOND,
                )
                for place, rule in enumerate(template.stop_rules)
            )  # fmt: skip
            parts.append(section(title=words.say("console.plans.module.stop_rules"), lines=rules))
            told = tuple(
                SheetLine(label=words.who(to), text=self.filled(text)) for to, text in template.messages.items()
            )
            title = words.say("console.plans.module.resources")
            parts += [part for part in words.sections(template) if part.title == title]
            parts.append(section(title=words.say("console.plans.module.messages"), lines=told))
        return tuple(part for part in parts if part.lines)

    def rows(self, run: PlanRun, now_ns: int) -> list[StepRow]:
        """Return the steps in the plan's order."""
        numbers = {step.action.code: str(place) for place, step in enumerate(run.steps, 1)}
        late = pace(run, now_ns) if run.state is RunState.RUNNING else Pace(ahead_min=0)
        # The clocks of a run that is stopped stand: what is open stays open, and nothing is left or over any more.
        now = now_ns if run.state is RunState.RUNNING else None
        return [self._row(step, numbers, is_late=step.action.code in late.late, now_ns=now) for step in run.steps]

    def text(self, step: RunStep) -> str:
        """Return what a step says on this run, with what is known of the event filled in."""
        return self.filled(step.redlined or step.action.text)

    def filled(self, said: str) -> str:
        """Return a plan's text with what is known of the event filled in."""
        if self.event is None:
            return self.words.written(said)
        event = self.event
        grade = self.words.say(f"event.grade.{event.grade.name.lower()}") if event.grade is not None else ""
        known = {"place": event.place, "title": event.title, "code": event.code, "grade": grade,
                 "matter": self.words.matter(event.matter)}  # fmt: skip
        shown = {name: text for name, text in known.items() if text}
        attributes = {code: text for code, text in event.attributes.items() if text}
        return filled(said, shown, attributes) if "{" in said else said

    def _row(self, step: RunStep, numbers: dict[str, str], *, is_late: bool, now_ns: int | None) -> StepRow:
        status, colour = self._status(step, now_ns, is_late=is_late)
        lead = (self.words.say("receipt.role.lead"),) if step.action.lead else ()
        changed = (self._say("redlined"),) if step.redlined else ()
        return StepRow(
            key=step.action.code, severity=Severity.NONE, sign=SIGNS[step.state],
            title=self._say("numbered", number=numbers[step.action.code], text=self.text(step)),
            detail=self._detail(step, numbers), badges=(*lead, *changed), status=status, status_colour=colour,
            is_stale=step.state in OVER,
        )  # fmt: skip

    def _detail(self, step: RunStep, numbers: dict[str, str]) -> str:
        """Return who does it and how far he is; of a step that is over, what ended it and the values of then."""
        if step.state in OVER:
            values = (self.captured(code, value) for code, value in step.values.items())
            return _SEPARATOR.join(filter(None, (self._ended_by(step), step.note, self._before(step), *values)))
        if step.order is not None:
            order = self.facts.orders.get(step.order)
            code = order.code if order is not None else self._say("order", number=step.order)
            until = self.words.ends_by(step.action)
            receipts = map(self._receipt, self._receipts(step.order))
            return _SEPARATOR.join(filter(None, (code, *receipts, until, self._before(step))))
        told = (self._before(step), step.note, self.words.step_detail(step.action, numbers))
        return _SEPARATOR.join(filter(None, told))

    def _before(self, step: RunStep) -> str:
        """Return what a reworded step said before: the template's words, which stay what they are (redline)."""
        return self._say("redline_before", text=self.words.written(step.action.text)) if step.redlined else ""

    def captured(self, code: str, kept: str) -> str:
        """Return a value kept when a step ended, with its name and time; a band by its word."""
        value, at = captured_parts(kept)
        if value.startswith(BAND):
            value = self.words.band(value.removeprefix(BAND))
        shown = self._say("value", value=value, time=at.rpartition(" ")[2]) if at else value
        return f"{self.words.vital(code)} {shown}"

    def _receipts(self, order: int) -> list[Receipt]:
        return [receipt for receipt in self.facts.receipts.values() if receipt.order == order]

    def _receipt(self, receipt: Receipt) -> str:
        reached = self.words.say(f"receipt.step.{receipt.step.value}")
        return f"{self.words.who(receipt.recipient)} {reached}"

    def _ended_by(self, step: RunStep) -> str:
        kind, _, what = step.done_by.partition(":")
        if step.state is RunStepState.SKIPPED:
            return self._say("skipped_by", who=self.words.person(step.done_by))
        if kind == "receipt":
            return self._say("by_receipt", receipt=what)
        if kind == "vital":
            return self._say("by_vital", vital=self.words.vital(what))
        return self._say("by_hand", who=self.words.person(step.done_by))

    def _status(self, step: RunStep, now_ns: int | None, *, is_late: bool) -> tuple[str, Colour]:
        """Return when it ended, or how long it has left; over: how long it has been."""
        if step.done_at is not None:
            return self.words.figures.clock(step.done_at), Colour.TEXT_SECOND
        if step.due_at is None or now_ns is None:
            return "", Colour.TEXT_SECOND
        left = (step.due_at - now_ns) / NS_PER_S
        time = self.words.figures.short_duration(abs(left))
        if is_late:
            return self._say("over_due", time=time), Colour.RED_TEXT
        return self._say("left", time=time), Colour.TEXT_SECOND

    def _say(self, code: str, **params: object) -> str:
        return self.words.say(f"console.plans.run.{code}", **params)
