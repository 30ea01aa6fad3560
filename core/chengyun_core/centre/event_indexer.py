"""Keeps the search in events up to date in the loop's idle rounds: one short step a turn, the sorting by a worker."""

import logging
import time
from collections.abc import Iterator
from functools import partial

from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.workers import Result, Undertake
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.failure import Trouble
from chengyun_core.store import counters, event_grams, event_segments, event_table
from chengyun_core.store.event_segments import Build, Drop, Merge, Text

logger = logging.getLogger(__name__)

LANE = "index"
LOOK_EVERY_S = 5.0
"""How often it is asked whether there is something to index."""
STEP_EVERY_S = 0.03
"""Time between two steps: whoever gives commands has the database for the rest of it."""
AGAIN_AFTER_S = 30.0
"""After trouble of the database."""
AGAIN_AFTER_A_BUG_S = 600.0


class EventIndexer:
    """Tended by the loop in every turn. A step is one transaction, some ms long; a kill costs the block at hand."""

    texts_a_step = 256
    rows_a_step = 500
    grams_a_step = 50

    def __init__(self, ledger: Ledger, undertake: Undertake, *, every_s: float = STEP_EVERY_S) -> None:
        self._ledger = ledger
        self._undertake = undertake
        self._every_s = every_s
        self._due_at = 0.0
        self._steps: Iterator[bool] | None = None

    def tend(self) -> None:
        """Do the next step when it is due."""
        if time.monotonic() < self._due_at:
            return
        try:
            self._due_at = time.monotonic() + (self._every_s if self.step() else LOOK_EVERY_S)
        except Trouble as trouble:
            logger.warning("the index of events waits for the database: %s", trouble)
            self._steps = None
            self._due_at = time.monotonic() + AGAIN_AFTER_S
        except Exception:
            self._steps = None
            self._due_at = time.monotonic() + AGAIN_AFTER_A_BUG_S
            raise

    def next_in_s(self) -> float:
        """Return in how many seconds the next step is due."""
        return max(0.0, self._due_at - time.monotonic())

    def step(self) -> bool:
        """Do one step; return False when there is nothing to do."""
        if self._steps is None:
            self._steps = self._begun()
        if self._steps is not None and next(self._steps, None) is None:
            self._steps = None
            return True
        return self._steps is not None

    def _begun(self) -> Iterator[bool] | None:
        with self._ledger.reading() as connection:
            task = event_segments.next_task(connection, counters.last(connection, event_table.COUNTER))
        match task:
            case None:
                return None
            case Drop(segment):
                return self._drop(segment)
            case Merge(block, parts):
                return self._merge(block, parts)
            case Build(level, block):
                return self._build(level, block)

    def _drop(self, segment: int) -> Iterator[bool]:
        gone = False
        while not gone:
            with self._ledger.work(CENTRE) as work:
                gone = event_segments.drop_step(work.connection, segment, self.rows_a_step)
            yield True

    def _merge(self, block: int, parts: tuple[int, ...]) -> Iterator[bool]:
        segment = self._begin(2, block)
        after, ended = 0, False
        while not ended:
            with self._ledger.work(CENTRE) as work:
                after = event_segments.merge_step(work.connection, segment, parts, after, self.grams_a_step)
            ended = after == 0
            yield True
        with self._ledger.work(CENTRE) as work:
            event_segments.seal(work.connection, segment, 2, block)

    def _build(self, level: int, block: int) -> Iterator[bool]:
        segment = self._begin(level, block)
        texts: list[Text] = []
        first, end = event_segments.bounds(level, block)
        for start in range(first, end, self.texts_a_step):
            with self._ledger.reading() as connection:
                texts += event_segments.texts(connection, start, min(end, start + self.texts_a_step))
            yield True
        results: list[Result] = []
        job = partial(event_grams.built, [(number, text) for number, _, text in texts])
        while not self._undertake(job, results.append):
            yield True
        while not results:
            yield True
        rows = _rows(results[0])
        for at in range(0, len(rows), self.rows_a_step):
            with self._ledger.work(CENTRE) as work:
                event_segments.write(work.connection, segment, rows[at : at + self.rows_a_step])
            yield True
        with self._ledger.work(CENTRE) as work:
            versions = {number: version for number, version, _ in texts}
            event_segments.seal(work.connection, segment, level, block, versions)

    def _begin(self, level: int, block: int) -> int:
        with self._ledger.work(CENTRE) as work:
            return event_segments.begin(work.connection, level, block)


def _rows(result: Result) -> list[tuple[int, bytes]]:
    if result.fault is not None:
        raise result.fault
    assert isinstance(result.value, list)
    return result.value
