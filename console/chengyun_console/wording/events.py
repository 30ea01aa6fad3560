"""An event in words: grade, state, place, who leads, the clock that runs next, its row in lists and its facts."""

from collections.abc import Iterable
from dataclasses import dataclass

from chengyun_console.wording.figures import NO_VALUE, Figures
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.deadline_rules import due_at, pending
from chengyun_core.model.event import Event
from chengyun_core.model.order import Receipt
from chengyun_core.model.scales import EventGrade
from chengyun_resources.theme.tokens import Colour, Severity

GRADES: dict[EventGrade, str] = {
    EventGrade.GENERAL: "event.grade.general",
    EventGrade.LARGER: "event.grade.larger",
    EventGrade.MAJOR: "event.grade.major",
    EventGrade.EXTRAORDINARY: "event.grade.extraordinary",
}
"""Grade → code of its word (突发事件应对法 art. 3); the shapes are those of the colours, the words are its own."""
SOON_S = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A deadline that runs: what is due, until when (profile ns UTC), and in words how long is left or it is over."""

    at: int
    text: str
    is_over: bool
    is_soon: bool

    @property
    def colour(self) -> Colour:
        """Return the ink: red what is over, orange what is soon over, else the ink of notes."""
        if self.is_over:
            return Colour.RED_TEXT
        return Colour.ORANGE_TEXT if self.is_soon else Colour.TEXT_SECOND


@dataclass(frozen=True, slots=True)
class EventWords:
    """Writes events with the names of one catalogue version; without one codes are shown."""

    figures: Figures
    names: Gazetteer | None

    def grade(self, event: Event) -> str:
        """Return the grade's word, that it goes by rules of its own, or that nobody has graded it."""
        if event.by_rules_of_its_own:
            return self._say("event.grade.own_rules")
        return self._say(GRADES[event.grade] if event.grade is not None else "events.not_graded")

    def severity(self, event: Event) -> Severity:
        """Return the shape of the grade; none of an event that is not graded."""
        return Severity(int(event.grade or 0))

    def state(self, event: Event) -> str:
        """Return where it stands."""
        return self._say(f"event.state.{event.state.value}")

    def source(self, event: Event) -> str:
        """Return where it came from."""
        return self._say(f"event.source.{event.source.value}")

    def district(self, event: Event) -> str:
        """Return the name of the centre in whose area it is."""
        return self.names.place(event.centre) if self.names else event.centre

    def place(self, event: Event) -> str:
        """Return centre and place."""
        district = self.district(event)
        if not event.place or event.place.startswith(district):
            return event.place or district
        return self._say("events.place", district=district, place=event.place)

    def who(self, code: str) -> str:
        """Return the name of a unit or post."""
        return self.names.who(code) if self.names else code

    def person(self, account: str) -> str:
        """Return the name of who has an account."""
        return self.names.person(account) if self.names else account

    def matter(self, event: Event) -> str:
        """Return the name of its matter; empty when it has none."""
        found = self.names.matter(event.matter) if self.names else None
        return found.name if found else event.matter

    def age(self, event: Event, now_ns: int) -> str:
        """Return for how long it has been open, until it was closed."""
        return self.figures.short_duration(((event.closed_at or now_ns) - event.opened_at) / NS_PER_S)

    def clock(self, event: Event, receipts: Iterable[Receipt], now_ns: int) -> Clock | None:
        """Return the clock that runs out first: of the first report, of a receipt, of a suspension."""
        ends: list[tuple[int, str]] = []
        if event.report_due_at is not None:
            ends.append((event.report_due_at, self._say("event.report_kind.first")))
        for receipt in receipts:
            step, at = pending(receipt), due_at(receipt)
            if step is not None and at is not None:
                ends.append((at, self._say(f"events.due.{step.value}")))
        if event.resume_at is not None and event.before is not None:
            ends.append((event.resume_at, self._say("events.clock.resume")))
        if not ends:
            return None
        at, what = min(ends)
        return self.counted(at, what, now_ns)

    def counted(self, at: int, what: str, now_ns: int) -> Clock:
        """Return a deadline as it is told: `首报 余 00:22`, `签收 超 00:06`."""
        left_s = (at - now_ns) / NS_PER_S
        code = "events.clock.over" if left_s < 0 else "events.clock.left"
        text = self._say(code, what=what, time=self.figures.short_duration(abs(left_s)))
        return Clock(at=at, text=text, is_over=left_s < 0, is_soon=left_s < SOON_S)

    def detail(self, event: Event) -> str:
        """Return the second line of a row: number, state, place, who leads."""
        parts = [event.code, self.state(event), self.place(event), self.who(event.lead)]
        return " · ".join(part for part in parts if part)

    def seat(self, facts: FactMirror, seat: str) -> str:
        """Return a seat with the name of who sits there."""
        sits = facts.sessions.get(seat)
        return self._say("events.seat", seat=seat, name=sits.name or sits.account) if sits is not None else seat

    def stamp(self, at: int | None) -> str:
        """Return date and time, a dash for none."""
        return self.figures.stamp(at) if at is not None else NO_VALUE

    def _say(self, code: str, **params: object) -> str:
        return self.figures.texts.say(code, **params)
