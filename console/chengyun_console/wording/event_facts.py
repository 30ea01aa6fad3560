"""The facts of an event as sections of a sheet: what, where, since when, who, grade with its reasons, ties."""

from dataclasses import dataclass

from chengyun_console.event_case import Case
from chengyun_console.wording.alarms import AlarmWords
from chengyun_console.wording.attributes import attribute_name
from chengyun_console.wording.events import EventWords
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import CITIZEN_FIELDS, Event, Factor, Improvement
from chengyun_core.model.order import LADDER
from chengyun_core.model.plan import RunStepState
from chengyun_core.model.receipt_rules import rank
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.fact_sheet import SheetLine, SheetSection

_ENDED = (RunStepState.DONE, RunStepState.SKIPPED)
MOST_ALARMS = 20


@dataclass(frozen=True, slots=True)
class EventFacts:
    """Writes one case as it stands at `now_ns`."""

    words: EventWords
    alarms: AlarmWords
    facts: FactMirror
    now_ns: int

    def sections(self, case: Case) -> tuple[SheetSection, ...]:
        """Return the sections that have something to say, the most asked for first."""
        event = case.event
        found = (
            self._what(event), self._grade(event), self._attributes(event), self._command(event, case),
            self._forces(case), self._alarms(event), self._ties(case), self._end(event),
            self._items(case),
        )  # fmt: skip
        return tuple(section for section in found if section.lines)

    def _what(self, event: Event) -> SheetSection:
        words = self.words
        lag_s = (event.opened_at - event.source_at) / NS_PER_S
        received = words.stamp(event.opened_at)
        lines = (
            self._line("matter", words.matter(event)),
            self._line("place", words.place(event)),
            self._line(
                "also_in",
                self._say("console.names_between").join(
                    words.names.place(code) if words.names else code for code in event.also_in
                ),
            ),
            self._line("happened", words.stamp(event.source_at)),
            self._line("received", self._say("events.received", time=received, lag=words.figures.duration(lag_s))),
            self._line("source", " ".join(part for part in (words.source(event), event.source_ref) if part)),
            self._line("informant", event.informant),
            self._line("narrative", event.narrative),
        )
        return self._section("what", lines)

    def _grade(self, event: Event) -> SheetSection:
        words = self.words
        factors = self._say("events.pieces_between").join(
            self._say("events.factor", name=self._say(f"event.factor.{factor.value}"), value=event.factors[factor])
            for factor in Factor if factor in event.factors
        )  # fmt: skip
        suggested = self._say(f"event.grade.{event.suggested.name.lower()}") if event.suggested else ""
        escalates = self._say("events.may_escalate") if event.may_escalate else ""
        level = self._say(f"events.level.{event.lead_level.value}") if event.lead_level else ""
        colour = Colour.TEXT if event.grade is None else None
        grade = SheetLine(
            label=self._say("events.fact.grade"), text=words.grade(event),
            colour=colour or _INKS[int(event.grade or 0)],
        )  # fmt: skip
        lines = (
            grade,
            self._line("suggested", suggested),
            self._line("factors", factors),
            self._line("grade_reason", event.grade_reason),
            self._line("escalates", escalates),
            self._line("lead_level", level),
        )
        return self._section("grade", lines)

    def _attributes(self, event: Event) -> SheetSection:
        told = {code: text for code, text in event.attributes.items() if code not in CITIZEN_FIELDS}
        texts = self.words.figures.texts
        lines = [SheetLine(label=attribute_name(texts, code), text=text) for code, text in told.items()]
        lines += [
            SheetLine(label=self._say(f"events.{code}"), text=self._citizen(code, event))
            for code in CITIZEN_FIELDS
            if event.attributes.get(code)
        ]
        return self._section("attributes", tuple(lines))

    def _citizen(self, code: str, event: Event) -> str:
        value = event.attributes[code]
        if code.endswith("_at"):
            return self.words.stamp(int(value)) if value.isdigit() else value
        if code in ("citizen.solved", "citizen.satisfied"):
            return self._say("events.yes" if value == "1" else "events.no")
        return value

    def _command(self, event: Event, case: Case) -> SheetSection:
        words = self.words
        assisting = self._say("console.names_between").join(words.who(unit) for unit in event.assisting)
        reports = case.file.reports if case.file else ()
        sent = self._say("events.pieces_between").join(
            self._say("events.report_line", kind=self._say(f"event.report_kind.{row.kind.value}"), issue=row.issue,
                      time=words.figures.clock(row.sent_at))
            for row in reports
        )  # fmt: skip
        lines = (
            self._line("lead", words.who(event.lead)),
            self._line("assisting", assisting),
            self._line(
                "command_seat", words.seat(self.facts, event.command_seat) or self._say("events.nobody_commands")
            ),
            self._line("opened_by", " ".join(filter(None, (words.person(event.opened_by), event.opened_seat)))),
            self._line("reports", sent),
            self._line("attachments", str(event.attachments) if event.attachments else ""),
        )
        return self._section("command", lines)

    def _forces(self, case: Case) -> SheetSection:
        """Return how many receipts have climbed how far, and how far the plan has come."""
        lines = []
        if case.receipts:
            climbed = self._say("events.pieces_between").join(
                self._say("events.ladder", step=self._say(f"receipt.step.{step.value}"),
                          count=sum(rank(row.step) >= rank(step) for row in case.receipts), of=len(case.receipts))
                for step in LADDER
            )  # fmt: skip
            lines.append(SheetLine(label=self._say("events.fact.receipts"), text=climbed))
        elif case.event.orders:
            lines.append(SheetLine(label=self._say("events.fact.receipts"),
                                   text=self._say("events.orders_ended", count=case.event.orders)))  # fmt: skip
        if case.run is not None:
            done = sum(step.state in _ENDED for step in case.run.steps)
            told = self._say("events.plan_progress", name=case.run.name, done=done, of=len(case.run.steps))
            lines.append(SheetLine(label=self._say("events.fact.plan"), text=told))
        return self._section("forces", tuple(lines))

    def _alarms(self, event: Event) -> SheetSection:
        lines = []
        for number in event.alarms[:MOST_ALARMS]:
            alarm = self.facts.alarms.get(number)
            if alarm is None:
                lines.append(SheetLine(label=f"#{number}", text=self._say("events.alarm_ended"),
                                       colour=Colour.TEXT_SECOND))  # fmt: skip
            else:
                age = self.alarms.age(alarm, self.now_ns)
                lines.append(
                    SheetLine(
                        label=f"#{number}",
                        text=self._say("events.pieces_between").join((self.alarms.title(alarm), age)),
                    )
                )
        left = len(event.alarms) - len(lines)
        if left > 0:
            lines.append(SheetLine(label="", text=self._say("events.alarms_more", count=left)))
        return self._section("alarms", tuple(lines))

    def _ties(self, case: Case) -> SheetSection:
        event = case.event
        children = case.file.children if case.file else ()
        parent = self.facts.events.get(event.parent) if event.parent else None
        lines = [
            self._line("parent", self._named(parent) if parent else (f"#{event.parent}" if event.parent else "")),
            self._line("merged_into", self._into(event)),
            *(
                SheetLine(label=self._say("events.fact.merged"), text=self._named(one))
                for one in (case.file.merged_events if case.file else ())
            ),
            *(SheetLine(label=self._say("events.fact.child"), text=self._named(child)) for child in children),
        ]
        return self._section("ties", tuple(lines))

    def _into(self, event: Event) -> str:
        """Return the event it lives on in: by its number and name where it lives."""
        if event.merged_into is None:
            return ""
        into = self.facts.events.get(event.merged_into)
        return self._named(into) if into is not None else f"#{event.merged_into}"

    def _items(self, case: Case) -> SheetSection:
        """Return what reviews left to be done, each with its owner, due time and, when it is done, how."""
        lines = [
            SheetLine(label=self._say(f"events.improvement.{item.kind.value}"), text=self._item(item),
                      colour=Colour.DONE if item.done_at is not None else Colour.TEXT)
            for item in (case.file.improvements if case.file else ())
        ]  # fmt: skip
        return self._section("items", tuple(lines))

    def _item(self, item: Improvement) -> str:
        words = self.words
        done = self._say("events.item.done", note=item.done_note, who=words.person(item.done_by),
                         time=words.stamp(item.done_at)) if item.done_at is not None else ""  # fmt: skip
        due = self._say("events.dues.until", time=words.stamp(item.due_at)[:10])
        return self._say("events.pieces_between").join(filter(None, (item.text, words.who(item.owner_post), due, done)))

    def _end(self, event: Event) -> SheetSection:
        lines = (
            self._line("reason", event.reason),
            self._line("handler", self.words.person(event.handler)),
            self._line("checker", self.words.person(event.checker)),
            self._line("failed_checks", str(event.failed_checks) if event.failed_checks else ""),
            self._line("closed_at", self.words.stamp(event.closed_at) if event.closed_at else ""),
            self._line("score", self._say(f"events.score.{event.score}") if event.score else ""),
            self._line("verdict", event.verdict),
            self._line("findings", event.findings),
        )
        return self._section("end", lines)

    def _named(self, event: Event) -> str:
        return self._say("events.named_state", number=event.code, title=event.title, state=self.words.state(event))

    def _section(self, name: str, lines: tuple[SheetLine, ...]) -> SheetSection:
        told = tuple(line for line in lines if line.text)
        return SheetSection(title=self._say(f"events.section.{name}"), lines=told)

    def _line(self, name: str, text: str) -> SheetLine:
        return SheetLine(label=self._say(f"events.fact.{name}"), text=text)

    def _say(self, code: str, **params: object) -> str:
        return self.words.figures.texts.say(code, **params)


_INKS = (Colour.TEXT, Colour.BLUE_TEXT, Colour.YELLOW_TEXT, Colour.ORANGE_TEXT, Colour.RED_TEXT)
"""Ink of a grade's word, by grade."""
