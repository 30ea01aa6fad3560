"""What a source says of itself: state, samples, lag, drops by cause, the worst senders. Written by its thread."""

import heapq
import logging
import threading
from dataclasses import dataclass, field

from chengyun_core.ingest.sources import causes
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.wire.envelope import SourceHealth

logger = logging.getLogger(__name__)

LOGGED_PER_CAUSE = 20
"""A hostile source must not fill the log: of each cause only the first few are written out, all are counted."""
OFFENDERS_TOLD, OFFENDERS_KEPT = 5, 512
"""Senders named in the status answer, and counted at all: beyond it the half with the smallest counts is forgotten."""
LIMITED_TOLD_NS = 10 * NS_PER_S
"""How long a running source says that it limits somebody, after it last did."""


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
    last_fault: str = ""
    _offenders: dict[str, int] = field(default_factory=dict)
    _limited: tuple[str, int] = ("", 0)
    _rate: float = 0.0
    _rated: tuple[int, int] = (0, 0)
    _since_ns: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def became(self, state: str, reason: str = "", fault: str = "") -> None:
        """Note a new state (`connecting`, `running`, `done`, `failed`), its reason code and the fault in words."""
        with self._lock:
            if (state, reason) != (self.state, self.reason):
                logger.info("source %s: %s %s %s", self.name, state, reason, printable(fault))
                self._since_ns = 0 if state != self.state else self._since_ns
            self.state, self.reason = state, reason
            self.last_fault = printable(fault) or self.last_fault

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
            if detail:
                self.last_fault = printable(f"{cause}: {detail}")
        if detail and before < LOGGED_PER_CAUSE:
            logger.warning("source %s dropped %s (%s): %s", self.name, count, cause, printable(detail))

    def noted(self, fault: str) -> None:
        """Log and keep a fault that is no drop of its own."""
        with self._lock:
            self.last_fault = printable(fault)
        logger.warning("source %s: %s", self.name, printable(fault))

    def blame(self, sender: str, count: int = 1) -> None:
        """Count what was refused of one sender; the worst are named in the status answer."""
        sender = printable(sender, 80)
        with self._lock:
            self._offenders[sender] = self._offenders.get(sender, 0) + count
            if len(self._offenders) > OFFENDERS_KEPT:
                worst = heapq.nlargest(OFFENDERS_KEPT // 2, self._offenders.items(), key=lambda item: item[1])
                self._offenders = dict(worst)

    def limited(self, reason: str, monotonic_ns: int) -> None:
        """Note that the source goes on but holds somebody back: told as its reason for a while."""
        with self._lock:
            self._limited = (reason, monotonic_ns)

    def told(self, *, now_ns: int, monotonic_ns: int) -> SourceHealth:
        """Return the record for the status answer; the rate is over the time since the last call (at least 1 s)."""
        with self._lock:
            then_ns, then = self._rated
            if monotonic_ns - then_ns >= NS_PER_S:
                self._rate = (self.samples - then) * 1e9 / (monotonic_ns - then_ns) if then_ns else 0.0
                self._rated = (monotonic_ns, self.samples)
            self._since_ns = self._since_ns or now_ns  # a change is dated when it is first told: every heartbeat tells
            lag_s = (now_ns - self.newest_ns) / 1e9 if self.newest_ns else 0.0
            worst = heapq.nlargest(OFFENDERS_TOLD, self._offenders.items(), key=lambda item: item[1])
            return SourceHealth(
                name=self.name, kind=self.kind, state=self.state, samples=self.samples, rate=round(self._rate, 3),
                lag_s=round(lag_s, 3), drops=dict(self.drops), reason=self._reason(monotonic_ns),
                since_ns=self._since_ns, last_fault=self.last_fault, offenders=tuple(worst),
            )  # fmt: skip

    def _reason(self, monotonic_ns: int) -> str:
        reason, at_ns = self._limited
        holds = self.state == "running" and reason and monotonic_ns - at_ns < LIMITED_TOLD_NS
        return self.reason or (reason if holds else "")


def printable(text: str, limit: int = 200) -> str:
    """Return text of a stranger fit for a log: cut, control and direction characters escaped (RS10)."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text[:limit])
