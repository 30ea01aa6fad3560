"""The supervision board as it stands now: what the centre told of it, judged again with what the mirror knows since."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice

from chengyun_console.desk import Desk
from chengyun_core.model import receipt_rules
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.order import Receipt, Supervision, key_of
from chengyun_core.model.scales import EventGrade
from chengyun_core.model.supervision_rules import Why, judged
from chengyun_core.wire.order_asks import AskBoard, Board, BoardLine

AGAIN_NS = 2 * NS_PER_S
AT_LEAST_NS = 30 * NS_PER_S
"""Silence is a matter of time: the board changes though nobody does anything."""
MOST_OF_MIRROR = 300
"""Late receipts of the mirror that are looked at, the latest first: as many as the centre looks at for one reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A line as it was judged, since when it is late, and of which version of its receipt and of the board."""

    line: BoardLine
    since_ns: int
    seen: tuple[int, int]


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
        self._judged: dict[str, _Judged] = {}
        self._sorted_for: tuple[int, ...] = ()
        self._lines: tuple[BoardLine, ...] = ()

    def look(self) -> None:
        """Ask when something may stand otherwise."""
        now_ns, through = self._desk.now_ns(), self._desk.session.facts.through
        waited = now_ns - self._asked_at
        if not 0 <= waited < AT_LEAST_NS or (through != self._through and waited >= AGAIN_NS):
            self._asked_at, self._through = now_ns, through
            self._desk.session.ask("supervision.board", AskBoard(), self._take, slot="tasks board")

    def forget(self) -> None:
        """Ask anew on the next frame: a label changed."""
        self.board, self._asked_at, self._through = None, 0, -1
        self._judged, self._lines, self._sorted_for = {}, (), ()

    def lines(self, now_ns: int) -> tuple[BoardLine, ...]:
        """Return the board at a profile time, heaviest first; before the first answer only what is late.

        Its `late_s` are as of when a line was judged; `aged` brings those that are shown to now.
        """
        facts = self._desk.session.facts
        # Asked for by the list, its count and the filters: sorted once a second and change.
        sorted_for = (now_ns // NS_PER_S, facts.through, len(facts.receipts), self.times)
        if sorted_for != self._sorted_for:
            self._sorted_for = sorted_for
            self._judge(now_ns)
            heaviest = sorted(self._judged.values(), key=lambda one: _weight(one, now_ns))
            self._lines = tuple(one.line for one in heaviest)
        return self._lines

    def shown(self, now_ns: int) -> tuple[BoardLine, ...]:
        """Return the lines of the chosen reason."""
        return tuple(line for line in self.lines(now_ns) if self.why is None or self.why in line.standing.why)

    def aged(self, line: BoardLine, now_ns: int) -> BoardLine:
        """Return a line with its lateness at a profile time."""
        judged_one = self._judged.get(key_of(line.standing.receipt))
        if judged_one is None:
            return line
        late_s = max(0.0, (now_ns - judged_one.since_ns) / NS_PER_S)
        return replace(line, standing=replace(line.standing, late_s=late_s))

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

    def _judge(self, now_ns: int) -> None:
        """Judge what is another one than before; most of the board only grows older, which its sorting knows."""
        board, facts = self.board, self._desk.session.facts
        told = {key_of(line.standing.receipt): line for line in board.lines} if board is not None else {}
        silent_ns = round(board.silent_s * NS_PER_S) if board is not None else 0
        late = {key_of(row): row for row in islice(self._desk.late.over(now_ns), MOST_OF_MIRROR)}
        fresh: dict[str, _Judged] = {}
        for key in (*told, *(key for key in late if key not in told)):
            before, receipt = self._judged.get(key), facts.receipts.get(key)
            version = receipt.version if receipt is not None else -1
            turned = before is not None and before.line.standing.why[0] is Why.SILENT and key in late
            if before is not None and before.seen == (version, self.times) and not turned:
                fresh[key] = before
                continue
            line = self._now(told[key], now_ns, silent_ns) if key in told else self._of_mirror(late[key], now_ns)
            if line is not None:
                since_ns = now_ns - round(line.standing.late_s * NS_PER_S)
                fresh[key] = _Judged(line=line, since_ns=since_ns, seen=(version, self.times))
        self._judged = fresh

    def _now(self, line: BoardLine, now_ns: int, silent_ns: int) -> BoardLine | None:
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


def _weight(one: _Judged, now_ns: int) -> tuple[int, int, int]:
    """Return what sorts the heaviest first, as `supervision_rules.ordered` does; of equals the older order."""
    standing = one.line.standing
    grade = standing.grade or EventGrade.GENERAL
    return -(now_ns - one.since_ns) * grade, standing.receipt.order, standing.receipt.place
