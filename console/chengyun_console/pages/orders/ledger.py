"""The ledger of what recipients asked for in the last 30 days; asked for anew when requests change."""

from chengyun_console.desk import Desk
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.wire.order_asks import AskLedger, Ledger

PERIOD_DAYS = 30
AT_LEAST_NS = 60 * NS_PER_S
_DAY_NS = 86_400 * NS_PER_S


class LedgerKeeper:
    """Held by the lists of F4; `look` is called while the list of requests is in front."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.ledger: Ledger | None = None
        self.times = 0
        """How often an answer came."""
        self._asked_at = 0
        self._known: frozenset[tuple[int, int]] = frozenset()

    def look(self) -> None:
        """Ask when a request came, was decided or taken back, and once a minute."""
        now_ns, waiting = self._desk.now_ns(), self._desk.session.facts.requests.values()
        known = frozenset((row.number, row.version) for row in waiting)
        if known == self._known and 0 <= now_ns - self._asked_at < AT_LEAST_NS:
            return
        self._known, self._asked_at = known, now_ns
        ask = AskLedger(from_ns=max(0, now_ns - PERIOD_DAYS * _DAY_NS), to_ns=now_ns + _DAY_NS)
        self._desk.session.ask("side_request.ledger", ask, self._take, slot="tasks ledger")

    def forget(self) -> None:
        """Ask anew when it is looked at: a label changed."""
        self.ledger, self._asked_at, self._known = None, 0, frozenset()

    def _take(self, answer: object) -> None:
        if isinstance(answer, Ledger):
            self.ledger = answer
            self.times += 1
