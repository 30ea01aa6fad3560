"""The five lists of F4 under their buttons: 下达, 收到, 超时, 督办, 申请; the list in front leads the focus."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from chengyun_console import own_receipts
from chengyun_console.desk import Desk
from chengyun_console.order_focus import parted
from chengyun_console.outbox_counts import outbox_text
from chengyun_console.pages.orders.board import BoardKeeper
from chengyun_console.pages.orders.ended import EndedOrders, EndedReceipts
from chengyun_console.paper.printed import Printed
from chengyun_console.paper.reading import facts_table
from chengyun_console.wording import task_rows
from chengyun_console.wording.events import GRADES
from chengyun_console.wording.orders import OrderWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.order import Order, Receipt, ReceiptState, Step
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

LISTS = ("given", "received", "late", "board", "requests")
MOST_ROWS = 150
"""Living rows of a list; further ones are counted: nobody reads them, and each costs its part of every second."""
LEAST_PX = 360


class TaskLists(Panel):
    """The list follows the mirror; the selection is the desk's order focus and moves only by hand."""

    row_was_opened = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("tasks.lists"))
        self._desk = desk
        self.shown = LISTS[0]
        self.list = FactList(desk.theme)
        self.buttons: dict[str, QPushButton] = {}
        self.board = BoardKeeper(desk)
        self._ended = EndedOrders(desk, self._forget)
        self._received: dict[str, EndedReceipts] = {}
        self._counts: dict[str, int] = {}
        self._state: tuple[object, ...] = ()
        self._is_setting = False
        self._lay_out()
        self.list.current_did_change.connect(self._on_current)
        self.list.row_was_opened.connect(self.row_was_opened)
        self.list.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.setMinimumWidth(LEAST_PX)

    def show_list(self, name: str) -> None:
        """Bring a list to the front."""
        self.shown = name
        self.buttons[name].setChecked(True)
        self.list.verticalScrollBar().setValue(0)
        self._forget()
        self.refresh(is_stale=False)

    def turn(self, by: int) -> None:
        """Go to the next list, or the one before."""
        self.show_list(LISTS[(LISTS.index(self.shown) + by) % len(LISTS)])

    def refresh(self, *, is_stale: bool) -> None:
        """Show what changed; does something when a record or a second did."""
        desk, now_ns = self._desk, self._desk.now_ns()
        if self.shown == "board":
            self.board.look()
        facts = desk.session.facts
        state = (facts.through, facts.complete, now_ns // NS_PER_S, self.shown, is_stale, desk.names, self.board.times,
                 desk.session.signed_on, desk.order_focus.number, desk.order_focus.place)  # fmt: skip
        if state == self._state:
            return
        self._state = state
        rows = self._rows(now_ns)
        self._is_setting = True
        self.list.set_rows(rows)
        self._is_setting = False
        self._follow()
        self._show_counts(now_ns)
        self.set_note(outbox_text(desk))
        empty = f"tasks.empty.{self.shown}" if facts.complete else "tasks.waiting"
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, desk.say(empty))

    def waiting(self) -> int:
        """Return what waits here for this officer: own receipts nobody signed, what is late, requests to decide."""
        facts, now_ns = self._desk.session.facts, self._desk.now_ns()
        own = sum(not_signed(row) for row in own_receipts.own(self._desk))
        may = self._desk.allowed()
        late = len(self._desk.late.over(now_ns)) if "receipt.urge" in may else 0
        return own + late + (len(facts.requests) if "receipt.decide" in may else 0)

    def printed(self) -> Printed:
        """Return the list in front for paper: its shapes mean grades of events, which have words of their own."""
        say = self._desk.say
        words = {int(grade): say(code) for grade, code in GRADES.items()}
        table = facts_table(self._desk, self.list.rows())
        rows = [replace(row, cells=(words.get(row.severity, ""), *row.cells[1:])) for row in table.rows]
        return Printed(title=say(f"tasks.list.{self.shown}"), blocks=(replace(table, rows=rows),))

    def carried(self) -> object:
        """Return which list is in front (see shell.carried)."""
        return self.shown

    def take_carried(self, kept: object) -> None:
        """Bring the same list to the front."""
        if kept in LISTS:
            self.show_list(str(kept))

    def _rows(self, now_ns: int) -> list[FactRow]:
        makers: dict[str, Callable[[OrderWords, int], list[FactRow]]] = {
            "given": self._given, "received": self._own, "late": self._late, "board": self._board,
            "requests": self._requests,
        }  # fmt: skip
        return makers[self.shown](OrderWords(self._desk.figures, self._desk.names), now_ns)

    def _given(self, words: OrderWords, now_ns: int) -> list[FactRow]:
        facts = self._desk.session.facts
        living = own_receipts.given(facts)
        ended = [order for order in self._ended.orders.values() if order.number not in facts.orders]
        late = self._desk.late.by_order(now_ns)
        rows = [task_rows.order_row(words, facts, order, now_ns, late[order.number]) for order in living[:MOST_ROWS]]
        rows += _rest(words, len(living))
        if ended:
            rows.append(task_rows.heading("ended", words.say("tasks.ended")))
        return rows + [task_rows.order_row(words, facts, order, now_ns) for order in sorted(ended, key=_newest)]

    def _own(self, words: OrderWords, now_ns: int) -> list[FactRow]:
        facts, living = self._desk.session.facts, own_receipts.own(self._desk)
        living.sort(key=lambda row: (not not_signed(row), -row.order))
        ended = {key: row for each in self._received.values() for key, row in each.receipts.items()}
        past = [row for key, row in ended.items() if key not in facts.receipts]
        rows = [task_rows.receipt_row(words, facts, row, now_ns) for row in living]
        if past:
            rows.append(task_rows.heading("ended", words.say("tasks.ended")))
        past.sort(key=lambda row: (-row.order, row.place))
        return rows + [task_rows.receipt_row(words, facts, row, now_ns) for row in past]

    def _late(self, words: OrderWords, now_ns: int) -> list[FactRow]:
        facts, near = self._desk.session.facts, self._desk.late.near(now_ns)
        rows = [task_rows.late_row(words, facts, row, now_ns) for row in near[:MOST_ROWS]]
        return rows + _rest(words, len(near))

    def _board(self, words: OrderWords, _now_ns: int) -> list[FactRow]:
        facts, passed_s = self._desk.session.facts, self.board.passed_s()
        lines = self.board.board.lines if self.board.board is not None else ()
        return [task_rows.board_row(words, facts, line, passed_s) for line in lines]

    def _requests(self, words: OrderWords, now_ns: int) -> list[FactRow]:
        facts = self._desk.session.facts
        waiting = sorted(facts.requests.values(), key=lambda row: row.number)
        first = {(row.order, row.place): row for row in reversed(waiting)}
        return [
            task_rows.request_row(words, facts, row, now_ns) for row in sorted(first.values(), key=lambda r: r.number)
        ]

    def _show_counts(self, now_ns: int) -> None:
        facts = self._desk.session.facts
        board = self.board.board
        counts = {
            "given": len(own_receipts.given(facts)), "received": len(own_receipts.own(self._desk)),
            "late": len(self._desk.late.over(now_ns)), "board": len(board.lines) if board is not None else -1,
            "requests": len(facts.requests),
        }  # fmt: skip
        if counts == self._counts:
            return
        self._counts = counts
        for name, button in self.buttons.items():
            title = self._desk.say(f"tasks.list.{name}")
            button.setText(f"{title} {counts[name]}" if counts[name] >= 0 else title)

    def _follow(self) -> None:
        """Keep the row of what is in focus current; with nothing in focus the first row is it."""
        focus = self._desk.order_focus
        wanted = (f"{focus.number}.{focus.place}", f"order:{focus.number}")
        if any(self.list.current_key() == key for key in wanted):
            return
        self._is_setting = True
        found = any(self.list.select(key) for key in wanted)
        self._is_setting = False
        rows = self.list.rows()
        if not found and focus.number is None and rows:
            self.list.select(rows[0].key)
            # The row may have been the current one all along: then no signal tells that it is in focus now.
            self._on_current(rows[0].key)

    def _on_current(self, key: str) -> None:
        if self._is_setting or key in ("", "ended", "rest"):
            return
        kind, _, number = key.rpartition(":")
        if kind == "order":
            self._desk.order_focus.select(int(number))
        else:
            self._desk.order_focus.select(*parted(key))

    def _on_scrolled(self, value: int) -> None:
        if value >= self.list.verticalScrollBar().maximum():
            self.ask_more()

    def ask_more(self) -> None:
        """Ask for more of what has ended, below what lives."""
        if self.shown == "given":
            self._ended.ask()
        elif self.shown == "received":
            for code in self._own_codes():
                self._received.setdefault(code, EndedReceipts(self._desk, code, self._forget)).ask()

    def _own_codes(self) -> list[str]:
        """Return the units and posts answered for here."""
        held, names = own_receipts.posts(self._desk), self._desk.names
        units = [unit.code for unit in names.view.catalogue.units if unit.post in held] if names is not None else []
        return units or sorted(held)

    def _forget(self) -> None:
        self._state = ()

    def ended_order(self, number: int) -> Order | None:
        """Return an order that has ended and stands in the list."""
        return self._ended.orders.get(number)

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(SPACE_PX * 2, SPACE_PX, SPACE_PX * 2, SPACE_PX)
        row.setSpacing(SPACE_PX)
        group = QButtonGroup(self)
        for name in LISTS:
            button = QPushButton(self._desk.say(f"tasks.list.{name}"))
            button.setFlat(True)
            button.setCheckable(True)
            button.setMinimumHeight(TARGET_PX)
            button.clicked.connect(partial(self._on_button, name))
            group.addButton(button)
            row.addWidget(button)
            self.buttons[name] = button
        row.addStretch(1)
        self.buttons[self.shown].setChecked(True)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")

    def _on_button(self, name: str, _checked: bool = False) -> None:
        self.show_list(name)


def not_signed(receipt: Receipt) -> bool:
    """Return whether a receipt waits for its signature."""
    return receipt.state is ReceiptState.OPEN and Step.SIGNED not in receipt.climbed


def _rest(words: OrderWords, count: int) -> list[FactRow]:
    """Return a row that counts those for which there is no row."""
    return [task_rows.heading("rest", words.say("tasks.rest", count=count - MOST_ROWS))] if count > MOST_ROWS else []


def _newest(order: Order) -> int:
    return -order.number
