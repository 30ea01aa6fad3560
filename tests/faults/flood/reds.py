"""The alarms amid the flood: vitals turn red and return by turns; each red has a value of its own and is waited for."""

import threading
import time
from collections import Counter
from types import TracebackType
from typing import Self

import numpy as np

from chengyun_console.session.mailbox import Post
from chengyun_core.ingest.batch import Batch
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.scales import WarningColour
from tests.soak.daemons import Gateway

NORMAL, RED = 10.0, 120.0
UNIQUE = 1e-6
TRY_AGAIN_S = 0.01
"""A gateway whose alarm was refused (queue full) offers it again this soon: that is what the 503 asks for."""


class Reds:
    """Turns `count` vitals from `first` on red and back, at so many reds a second, while the context lasts."""

    def __init__(self, port: int, first: int, count: int, per_s: float) -> None:
        self.sent: dict[float, int] = {}
        """Value of each red → source time, ns UTC: when it was offered first."""
        self.seen: dict[float, int] = {}
        """Value → when the console's model had it, ns UTC."""
        self.overridden: list[float] = []
        """Reds that stood on the console under an override: nothing may hide a red."""
        self.pushes: Counter[str] = Counter()
        self.accepted = 0
        """Samples taken, to be found in ingest's own count."""
        self.refused: Counter[str] = Counter()
        """Samples refused by cause, the same."""
        self._gateway, self._clock = Gateway(port), ProfileClock()
        self._vitals, self._every_s = [first + at for at in range(count)], 1.0 / per_s
        self._standing: set[int] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reds")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        self.end()
        self._gateway.close()

    def end(self) -> None:
        """Stop turning; what was begun is pushed to its end. Harmless twice."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def took(self, post: Post) -> None:
        """Take note of the reds in a post that is in the console's mirrors now."""
        if post.facts is None:
            return
        now_ns = self._clock.utc_ns()
        for fact in post.facts.facts:
            if isinstance(fact.record, Alarm) and fact.record.band is WarningColour.RED:
                self.seen.setdefault(fact.record.value, now_ns)
                if fact.record.overrides:
                    self.overridden.append(fact.record.value)

    def unseen(self) -> set[float]:
        """Return the reds the console has not had yet."""
        return self.sent.keys() - self.seen.keys()

    def _run(self) -> None:
        began, turn = time.perf_counter(), 0
        while not self._ended.wait(max(0.0, began + turn * self._every_s - time.perf_counter())):
            vital = self._vitals[turn % len(self._vitals)]
            # The half round away returns: each vital is red for half a round, one move at a time.
            other = self._vitals[(turn + len(self._vitals) // 2) % len(self._vitals)]
            self._turn(vital, other, turn)
            turn += 1

    def _turn(self, vital: int, other: int, turn: int) -> None:
        now_ns, value = self._clock.utc_ns(), RED + turn * UNIQUE
        self.sent[value] = now_ns
        returns = [other] if other in self._standing else []
        vitals = np.array([vital, *returns], np.uint32)
        values = np.array([value, *(NORMAL + turn * UNIQUE for _ in returns)])
        batch = Batch.of(vitals, np.full(len(vitals), now_ns, np.int64), values)
        while not self._push(batch):
            time.sleep(TRY_AGAIN_S)
        self._standing.add(vital)
        self._standing.difference_update(returns)

    def _push(self, batch: Batch) -> bool:
        answer = self._gateway.push(batch)
        self.pushes["unanswered" if answer is None else "refused" if answer["refused"] else "taken"] += 1
        if answer is None:
            return False
        self.accepted += int(answer["accepted"])
        self.refused.update(answer["refused"])
        return int(answer["accepted"]) == len(batch)
