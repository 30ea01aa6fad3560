"""The receipts of an event in a pane of any width: the matrix of the ladder where it has room, else a list."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.order_focus import ABOUT_RECEIPTS, parted
from chengyun_console.pages.orders.matrix_pane import ReceiptMatrixPane
from chengyun_console.wording.orders import OrderWords
from chengyun_console.wording.receipt_matrix import standing_of
from chengyun_console.wording.task_rows import receipt_row
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.order import Order, Receipt
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.presence import Presence

MATRIX_FROM_PX = 700
"""Below this eight steps of the ladder with their clocks cannot be read."""


class CommandReceipts(QStackedWidget):
    """`show_event` says whose; `refresh` on each frame. The row in focus is the desk's order focus in both."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.matrix, self.list = ReceiptMatrixPane(desk), FactList(desk.theme)
        self.list.setProperty(ABOUT_RECEIPTS, True)
        self.list.setAccessibleName(desk.say("tasks.matrix"))
        self._state: tuple[object, ...] = ()
        self.addWidget(self.list)
        self.addWidget(self.matrix)
        self.list.current_did_change.connect(self._on_current)
        self.list.row_was_opened.connect(self.matrix.receipt_was_opened)

    def show_event(self, event: int | None) -> None:
        """Show the receipts of every order of an event."""
        self.matrix.show_event(event)

    def orders(self) -> tuple[tuple[Order, tuple[Receipt, ...]], ...]:
        """Return what is shown."""
        return self.matrix.orders()

    def standing(self) -> str:
        """Return how many were sent, signed and dealt with, of all."""
        return standing_of(OrderWords(self._desk.figures, self._desk.names), self.orders())

    def refresh(self) -> None:
        """Bring it to now; does something when a record or a second changed."""
        self.matrix.refresh()
        desk, now_ns = self._desk, self._desk.now_ns()
        state = (desk.session.facts.through, now_ns // NS_PER_S, desk.names, self.orders())
        if self.currentWidget() is not self.list or state == self._state:
            return
        self._state = state
        words, facts = OrderWords(desk.figures, desk.names), desk.session.facts
        newest = sorted(self.orders(), key=lambda told: -told[0].number)
        rows = [receipt_row(words, facts, one, now_ns) for _order, told in newest for one in told]
        self.list.set_rows(rows)
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, desk.say("tasks.matrix.empty"))
        focus = desk.order_focus
        if focus.number is not None and focus.place is not None:
            self.list.select(f"{focus.number}.{focus.place}")

    def front(self) -> FactList | ReceiptMatrixPane:
        """Return what takes the keyboard."""
        return self.list if self.currentWidget() is self.list else self.matrix

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wanted = self.matrix if self.width() >= MATRIX_FROM_PX else self.list
        if wanted is not self.currentWidget():
            had_keyboard = self.front().hasFocus()
            self.setCurrentWidget(wanted)
            self._state = ()
            if had_keyboard:
                self.front().setFocus()

    def _on_current(self, key: str) -> None:
        if key and self.list.hasFocus():
            self._desk.order_focus.select(*parted(key))
