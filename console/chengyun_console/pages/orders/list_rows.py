"""The rows of F4's lists, made anew of mirror and answers: given, received, late, board, requests, outbox."""

from collections.abc import Callable

from chengyun_console import own_receipts
from chengyun_console.desk import Desk
from chengyun_console.pages.orders.board import BoardKeeper
from chengyun_console.pages.orders.ended import EndedOrders, EndedReceipts
from chengyun_console.pages.orders.ledger import LedgerKeeper
from chengyun_console.pages.orders.outbox import OutboxKeeper
from chengyun_console.wording import ledger_rows, outbox_rows, task_rows
from chengyun_console.wording.orders import OrderWords
from chengyun_core.model.order import Order, SideRequest
from chengyun_widgets.fact_model import FactRow

LISTS = ("given", "received", "late", "board", "requests", "outbox")
MOST_ROWS = 150
"""Living rows of a list; further ones are counted: nobody reads them, and each costs its part of every second."""


class TaskRows:
    """Knows what each list consists of; asks the centre for what the mirror does not have."""

    def __init__(self, desk: Desk, came: Callable[[], None]) -> None:
        """`came` is called when something was told that changes a list."""
        self._desk, self._came = desk, came
        self.board, self.ledger, self.outbox = BoardKeeper(desk), LedgerKeeper(desk), OutboxKeeper(desk)
        self._ended = EndedOrders(desk, came)
        self._received: dict[str, EndedReceipts] = {}
        self._given_of: tuple[object, ...] = ()
        self._given_here: list[Order] = []
        desk.label_watch.did_change.connect(self._forget)

    def look(self, shown: str) -> None:
        """Ask for what the list in front needs; called on its frames."""
        match shown:
            case "board":
                self.board.look()
            case "requests":
                self.ledger.look()
            case "outbox":
                self.outbox.look()

    def _forget(self) -> None:
        self._ended, self._received = EndedOrders(self._desk, self._came), {}
        self.board.forget()
        self.ledger.forget()
        self._came()

    def told(self) -> tuple[int, ...]:
        """Return what changes when an answer came."""
        return self.board.times, self.ledger.times, self.outbox.times, self._desk.order_batch.version

    def rows(self, shown: str, now_ns: int) -> list[FactRow]:
        """Return the rows of a list at a profile time."""
        makers: dict[str, Callable[[OrderWords, int], list[FactRow]]] = {
            "given": self._given, "received": self._own, "late": self._late, "board": self._board,
            "requests": self._requests, "outbox": self._outbox,
        }  # fmt: skip
        return makers[shown](OrderWords(self._desk.figures, self._desk.names), now_ns)

    def counts(self, now_ns: int) -> dict[str, int]:
        """Return how many stand in each list; -1 where that is not known yet."""
        routing = self._desk.routing
        return {
            "given": len(self._mine_given()), "received": len(own_receipts.own(self._desk)),
            "late": sum(map(routing.receipt_is_mine, self._desk.late.over(now_ns))),
            "board": len(self.board.lines(now_ns)) if self.board.board is not None else -1,
            "requests": len(self._mine_requests()), "outbox": len(self.outbox.unread()),
        }  # fmt: skip

    def ask_more(self, shown: str) -> None:
        """Ask for more of what has ended, below what lives."""
        if shown == "given":
            self._ended.ask()
        elif shown == "received":
            for code in self._own_codes():
                self._received.setdefault(code, EndedReceipts(self._desk, code, self._came)).ask()

    def ended_order(self, number: int) -> Order | None:
        """Return an order that has ended and stands in the list."""
        return self._ended.orders.get(number)

    def _given(self, words: OrderWords, now_ns: int) -> list[FactRow]:
        facts = self._desk.session.facts
        living = self._mine_given()
        ended = [order for order in self._ended.orders.values() if order.number not in facts.orders]
        late = self._desk.late.by_order(now_ns)
        rows = self._batch(words)
        rows += [task_rows.order_row(words, facts, order, now_ns, late[order.number]) for order in living[:MOST_ROWS]]
        rows += _rest(words, len(living)) + _others(words, len(own_receipts.given(facts)) - len(living))
        if ended:
            rows.append(task_rows.heading("ended", words.say("tasks.ended")))
        return rows + [task_rows.order_row(words, facts, order, now_ns) for order in sorted(ended, key=_newest)]

    def _batch(self, words: OrderWords) -> list[FactRow]:
        """Return what waits here to be sent together, under its heading; nothing without any."""
        orders, facts = self._desk.order_batch.orders, self._desk.session.facts
        if not orders:
            return []
        rows = [task_rows.batch_row(words, facts, place, draft) for place, draft in enumerate(orders)]
        head = task_rows.heading("batch", words.say("tasks.batch.heading", count=len(orders)))
        return [head, *rows, task_rows.heading("given", words.say("tasks.batch.given"))]

    def _own(self, words: OrderWords, now_ns: int) -> list[FactRow]:
        facts, living = self._desk.session.facts, own_receipts.own(self._desk)
        living.sort(key=lambda row: (not own_receipts.not_signed(row), -row.order))
        ended = {key: row for each in self._received.values() for key, row in each.receipts.items()}
        past = [row for key, row in ended.items() if key not in facts.receipts]
        rows = [task_rows.receipt_row(words, facts, row, now_ns) for row in living]
        if past:
            rows.append(task_rows.heading("ended", words.say("tasks.ended")))
        past.sort(key=lambda row: (-row.order, row.place))
        return rows + [task_rows.receipt_row(words, facts, row, now_ns) for row in past]

    def _late(self, words: OrderWords, now_ns: int) -> list[FactRow]:
        facts, every = self._desk.session.facts, self._desk.late.near(now_ns)
        near = [row for row in every if self._desk.routing.receipt_is_mine(row)]
        marked = self._desk.order_focus.marked
        rows = [task_rows.late_row(words, facts, row, now_ns, marked) for row in near[:MOST_ROWS]]
        return rows + _rest(words, len(near)) + _others(words, len(every) - len(near))

    def _board(self, words: OrderWords, now_ns: int) -> list[FactRow]:
        facts, lines = self._desk.session.facts, self.board.shown(now_ns)
        marked = self._desk.order_focus.marked
        seen = (self.board.aged(line, now_ns) for line in lines[:MOST_ROWS])
        rows = [task_rows.board_row(words, facts, line, now_ns, marked) for line in seen]
        return rows + _rest(words, len(lines))

    def _requests(self, words: OrderWords, now_ns: int) -> list[FactRow]:
        facts = self._desk.session.facts
        waiting = sorted(self._mine_requests(), key=lambda row: row.number)
        first = {(row.order, row.place): row for row in reversed(waiting)}
        rows = [
            task_rows.request_row(words, facts, row, now_ns) for row in sorted(first.values(), key=lambda r: r.number)
        ]
        rows += _others(words, len(facts.requests) - len(waiting))
        return rows + ledger_rows.rows(words, facts, self.ledger.ledger, {row.key for row in rows})

    def _outbox(self, words: OrderWords, now_ns: int) -> list[FactRow]:
        unread, queues = self.outbox.unread(), self.outbox.queues
        return outbox_rows.rows(words, self._desk.session.facts, unread[:MOST_ROWS], queues, now_ns) + _rest(
            words, len(unread)
        )

    def _mine_given(self) -> list[Order]:
        """Return the living orders of this seat; the one in focus stays in sight, whoever's it is."""
        routing, facts, focus = self._desk.routing, self._desk.session.facts, self._desk.order_focus.number
        # Asked for by the list and by its count: thousands of orders are gone through once per change.
        made_of = (facts.through, len(facts.orders), routing.stamp, focus)
        if made_of != self._given_of:
            living = own_receipts.given(facts)
            self._given_of = made_of
            self._given_here = [order for order in living if order.number == focus or routing.order_is_mine(order)]
        return self._given_here

    def _mine_requests(self) -> list[SideRequest]:
        rows = self._desk.session.facts.requests.values()
        return [row for row in rows if self._desk.routing.order_number_is_mine(row.order)]

    def _own_codes(self) -> list[str]:
        """Return the units and posts answered for here."""
        held, names = own_receipts.posts(self._desk), self._desk.names
        units = [unit.code for unit in names.view.catalogue.units if unit.post in held] if names is not None else []
        return units or sorted(held)


def _rest(words: OrderWords, count: int) -> list[FactRow]:
    """Return a row that counts those for which there is no row."""
    return [task_rows.heading("rest", words.say("tasks.rest", count=count - MOST_ROWS))] if count > MOST_ROWS else []


def _others(words: OrderWords, count: int) -> list[FactRow]:
    """Return a row that counts what other seats have."""
    if count <= 0:
        return []
    return [task_rows.heading("others", words.say("seats.others.row", count=count))]


def _newest(order: Order) -> int:
    return -order.number
