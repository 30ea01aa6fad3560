"""How long a sample takes from its arrival at ingest to this console's model."""

from collections import deque

import numpy as np

from chengyun_core.mirror.news import StateRows
from chengyun_core.model.clock import ProfileClock

KEPT = 6000
"""Half a minute of hand-overs at their most frequent, minutes of a quiet day."""


class LatencyMeter:
    """Keeps the last latencies; both machines' UTC clocks are compared, so across machines their skew is inside."""

    def __init__(self) -> None:
        self._machine = ProfileClock()
        self._kept: deque[float] = deque(maxlen=KEPT)

    def took(self, rows: StateRows) -> None:
        """Take note of rows a page can read from now on: of the frame among them that waited longest."""
        arrived_ns = rows.oldest_ns or rows.newest_ns
        if arrived_ns:
            self._kept.append((self._machine.utc_ns() - arrived_ns) / 1e6)

    def p99_ms(self) -> float | None:
        """Return the 99th percentile of the last half minute, ms; None before the first frame."""
        return float(np.percentile(np.fromiter(self._kept, float), 99)) if self._kept else None
