"""在办事件 on the cockpit: living events in the place of the explanation card, as long as there are any."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from chengyun_console.desk import Desk
from chengyun_console.pages.events.listing import clock_order, event_row, open_receipts
from chengyun_console.pages.explain_card import ExplainPanel
from chengyun_console.wording.events import EventWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

SHOW_OTHER = "other"


class InHandPanel(Panel):
    """Late ones first, then by grade; Enter opens one on F3, its letters mean the one that is chosen."""

    event_was_opened = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("events.in_hand.none"))
        self._desk = desk
        self.list = FactList(desk.theme)
        self._shown: tuple[object, ...] = ()
        self.add_action(SHOW_OTHER, desk.say("console.explain.title"))
        self.set_body(self.list)
        self.list.setAccessibleName(desk.say("events.in_hand.name"))
        self.list.current_did_change.connect(self._on_current)
        self.list.row_was_opened.connect(lambda key: self.event_was_opened.emit(int(key)))
        self.show_notice(Presence.FRESH, "")

    def refresh(self, now_ns: int, *, is_stale: bool) -> None:
        """Bring the rows to now; called on each frame, does something once a second or when something changed."""
        desk, facts = self._desk, self._desk.session.facts
        state = (facts.through, desk.routing.stamp, now_ns // NS_PER_S, desk.names, is_stale)
        if state == self._shown:
            return
        self._shown = state
        words, receipts = EventWords(desk.figures, desk.names), open_receipts(desk)
        every = list(facts.events.values())
        events = [event for event in every if desk.routing.event_is_mine(event)]
        clocks = {event.number: words.clock(event, receipts.get(event.number, ()), now_ns) for event in events}
        events.sort(key=lambda event: clock_order(event, clocks[event.number]))
        rows = [event_row(words, event, clocks[event.number], now_ns, is_stale=is_stale) for event in events]
        self.list.set_rows(rows)
        late = sum(clock is not None and clock.is_over for clock in clocks.values())
        supervised = sum(bool(row.supervision) for row in facts.receipts.values())
        self.set_title(desk.say("events.in_hand", count=len(events)))
        note = desk.say("events.in_hand.note", supervised=supervised, late=late)
        left = len(every) - len(events)
        others = desk.say("seats.others", count=left)
        self.set_note(desk.say("seats.note", waiting=note, others=others) if left else note)
        told = desk.say("seats.events_of_others" if left else "events.list.none", count=left)
        self.list.show_notice(Presence.FRESH if events else Presence.EMPTY, told)

    def tick(self, now_s: float) -> None:
        """Let what is overdue flash."""
        self.list.tick(now_s)

    def has_keyboard(self) -> bool:
        """Return whether letters mean the event that is chosen here."""
        return self.list.hasFocus()

    def _on_current(self, key: str) -> None:
        if key and self.list.hasFocus():
            self._desk.event_focus.select(int(key))


class CornerPane(QStackedWidget):
    """Two panels in one place: events come forward with the first one, and go with the last; buttons turn them."""

    def __init__(self, desk: Desk, explain: ExplainPanel) -> None:
        super().__init__()
        self._desk = desk
        self.explain, self.in_hand = explain, InHandPanel(desk)
        self._had_events = False
        self.addWidget(self.explain)
        self.addWidget(self.in_hand)
        self.explain.add_action(SHOW_OTHER, desk.say("events.in_hand.name"))
        self.explain.actions_by_key[SHOW_OTHER].hide()
        self.explain.action_was_asked.connect(self._on_action)
        self.in_hand.action_was_asked.connect(self._on_action)

    def refresh(self, now_ns: int, *, is_stale: bool) -> None:
        """Bring the panel in front to now."""
        has_events = bool(self._desk.session.facts.events)
        if has_events != self._had_events:
            self._had_events = has_events
            self.explain.actions_by_key[SHOW_OTHER].setVisible(has_events)
            self.setCurrentWidget(self.in_hand if has_events else self.explain)
        if self.currentWidget() is self.in_hand:
            self.in_hand.refresh(now_ns, is_stale=is_stale)
        else:
            self.explain.refresh(now_ns)

    def _on_action(self, key: str) -> None:
        if key == SHOW_OTHER:
            self.setCurrentWidget(self.in_hand if self.currentWidget() is self.explain else self.explain)
