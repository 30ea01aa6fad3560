"""Orders with all their receipts, also those that have ended: the mirror's living records over what the centre told."""

from collections.abc import Callable
from functools import partial

from chengyun_console.desk import Desk
from chengyun_core.model.order import Order, Receipt
from chengyun_core.wire.order_asks import AskOrder, AskOrders, Orders, OrderTold

MOST = 60
"""Orders of one event that are asked for with their receipts; the newest."""


class ToldOrders:
    """Asks `order.page` of an event, and `order.get` of each order whose version is another one than that told."""

    def __init__(self, desk: Desk, slot: str, came: Callable[[], None]) -> None:
        """`slot` tells the asks of panes apart; `came` is called when an answer came."""
        self._desk, self._slot, self._came = desk, slot, came
        self.event: int | None = None
        self._told: dict[int, OrderTold] = {}
        self._known: dict[int, Order] = {}
        self._asked: dict[int, int] = {}
        self._asked_at: int | None = None
        desk.label_watch.did_change.connect(self._forget)

    def show(self, event: int | None) -> None:
        """Look after the orders of another event."""
        if event != self.event:
            self.event, self._told, self._known, self._asked, self._asked_at = event, {}, {}, {}, None

    def _forget(self) -> None:
        self._told, self._known, self._asked, self._asked_at = {}, {}, {}, None
        self._came()

    def look(self) -> None:
        """Ask for what is not known yet; called on frames."""
        if self.event is None:
            return
        if self._asked_at is None:
            self._asked_at = self._desk.now_ns()
            ask = AskOrders(event=self.event, limit=MOST)
            self._desk.session.ask("order.page", ask, partial(self._page, self.event), slot=f"{self._slot} page")
        facts = self._desk.session.facts
        living = {order.number: order for order in facts.orders.values() if order.event == self.event}
        self._known |= living
        for number, order in self._known.items():
            if self._asked.get(number) != order.version:
                self._asked[number] = order.version
                self._desk.session.ask("order.get", AskOrder(order=number), self._get, slot=f"{self._slot} {number}")

    def orders(self) -> tuple[tuple[Order, tuple[Receipt, ...]], ...]:
        """Return the orders, newest first, each with its receipts by place."""
        return tuple((self._known[number], self._receipts(number)) for number in sorted(self._known, reverse=True))

    def _receipts(self, number: int) -> tuple[Receipt, ...]:
        told = self._told.get(number)
        rows = {row.place: row for row in told.receipts} if told is not None else {}
        order, living = self._known[number], self._desk.session.facts.receipts
        for place in range(1, order.recipients + 1):
            row = living.get(f"{number}.{place}")
            if row is not None and (place not in rows or row.version >= rows[place].version):
                rows[place] = row
        return tuple(rows[place] for place in sorted(rows))

    def _page(self, event: int, answer: object) -> None:
        if isinstance(answer, Orders) and event == self.event:
            self._known = {order.number: order for order in answer.orders} | self._known
            self._came()

    def _get(self, answer: object) -> None:
        if isinstance(answer, OrderTold) and answer.order.event == self.event:
            self._told[answer.order.number] = answer
            self._came()
