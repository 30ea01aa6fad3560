"""A line of an event's timeline in words: the sentence of its journal row, when it happened, who did it."""

from dataclasses import dataclass

from chengyun_console.wording.events import GRADES, EventWords
from chengyun_core.model.room_parties import is_played
from chengyun_core.model.scales import EventGrade
from chengyun_core.wire.event_asks import TimelineLine
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.time_lines import TimeLine

_PREFIXES = {
    "channel": "channel.", "kind": "event.report_kind.", "source": "event.source.", "reached": "receipt.step.",
    "step": "receipt.step.",
    "state": "approval.state.", "hop": "event.hop.", "stance": "word.stance.", "rung": "receipt.rung.",
    "share": "word.shared.",
}  # fmt: skip
"""Parameter → the codes that say it in words."""
_UNITS = frozenset({"lead", "recipient", "unit", "before_lead"})
_SEVERAL = frozenset({"assisting", "units"})
_GRADES = frozenset({"grade", "suggested", "before"})
_CALLING = frozenset({"timeline.event.report_overdue", "timeline.alarm.escalate", "timeline.event.reached.raised"})
_DONE = frozenset({"timeline.event.close", "timeline.event.reached.closed", "timeline.event.reached.checked"})


@dataclass(frozen=True, slots=True)
class TimelineWords:
    """Writes lines with the names of one catalogue version."""

    words: EventWords

    def line(self, line: TimelineLine) -> TimeLine:
        """Return a line as it is shown; its key is the number of its journal row."""
        figures = self.words.figures
        told = {name: self._param(line.code, name, value) for name, value in line.params.items()}
        is_late = line.source_at // 1_000_000_000 != line.at // 1_000_000_000
        return TimeLine(
            key=str(line.number),
            stamp=figures.clock(line.at),
            day=f"{figures.moment(line.at):%Y-%m-%d}",
            happened=figures.texts.say("events.happened", time=self._moment(line)) if is_late else "",
            text=self._sentence(line.code, told),
            who=self._who(line),
            colour=self._colour(line.code),
        )

    def _sentence(self, code: str, told: dict[str, str]) -> str:
        texts = self.words.figures.texts
        by_rule = f"{code}.by_rule"
        if told.get("by_rule") == "True" and texts.has(by_rule):
            code = by_rule
        if texts.has(code):
            return " ".join(texts.say(code, **told).split())
        action = code.removeprefix("timeline.")
        known = texts.has(f"audit.{action}")
        return texts.say(f"audit.{action}") if known else texts.say("events.other_row", action=action)

    def _param(self, code: str, name: str, value: str) -> str:
        texts = self.words.figures.texts
        if name in _GRADES and code == "timeline.event.grade":
            return self.grade(value)
        if name in _UNITS:
            return self.words.who(value)
        if name in _SEVERAL:
            return texts.say("console.names_between").join(self.words.who(part) for part in value.split())
        if name == "passed":
            return texts.say("events.yes" if value in ("1", "True", "true") else "events.no")
        said = _PREFIXES.get(name, "") + value
        return texts.say(said) if name in _PREFIXES and texts.has(said) else value

    def grade(self, value: str) -> str:
        """Return the words of a grade as a line carries it, by number or by name."""
        texts = self.words.figures.texts
        if value.isdigit() and 1 <= int(value) <= max(EventGrade):
            return texts.say(GRADES[EventGrade(int(value))])
        code = f"event.grade.{value}"
        return texts.say(code) if texts.has(code) else texts.say("events.no_grade")

    def _moment(self, line: TimelineLine) -> str:
        figures = self.words.figures
        same_day = figures.moment(line.source_at).date() == figures.moment(line.at).date()
        return figures.clock(line.source_at) if same_day else figures.stamp(line.source_at)

    def _who(self, line: TimelineLine) -> str:
        texts = self.words.figures.texts
        if not line.account or not line.level:
            return texts.say("events.machine")
        level = texts.say(f"events.level.{line.level}")
        # A simulated party's name says what it is, and it sits nowhere.
        seat = "" if is_played(line.seat) else line.seat
        return " · ".join(part for part in (self.words.person(line.account), seat, level) if part)

    def _colour(self, code: str) -> Colour:
        if code in _CALLING:
            return Colour.RED_TEXT
        return Colour.DONE if code in _DONE else Colour.TEXT
