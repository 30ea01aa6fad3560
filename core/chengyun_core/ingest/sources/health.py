"""What a source says of itself: state, samples, lag, and every drop by its cause. Written by its thread."""

import logging
import threading
from dataclasses import dataclass, field

from chengyun_core.ingest.sources import causes
from chengyun_core.wire.envelope import SourceHealth

logger = logging.getLogger(__name__)

LOGGED_PER_CAUSE = 20
"""A hostile source must not fill the log: of each cause only the first few are written out, all are counted."""


@dataclass(slots=True, kw_only=True)
class Health:
    """Health of one source. All methods may be called from any thread."""

    name: str
    kind: str
    state: str = "connecting"
    reason: str = ""
    samples: int = 0
    newest_ns: int = 0
    drops: dict[str, int] = field(default_factory=dict)
    _rate: float = 0.0
    _rated: tuple[int, int] = (0, 0)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def became(self, state: str, reason: str = "") -> None:
        """Note a new state (`connecting`, `running`, `done`, `failed`) and the reason code or words for it."""
        with self._lock:
            if (state, reason) != (self.state, self.reason):
                logger.info("source %s: %s %s", self.name, state, reason)
            self.state, self.reason = state, reason

    def received(self, samples: int, newest_ns: int) -> None:
        """Count samples that were handed on."""
        with self._lock:
            self.samples += samples
            self.newest_ns = max(self.newest_ns, newest_ns)

    def dropped(self, cause: str, count: int = 1, detail: str = "") -> None:
        """Count what was not handed on; `detail` says what and where, and is logged the first few times."""
        if cause not in causes.MEANING:
            raise ValueError(f"{cause} is not a cause of sources/causes.py")
        with self._lock:
            before = self.drops.get(cause, 0)
            self.drops[cause] = before + count
        if detail and before < LOGGED_PER_CAUSE:
            logger.warning("source %s dropped %s (%s): %s", self.name, count, cause, printable(detail))

    def told(self, *, now_ns: int, monotonic_ns: int) -> SourceHealth:
        """Return the record for the status answer; the rate is over the time since the last call (at least 1 s)."""
        with self._lock:
            then_ns, then = self._rated
            if monotonic_ns - then_ns >= 1_000_000_000:
                self._rate = (self.samples - then) * 1e9 / (monotonic_ns - then_ns) if then_ns else 0.0
                self._rated = (monotonic_ns, self.samples)
            lag_s = (now_ns - self.newest_ns) / 1e9 if self.newest_ns else 0.0
            return SourceHealth(
                name=self.name, kind=self.kind, state=self.state, samples=self.samples, rate=round(self._rate, 3),
                lag_s=round(lag_s, 3), drops=dict(self.drops), reason=self.reason,
            )  # fmt: skip


def printable(text: str, limit: int = 200) -> str:
    """Return text of a stranger fit for a log: cut, control and direction characters escaped (RS10)."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text[:limit])
