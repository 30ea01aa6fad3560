"""Pages of what has ended, asked of the centre in the background: orders given, and receipts of the own units."""

from collections.abc import Callable

from chengyun_console.desk import Desk
from chengyun_core.model.order import Order, Receipt, key_of
from chengyun_core.model.receipt_rules import is_living
from chengyun_core.wire.order_asks import AskOrders, AskReceipts, Orders, Receipts, ReceiptView

PAGE = 100


class EndedOrders:
    """Orders that have ended, newest first; the next page is asked for when the end of the list is reached."""

    def __init__(self, desk: Desk, told: Callable[[], None]) -> None:
        """`told` is called when a page came."""
        self._desk, self._told = desk, told
        self.orders: dict[int, Order] = {}
        self.has_more, self._is_asked = True, False

    def ask(self) -> None:
        """Ask for the next page, unless one is under way or nothing is left."""
        if self._is_asked or not self.has_more:
            return
        self._is_asked = True
        ask = AskOrders(before=min(self.orders, default=None), limit=PAGE, living=False)
        self._desk.session.ask("order.page", ask, self._take, slot="tasks ended orders")

    def _take(self, answer: object) -> None:
        self._is_asked = False
        if isinstance(answer, Orders):
            self.orders |= {order.number: order for order in answer.orders}
            self.has_more = answer.more
        else:
            # Refused or not reached: asked again when somebody scrolls to the end once more.
            self.has_more = True
        self._told()


class EndedReceipts:
    """Receipts of one recipient that have ended, newest first."""

    def __init__(self, desk: Desk, recipient: str, told: Callable[[], None]) -> None:
        self._desk, self._recipient, self._told = desk, recipient, told
        self.receipts: dict[str, Receipt] = {}
        self._after: tuple[int, int, int] | None = None
        self.has_more, self._is_asked = True, False

    def ask(self) -> None:
        """Ask for the next page, unless one is under way or nothing is left."""
        if self._is_asked or not self.has_more:
            return
        self._is_asked = True
        ask = AskReceipts(view=ReceiptView.RECEIVED, recipient=self._recipient, after=self._after, limit=PAGE)
        self._desk.session.ask("receipt.page", ask, self._take, slot=f"tasks received {self._recipient}")

    def _take(self, answer: object) -> None:
        self._is_asked = False
        if isinstance(answer, Receipts):
            self.receipts |= {key_of(row): row for row in answer.receipts if not is_living(row)}
            self._after, self.has_more = answer.next, answer.next is not None
        self._told()
