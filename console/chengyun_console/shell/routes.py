"""Where keys, clicks and choices lead: to an alarm, a vital, its card, a form, the list of what waits."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QPointF

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.pages.cockpit.page import CockpitPage
from chengyun_console.seat_routing import Whole
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.layers import Layers
from chengyun_console.shell.overlay import Overlay
from chengyun_console.shell.page_stack import PageStack
from chengyun_console.shell.page_table import PAGES
from chengyun_console.shell.rooms import Rooms
from chengyun_console.shell.strip_orders import place_of
from chengyun_console.subjects import subject_of
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.approval import Approval
from chengyun_widgets.rail import Rail
from chengyun_widgets.toast import MessageTone

COCKPIT, VITALS, EVENTS = "F1", "F2", "F3"
TASKS = "F4"


class Routes:
    """Made once by the window."""

    def __init__(
        self, desk: Desk, stack: PageStack, layers: Layers, deeds: Deeds, rail: Rail, rooms: Rooms
    ) -> None:  # fmt: skip
        self._desk, self._stack, self._layers, self._deeds, self._rail = desk, stack, layers, deeds, rail
        self._cockpit, self._rooms = stack.of(CockpitPage), rooms
        self._now_s = 0.0
        self._led_to: int | None = None

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the actions that lead somewhere do, by their ids."""
        pages = {row.action: self._way_to(row.id) for row in PAGES}
        return {
            **pages,
            "alarm.next": self.next_alarm,
            "alarm.locate": self.locate,
            "approvals.open": self.open_approvals,
            "origin.open": self.tell_origins,
            "strip.unfold": self.unfold,
            "seats.turn": self.turn_seats,
            "threshold.propose": self.propose,
        }

    def lead_from(self, page_id: str) -> None:
        """Connect what leads away from a page; called when it is made."""
        if page_id != VITALS:
            return
        page = self._rooms.vitals_page
        page.panel.head_was_asked.connect(self.tell_origins)
        page.trend.alarm_was_opened.connect(self.open_mark)
        page.carry.is_carried.connect(self.carry_over)
        page.carry.was_let_go.connect(self.let_go)

    def tick(self, now_s: float) -> None:
        """Take the time of the frame."""
        self._now_s = now_s

    def unfold(self) -> None:
        """Open the strip as a list, or close it."""
        self._toggle(self._layers.unfolded)

    def turn_seats(self) -> None:
        """Change between what is this seat's and what everybody has; say what is shown and heard from now on."""
        routing = self._desk.routing
        had = routing.others.count
        is_all = routing.turn()
        whole, left = routing.whole, routing.others.count
        code = "seats.told.alone" if whole is Whole.PARTED and not left else f"seats.told.{whole.value}"
        self._deeds.tell(MessageTone.NOTE, self._desk.say(code, count=had if is_all else left))

    def open_approvals(self) -> None:
        """Open the list of what waits for a second person, or close it."""
        self._toggle(self._layers.approvals)

    def tell_origins(self) -> None:
        """Say where the counts in bars and titles come from, or close what says so."""
        if self._stack.front:
            self._toggle(self._layers.origin)

    def open_card(self, number: int) -> None:
        """Enter on an alarm: everything about it, beside the list that keeps the keyboard."""
        self._desk.select_alarm(number)
        self._layers.card.open_over(self._layers.card_area())

    def open_mark(self, alarm: Alarm) -> None:
        """Go from an alarm's mark on a chart to its card; an alarm that ended is shown as it was known last."""
        self.open_card(alarm.number)
        if self._desk.alarm() is None:
            self._layers.card.show_past(alarm)

    def show_vital(self, number: int) -> None:
        """Go to a vital among its neighbours in the tree."""
        self._stack.bring_forward(COCKPIT, partial(self._cockpit.show_vital, number))

    def open_vital(self, number: int) -> None:
        """Go to a vital in the table of all."""
        self._stack.bring_forward(VITALS, partial(self._find_vital, number))

    def open_alarm(self, number: int) -> None:
        """Go to an alarm in the cockpit's list."""
        self._stack.bring_forward(COCKPIT, partial(self._cockpit.open_alarm, number))

    def open_event(self, number: int) -> None:
        """Go to an event on its page."""
        self._stack.bring_forward(EVENTS, lambda: self._rooms.events_page.open_event(number))

    def open_receipt(self, order: int, place: int | None = None) -> None:
        """Go to an order, and to one of its receipts."""
        self._desk.order_focus.select(order, place)
        self._stack.bring_forward(TASKS)

    def open_strip_item(self, key: str) -> None:
        """Go to what an item of the strip is about."""
        kind, _, number = key.partition(".")[0].rpartition(":")
        if kind == "vital":
            self.open_vital(int(number))
        elif kind == "event":
            self.open_event(int(number))
        elif kind == "order":
            self.open_receipt(int(number), place_of(key))
        else:
            self.open_alarm(int(number))

    def next_alarm(self) -> None:
        """Go to the next alarm nobody acknowledged, the gravest first."""
        current = self._desk.alarm()
        # What the list chose by itself nobody has looked at: the first press leads to the gravest.
        after = current.number if current and current.number == self._led_to else None
        alarm = self._desk.board.next_unacknowledged(after)
        self._led_to = alarm.number if alarm else None
        if alarm is None:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("console.no_unacknowledged"))
        else:
            self.open_alarm(alarm.number)

    def locate(self) -> None:
        """Go to the sub-track of the alarm in focus, where its vital stands among its neighbours."""
        if self._desk.alarm() is None:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("console.no_alarm"))
            return
        self._layers.card.close_over()
        self._stack.bring_forward(COCKPIT, self._cockpit.locate_alarm)

    def propose(self) -> None:
        """T: open the form for the vital in focus; say so when this seat may not ask for a change."""
        action = BY_ID["threshold.propose"]
        if action.permission not in self._desk.allowed():
            told = self._desk.say("console.not_allowed", action=self._desk.say(action.title))
            self._deeds.tell(MessageTone.REFUSED, told)
        elif self._desk.vital is None:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("console.no_alarm"))
        else:
            self._layers.form.open_for(self._desk.vital, self._layers.area())

    def carry_over(self, _number: int, on_screen: QPoint) -> None:
        """Light up the rail's page under a carried vital."""
        self._rail.aim_at(QPointF(self._rail.mapFromGlobal(on_screen)))

    def let_go(self, number: int, on_screen: QPoint) -> None:
        """Pin a vital that was let go on the cockpit's place in the rail."""
        key = self._rail.aim_at(QPointF(self._rail.mapFromGlobal(on_screen)))
        self._rail.aim_at(QPointF(-1, -1))
        if key == COCKPIT:
            self._cockpit.pinned.drop.pin(number)

    def decide(self, approval: Approval) -> None:
        """Ask for the verdict on what waits for a second person."""
        self._deeds.begin((BY_ID["approval.decide"],), subject_of(self._desk, approval=approval))

    def _find_vital(self, number: int) -> None:
        self._rooms.vitals_page.refresh(self._now_s)
        self._rooms.vitals_page.open_vital(number)

    def _way_to(self, page_id: str) -> Callable[[], object]:
        return lambda: self._stack.bring_forward(page_id)

    def _toggle(self, overlay: Overlay) -> None:
        if not overlay.close_over():
            overlay.open_over(self._layers.area())
