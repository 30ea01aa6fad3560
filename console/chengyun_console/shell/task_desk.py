"""What the keys of orders and receipts do in the window, beside the deeds that are only asked about and sent."""

from collections.abc import Callable

from chengyun_console.desk import Desk
from chengyun_console.pages.orders.page import OrdersPage
from chengyun_console.shell.page_stack import PageStack

TASKS = "F4"


class TaskDesk:
    """Made once by the window."""

    def __init__(self, desk: Desk, stack: PageStack) -> None:
        self._desk, self._stack = desk, stack
        self._page = stack.of(OrdersPage)

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the window does for the actions of this room, by their ids."""
        return {
            "order.mark_unit": self._mark_unit,
            "tasks.next_list": lambda: self._page.lists.turn(1),
            "tasks.previous_list": lambda: self._page.lists.turn(-1),
        }

    def open_receipt(self, order: int, place: int | None = None) -> None:
        """Go to an order, and to one of its receipts."""
        self._desk.order_focus.select(order, place)
        self._stack.bring_forward(TASKS)

    def _mark_unit(self) -> None:
        receipt = self._desk.order_focus.receipt
        if receipt is not None:
            self._desk.order_focus.mark_unit_of(receipt)
