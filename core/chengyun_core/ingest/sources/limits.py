"""Limits of one source: so many samples a second, from all and from each sender; what floods or lies is named."""

from collections import OrderedDict
from typing import Protocol, Self

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.sources.health import Health, printable
from chengyun_core.ingest.sources.muting import Muting
from chengyun_core.model.clock import NS_PER_S, Clock

BURST_S = 2.0
"""Seconds of its rate a bucket holds: a gateway back after a cut may send what it kept, a flood is soon at its rate."""
SENDERS_KEPT = 4096
"""Senders whose buckets are remembered; a flood of new names pushes the oldest out instead of growing."""


class Bucket:
    """A token bucket; a token is a sample. Used by one thread."""

    def __init__(self, rate: float, now_ns: int) -> None:
        self._rate = rate
        self._tokens = rate * BURST_S
        self._filled_ns = now_ns

    def take(self, wanted: int, now_ns: int) -> int:
        """Return how many of the wanted samples pass now (all of them without a rate)."""
        if self._rate <= 0:
            return wanted
        self._fill(now_ns)
        granted = min(wanted, int(self._tokens))
        self._tokens -= granted
        return granted

    def debt_s(self, taken: int, now_ns: int) -> float:
        """Take all of them, and return the seconds to wait until the bucket is out of debt: for senders that wait."""
        if self._rate <= 0:
            return 0.0
        self._fill(now_ns)
        self._tokens -= taken
        return max(0.0, -self._tokens / self._rate)

    def give_back(self, count: int) -> None:
        """Return tokens another limit did not let pass."""
        self._tokens += count

    def _fill(self, now_ns: int) -> None:
        gained = (now_ns - self._filled_ns) * self._rate / NS_PER_S
        self._tokens = min(self._rate * BURST_S, self._tokens + gained)
        self._filled_ns = now_ns


class Limits(Protocol):
    """What the settings of every source with senders say of its rates."""

    @property
    def limit_samples_per_s(self) -> float: ...
    @property
    def limit_sender_per_s(self) -> float: ...


class Gate:
    """What a source lets through of its senders. Counts and names what it does not. Used by one thread."""

    def __init__(self, health: Health, clock: Clock, *, per_source: float, per_sender: float = 0.0) -> None:
        self._health = health
        self._clock = clock
        self._per_sender = per_sender
        self._whole = Bucket(per_source, clock.monotonic_ns())
        self._each: OrderedDict[str, Bucket] = OrderedDict()
        self._muting = Muting()

    @classmethod
    def of(cls, settings: Limits, health: Health, clock: Clock) -> Self:
        """Return the gate of a source whose samples come from senders."""
        return cls(health, clock, per_source=settings.limit_samples_per_s, per_sender=settings.limit_sender_per_s)

    def may_read(self, sender: str) -> bool:
        """Return whether a message of the sender is read at all; one that is not is counted as `muted`."""
        now_ns = self._clock.monotonic_ns()
        if self._muting.may_pass(sender, now_ns):
            return True
        self._health.dropped("muted")
        self._health.blame(sender)
        self._health.limited("ingest.source_muting", now_ns)
        return False

    def was_good(self, sender: str) -> None:
        """Note a message that held a sample."""
        self._muting.was_good(sender)

    def was_bad(self, sender: str, what: str = "sender") -> None:
        """Note a message without one good sample; too many of them mute the sender."""
        self._health.blame(sender)
        if self._muting.was_bad(sender, self._clock.monotonic_ns()):
            self._health.noted(
                f"{what} {printable(sender, 80)} sends garbage; it is read only now and then until a good message comes"
            )

    def admitted(self, sender: str, batch: Batch) -> Batch:
        """Return the first samples of the batch that keep the rates; the others are counted as `rate_limited`."""
        now_ns, wanted = self._clock.monotonic_ns(), len(batch)
        bucket = self._bucket(sender, now_ns)
        granted = wanted if bucket is None else bucket.take(wanted, now_ns)
        passed = self._whole.take(granted, now_ns)
        if bucket is not None and passed < granted:
            bucket.give_back(granted - passed)
        if passed == wanted:
            return batch
        self._health.dropped("rate_limited", wanted - passed, f"{sender}: more samples than the limits of this source")
        self._health.blame(sender, wanted - passed)
        self._health.limited("ingest.source_rate_limited", now_ns)
        return batch.only(slice(0, passed))

    def pause_s(self, count: int) -> float:
        """Return how long to wait after these samples where the sender keeps the next ones: nothing is dropped."""
        now_ns = self._clock.monotonic_ns()
        wait_s = self._whole.debt_s(count, now_ns)
        if wait_s:
            self._health.limited("ingest.source_rate_limited", now_ns)
        return wait_s

    def _bucket(self, sender: str, now_ns: int) -> Bucket | None:
        if self._per_sender <= 0:
            return None
        bucket = self._each.pop(sender, None) or Bucket(self._per_sender, now_ns)
        self._each[sender] = bucket
        while len(self._each) > SENDERS_KEPT:
            self._each.popitem(last=False)
        return bucket
