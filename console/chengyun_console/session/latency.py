"""How long a sample takes from its arrival at ingest to this console's model."""

from collections import deque

import numpy as np

from chengyun_core.model.clock import ProfileClock

KEPT = 600
"""Half a minute of ticks."""


class LatencyMeter:
    """Keeps the last latencies; both machines' UTC clocks are compared, so across machines their skew is inside."""

    def __init__(self) -> None:
        self._machine = ProfileClock()
        self._kept: deque[float] = deque(maxlen=KEPT)

    def took(self, newest_ns: int) -> None:
        """Take note of rows applied now whose newest sample reached ingest at this machine time (0: unknown)."""
        if newest_ns:
            self._kept.append((self._machine.utc_ns() - newest_ns) / 1e6)

    def p99_ms(self) -> float | None:
        """Return the 99th percentile of the last half minute, ms; None before the first frame."""
        return float(np.percentile(np.fromiter(self._kept, float), 99)) if self._kept else None
