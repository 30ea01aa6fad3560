"""Orders that are written and wait to be sent together, all or none (T7); kept in the seat's folder (E10)."""

import base64
import binascii
import logging

from chengyun_console.drafts import Drafts
from chengyun_core.model.order_commands import OrderDraft, SendOrders
from chengyun_core.wire.codec import BadMessage, pack, unpack

logger = logging.getLogger(__name__)

NAME = "order.batch"
MOST = 200
"""As many as the centre takes at once."""


class OrderBatch:
    """What an officer collects at his seat: nobody else sees it, nothing has a number and no clock runs."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts
        self.orders: tuple[OrderDraft, ...] = ()
        self.version = 0
        """Goes up with every change."""

    def take_seat(self) -> None:
        """Take over what this seat kept; what cannot be read is told to the log, and nothing is in the batch."""
        kept = self._drafts.read(NAME).get("orders", "")
        try:
            self.orders = unpack(base64.b64decode(kept, validate=True), SendOrders).drafts if kept else ()
        except (BadMessage, binascii.Error) as fault:
            logger.warning("the batch of orders of this seat cannot be used: %s", fault)
            self.orders = ()
        self.version += 1

    def add(self, draft: OrderDraft) -> bool:
        """Put an order to the others; return False when the batch is full."""
        if len(self.orders) >= MOST:
            return False
        self._keep((*self.orders, draft))
        return True

    def take(self, place: int) -> OrderDraft | None:
        """Take an order out again, None when there is none at this place."""
        if not 0 <= place < len(self.orders):
            return None
        taken = self.orders[place]
        self._keep(tuple(draft for at, draft in enumerate(self.orders) if at != place))
        return taken

    def drop_event(self, number: int) -> None:
        """Drop what is written for an event that is not known here any more (its label)."""
        kept = tuple(draft for draft in self.orders if draft.event != number)
        if len(kept) < len(self.orders):
            self._keep(kept)

    def clear(self) -> None:
        """Forget all of them: they were sent, or are not wanted."""
        self._keep(())

    def _keep(self, orders: tuple[OrderDraft, ...]) -> None:
        self.orders = orders
        self.version += 1
        told = base64.b64encode(pack(SendOrders(drafts=orders))).decode() if orders else ""
        self._drafts.write(NAME, {"orders": told} if told else {})
