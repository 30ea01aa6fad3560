"""Everything an officer needs to know about one alarm, as sections of a sheet: facts, guidance, causes, history."""

from collections.abc import Iterator
from dataclasses import dataclass

from chengyun_console.wording.alarm_lists import ListWords
from chengyun_console.wording.explanation import Explainer
from chengyun_console.wording.figures import NO_VALUE
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.state import StateMirror
from chengyun_core.model.alarm import Alarm, effective
from chengyun_core.model.alarm_records import ThresholdChange, ThresholdState
from chengyun_core.model.catalogue import Guidance, Vital
from chengyun_core.model.data_quality import Score
from chengyun_core.model.failure import Reason
from chengyun_core.model.situation import SituationState
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.fact_sheet import SheetLine, SheetSection

MOST_NAMED = 8
"""Consequences and members named one by one; then how many more there are."""


@dataclass(frozen=True, slots=True)
class AlarmCardWords:
    """Writes the card with the names of one catalogue version."""

    list_words: ListWords
    explainer: Explainer
    names: Gazetteer

    def sections(
        self, alarm: Alarm, facts: FactMirror, state: StateMirror, now_ns: int, quality: Score | Reason | None,
        *, goes_to: str = "",
    ) -> tuple[SheetSection, ...]:  # fmt: skip
        """Return the whole card. `quality` None: it has been asked for and is not there yet.

        `goes_to`: the seats it goes to, and how it came to them; empty where there is nothing to tell.
        """
        vital = self.names.vital(alarm.vital)
        made = [self._facts(alarm, state, now_ns, goes_to), self._guidance(alarm, vital)]
        made += self._together(alarm, facts, now_ns)
        made += [self._rule(alarm, vital, facts, state, now_ns), self._quality(quality), self._history(alarm, facts)]
        made.append(self._comments(alarm, facts))
        return tuple(section for section in made if section.lines)

    def _facts(self, alarm: Alarm, state: StateMirror, now_ns: int, goes_to: str) -> SheetSection:
        words, figures = self.list_words.words, self.list_words.words.figures
        known = alarm.vital < state.count
        value = words.value(alarm, float(state.value[alarm.vital])) if known else NO_VALUE
        lines = [
            self._line("state", self._state(alarm, now_ns)),
            self._line("rule", f"{words.rule(alarm)} · {self.list_words.priority(alarm)}"),
            self._line("value", self._say("console.card.value_now", value=value, raised=words.value(alarm, alarm.value),
                                          limit=words.value(alarm, alarm.limit))),
            self._line("raised", f"{figures.stamp(alarm.raised_at)} · {words.age(alarm, now_ns)}"),
            self._line("place", words.place(alarm)),
            *((self._line("goes_to", goes_to),) if goes_to else ()),
            self._line("assigned", self.list_words.assigned(alarm) if alarm.assigned_to else self._nobody(alarm)),
        ]  # fmt: skip
        if alarm.chattering:
            delay = f"{alarm.proposed_delay_s:g}" if alarm.proposed_delay_s else NO_VALUE
            lines.append(
                self._line("chatter", self._say("console.card.chatter_text", count=alarm.raises, seconds=delay))
            )
        return self._section("facts", lines)

    def _state(self, alarm: Alarm, now_ns: int) -> str:
        """Return the state's word, with why and how long when it is silent."""
        word = self._say(f"console.state.{effective(alarm).value}")
        told = [self.list_words.override_status(row, now_ns) + " " + self.list_words.why_silent(row)
                for row in alarm.overrides]  # fmt: skip
        return " · ".join((word, *told))

    def _nobody(self, alarm: Alarm) -> str:
        vital = self.names.vital(alarm.vital)
        return self._say("console.card.not_assigned", owner=self.list_words.person(vital.owner_post) if vital else "")

    def _guidance(self, alarm: Alarm, vital: Vital | None) -> SheetSection:
        found = self.names.guidance(alarm.vital)
        if found is None:
            missing = SheetLine(label="", text=self._say("console.card.no_guidance"), colour=Colour.TEXT_SECOND)
            owner = self._phone(vital.owner_post) if vital else NO_VALUE
            return self._section("guidance", [missing, self._line("call", owner)])
        lines = [
            self._line(label, text)
            for label, text in (
                ("meaning", found.meaning),
                ("action", found.action),
                ("call", self._phone(self._call(found, vital))),
                ("plan", found.plan),
                ("cameras", found.cameras),
            )
            if text
        ]
        return self._section("guidance", lines)

    def _call(self, found: Guidance, vital: Vital | None) -> str:
        return found.call_post or (vital.owner_post if vital else "")

    def _phone(self, code: str) -> str:
        post = self.names.post(code)
        return " ".join(part for part in (post.name, post.holder, post.phone) if part) if post else code or NO_VALUE

    def _together(self, alarm: Alarm, facts: FactMirror, now_ns: int) -> Iterator[SheetSection]:
        cause = facts.alarms.get(alarm.cause) if alarm.cause is not None else None
        if cause is not None:
            told = f"{self.list_words.words.title(cause)} · {self.list_words.words.age(cause, now_ns)}"
            yield self._section("cause", [self._line("first_out", told)])
        effects = [other for other in facts.alarms.values() if other.cause == alarm.number]
        if effects:
            yield self._section("effects", self._named(effects, now_ns), str(len(effects)))
        situation = facts.situations.get(alarm.situation) if alarm.situation is not None else None
        if situation is not None and situation.state is SituationState.OPEN:
            members = [facts.alarms[number] for number in situation.alarms if number in facts.alarms]
            kind = self._say(f"console.card.situation.{situation.kind.value}")
            yield self._section("situation", self._named(members, now_ns), f"{kind} · {len(members)}")

    def _named(self, alarms: list[Alarm], now_ns: int) -> list[SheetLine]:
        words = self.list_words.words
        lines = [
            SheetLine(
                label=words.age(alarm, now_ns), text=f"{words.title(alarm)} · {self.list_words.status(alarm, now_ns)}"
            )
            for alarm in alarms[:MOST_NAMED]
        ]
        more = len(alarms) - MOST_NAMED
        return [*lines, SheetLine(label="", text=self._say("console.card.more", count=more))] if more > 0 else lines

    def _rule(
        self, alarm: Alarm, vital: Vital | None, facts: FactMirror, state: StateMirror, now_ns: int
    ) -> SheetSection:
        found = self.explainer.explain(alarm.vital, state, now_ns, facts)
        lines = [SheetLine(label=line.label, text=line.text) for line in found.rule] if found else []
        changed = last_change(facts, vital.code if vital else alarm.vital_code)
        version = self._say("console.explain.catalogue", version=self.names.view.version)
        lines.append(self._line("changed", self.change(changed) if changed else version))
        return self._section("rule", lines)

    def change(self, changed: ThresholdChange) -> str:
        """Return who changed a threshold from what to what, when and why (A20)."""
        figures = self.list_words.words.figures
        steps = (
            self._say(
                "console.card.from_to",
                column=self._say(f"console.limit.{column}"),
                before=changed.before.get(column) or NO_VALUE,
                after=after or NO_VALUE,
            )
            for column, after in changed.after.items()
        )
        return self._say(
            "console.card.change",
            state=self._say(f"console.threshold_state.{changed.state.value}"),
            steps="  ".join(steps),
            author=changed.author,
            approver=changed.approver or NO_VALUE,
            time=figures.stamp(changed.effective_at or changed.asked_at),
            reason=changed.reason,
        )

    def _quality(self, quality: Score | Reason | None) -> SheetSection:
        if isinstance(quality, Reason):
            lines = [SheetLine(label="", text=self._say(quality.code, **quality.params), colour=Colour.TEXT_SECOND)]
        elif quality is None:
            lines = [SheetLine(label="", text=self._say("console.card.quality_waiting"), colour=Colour.TEXT_SECOND)]
        else:
            return self._section("quality", list(self._parts(quality)), self.score(quality))
        return self._section("quality", lines)

    def score(self, quality: Score) -> str:
        """Return the score in words."""
        return self._say("quality.no_score" if quality.score is None else "quality.score", score=quality.score)

    def _parts(self, quality: Score) -> Iterator[SheetLine]:
        for part in quality.parts:
            merit = self._say("quality.unknown") if part.merit is None else f"{part.merit * 100:.0f}%"
            weight = self._say("console.card.weight", weight=f"{part.weight * 100:.0f}%")
            yield SheetLine(label=self._say(f"quality.{part.name}"), text=f"{merit}  {weight}")

    def _history(self, alarm: Alarm, facts: FactMirror) -> SheetSection:
        told = self.list_words.words.history(alarm, facts.history_of(alarm.number))
        return self._section("history", [SheetLine(label="", text=text) for text in told])

    def _comments(self, alarm: Alarm, facts: FactMirror) -> SheetSection:
        thread = sorted((row for row in facts.comments.values() if row.alarm == alarm.number), key=lambda row: row.at)
        lines = [
            SheetLine(
                label=self.list_words.words.figures.clock(row.at),
                text=self._say(
                    "console.card.comment", who=self.names.person(row.account), seat=row.seat, text=row.text
                ),
            )
            for row in thread
        ]
        none = SheetLine(label="", text=self._say("console.card.no_comment"), colour=Colour.TEXT_SECOND)
        return self._section("comments", lines or [none], str(len(lines)) if lines else "")

    def _section(self, name: str, lines: list[SheetLine], note: str = "") -> SheetSection:
        return SheetSection(title=self._say(f"console.card.section.{name}"), lines=tuple(lines), note=note)

    def _line(self, label: str, text: str) -> SheetLine:
        return SheetLine(label=self._say(f"console.card.{label}"), text=text)

    def _say(self, code: str, **params: object) -> str:
        return self.list_words.words.figures.texts.say(code, **params)


_TOLD = (ThresholdState.IN_FORCE, ThresholdState.SCHEDULED, ThresholdState.WAITING)


def last_change(facts: FactMirror, vital_code: str) -> ThresholdChange | None:
    """Return the newest change of a vital's thresholds that is in force or on its way, None when none is known."""
    found = (row for row in facts.thresholds.values() if row.vital_code == vital_code and row.state in _TOLD)
    return max(found, key=lambda row: (row.state is ThresholdState.IN_FORCE, row.number), default=None)
