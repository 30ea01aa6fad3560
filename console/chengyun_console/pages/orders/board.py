"""The supervision board as the centre told it last; asked anew when a receipt changed, at most every other second."""

from chengyun_console.desk import Desk
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.wire.order_asks import AskBoard, Board

AGAIN_NS = 2 * NS_PER_S
AT_LEAST_NS = 30 * NS_PER_S
"""Silence is a matter of time: the board changes though nobody does anything."""


class BoardKeeper:
    """Held by the page of tasks; `look` is called on its frames."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.board: Board | None = None
        self.times = 0
        """How often an answer came."""
        self._asked_at, self._through = 0, -1

    def look(self) -> None:
        """Ask when something may stand otherwise."""
        now_ns, through = self._desk.now_ns(), self._desk.session.facts.through
        waited = now_ns - self._asked_at
        if not 0 <= waited < AT_LEAST_NS or (through != self._through and waited >= AGAIN_NS):
            self._asked_at, self._through = now_ns, through
            self._desk.session.ask("supervision.board", AskBoard(), self._take, slot="tasks board")

    def passed_s(self) -> float:
        """Return how long ago the board was told, seconds."""
        return max(0.0, (self._desk.now_ns() - self.board.at_ns) / NS_PER_S) if self.board is not None else 0.0

    def _take(self, answer: object) -> None:
        if isinstance(answer, Board):
            self.board = answer
            self.times += 1
