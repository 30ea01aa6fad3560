"""Tells how much waits for other centres and since when, and that it is too much or too old, before facts expire."""

import logging
import time

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Trouble
from chengyun_core.store import outbox

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 10.0
"""A hundred thousand rows are counted in the index in some milliseconds; between two looks nothing is asked."""
OK, LONG, OLD = "ok", "outbox.long", "outbox.old"
"""What the light says: nothing; more than `outbox_most_rows` wait for one centre; the oldest is older than
`outbox_most_hours`."""


class OutboxWatch:
    """Tended by the loop in every turn; a centre that is linked with no other looks at nothing."""

    def __init__(self, desk: Desk, ledger: Ledger) -> None:
        self._desk, self._ledger = desk, ledger
        self._look_at = 0.0
        self._held: list[outbox.Waiting] = []

    def tend(self) -> None:
        """Look when it is time."""
        if not self.is_linked or time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_EVERY_S
        try:
            self.look()
        except Trouble as trouble:
            logger.warning("what waits for other centres could not be counted: %s", trouble)

    def look(self) -> None:
        """Count what waits now. Raises Trouble."""
        with self._ledger.reading() as connection:
            self._held = outbox.standing(connection)

    @property
    def is_linked(self) -> bool:
        """Return whether this centre has another one to send to."""
        return bool(self._desk.settings.linked_centres or self._desk.settings.upper_centre)

    @property
    def lights(self) -> dict[str, str]:
        """Return the light, where there is another centre."""
        return {"outbox": self._light()} if self.is_linked else {}

    @property
    def counts(self) -> dict[str, int]:
        """Return the rows that wait, and the seconds the oldest of them has waited."""
        if not self.is_linked:
            return {}
        oldest = min((one.oldest_ns for one in self._held), default=None)
        waited = 0 if oldest is None else max(0, self._desk.clock.utc_ns() - oldest) // NS_PER_S
        return {"outbox.rows": sum(one.rows for one in self._held), "outbox.oldest_s": waited}

    def _light(self) -> str:
        settings, now = self._desk.settings, self._desk.clock.utc_ns()
        if any(now - one.oldest_ns > settings.outbox_most_hours * 3600 * NS_PER_S for one in self._held):
            return OLD
        return LONG if any(one.rows > settings.outbox_most_rows for one in self._held) else OK
