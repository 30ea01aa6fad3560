"""The supervision board as it stands now: what the centre told of it, judged again with what the mirror knows since."""

from collections import Counter
from dataclasses import replace

from chengyun_console.desk import Desk
from chengyun_core.model import receipt_rules
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.order import Receipt, Supervision, key_of
from chengyun_core.model.supervision_rules import Why, judged, ordered
from chengyun_core.wire.order_asks import AskBoard, Board, BoardLine

AGAIN_NS = 2 * NS_PER_S
AT_LEAST_NS = 30 * NS_PER_S
"""Silence is a matter of time: the board changes though nobody does anything."""


class BoardKeeper:
    """Held by the page of tasks; `look` is called on its frames.

    The centre is asked at most every other second; a receipt that was signed, given more time or made late meanwhile
    leaves or joins the board at once, by the same rule (`supervision_rules.judged`).
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.board: Board | None = None
        self.why: Why | None = None
        """Only what stands on the board for this reason is shown; None: everything."""
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

    def lines(self, now_ns: int) -> tuple[BoardLine, ...]:
        """Return the board at a profile time, heaviest first; before the first answer only what is late."""
        board = self.board
        told = {key_of(line.standing.receipt): line for line in board.lines} if board is not None else {}
        late = (row for row in self._desk.late.over(now_ns) if key_of(row) not in told)
        silent_ns = round(board.silent_s * NS_PER_S) if board is not None else 0
        found = [self._judged(line, now_ns, silent_ns) for line in told.values()]
        found += [self._of_mirror(row, now_ns) for row in late]
        lines = {key_of(line.standing.receipt): line for line in found if line is not None}
        return tuple(lines[key_of(one.receipt)] for one in ordered([line.standing for line in lines.values()]))

    def shown(self, now_ns: int) -> tuple[BoardLine, ...]:
        """Return the lines of the chosen reason."""
        return tuple(line for line in self.lines(now_ns) if self.why is None or self.why in line.standing.why)

    def sheets(self, unit: str) -> tuple[Supervision, ...]:
        """Return the numbered sheets a unit stands on, the newest first."""
        told = self.board.sheets if self.board is not None else ()
        return tuple(sorted((sheet for sheet in told if sheet.unit == unit), key=lambda sheet: -sheet.number))

    def choose(self, why: Why | None) -> None:
        """Show only what stands on the board for this reason; None: everything."""
        self.why = why

    def choose_next(self, counts: Counter[Why]) -> None:
        """Go on to the next reason for which something stands on the board, and after the last one to everything."""
        with_some = [None, *(why for why in Why if counts[why])]
        at = with_some.index(self.why) + 1 if self.why in with_some else 0
        self.why = with_some[at % len(with_some)]

    def _judged(self, line: BoardLine, now_ns: int, silent_ns: int) -> BoardLine | None:
        """Return a line as it stands now, None when it stands on the board no more."""
        told = line.standing
        living = self._desk.session.facts.receipts.get(key_of(told.receipt))
        receipt = living if living is not None and living.version >= told.receipt.version else told.receipt
        if living is None and self._has_ended(told.receipt):
            return None
        event = self._desk.session.facts.events.get(receipt.event or 0)
        grade = event.grade if event is not None else told.grade
        now = judged(receipt, grade, now_ns, silent_ns)
        return replace(line, standing=now) if now is not None else None

    def _of_mirror(self, receipt: Receipt, now_ns: int) -> BoardLine | None:
        """Return the line of a receipt the centre did not tell of yet."""
        facts = self._desk.session.facts
        order, event = facts.orders.get(receipt.order), facts.events.get(receipt.event or 0)
        standing = judged(receipt, event.grade if event is not None else None, now_ns, 0)
        if standing is None:
            return None
        return BoardLine(
            standing=standing, order_code=order.code if order is not None else "",
            title=order.title if order is not None else receipt.task, centre=order.centre if order is not None else "",
            event_code=event.code if event is not None else "",
        )  # fmt: skip

    def _has_ended(self, told: Receipt) -> bool:
        """Return whether a receipt the mirror has no more ended after it was told: the mirror keeps what lives."""
        return self._desk.session.facts.complete and receipt_rules.is_living(told)

    def _take(self, answer: object) -> None:
        if isinstance(answer, Board):
            self.board = answer
            self.times += 1


def counts_of(lines: tuple[BoardLine, ...]) -> Counter[Why]:
    """Return how many lines stand on the board for each reason; one may stand there for two."""
    return Counter(why for line in lines for why in line.standing.why)
