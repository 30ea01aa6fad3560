"""WF2 at the real windows by keys alone, from the red reading to a closed event, as far as its pages are built.

Each step tells its keys and what the machine took after the last of them; what was done is read from the journal.
`V` (step 4, the four nearest cameras) waits for video (issue 7): it is named in the table, neither enacted nor claimed.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from chengyun_core.model.change import Change
from tests.flows.ten_minutes import Stranger
from tests.support import golden_city as golden

BUDGET_S = {
    "alarm appears": 1, "2 Ctrl+J": 3, "3 1": 6, "5 E": 16, "6 Enter": 24, "7 P": 32, "7 Enter": 32,
    "8 Ctrl+Enter": 60,
}  # fmt: skip
"""Step → seconds from the threshold within which WORKFLOWS wants it done by a person at the keys."""
WAITS = {"4 V": "issue 7 (video)"}
"""Steps that are not enacted, and what they wait for."""


@dataclass(slots=True, kw_only=True)
class Step:
    """What one step took."""

    name: str
    keys: int
    machine_s: float
    since_s: float
    """Seconds since the reading crossed its limit."""


@dataclass(slots=True, kw_only=True)
class Account:
    """The steps in their order; prints itself as the flow's table."""

    steps: list[Step] = field(default_factory=list)

    def tell(self) -> None:
        """Print the table; `pytest -s` shows it."""
        lines = [f"{'step':<16} {'keys':>4} {'machine':>8} {'since t0':>9} {'budget':>7}"]
        for step in self.steps:
            budget = f"{BUDGET_S[step.name]:>6}s" if step.name in BUDGET_S else ""
            lines.append(f"{step.name:<16} {step.keys:>4} {step.machine_s:>7.2f}s {step.since_s:>8.2f}s {budget}")
        lines.append(f"{'machine alone':<16} {sum(step.machine_s for step in self.steps):>13.2f}s")
        lines += [f"{name:<16} not enacted: waits for {what}" for name, what in WAITS.items()]
        sys.stdout.write("\n" + "\n".join(lines) + "\n")


class GoldenPath:
    """Somebody on duty when the main bursts."""

    def __init__(self, one: Stranger) -> None:
        self.one, self.account = one, Account()
        self._burst = 0.0

    def rows(self, action: str) -> list[Change]:
        """Return the journal's rows of an action."""
        with self.one.city.door() as door:
            return [change for change in door.changes() if change.action == action]

    def is_seated(self) -> None:
        """Wait until the administrator's file has signed the officer on: WF2 begins at a seat that is taken."""
        self.one.eyes.wait_for("the seat is taken", self.has("session.sign_on"))
        self.one.eyes.wait_for_words(golden.NAME)

    def burst(self) -> None:
        """Let the pressure fall through its red limit: t0."""
        self._burst = time.monotonic()
        self.one.city.publish({golden.PRESSURE: golden.BURST})
        self._did("alarm appears", 0, self._burst, lambda: self._sees("低于红色限"))

    def press(self, name: str, *keys: str, until: Callable[[], bool]) -> None:
        """Press a step's keys, and wait for what it must bring."""
        self.one.hands.key(*keys)
        self._did(name, len(keys), time.monotonic(), until)

    def has(self, action: str, count: int = 1) -> Callable[[], bool]:
        """Return what says whether the journal has so many rows of an action."""
        return lambda: len(self.rows(action)) >= count

    def shows(self, *words: str) -> Callable[[], bool]:
        """Return what says whether all these words are on the screen."""
        return lambda: all(self._sees(word) for word in words)

    def focuses(self, kind: str, *words: str) -> Callable[[], bool]:
        """Return what says whether a kind of widget has the keyboard, and these words are on the screen."""
        return lambda: self.one.eyes.focus() == kind and self.shows(*words)()

    def _sees(self, word: str) -> bool:
        return word in self.one.eyes.said()

    def _did(self, name: str, keys: int, since: float, until: Callable[[], bool]) -> None:
        try:
            self.one.eyes.wait_for(name, until)
        except AssertionError as never:
            with self.one.city.door() as door:
                written = [change.action for change in door.changes()]
            raise AssertionError(f"keys so far {self.one.hands.log}; the journal: {written}; {never}") from never
        now = time.monotonic()
        self.account.steps.append(Step(name=name, keys=keys, machine_s=now - since, since_s=now - self._burst))
