"""An event among those above, below and merged into it, as rows of a tree; and what all of them sum up to (E4, E5)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from chengyun_console.desk import Desk
from chengyun_console.event_case import Case
from chengyun_console.wording.events import GRADES, EventWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import LIVING, Event, Hop
from chengyun_core.model.event_tree import RollUp
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow

DEEPEST = 8
"""Levels of events above one another, as the centre allows them."""
_TOLD_HOPS = (Hop.ORDERED, Hop.ARRIVED)


@dataclass(frozen=True, slots=True)
class TreeRows:
    """Writes the rows of one case; the key of a row is the event's number."""

    desk: Desk
    case: Case
    now_ns: int

    def rows(self) -> list[FactRow]:
        """Return the rows, the topmost event first; none for an event that is tied to no other."""
        if not self.is_tied():
            return []
        events = self._known()
        top = self._top(events)
        rows = (*self._sum(), *self._below(top, events, depth=0), *self._merged())
        # Between two pieces of news a circle may be seen that the centre never had.
        return list({row.key: row for row in reversed(rows)}.values())[::-1]

    def is_tied(self) -> bool:
        """Return whether there is any event above, below or merged into it, or that it was merged into."""
        event, file = self.case.event, self.case.file
        return bool(event.parent or event.children or event.merged_into or (file and (file.children or file.merged)))

    def clock(self) -> str:
        """Return the clock of all of them: from the first source to the last that closed, or to now."""
        file = self.case.file
        if file is None or not file.children:
            return ""
        summed = file.roll_up
        begun = summed.first.get(Hop.SOURCE, self.case.event.source_at)
        return self.desk.figures.duration(((summed.last_closed_at or self.now_ns) - begun) / NS_PER_S)

    def _known(self) -> dict[int, Event]:
        file = self.case.file
        told = {child.number: child for child in (file.children if file else ())}
        return {**told, **self.desk.session.facts.events, self.case.event.number: self.case.event}

    def _top(self, events: dict[int, Event]) -> Event:
        """Return the topmost event that is known here."""
        top = self.case.event
        for _ in range(DEEPEST):
            above = events.get(top.parent) if top.parent is not None else None
            if above is None:
                break
            top = above
        return top

    def _sum(self) -> Iterator[FactRow]:
        file = self.case.file
        if file is None or not file.children:
            return
        summed = file.roll_up
        title = self._say("events.tree.sum", living=summed.living, ended=summed.ended)
        yield FactRow(
            key="sum", severity=Severity.NONE, title=title, detail=self._told(summed), status=self.clock(),
            is_heading=True,
        )  # fmt: skip

    def _told(self, summed: RollUp) -> str:
        grade = self._say("events.tree.gravest", grade=self._say(GRADES[summed.gravest])) if summed.gravest else ""
        hops = [
            self._say("events.tree.hop", hop=self._say(f"event.hop.{hop.value}"), time=self.desk.figures.clock(at))
            for hop in _TOLD_HOPS if (at := summed.first.get(hop)) is not None
        ]  # fmt: skip
        return self._say("events.pieces_between").join(filter(None, (grade, *hops)))

    def _below(self, event: Event, events: dict[int, Event], depth: int) -> Iterator[FactRow]:
        yield self._row(event, depth)
        if depth >= DEEPEST:
            return
        children = sorted((one for one in events.values() if one.parent == event.number), key=lambda one: one.number)
        for child in children:
            yield from self._below(child, events, depth + 1)

    def _merged(self) -> Iterator[FactRow]:
        """Both numbers are kept: what was merged into it stands here by its own, and where it went to, too."""
        file, event = self.case.file, self.case.event
        into = self._named_into(event)
        if into is not None:
            yield self._heading("into")
            yield into
        merged = file.merged_events if file is not None else ()
        if merged:
            yield self._heading("merged")
            yield from (self._row(one, 1) for one in merged)

    def _named_into(self, event: Event) -> FactRow | None:
        if event.merged_into is None:
            return None
        known = self.desk.session.facts.events.get(event.merged_into)
        if known is not None:
            return self._row(known, 1)
        return FactRow(key=str(event.merged_into), severity=Severity.NONE, title=f"#{event.merged_into}", depth=1)

    def _heading(self, name: str) -> FactRow:
        title = self._say(f"events.tree.{name}")
        return FactRow(key=f"heading:{name}", severity=Severity.NONE, title=title, is_heading=True)

    def _row(self, event: Event, depth: int) -> FactRow:
        words = EventWords(self.desk.figures, self.desk.names)
        is_alive, is_here = event.state in LIVING, event.number == self.case.event.number
        row = FactRow(
            key=str(event.number), severity=words.severity(event), title=event.title, detail=words.detail(event),
            age=words.age(event, self.now_ns), status=words.state(event), depth=depth, badges=(words.grade(event),),
            status_colour=Colour.TEXT if is_alive else Colour.TEXT_SECOND,
        )  # fmt: skip
        return replace(row, badges=(self._say("events.tree.here"), *row.badges)) if is_here else row

    def _say(self, code: str, **params: object) -> str:
        return self.desk.say(code, **params)
