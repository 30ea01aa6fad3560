"""The risk strip unfolded: every living alarm as a list, over any page, with the strip's classes and its books."""

from dataclasses import replace

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.order_focus import parted
from chengyun_console.pages.alarm_listing import Item
from chengyun_console.pages.alarm_rows import AlarmRows, alarm_items
from chengyun_console.pages.events.listing import event_row
from chengyun_console.shell import strip_events, strip_orders, strip_records
from chengyun_console.shell.overlay import Overlay, at_right
from chengyun_console.shell.risk_strip import RiskStrip
from chengyun_console.wording.events import EventWords
from chengyun_console.wording.seats import SeatWords
from chengyun_core.mirror.alarms import awaits
from chengyun_core.mirror.links import Links, Reach
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.presence import Presence
from chengyun_widgets.ticker_classes import ClassBar

WIDTH_PX = 640
EVENT_KEY = "event:"


class UnfoldedStrip(Overlay):
    """Selection is the desk's, so A, U and S act here as on the cockpit."""

    alarm_was_opened = Signal(int)
    event_was_opened = Signal(int)
    receipt_was_opened = Signal(int, int)

    def __init__(self, desk: Desk, strip: RiskStrip, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("console.unfolded.close"), parent)
        self._desk, self._strip = desk, strip
        self.list = FactList(desk.theme)
        self.classes = ClassBar(desk.theme, desk.say("strip.classes"))
        self.books = Lettered(desk.theme, TypeSize.SMALL, Colour.TEXT_SECOND)
        self.books.setToolTip(desk.say("strip.sequence.tip"))
        self._rows = AlarmRows(lambda alarm: SeatWords(desk.figures).of_alarm(desk.routing, alarm))
        self._shown: tuple[object, ...] = ()
        self._lay_out()
        self.show_notice(Presence.FRESH, "")
        self.list.current_did_change.connect(self._on_current)
        self.list.row_was_opened.connect(self._on_opened)
        self.classes.class_was_switched.connect(strip.alarms.switch_class)

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(at_right(area, WIDTH_PX))
        self._shown = ()
        self.list.setFocus()

    def refresh(self, links: Links, now_s: float) -> None:
        """Follow the board while it is open."""
        if self.isHidden():
            return
        desk, now_ns = self._desk, self._desk.now_ns()
        self.list.tick(now_s)
        facts, shown = desk.session.facts, self._strip.alarms.classes
        state = (facts.board, desk.routing.stamp, now_ns // NS_PER_S, links.centre.reach, shown)
        if state == self._shown:
            return
        self._shown = state
        every = alarm_items(facts, desk.board)
        told = [item for item in every if strip_records.ALARM_CLASS in shown or _is_pinned(item)]
        events = self._event_rows(now_ns) if strip_events.EVENT_CLASS in shown else []
        if strip_orders.ORDER_CLASS in shown:
            events += strip_orders.order_rows(desk)
        is_stale = links.centre.reach in (Reach.LOST, Reach.REFUSED)
        self.list.set_rows([*events, *self._rows.made(desk.list_words, told, now_ns, is_stale=is_stale)])
        self._show_books(shown)
        code = "strip.hidden" if len(told) < len(every) else "console.unfolded.title"
        self.set_title(desk.say(code, count=len(every), hidden=len(every) - len(told)))
        empty = "console.alarms.empty" if facts.complete else "console.alarms.waiting"
        self.list.show_notice(Presence.FRESH if told or events else Presence.EMPTY, desk.say(empty))

    def _event_rows(self, now_ns: int) -> list[FactRow]:
        """Return the rows of the events the strip tells; their keys say that they are no alarms."""
        words = EventWords(self._desk.figures, self._desk.names)
        told = [
            (event, words.clock(event, (), now_ns)) for event in strip_events.on_strip(self._desk)
        ]  # fmt: skip
        return [
            replace(event_row(words, event, clock, now_ns), key=f"{EVENT_KEY}{event.number}") for event, clock in told
        ]

    def _show_books(self, shown: frozenset[int]) -> None:
        """Say what is known of each class, and prove by the counter that none was skipped (A1)."""
        self.classes.show_switches(strip_records.switches(self._desk, shown))
        told, count = self._strip.alarms.sequence(), self._desk.figures.count
        self.books.show_text(
            self._desk.say(
                "strip.sequence",
                shown=count(told.shown),
                came=count(told.came),
                waiting=count(told.waiting),
                withdrawn=count(told.withdrawn),
                missed=count(told.missed),
            )
        )

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, SPACE_PX, 0, SPACE_PX)
        column.setSpacing(SPACE_PX)
        column.addWidget(self.classes)
        column.addWidget(self.list, 1)
        self.books.setContentsMargins(SPACE_PX * 3, 0, SPACE_PX * 3, 0)
        column.addWidget(self.books)
        self.set_body(body)

    def _on_current(self, key: str) -> None:
        if key.isdigit() and self.isVisible():
            self._desk.select_alarm(int(key))

    def _on_opened(self, key: str) -> None:
        if key.isdigit():
            self.close_over()
            self.alarm_was_opened.emit(int(key))
        elif key.startswith(EVENT_KEY):
            self.close_over()
            self.event_was_opened.emit(int(key.removeprefix(EVENT_KEY)))
        elif key.startswith(strip_orders.ORDER_KEY):
            self.close_over()
            self.receipt_was_opened.emit(*parted(key.removeprefix(strip_orders.ORDER_KEY)))


def _is_pinned(item: Item) -> bool:
    """Return whether a filter must not hide it: what waits and is grave stays whatever its class."""
    return isinstance(item.what, Alarm) and awaits(item.what) and item.what.colour in strip_records.GRAVE
