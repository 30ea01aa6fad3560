"""The list of events at the left of F3: living ones from the mirror, ended ones page after page from the centre."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Yielding
from chengyun_console.pages.events.filters import LIVING_ONES, FilterBar, Wanted
from chengyun_console.pages.events.pager import EventPager
from chengyun_console.wording.events import Clock, EventWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import LIVING, Event
from chengyun_core.model.order import Receipt
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow, Flash
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

_NEAR_END_PX = 400


def event_row(words: EventWords, event: Event, clock: Clock | None, now_ns: int, *, is_stale: bool = False) -> FactRow:
    """Return the row of an event: grade, title, number, state, place and lead, age, and the clock that runs next."""
    is_alive = event.state in LIVING
    return FactRow(
        key=str(event.number),
        severity=words.severity(event),
        title=event.title,
        detail=words.detail(event),
        age=words.age(event, now_ns),
        status=clock.text if clock is not None and is_alive else words.state(event),
        status_colour=clock.colour if clock is not None and is_alive else Colour.TEXT_SECOND,
        flash=Flash.FAST if event.report_overdue and is_alive and not is_stale else Flash.NONE,
        is_stale=is_stale,
        badges=(words.grade(event),),
    )


def clock_order(event: Event, clock: Clock | None) -> tuple[object, ...]:
    """Return what living events are sorted by: what is over, then the gravest, then whose clock ends first."""
    is_over = clock is not None and clock.is_over
    return (not is_over, -int(event.grade or 0), clock.at if clock is not None else 2**63, -event.number)


class EventListPanel(Panel):
    """The selection is the desk's event in focus; it stays when rows come and go. Near its end it asks for more."""

    event_was_opened = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("console.page.F3"))
        self._desk = desk
        self.filters = FilterBar(desk)
        self.list = FactList(desk.theme)
        self.pager = EventPager(desk, self.mark_dirty)
        self._told = Yielding(desk.theme, TypeSize.SMALL)
        self._is_dirty, self._second = True, -1
        self._left = 0
        """Living events of other seats that are not listed."""
        self._known: dict[int, Event] = {}
        self._ended: dict[tuple[int, int, int], FactRow] = {}
        self._lay_out()
        self.add_action("event.import", f"Shift+I {desk.say('events.action.import')}")
        self.add_action("event.new", f"E {desk.say('events.action.new')}")
        self.filters.did_change.connect(self._on_filter)
        self.filters.row_was_asked.connect(self._step)
        self.filters.was_left.connect(self.list.setFocus)
        self.list.current_did_change.connect(self._on_current)
        self.list.row_was_opened.connect(lambda key: self.event_was_opened.emit(int(key)))
        self.list.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        desk.event_focus.did_change.connect(self._on_focus)
        desk.routing.did_change.connect(self.mark_dirty)

    def mark_dirty(self) -> None:
        """Look again on the next frame."""
        self._is_dirty = True

    def tick(self, now_s: float) -> None:
        """Let what is overdue flash."""
        self.list.tick(now_s)

    def refresh(self, now_ns: int, *, is_stale: bool) -> None:
        """Bring the rows to now: when something changed, and once a second for the clocks."""
        second = now_ns // NS_PER_S
        if not self._is_dirty and second == self._second:
            return
        self._is_dirty, self._second = False, second
        wanted = self.filters.wanted()
        if wanted.is_paged:
            self.pager.begin(wanted.ask())
        rows = self._rows(wanted, now_ns, is_stale=is_stale)
        self.list.set_rows(rows)
        self._show_note(wanted, len(rows))
        focus = self._desk.event_focus.number
        if focus is None and rows:
            self.list.select(rows[0].key)
        elif focus is not None and self.list.current_key() != str(focus):
            self.list.select(str(focus))

    def record(self, number: int) -> Event | None:
        """Return an event of the list."""
        return self._known.get(number)

    def _rows(self, wanted: Wanted, now_ns: int, *, is_stale: bool) -> list[FactRow]:
        desk, words = self._desk, EventWords(self._desk.figures, self._desk.names)
        receipts = open_receipts(desk)
        known = {**self.pager.records, **desk.session.facts.events} if wanted.is_paged else desk.session.facts.events
        self._known = dict(known)
        signed_on = desk.session.signed_on
        seat, account = (signed_on.seat, signed_on.account) if signed_on else ("", "")
        chosen = [
            event for event in known.values()
            if wanted.lets(event, now_ns, seat=seat, account=account, within=self._is_within)
            and self._is_said(words, event, wanted) and self._is_owed(wanted, event)
        ]  # fmt: skip
        chosen = self._own(wanted, chosen)
        clocks = {
            event.number: words.clock(event, receipts.get(event.number, ()), now_ns)
            for event in chosen if event.state in LIVING
        }  # fmt: skip
        if wanted.is_paged:
            chosen.sort(key=lambda event: -event.number)
        else:
            chosen.sort(key=lambda event: clock_order(event, clocks.get(event.number)))
        return [self._row(words, event, clocks.get(event.number), now_ns, is_stale=is_stale) for event in chosen]

    def _row(self, words: EventWords, event: Event, clock: Clock | None, now_ns: int, *, is_stale: bool) -> FactRow:
        """Return a row; of an event that has ended the one made before, for nothing in it moves any more."""
        if event.state in LIVING:
            return event_row(words, event, clock, now_ns, is_stale=is_stale)
        key = (event.number, event.version, id(words.names))
        if key not in self._ended:
            self._ended[key] = event_row(words, event, None, now_ns)
        return self._ended[key]

    def _own(self, wanted: Wanted, events: list[Event]) -> list[Event]:
        """Return what is this seat's of the living ones; who looks for something by words looks through all of them.

        The one in focus stays in sight, whoever's it is.
        """
        self._left = 0
        if wanted.scope != LIVING_ONES or wanted.text:
            return events
        routing, focus = self._desk.routing, self._desk.event_focus.number
        own = [event for event in events if event.number == focus or routing.event_is_mine(event)]
        self._left = len(events) - len(own)
        return own

    def _is_owed(self, wanted: Wanted, event: Event) -> bool:
        return wanted.scope != "owed" or event.number in self.pager.records

    def _is_within(self, centre: str, district: str) -> bool:
        return self._desk.names is None or district in self._desk.names.upwards(centre)

    def _is_said(self, words: EventWords, event: Event, wanted: Wanted) -> bool:
        """Return whether the words are in it; what the centre found by them is not doubted."""
        return (event.number in self.pager.records and wanted.is_paged) or self._has_words(words, event, wanted.text)

    @staticmethod
    def _has_words(words: EventWords, event: Event, text: str) -> bool:
        """Return whether every word is in what the row or the narrative says."""
        if not text:
            return True
        said = " ".join((event.title, event.code, event.narrative, words.detail(event), words.matter(event),
                         event.source_ref, event.informant)).casefold()  # fmt: skip
        return all(word in said for word in text.casefold().split())

    def _show_note(self, wanted: Wanted, count: int) -> None:
        say, living = self._desk.say, len(self._desk.session.facts.events)
        note = say("events.list.note", count=count, living=living)
        others = say("seats.others", count=self._left)
        self.set_note(say("seats.note", waiting=note, others=others) if self._left else note)
        if self.pager.failed is not None and wanted.is_paged:
            self._told.show_text(self._desk.refusal(self.pager.failed))
        elif wanted.is_paged:
            code = "events.list.all_loaded" if self.pager.is_at_end else "events.list.more_below"
            self._told.show_text(say(code, count=count))
        else:
            self._told.show_text(say("events.list.order"))
        empty = "events.list.none" if wanted == Wanted() else "events.list.none_filtered"
        empty = "seats.events_of_others" if self._left else empty
        self.list.show_notice(Presence.FRESH if count else Presence.EMPTY, say(empty, count=self._left))

    def _on_filter(self) -> None:
        self.mark_dirty()

    def _on_current(self, key: str) -> None:
        if key:
            self._desk.event_focus.select(int(key), self._known.get(int(key)))

    def _on_focus(self) -> None:
        focus = self._desk.event_focus.number
        if focus is not None and self.list.current_key() != str(focus):
            self.list.select(str(focus))

    def _on_scrolled(self, value: int) -> None:
        if value >= self.list.verticalScrollBar().maximum() - _NEAR_END_PX and self.filters.wanted().is_paged:
            self.pager.more()

    def _step(self, by: int) -> None:
        rows = self.list.rows()
        keys = [row.key for row in rows]
        at = keys.index(self.list.current_key()) if self.list.current_key() in keys else -1
        if keys:
            self.list.select(keys[max(0, min(len(keys) - 1, at + by))])

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filters)
        column.addWidget(self.list, 1)
        self._told.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, SPACE_PX)
        column.addWidget(self._told)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")


def open_receipts(desk: Desk) -> dict[int, list[Receipt]]:
    """Return the living receipts by event."""
    found: dict[int, list[Receipt]] = {}
    for receipt in desk.session.facts.receipts.values():
        if receipt.event is not None:
            found.setdefault(receipt.event, []).append(receipt)
    return found
