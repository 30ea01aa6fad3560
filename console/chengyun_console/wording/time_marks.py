"""An event's timeline as marks on one line of time: short words, what weighs, and runs of the same thing as one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chengyun_console.wording.timeline import TimelineWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.wire.event_asks import TimelineLine
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.time_strip import StripMark

RUN_NS = 60 * NS_PER_S
"""The same thing within a minute is one mark with its count: five orders of one plan are one deed."""
LONGEST = 12
"""Letters of a label that is taken from the sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How lines of one code are shown: weight against others (see StripMark), colour, and whether at all."""

    weight: int
    colour: Colour = Colour.TEXT_SECOND


TURNS = {
    "alarm.raise": Told(weight=3, colour=Colour.YELLOW_TEXT),
    "alarm.escalate": Told(weight=3, colour=Colour.RED_TEXT),
    "event.open": Told(weight=4, colour=Colour.TEXT),
    "event.verify": Told(weight=3, colour=Colour.TEXT),
    "event.grade": Told(weight=4, colour=Colour.ORANGE_TEXT),
    "event.report": Told(weight=3, colour=Colour.TEXT),
    "event.report_overdue": Told(weight=4, colour=Colour.RED_TEXT),
    "event.take_command": Told(weight=3, colour=Colour.TEXT),
    "event.hand_command": Told(weight=3, colour=Colour.TEXT),
    "event.feed_back": Told(weight=2, colour=Colour.TEXT),
    "event.check": Told(weight=3, colour=Colour.DONE),
    "event.close": Told(weight=4, colour=Colour.DONE),
    "event.void": Told(weight=4, colour=Colour.TEXT),
    "mode.in_force": Told(weight=5, colour=Colour.RED_TEXT),
    "mode.lifted": Told(weight=5, colour=Colour.TEXT),
    "plan.start": Told(weight=4, colour=Colour.ACCENT),
    "plan.raise_tier": Told(weight=3, colour=Colour.ACCENT),
    "plan.stop": Told(weight=3, colour=Colour.ACCENT),
    "plan.step_overdue": Told(weight=2, colour=Colour.RED_TEXT),
    "order.send": Told(weight=3, colour=Colour.ACCENT),
    "receipt.sign": Told(weight=3, colour=Colour.ACCENT),
    "receipt.arrive": Told(weight=3, colour=Colour.ACCENT),
    "receipt.feed_back": Told(weight=2, colour=Colour.ACCENT),
    "receipt.return": Told(weight=3, colour=Colour.RED_TEXT),
    "receipt.escalate": Told(weight=3, colour=Colour.RED_TEXT),
    "room.open": Told(weight=3, colour=Colour.TEXT),
    "room.decide": Told(weight=4, colour=Colour.TEXT),
    "roll_call.start": Told(weight=2, colour=Colour.TEXT),
    "drawing.put": Told(weight=1),
    "evidence.keep": Told(weight=2),
    "warning.issue": Told(weight=4, colour=Colour.ORANGE_TEXT),
}
"""Action → how it is shown, and the only ones with words of their own (`strip.<action>`); the rest are ticks with the
first words of their sentence. Colours are those of lists: severity colours only where something was grave or late."""
_OTHER = Told(weight=0)


@dataclass(frozen=True, slots=True)
class TimeMarkWords:
    """Writes marks with the names of one catalogue version."""

    words: TimelineWords

    def marks(self, lines: Iterable[TimelineLine]) -> list[StripMark]:
        """Return the marks of a timeline, oldest first; the key is that of the run's first line."""
        return [self._mark(run) for run in _runs(sorted(lines, key=lambda line: (line.source_at, line.number)))]

    def _mark(self, run: Sequence[TimelineLine]) -> StripMark:
        first = run[0]
        action, shown = first.code.removeprefix("timeline."), self.words.line(first)
        told = TURNS.get(action, _OTHER)
        said = self._short(first, action, shown.text)
        if len(run) > 1:
            said = self._say("strip.several", text=said, count=len(run))
        label = self._say("strip.at", time=self._clock(first.source_at), text=said)
        tip = "\n".join(f"{self._clock(line.source_at)} {self.words.line(line).text}" for line in run[:_MOST_TOLD])
        return StripMark(key=str(first.number), at_ns=first.source_at, label=label, tip=tip, colour=told.colour,
                         weight=told.weight)  # fmt: skip

    def _short(self, line: TimelineLine, action: str, sentence: str) -> str:
        reached = action.removeprefix("event.reached.")
        if reached != action and self._has(f"event.hop.{reached}"):
            return self._say(f"event.hop.{reached}")
        code = f"strip.{action}"
        if not self._has(code):
            return sentence if len(sentence) <= LONGEST else f"{sentence[: LONGEST - 1]}…"
        return self._say(code, grade=self.words.grade(line.params.get("grade", "")))

    def _clock(self, at_ns: int) -> str:
        return f"{self.words.words.figures.moment(at_ns):%H:%M}"

    def _say(self, code: str, **params: object) -> str:
        return self.words.words.figures.texts.say(code, **params)

    def _has(self, code: str) -> bool:
        return self.words.words.figures.texts.has(code)


_MOST_TOLD = 12


def _runs(lines: Iterable[TimelineLine]) -> Iterator[list[TimelineLine]]:
    """Yield lines of one code that follow each other within a minute of the first."""
    run: list[TimelineLine] = []
    for line in lines:
        if run and (line.code != run[0].code or line.source_at - run[0].source_at > RUN_NS):
            yield run
            run = []
        run.append(line)
    if run:
        yield run
