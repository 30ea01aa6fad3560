"""What was sent and is not known to have been read: receipts of the mirror, and the queues to other centres (T6)."""

from chengyun_console.desk import Desk
from chengyun_console.outbox_counts import STANDINGS, standing_of, unread_of
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.order import Receipt
from chengyun_core.wire.order_asks import AskOutbox, CentreQueue, Outbox

AGAIN_NS = 5 * NS_PER_S


class OutboxKeeper:
    """Held by the lists of F4; `look` is called while the outbox is in front."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.queues: tuple[CentreQueue, ...] = ()
        self.times = 0
        """How often an answer came."""
        self._asked_at = 0
        self._known: tuple[int, int] = (-1, -1)
        self._unread: list[Receipt] = []

    def look(self) -> None:
        """Ask how long the queues are, every few seconds: what leaves them changes no record here."""
        now_ns = self._desk.now_ns()
        if not 0 <= now_ns - self._asked_at < AGAIN_NS:
            self._asked_at = now_ns
            self._desk.session.ask("order.outbox", AskOutbox(), self._take, slot="tasks outbox")

    def unread(self) -> list[Receipt]:
        """Return the open receipts nobody has read: what has not left first, then by age, the oldest first."""
        facts = self._desk.session.facts
        known = (facts.through, len(facts.receipts))
        if known != self._known:
            self._known = known
            self._unread = sorted(unread_of(facts), key=_rank)
        return self._unread

    def _take(self, answer: object) -> None:
        if isinstance(answer, Outbox):
            self.queues = answer.queues
            self.times += 1


def _rank(receipt: Receipt) -> tuple[int, int, int]:
    return STANDINGS.index(standing_of(receipt)), receipt.order, receipt.place
