"""The risk strip of the frame: the living alarms, or the bands of ingest while the centre has not told them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.shell import strip_events, strip_orders, strip_records
from chengyun_core.mirror.links import Links, Reach
from chengyun_core.model.clock import NS_PER_S
from chengyun_widgets.ticker import TICKER_PX, Ticker


class RiskStrip(QWidget):
    """Two belts, one for alarms and one for bands: going from one to the other leaves no faded room behind.

    Told that something changed; hands the belt in front new items at most once a frame. The item its arrows are on is
    the alarm in focus, so that A, U and S mean it.
    """

    item_was_opened = Signal(str)
    unfold_was_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.alarms, self.bands = Ticker(desk.theme), Ticker(desk.theme)
        self._items = strip_records.AlarmItems()
        self._is_narrow = False
        self._is_dirty = True
        self._shown: object = None
        self._second = -1
        self._stack = QStackedLayout(self)
        self.setFixedHeight(TICKER_PX)
        for ticker in (self.bands, self.alarms):
            self._stack.addWidget(ticker)
            ticker.item_was_opened.connect(self.item_was_opened)
            ticker.unfold_was_asked.connect(self.unfold_was_asked)
        self.alarms.item_was_chosen.connect(self._on_chosen)

    @property
    def ticker(self) -> Ticker:
        """The belt in front."""
        return self.alarms if self._stack.currentWidget() is self.alarms else self.bands

    def tick(self, now_s: float) -> None:
        """Move the belt in front; on a window nobody sees it stands, or items would count as shown that were not."""
        if not self.window().isMinimized():
            self.ticker.tick(now_s)

    def set_narrow(self, *, narrow: bool) -> None:
        """On a narrow screen the hints give their room to the items; the keys stay the same."""
        if narrow != self._is_narrow:
            self._is_narrow, self._shown, self._is_dirty = narrow, None, True

    def mark_dirty(self) -> None:
        """Look again on the next frame."""
        self._is_dirty = True

    def refresh(self, links: Links) -> None:
        """Show the alarms known, or the bands while none are."""
        if not self._is_dirty or self._desk.names is None:
            return
        self._is_dirty = False
        if self._desk.session.facts.through > 0:
            self._stack.setCurrentWidget(self.alarms)
            self._show_alarms(links)
            self._show_ages()
        else:
            self._stack.setCurrentWidget(self.bands)
            self._show_bands()

    def _show_alarms(self, links: Links) -> None:
        desk, board = self._desk, self._desk.board
        lost = links.centre.reach in (Reach.LOST, Reach.REFUSED)
        stale = strip_records.stale(desk, links)
        routed = (desk.routing.others, desk.routing.whole)
        state = (board, routed, desk.words, lost, stale, strip_events.told_state(desk), strip_orders.told_state(desk))
        if state == self._shown:
            return
        self._shown, self._second = state, -1
        empty = desk.say("console.strip.unknown" if lost else "console.strip.empty")
        waiting, narrow = board.unacknowledged, self._is_narrow
        self.alarms.set_texts(strip_records.texts(desk, waiting, empty=empty, narrow=narrow, stale=stale))
        self.alarms.set_counts(strip_records.counts(desk, board.counts))
        events = strip_events.event_items(desk, narrow=narrow)
        orders = strip_orders.order_items(desk, narrow=narrow)
        self.alarms.set_items([*events, *orders, *self._items.made(desk, narrow=narrow)][: strip_records.MOST_ITEMS])

    def _show_ages(self) -> None:
        second = self._desk.now_ns() // NS_PER_S
        if second != self._second:
            self._second = second
            tails = strip_events.event_tails(self._desk) | strip_orders.order_tails(self._desk)
            self.alarms.set_tails(strip_records.tails(self._desk) | tails)

    def _show_bands(self) -> None:
        desk, state = self._desk, self._desk.session.state
        shown = (state.band.tobytes(), desk.words, state.silent)
        if shown == self._shown:
            return
        self._shown = shown
        empty = desk.say("console.strip.waiting" if state.silent else "console.strip.empty")
        self.bands.set_texts(strip_records.texts(desk, None, empty=empty, narrow=self._is_narrow))
        self.bands.set_counts(strip_records.counts(desk, strip_records.band_counts(desk)))
        self.bands.set_items(strip_records.band_items(desk))

    def _on_chosen(self, key: str) -> None:
        kind, _, number = key.partition(".")[0].rpartition(":")
        if not number.isdigit() or self._desk.session.signed_on is None:
            return
        if kind == "event":
            self._desk.event_focus.select(int(number))
        elif kind == "order":
            self._desk.order_focus.select(int(number), strip_orders.place_of(key))
        else:
            self._desk.select_alarm(int(number))
