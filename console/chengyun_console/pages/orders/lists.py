"""The lists of F4 under their buttons: 下达, 收到, 超时, 督办, 申请, 待发; the list in front leads the focus."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.order_focus import parted
from chengyun_console.outbox_counts import outbox_text
from chengyun_console.pages.flow_row import FlowRow
from chengyun_console.pages.orders.board import counts_of
from chengyun_console.pages.orders.board_filters import BoardFilters
from chengyun_console.pages.orders.list_rows import LISTS, TaskRows
from chengyun_console.pages.orders.unit_pane import UnitPane
from chengyun_console.paper.printed import Printed
from chengyun_console.paper.reading import facts_table
from chengyun_console.wording.events import GRADES
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.order import Order
from chengyun_core.model.supervision_rules import Why
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

__all__ = ["LISTS", "TaskLists"]
SUPERVISED = ("late", "board")
"""Lists one works on many rows of at once: they have marks, and the scorecard of the unit in focus."""
LEAST_PX = 380


class TaskLists(Panel):
    """The list follows the mirror; the selection is the desk's order focus and moves only by hand."""

    row_was_opened = Signal(str)
    action_was_asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("tasks.lists"))
        self._desk = desk
        self.shown = LISTS[0]
        self.list = FactList(desk.theme)
        self.buttons: dict[str, QPushButton] = {}
        self.made = TaskRows(desk, self._forget)
        self.board = self.made.board
        self.filters, self.unit = BoardFilters(desk), UnitPane(desk)
        self.batch_button = QPushButton()
        self._counts: dict[str, int] = {}
        self._state: tuple[object, ...] = ()
        self._is_setting = False
        self._wants_first = False
        """The first row is to be in focus as soon as there is one."""
        self._lay_out()
        self._connect()
        self.setMinimumWidth(LEAST_PX)

    def show_list(self, name: str) -> None:
        """Bring a list to the front; marks stay with the list they were made in."""
        if name != self.shown:
            self._desk.order_focus.mark(frozenset())
        self.shown = name
        self.buttons[name].setChecked(True)
        self.list.verticalScrollBar().setValue(0)
        self.list.set_markable(is_markable=name in SUPERVISED)
        self._forget()
        self.refresh(is_stale=False)

    def turn(self, by: int) -> None:
        """Go to the next list, or the one before."""
        self.show_list(LISTS[(LISTS.index(self.shown) + by) % len(LISTS)])

    def open_board(self) -> None:
        """Go to the supervision board at its heaviest row, the keyboard in it (/dd)."""
        self.board.choose(None)
        self._wants_first = True
        self.show_list("board")
        self.list.setFocus()

    def choose_why(self, why: Why | None) -> None:
        """Show only what stands on the board for a reason."""
        self.board.choose(why)
        self._wants_first = True
        self._forget()
        self.refresh(is_stale=False)

    def turn_why(self) -> None:
        """S: the next reason for which something stands on the board."""
        if self.shown != "board":
            self.show_list("board")
        self.board.choose_next(counts_of(self.board.lines(self._desk.now_ns())))
        self.choose_why(self.board.why)

    def mark_unit(self) -> None:
        """A: all of the unit in focus and nothing else, in the list in front; once more takes the marks back."""
        focus = self._desk.order_focus
        receipt = focus.receipt
        if receipt is None:
            return
        if self.shown not in SUPERVISED:
            focus.mark_unit_of(receipt)
            return
        living = self._desk.session.facts.receipts
        self._turn_marks({key for key in self._keys() if living[key].recipient == receipt.recipient})

    def mark_all(self) -> None:
        """Shift+A: every row of the list in front and nothing else; once more takes the marks back."""
        if self.shown in SUPERVISED:
            self._turn_marks(set(self._keys()))

    def refresh(self, *, is_stale: bool) -> None:
        """Show what changed; does something when a record or a second did."""
        desk, now_ns = self._desk, self._desk.now_ns()
        self.made.look(self.shown)
        facts, focus = desk.session.facts, desk.order_focus
        state = (desk.routing.stamp, facts.through, facts.complete, now_ns // NS_PER_S, self.shown, is_stale,
                 desk.names, self.made.told(), desk.session.signed_on, focus.number, focus.place, focus.marked,
                 self.unit.score)  # fmt: skip
        if state == self._state:
            return
        self._state = state
        rows = self.made.rows(self.shown, now_ns)
        self._is_setting = True
        self.list.set_rows(rows)
        self._is_setting = False
        self._follow()
        self._show_counts(now_ns)
        self._show_supervision(now_ns)
        empty = f"tasks.empty.{self.shown}" if facts.complete else "tasks.waiting"
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, desk.say(empty))

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

    def ended_order(self, number: int) -> Order | None:
        """Return an order that has ended and stands in the list."""
        return self.made.ended_order(number)

    def _keys(self) -> list[str]:
        """Return the keys of living receipts in the list in front, in its order."""
        living = self._desk.session.facts.receipts
        return [row.key for row in self.list.rows() if row.key in living]

    def _turn_marks(self, keys: set[str]) -> None:
        is_marked = self._desk.order_focus.marked == keys
        self._desk.order_focus.mark(frozenset() if is_marked else frozenset(keys))

    def _show_counts(self, now_ns: int) -> None:
        counts = self.made.counts(now_ns)
        if counts == self._counts:
            return
        self._counts = counts
        for name, button in self.buttons.items():
            title = self._desk.say(f"tasks.list.{name}")
            button.setText(f"{title} {counts[name]}" if counts[name] >= 0 else title)

    def _show_supervision(self, now_ns: int) -> None:
        """Show filters and scorecard where one supervises, and how many rows are marked."""
        focus, is_board = self._desk.order_focus, self.shown == "board"
        self.filters.setVisible(is_board)
        batch = len(self._desk.order_batch.orders)
        self.batch_button.setVisible(bool(batch) and self.shown == "given")
        self.batch_button.setText(self._desk.say("tasks.batch.button", count=batch))
        if is_board:
            lines = self.board.lines(now_ns)
            self.filters.show_counts(counts_of(lines), len(lines), self.board.why)
        receipt = focus.receipt if self.shown in SUPERVISED else None
        unit = receipt.recipient if receipt is not None else ""
        self.unit.look(unit, self.board.sheets(unit), len(focus.marked))
        marked = self._desk.say("tasks.marked", count=len(focus.marked)) if focus.marked else ""
        self.set_note(marked or outbox_text(self._desk))

    def _follow(self) -> None:
        """Keep the row of what is in focus current; with nothing in focus the first row is it."""
        focus, rows = self._desk.order_focus, self.list.rows()
        current = self.list.current_key()
        if current and not _is_order(current) and not self._wants_first:
            # Somebody reads the ledger or the batch: he is not taken away from there.
            return
        if self._wants_first and rows:
            self.list.select(rows[0].key)
            self._on_current(rows[0].key)
            # Before the first answer the mirror knows only what is late: something heavier may still come.
            self._wants_first = self.shown == "board" and self.board.board is None
        wanted = (f"{focus.number}.{focus.place}", f"order:{focus.number}")
        if any(self.list.current_key() == key for key in wanted):
            return
        self._is_setting = True
        found = any(self.list.select(key) for key in wanted)
        if not found:
            # What is in focus left the list: Qt would light its neighbour, which nobody chose.
            self.list.clear_current()
        self._is_setting = False
        first = next((row.key for row in rows if _is_order(row.key)), "")
        if not found and focus.number is None and first:
            self.list.select(first)
            # The row may have been the current one all along: then no signal tells that it is in focus now.
            self._on_current(first)

    def _on_current(self, key: str) -> None:
        if self._is_setting or not _is_order(key):
            return
        kind, _, number = key.rpartition(":")
        self._wants_first = False
        if kind == "order":
            self._desk.order_focus.select(int(number))
        else:
            self._desk.order_focus.select(*parted(key))

    def _on_marked(self, key: str) -> None:
        if key in self._desk.session.facts.receipts:
            self._desk.order_focus.turn_mark(key)

    def _on_range(self, keys: tuple[str, ...]) -> None:
        living = self._desk.session.facts.receipts
        self._desk.order_focus.mark(frozenset(key for key in keys if key in living))

    def _on_scrolled(self, value: int) -> None:
        if value >= self.list.verticalScrollBar().maximum():
            self.made.ask_more(self.shown)

    def _forget(self) -> None:
        self._state = ()

    def _connect(self) -> None:
        self.list.current_did_change.connect(self._on_current)
        self.list.row_was_opened.connect(self.row_was_opened)
        self.list.row_was_marked.connect(self._on_marked)
        self.list.range_was_marked.connect(self._on_range)
        self.list.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.filters.why_was_chosen.connect(self.choose_why)
        self.unit.action_was_asked.connect(self.action_was_asked)
        self.batch_button.clicked.connect(lambda _checked=False: self.action_was_asked.emit("order.send_batch"))

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = FlowRow()
        row.flow.setContentsMargins(SPACE_PX * 2, SPACE_PX, SPACE_PX * 2, SPACE_PX)
        group = QButtonGroup(self)
        for name in LISTS:
            button = QPushButton(self._desk.say(f"tasks.list.{name}"))
            button.setFlat(True)
            button.setCheckable(True)
            button.setMinimumHeight(TARGET_PX)
            button.clicked.connect(partial(self._on_button, name))
            group.addButton(button)
            row.flow.addWidget(button)
            self.buttons[name] = button
        self.buttons[self.shown].setChecked(True)
        self.batch_button.setMinimumHeight(TARGET_PX)
        for widget in (row, self.filters, self.batch_button, self.list, self.unit):
            column.addWidget(widget, 1 if widget is self.list else 0)
        for widget in (self.filters, self.batch_button, self.unit):
            widget.hide()
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")

    def _on_button(self, name: str, _checked: bool = False) -> None:
        self.show_list(name)


def _is_order(key: str) -> bool:
    """Return whether a row's key leads to an order or a receipt: `order:12`, `12.3`."""
    kind, _, number = key.rpartition(":")
    return kind in ("", "order") and number.replace(".", "").isdecimal()
