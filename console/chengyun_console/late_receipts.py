"""Which receipts are late, or soon will be: looked for once a second and change, for all who show it."""

from collections import Counter

from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.deadline_rules import due_at
from chengyun_core.model.order import Receipt

NEAR_S = 300
"""Deadlines within five minutes are near."""


class LateReceipts:
    """Held by the desk: strip, rail and lists ask the same thing many times a second, of thousands of receipts."""

    def __init__(self, facts: FactMirror) -> None:
        self._facts = facts
        self._looked: tuple[int, int, int] = (-1, -1, -1)
        self._near: list[tuple[int, Receipt]] = []

    def near(self, now_ns: int) -> list[Receipt]:
        """Return the living receipts whose deadline is over or near, the latest first."""
        return [row for _at, row in self._known(now_ns)]

    def over(self, now_ns: int) -> list[Receipt]:
        """Return those whose deadline is over, the latest first."""
        return [row for at, row in self._known(now_ns) if at < now_ns]

    def by_order(self, now_ns: int) -> Counter[int]:
        """Return how many receipts of each order are late, by the order's number."""
        return Counter(row.order for row in self.over(now_ns))

    def _known(self, now_ns: int) -> list[tuple[int, Receipt]]:
        looked = (self._facts.through, now_ns // NS_PER_S, len(self._facts.receipts))
        if looked != self._looked:
            self._looked, until = looked, now_ns + NEAR_S * NS_PER_S
            # Most are far from any deadline: the ladder of those is not gone through.
            soon = (row for row in self._facts.receipts.values() if row.due and min(row.due.values()) < until)
            found = [(at, row) for row in soon if (at := due_at(row)) is not None and at < until]
            self._near = sorted(found, key=lambda each: (each[0], each[1].order, each[1].place))
        return self._near
