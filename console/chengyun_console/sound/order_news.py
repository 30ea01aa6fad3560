"""Which change of a receipt is news for this seat: an order that came to be signed, a supervision, a louder call."""

from chengyun_console import own_receipts
from chengyun_console.desk import Desk
from chengyun_core.model.order import Receipt, ReceiptState, Step, key_of

_MOST = 5000


class OrderNews:
    """Asked for every receipt the centre tells; tells each piece of news once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[str, tuple[bool, str, int]] = {}

    def is_news(self, receipt: Receipt) -> bool:
        """Return whether somebody here should look up: it is for this seat, and came, or is called for louder."""
        before = self._known.get(key_of(receipt), (False, "", 0))
        came = receipt.state is ReceiptState.OPEN and not {Step.READ, Step.SIGNED} & receipt.climbed.keys()
        now = (before[0] or came, receipt.supervision, receipt.escalated)
        if len(self._known) > _MOST:
            self._known.clear()
        self._known[key_of(receipt)] = now
        if not own_receipts.is_own(self._desk, receipt.recipient):
            return False
        louder = receipt.supervision != before[1] and receipt.supervision != ""
        return (now[0] and not before[0]) or louder or receipt.escalated > before[2]
