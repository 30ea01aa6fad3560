"""One job of a worker at a time, for a keeper the loop tends: begun, its result taken in the loop, rested after."""

import logging
import time
from collections.abc import Callable

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.workers import Job, Result, Undertake
from chengyun_core.model.failure import Refused

logger = logging.getLogger(__name__)


class OneJob:
    """Belongs to one keeper."""

    def __init__(self, desk: Desk, undertake: Undertake, *, what: str, bugs: str, again_after_s: float) -> None:
        """`what` stands in the log, `bugs` is counted; a failure of ours or a full lane rests for `again_after_s`."""
        self._desk = desk
        self._undertake = undertake
        self._what, self._bugs, self._again_after_s = what, bugs, again_after_s
        self._is_running = False
        self._not_before = 0.0

    @property
    def is_free(self) -> bool:
        """Whether another may begin now."""
        return not self._is_running and time.monotonic() >= self._not_before

    def rest(self, seconds: float) -> None:
        """Begin none for a while."""
        self._not_before = time.monotonic() + seconds

    def begin(self, job: Job, then: Callable[[object], None]) -> bool:
        """Have a worker do the job and the loop do `then` with what came of it; return False when the lane is full.

        What `then` refuses is due again in the next turn: something changed while the worker worked.
        """

        def came(result: Result) -> None:
            self._is_running = False
            try:
                if result.fault is not None:
                    raise result.fault
                then(result.value)
            except Refused as no:
                logger.info("%s: taken up again: %s", self._what, no)
            except Exception:
                # A bug of ours in one job must not end the centre, nor be tried a thousand times a second.
                logger.exception("%s: could not be written", self._what)
                self._desk.count(self._bugs)
                self.rest(self._again_after_s)

        self._is_running = self._undertake(job, came)
        if not self._is_running:
            self.rest(self._again_after_s)
        return self._is_running
