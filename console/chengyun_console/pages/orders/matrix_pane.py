"""The receipts of one order, or of all orders of an event, as a live matrix; a pane for pages, cards and sheets."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.order_focus import parted
from chengyun_console.pages.orders.told_orders import ToldOrders
from chengyun_console.wording.orders import OrderWords
from chengyun_console.wording.receipt_matrix import matrix
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.order import Order, Receipt
from chengyun_widgets.ladder_matrix import LadderMatrix
from chengyun_widgets.presence import Presence


class ReceiptMatrixPane(QWidget):
    """Give it what to show by `show_event` or `show_orders`, and `refresh` it on each frame: its clocks live.

    The row in focus is the desk's order focus; Space marks it for a deed on many.
    """

    receipt_was_opened = Signal(str)
    """Key of the receipt, `<order>.<place>`."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.matrix = LadderMatrix(desk.theme)
        self.matrix.rows.setAccessibleName(desk.say("tasks.matrix"))
        self._told = ToldOrders(desk, f"receipts of pane {id(self)}", self._forget)
        self._orders: tuple[tuple[Order, tuple[Receipt, ...]], ...] = ()
        self._empty = "tasks.matrix.empty"
        self._state: tuple[object, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.matrix)
        self.setFocusProxy(self.matrix)
        self.matrix.current_did_change.connect(self._on_current)
        self.matrix.row_was_opened.connect(self.receipt_was_opened)
        self.matrix.row_was_marked.connect(desk.order_focus.turn_mark)

    def show_event(self, event: int | None) -> None:
        """Show the receipts of every order of an event, the ended ones too."""
        if event != self._told.event or self._orders:
            self._told.show(event)
            self._orders, self._state = (), ()

    def show_orders(self, orders: Sequence[tuple[Order, Sequence[Receipt]]]) -> None:
        """Show these orders with these receipts."""
        given = tuple((order, tuple(receipts)) for order, receipts in orders)
        if given != self._orders or self._told.event is not None:
            self._told.show(None)
            self._orders, self._state = given, ()

    def orders(self) -> tuple[tuple[Order, tuple[Receipt, ...]], ...]:
        """Return what is shown."""
        return self._orders if self._told.event is None else self._told.orders()

    def refresh(self) -> None:
        """Bring it to now; does something when a record, a mark or a second changed."""
        desk, facts, now_ns = self._desk, self._desk.session.facts, self._desk.now_ns()
        self._told.look()
        marked = desk.order_focus.marked
        state = (facts.through, now_ns // NS_PER_S, marked, desk.names)
        if state == self._state:
            return
        self._state = state
        words = OrderWords(desk.figures, desk.names)
        self.matrix.show_record(matrix(words, self.orders(), facts.requests, now_ns, marked))
        self.matrix.show_notice(Presence.EMPTY, desk.say(self._empty))
        focus = desk.order_focus
        if focus.number is not None and focus.place is not None:
            key = f"{focus.number}.{focus.place}"
            if self.matrix.current_key() != key:
                self.matrix.select(key)

    def _forget(self) -> None:
        self._state = ()

    def _on_current(self, key: str) -> None:
        if key:
            self._desk.order_focus.select(*parted(key))
