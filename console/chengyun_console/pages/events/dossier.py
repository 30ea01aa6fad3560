"""Everything known of the event in focus: its record, what belongs to it, its timeline and hops, kept up to date."""

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.event_case import Case, receipts_of
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.wire.event_asks import AskEvent, AskTimeline, EventFile, Hops, Timeline, TimelineLine

LINES_AT_ONCE = 500
ASK_EVERY_S = 1
"""News of a large event come by dozens in a second; it is asked anew at most once in each."""


class Dossier(QObject):
    """Follows `desk.event_focus`; asks the centre in the background and merges what the mirror knows."""

    did_change = Signal()

    def __init__(self, desk: Desk, *, slot: str = "events") -> None:
        """`slot`: before the names of what is asked, so that two pages do not supersede each other's."""
        super().__init__()
        self._desk, self._slot = desk, slot
        self._file: EventFile | None = None
        self._lines: tuple[TimelineLine, ...] = ()
        self._hops: Hops | None = None
        self._failed: Reason | None = None
        self._is_stale = True
        self._asked_s = -1
        desk.event_focus.did_change.connect(self._on_focus)

    def case(self) -> Case | None:
        """Return the event in focus with everything known of it, None when there is none."""
        event, facts = self._desk.event_focus.record, self._desk.session.facts
        if event is None:
            return None
        orders = {order.number for order in facts.orders.values() if order.event == event.number}
        return Case(
            event=event,
            file=self._file,
            lines=self._lines,
            hops=self._hops,
            orders=tuple(order for order in facts.orders.values() if order.number in orders),
            receipts=receipts_of(facts.receipts.values(), event.number),
            requests=tuple(row for row in facts.requests.values() if row.order in orders),
            run=next((run for run in facts.runs.values() if run.event == event.number), None),
            failed=self._failed,
        )

    def take_facts(self, news: FactNews) -> None:
        """Ask anew when something of the event changed."""
        number = self._desk.event_focus.number
        event = self._desk.event_focus.record
        if number is None:
            return
        alarms = set(event.alarms) if event is not None else set()
        self._is_stale |= any(_concerns(fact.record, fact.kind, fact.key, number, alarms) for fact in news.facts)
        self._is_stale |= ("event", str(number)) in news.gone

    def tick(self, now_ns: int) -> None:
        """Ask what is not known yet, at most once a second."""
        number, second = self._desk.event_focus.number, now_ns // NS_PER_S
        # A second that lies behind the last one is a clock that was set back: nobody waits until it comes again.
        if number is None or not self._is_stale or self._asked_s <= second < self._asked_s + ASK_EVERY_S:
            return
        self._is_stale, self._asked_s = False, second
        session = self._desk.session
        session.ask("event.get", AskEvent(event=number), self._on_file, slot=f"{self._slot}.file")
        session.ask("event.hops", AskEvent(event=number), self._on_hops, slot=f"{self._slot}.hops")
        self._ask_lines(number)

    def _ask_lines(self, number: int) -> None:
        after = self._lines[-1].number if self._lines else 0
        ask = AskTimeline(event=number, after=after, limit=LINES_AT_ONCE)
        self._desk.session.ask("event.timeline", ask, self._on_lines, slot=f"{self._slot}.lines")

    def _on_focus(self) -> None:
        self._file, self._lines, self._hops, self._failed = None, (), None, None
        self._is_stale, self._asked_s = True, -1
        self.did_change.emit()

    def _on_file(self, told: object) -> None:
        if isinstance(told, EventFile) and told.event.number == self._desk.event_focus.number:
            self._file, self._failed = told, None
            self._desk.event_focus.take(told.event)
            self._desk.event_focus.taken_in = told.merged_events
            self._desk.event_focus.unreceived = tuple(row for row in told.reports if row.received_at is None)
        elif isinstance(told, Reason) and told.code == "event.unknown":
            # It is not to be seen from here any more: nothing is left of it on the screen.
            self._desk.event_focus.select(None)
            return
        elif isinstance(told, Reason):
            # It may be the link that went: asked again until it is told, or another event is in focus.
            self._failed, self._is_stale = told, True
        self.did_change.emit()

    def _on_hops(self, told: object) -> None:
        if isinstance(told, Hops):
            self._hops = told
            self.did_change.emit()

    def _on_lines(self, told: object) -> None:
        number = self._desk.event_focus.number
        if not isinstance(told, Timeline) or number is None:
            return
        after = self._lines[-1].number if self._lines else 0
        self._lines = (*self._lines, *(line for line in told.lines if line.number > after))
        if told.more:
            self._ask_lines(number)
        self.did_change.emit()


def _concerns(record: object, kind: str, key: str, number: int, alarms: set[int]) -> bool:
    if kind == "event":
        return key == str(number)
    if kind == "alarm":
        return key.isdigit() and int(key) in alarms
    return getattr(record, "event", None) == number
