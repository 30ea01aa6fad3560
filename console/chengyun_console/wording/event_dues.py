"""What is owed on events as rows: first reports, checks, reviews, and items of reviews with owner and due time."""

from collections.abc import Iterable
from dataclasses import dataclass

from chengyun_console.desk import Desk
from chengyun_console.wording.events import EventWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event, EventState, Improvement
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow, Flash

_DAY_S = 86_400
REVIEW_DAYS = 30
"""After closing, an owed review that is older than this is called overdue (复盘 is a matter of weeks, not of years)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """Everything owed at one instant."""

    reports: tuple[Event, ...] = ()
    """Living events whose first report is due, the next to end first (条例 art. 28)."""
    checks: tuple[Event, ...] = ()
    """Fed back, and waiting for somebody else's check."""
    reviews: tuple[Event, ...] = ()
    """Closed ones whose review is owed, the longest closed first."""
    items: tuple[Improvement, ...] = ()
    """Of reviews, by due time."""

    @property
    def count(self) -> int:
        """Return how much there is."""
        return len(self.reports) + len(self.checks) + len(self.reviews) + len(self.items)

    def overdue(self, now_ns: int) -> int:
        """Return how much of it is late: reports and items beyond their times."""
        late_reports = sum(event.report_due_at is not None and event.report_due_at < now_ns for event in self.reports)
        return late_reports + sum(item.due_at < now_ns for item in self.items)


def dues_of(living: Iterable[Event], reviews: Iterable[Event], items: Iterable[Improvement]) -> Dues:
    """Return what is owed: living events as the mirror has them, the rest as the centre told it."""
    events = tuple(living)
    reports = (event for event in events if event.report_due_at is not None)
    checks = (event for event in events if event.state is EventState.FED_BACK)
    return Dues(
        reports=tuple(sorted(reports, key=lambda event: (event.report_due_at or 0, event.number))),
        checks=tuple(sorted(checks, key=lambda event: (-int(event.grade or 0), event.number))),
        reviews=tuple(sorted(reviews, key=lambda event: (event.closed_at or 0, event.number))),
        items=tuple(sorted(items, key=lambda item: (item.due_at, item.number))),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DueRows:
    """Writes rows; keys are `report:`, `check:`, `review:` with an event's number, `item:` with an item's."""

    desk: Desk
    now_ns: int

    def rows(self, dues: Dues) -> list[FactRow]:
        """Return the rows under their headings; a heading without rows is left out."""
        parts = (
            ("reports", [self._report(event) for event in dues.reports]),
            ("checks", [self._check(event) for event in dues.checks]),
            ("reviews", [self._review(event) for event in dues.reviews]),
            ("items", [self._item(item) for item in dues.items]),
        )
        return [row for name, rows in parts if rows for row in (self._heading(name, len(rows)), *rows)]

    def item_name(self, item: Improvement) -> str:
        """Return what an item is, in one line."""
        return self._say("events.dues.item", kind=self._say(f"events.improvement.{item.kind.value}"), text=item.text)

    def due(self, at: int) -> tuple[str, Colour]:
        """Return a due time of days and its ink: what is over is red, the last day orange."""
        left_s = (at - self.now_ns) / NS_PER_S
        days, over = int(abs(left_s) // _DAY_S), left_s < 0
        if days:
            text = self._say("events.dues.days_over" if over else "events.dues.days_left", days=days)
        else:
            time = self.desk.figures.short_duration(abs(left_s))
            text = self._say("events.clock.over" if over else "events.clock.left", what="", time=time).strip()
        return text, Colour.RED_TEXT if over else Colour.ORANGE_TEXT if left_s < _DAY_S else Colour.TEXT_SECOND

    def _heading(self, name: str, count: int) -> FactRow:
        title = self._say(f"events.dues.{name}", count=count)
        return FactRow(key=f"heading:{name}", severity=Severity.NONE, title=title, is_heading=True)

    def _report(self, event: Event) -> FactRow:
        words = self._words()
        clock = words.counted(event.report_due_at or 0, self._say("event.report_kind.first"), self.now_ns)
        flash = Flash.FAST if clock.is_over else Flash.NONE
        return self._event_row("report", event, clock.text, clock.colour, flash)

    def _check(self, event: Event) -> FactRow:
        age = self._say("events.dues.since", time=self.desk.figures.clock(event.changed_at))
        return self._event_row("check", event, age, Colour.TEXT_SECOND)

    def _review(self, event: Event) -> FactRow:
        closed_at = event.closed_at or event.changed_at
        days = int((self.now_ns - closed_at) / NS_PER_S // _DAY_S)
        told = self._say("events.dues.closed_days", days=days)
        return self._event_row("review", event, told, Colour.RED_TEXT if days > REVIEW_DAYS else Colour.TEXT_SECOND)

    def _event_row(
        self, name: str, event: Event, status: str, ink: Colour, flash: Flash = Flash.NONE
    ) -> FactRow:  # fmt: skip
        words = self._words()
        return FactRow(
            key=f"{name}:{event.number}", severity=words.severity(event), title=event.title,
            detail=words.detail(event), status=status, status_colour=ink, flash=flash, badges=(words.grade(event),),
        )  # fmt: skip

    def _item(self, item: Improvement) -> FactRow:
        status, ink = self.due(item.due_at)
        names = self.desk.names
        owner = names.who(item.owner_post) if names else item.owner_post
        event = self._say("events.dues.of_event", event=item.event)
        parts = (owner, event, self._say("events.dues.until", time=self.desk.figures.stamp(item.due_at)[:10]))
        return FactRow(
            key=f"item:{item.number}", severity=Severity.NONE, title=item.text,
            detail=self._say("events.pieces_between").join(parts), status=status, status_colour=ink,
            badges=(self._say(f"events.improvement.{item.kind.value}"),),
        )  # fmt: skip

    def _words(self) -> EventWords:
        return EventWords(self.desk.figures, self.desk.names)

    def _say(self, code: str, **params: object) -> str:
        return self.desk.say(code, **params)
