"""F4 任务: six lists at the left, one order with its receipts at the right; keys act on the receipt in focus."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from chengyun_console import own_receipts
from chengyun_console.actions.action import Where
from chengyun_console.desk import Desk
from chengyun_console.frame_turns import Steps, finish
from chengyun_console.pages.orders.card import OrderCard
from chengyun_console.pages.orders.lists import TaskLists
from chengyun_console.pages.page import Page
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_core.mirror.links import Links, Reach
from chengyun_resources.theme.tokens import SPACE_PX

_DEEDS = {
    Qt.Key.Key_2: "order.arrive", Qt.Key.Key_3: "order.handle", Qt.Key.Key_4: "order.feed_back",
}  # fmt: skip
_GONE = (Reach.LOST, Reach.REFUSED, Reach.CONNECTING)


class OrdersPage(Page):
    """Enter on an own receipt that nobody signed signs it; on any other row it goes to the matrix."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.lists, self.card = TaskLists(desk), OrderCard(desk)
        self.panes = SplitPanes(desk, "tasks.whole", Qt.Orientation.Horizontal, (34, 66))
        self.panes.addWidget(self.lists)
        self.panes.addWidget(self.card)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3)
        page.addWidget(self.panes)
        self.lists.row_was_opened.connect(self._on_opened)
        self.card.receipt_was_opened.connect(self._on_opened)
        for pane in (self.lists, self.card):
            pane.action_was_asked.connect(self.action_was_asked)

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        finish(self.steps(links, now_s))

    @override
    def steps(self, links: Links, now_s: float) -> Steps:
        self.lists.refresh(is_stale=links.centre.reach in _GONE)
        yield
        yield from self.card.steps()

    @override
    def focus_front(self) -> None:
        self.lists.list.setFocus()

    @override
    def subject(self) -> Where:
        return Where.ORDER

    @override
    def step_back(self) -> bool:
        """Esc: marks are taken away first."""
        if not self._desk.order_focus.marked:
            return False
        self._desk.order_focus.mark(frozenset())
        return True

    def carried(self) -> object:
        """Return which list is in front (see shell.carried)."""
        return self.lists.carried()

    def take_carried(self, kept: object) -> None:
        """Bring the same list to the front."""
        self.lists.take_carried(kept)

    def open_order(self, number: int, place: int | None = None) -> None:
        """Show an order, and one of its receipts."""
        self._desk.order_focus.select(number, place)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        deed = _DEEDS.get(Qt.Key(event.key())) if not event.modifiers() else None
        if deed is None:
            super().keyPressEvent(event)
        else:
            self.action_was_asked.emit(deed)

    def _on_opened(self, key: str) -> None:
        if key.startswith("batch:"):
            return
        receipt = self._desk.order_focus.receipt
        is_own = receipt is not None and own_receipts.is_own(self._desk, receipt.recipient)
        if receipt is not None and is_own and own_receipts.not_signed(receipt):
            self.action_was_asked.emit("order.sign")
        else:
            self.card.matrix.setFocus()
